package import EventLog

/// Which of a query's selectors each event fits: bit `i` of a row's mask stands for selector `i`.
///
/// Compiled once for a query; `makeMatcher` makes what one scan thread uses.
package struct EventClassifier: Sendable {
    /// By event code.
    fileprivate let masks: [UInt64]
    /// Selectors with filters of their own.
    fileprivate let filtered: UInt64
    fileprivate let programs: [FilterProgram]
    fileprivate let common: FilterProgram
    fileprivate let traits: (any PersonTraits)?
    /// The event numbers that any selector wants; nil for every event.
    package let codes: Set<UInt16>?

    /// - Parameters:
    ///   - selectors: each with its place in the query, for errors.
    ///   - filters: hold for the events of every selector.
    /// - Throws: `QueryError`.
    package init(
        _ selectors: [(selector: EventSelector, field: String)], filters: [Filter] = [],
        _ properties: inout PropertyList, _ context: QueryContext, _ zone: ZoneName
    ) throws {
        precondition(selectors.count <= QueryLimits.selectors, "decoding bounds the number of selectors")
        let names = context.snapshot.eventNames
        var masks = [UInt64](repeating: 0, count: names.count)
        var filtered: UInt64 = 0
        var codes: Set<UInt16>? = []
        var programs: [FilterProgram] = []
        for (index, (selector, field)) in selectors.enumerated() {
            let bit = UInt64(1) << index
            let wanted = selector.codes(in: names)
            for code in wanted ?? Set(names.names.indices.map(UInt16.init)) { masks[Int(code)] |= bit }
            codes = wanted.flatMap { codes?.union($0) }
            let program = try FilterProgram(selector.filters, field: "\(field).filters", &properties, context, zone)
            if !program.isTrivial { filtered |= bit }
            programs.append(program)
        }
        common = try FilterProgram(filters, field: "filters", &properties, context, zone)
        self.masks = masks
        self.filtered = filtered
        self.programs = programs
        self.codes = codes
        traits = context.traits
    }

    /// Whether the event's name alone decides.
    package var isPlain: Bool { filtered == 0 && common.isTrivial }

    /// The mask of each event number, before filters.
    package var codeMasks: [UInt64] { masks }

    package func makeMatcher() -> EventMatcher { EventMatcher(self) }
}

/// A classifier at work in one scan thread.
package struct EventMatcher: @unchecked Sendable {
    // As a filter is: a fold owns it, and one thread at a time owns the fold.
    private let masks: [UInt64]
    private let filtered: UInt64
    private let filters: [RowFilter]
    private let common: RowFilter?
    /// The filters without counting references, which would cost more than most filters.
    private let tests: SelectorTests
    /// Whether `enter(person)` is needed.
    package let readsPersons: Bool

    fileprivate init(_ classifier: EventClassifier) {
        masks = classifier.masks
        filtered = classifier.filtered
        filters = classifier.programs.map { RowFilter($0, traits: classifier.traits) }
        common = classifier.common.isTrivial ? nil : RowFilter(classifier.common, traits: classifier.traits)
        tests = SelectorTests(filters)
        readsPersons = filters.contains(where: \.readsPersons) || common?.readsPersons ?? false
    }

    package func enter(_ block: ScanBlock) {
        for filter in filters { filter.enter(block) }
        common?.enter(block)
    }

    package func enter(_ person: borrowing PersonView) throws {
        guard readsPersons else { return }
        for filter in filters { try filter.enter(person) }
        try common?.enter(person)
    }

    /// The selectors that the row fits.
    package func mask(_ row: Row) -> UInt64 {
        var mask = masks[Int(row.code)]
        if mask == 0 { return 0 }
        if let common, !common.accepts(row) { return 0 }
        var open = mask & filtered
        while open != 0 {
            let index = open.trailingZeroBitCount
            if !tests.passes(row, index) { mask &= ~(1 << UInt64(index)) }
            open &= open - 1
        }
        return mask
    }

    /// Whether filters decide about the events of some selectors, and `narrow` can tell how.
    package func narrows(_ selectors: UInt64) -> Bool {
        !readsPersons && (common != nil || filtered & selectors == selectors)
    }

    /// The filters by themselves. Valid as long as the matcher; nothing is counted when it is copied.
    package var rowTests: RowTests { RowTests(common: common.map { .passUnretained($0) }, own: tests.own) }

    /// Drops anchors that fit none of some selectors: what a fold does in `narrow` whose anchors are their events.
    package func narrow(_ anchors: borrowing Anchors, to selectors: UInt64) {
        if selectors.nonzeroBitCount == 1, anchors.areDense, narrowAtOnce(anchors, to: selectors) { return }
        anchors.narrow { narrow($0, to: selectors) }
    }

    /// The same for the anchors of one selector by all rows of the source; false when the filters have no way to do so.
    private func narrowAtOnce(_ anchors: borrowing Anchors, to selectors: UInt64) -> Bool {
        let own = filtered & selectors == 0 ? nil : filters[selectors.trailingZeroBitCount]
        let asked = [own, common].compactMap(\.self)
        let source = anchors.source
        guard asked.allSatisfy({ $0.answersAtOnce(source: source) }) else { return false }
        for filter in asked { filter.keep(anchors.rows, source: source, anchors.words) }
        return true
    }

    private func narrow(_ anchors: borrowing AnchorRows, to selectors: UInt64) {
        let (count, codes, keep) = (anchors.count, anchors.codes, anchors.keep)
        let rows = UnsafeBufferPointer(start: anchors.rows, count: count)
        if selectors.nonzeroBitCount == 1, filtered & selectors != 0, common == nil {
            // All of them are of the one selector's events.
            return filters[selectors.trailingZeroBitCount].accept(rows, source: anchors.source, keep)
        }
        masks.withUnsafeBufferPointer { masks in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * count) { buffer in
                guard let fits = buffer.baseAddress else { return }
                let answers = fits + count
                let plain = selectors & ~filtered
                for index in 0..<count { fits[index] = masks[Int(codes[index])] & plain == 0 ? 0 : 1 }
                var open = selectors & filtered
                while open != 0 {
                    let selector = open.trailingZeroBitCount
                    open &= open - 1
                    filters[selector].accept(rows, source: anchors.source, answers)
                    for index in 0..<count {
                        let isNamed = masks[Int(codes[index])] &>> UInt64(selector) & 1
                        fits[index] |= answers[index] & UInt8(truncatingIfNeeded: isNamed)
                    }
                }
                if let common { common.accept(rows, source: anchors.source, keep) }
                for index in 0..<count { keep[index] &= fits[index] }
            }
        }
    }
}

/// Whether rows of selectors' events pass the filters: for blocks of one source, and filters that read no persons.
package struct RowTests {
    fileprivate let common: Unmanaged<RowFilter>?
    fileprivate let own: UnsafePointer<Unmanaged<RowFilter>>

    @inline(__always)
    package func accepts(_ row: Int, of selector: Int) -> Bool {
        let row = Row(at: row)
        if let common, !common._withUnsafeGuaranteedRef({ $0.accepts(row) }) { return false }
        return own[selector]._withUnsafeGuaranteedRef { $0.accepts(row) }
    }
}

/// The selectors' own filters in memory of its own; the matcher keeps them alive.
private final class SelectorTests {
    let own: UnsafeMutablePointer<Unmanaged<RowFilter>>

    init(_ filters: [RowFilter]) {
        own = .allocate(capacity: filters.count)
        for (index, filter) in filters.enumerated() { (own + index).initialize(to: .passUnretained(filter)) }
    }

    deinit { own.deallocate() }

    /// Whether a row passes a selector's own filter.
    @inline(__always)
    func passes(_ row: Row, _ selector: Int) -> Bool { own[selector]._withUnsafeGuaranteedRef { $0.accepts(row) } }
}
