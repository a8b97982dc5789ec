package import EventLog

/// A breakdown compiled against a log.
package struct BreakdownPlan: Sendable {
    fileprivate let property: Int?
    /// Of the person (kind nil) or of their groups.
    fileprivate let trait: (kind: String?, name: String)?
    fileprivate let buckets: [Double]
    fileprivate let traits: (any PersonTraits)?

    /// - Throws: `QueryError`: `unavailable` for a trait in an installation without traits.
    package init(_ key: BreakdownKey, field: String, _ properties: inout PropertyList, _ context: QueryContext) throws {
        buckets = key.buckets
        traits = context.traits
        switch key.subject {
        case .property(let name):
            property = properties.index(of: name)
            trait = nil
        case .person(let name):
            guard context.traits != nil else {
                throw QueryError(
                    .unavailable, field,
                    "breaks down by the person trait '\(name)', but this log keeps no person traits; use a property of the event instead"
                )
            }
            property = nil
            trait = (nil, name)
        case .group(let kind, let name):
            guard context.traits != nil else {
                throw QueryError(
                    .unavailable, field,
                    "breaks down by the group trait '\(name)', but this log keeps no groups; use a property of the event instead"
                )
            }
            property = nil
            trait = (kind, name)
        }
    }

    package func makeReader() -> BreakdownReader { BreakdownReader(self) }
}

/// Numbers the values of a breakdown in one scan thread, from 0 in the order of first sight: `values[number]`. Number 0
/// is always `BreakdownValue.missing`.
///
/// A multi-valued property counts with its first value in `number(of:)`, with each of them in `forEachNumber(of:)`.
package final class BreakdownReader: @unchecked Sendable {
    // A fold owns it, and one thread at a time owns the fold.
    private let plan: BreakdownPlan
    package private(set) var values: [BreakdownValue] = [.missing]
    private var numbers: [BreakdownValue: Int32] = [.missing: 0]
    private var personNumber: Int32 = 0
    // In memory of its own, because it is read for every row: an array in a class would be checked for uniqueness and
    // exclusive access each time.
    private var columns = UnsafeMutableBufferPointer<Column>(start: nil, count: 0)
    /// Where the columns of each source end.
    private var ends = UnsafeMutableBufferPointer<Int>(start: nil, count: 0)
    private var lastNumber: (value: Double, number: Int32)?

    private struct Column: ~Copyable {
        let view: ColumnView
        let probe: ColumnProbe
        /// The number of each dictionary entry, -1 before its first use.
        let ofCode: UnsafeMutableBufferPointer<Int32>

        init(_ view: ColumnView) {
            self.view = view
            probe = ColumnProbe(view)
            ofCode = .allocate(capacity: view.type.element == .string ? view.dictionary.count : 0)
            ofCode.initialize(repeating: -1)
        }

        deinit { ofCode.deallocate() }
    }

    fileprivate init(_ plan: BreakdownPlan) {
        self.plan = plan
    }

    /// Whether `enter(person)` is needed.
    package var readsPersons: Bool { plan.trait != nil }

    package func enter(_ block: ScanBlock) {
        guard let property = plan.property else { return }
        releaseColumns()
        let views = (0..<block.sourceCount).map { block.column(property, source: $0).views }
        columns = .allocate(capacity: views.reduce(0) { $0 + $1.count })
        ends = .allocate(capacity: views.count)
        var index = 0
        for (source, views) in views.enumerated() {
            for view in views {
                columns.initializeElement(at: index, to: Column(view))
                index += 1
            }
            ends.initializeElement(at: source, to: index)
        }
    }

    private func releaseColumns() {
        columns.deinitialize().deallocate()
        ends.deallocate()
    }

    deinit { releaseColumns() }

    package func enter(_ person: borrowing PersonView) throws {
        guard let trait = plan.trait, let traits = plan.traits else { return }
        let value =
            if let kind = trait.kind {
                try traits.value(of: trait.name, groupKind: kind, person: person.id)
            } else {
                try traits.value(of: trait.name, person: person.id)
            }
        personNumber = number(for: value)
    }

    /// Asks for the memory of the value of a row of the first source ahead of the question.
    package func prefetch(_ row: Int) {
        if columns.isEmpty { return }
        for index in 0..<ends[0] { columns[index].probe.prefetch(row) }
    }

    /// The number of the value of a row of the first source by its place alone, or of its person's.
    package func number(ofRow row: Int) -> Int32 { number(of: Row(at: row)) }

    /// The number of the row's value (or its person's).
    package func number(of row: Row) -> Int32 {
        if plan.trait != nil { return personNumber }
        if row.source == 0, columns.count > 0, ends[0] == 1, columns[0].view.type == .string {
            let code = columns[0].probe.code(at: row.row)
            if code < 0 { return 0 }
            let known = columns[0].ofCode[code]
            if known >= 0 { return known }
        }
        guard let (column, entry) = find(row) else { return 0 }
        let indices = columns[column].view.values(of: entry)
        return indices.isEmpty ? 0 : number(column, indices.lowerBound)
    }

    /// Calls `body` with the number of each different value of the row.
    package func forEachNumber(of row: Row, _ body: (Int32) -> Void) {
        guard plan.trait == nil, let (column, entry) = find(row) else { return body(number(of: row)) }
        let indices = columns[column].view.values(of: entry)
        if indices.count <= 1 { return body(indices.isEmpty ? 0 : number(column, indices.lowerBound)) }
        var seen: Set<Int32> = []
        for index in indices {
            let number = number(column, index)
            if seen.insert(number).inserted { body(number) }
        }
    }

    private func find(_ row: Row) -> (column: Int, entry: Int)? {
        guard plan.property != nil else { return nil }
        let source = Int(row.source)
        var index = source == 0 ? 0 : ends[source - 1]
        while index < ends[source] {
            let entry = columns[index].probe.entry(at: row.row)
            if entry >= 0 { return (index, entry) }
            index += 1
        }
        return nil
    }

    private func number(_ column: Int, _ index: Int) -> Int32 {
        if columns[column].view.type.element == .string {
            let code = columns[column].view.code(index)
            let known = columns[column].ofCode[code]
            if known >= 0 { return known }
            let number = number(for: textValue(columns[column].view.dictionary[code]))
            columns[column].ofCode[code] = number
            return number
        }
        let view = columns[column].view
        switch view.type.element {
        case .number:
            let value = view.number(index)
            if let lastNumber, lastNumber.value == value { return lastNumber.number }
            let number = number(for: numberValue(value))
            lastNumber = (value, number)
            return number
        case .boolean: return number(for: .boolean(view.boolean(index)))
        default: return number(for: .string(TimeText.iso(view.time(index))))
        }
    }

    /// A text that is a number falls into the buckets too.
    private func textValue(_ text: String) -> BreakdownValue {
        if !plan.buckets.isEmpty, let number = NumberText.parse(text) { return numberValue(number) }
        return .string(text)
    }

    private func numberValue(_ number: Double) -> BreakdownValue {
        let buckets = plan.buckets
        guard !buckets.isEmpty else { return .number(number) }
        let upper = buckets.partitioningIndex { $0 > number }
        return .bucket(
            from: upper == 0 ? nil : buckets[upper - 1], below: upper == buckets.count ? nil : buckets[upper])
    }

    private func number(for value: PropertyValue?) -> Int32 {
        switch value {
        case nil: 0
        case .string(let text)?: number(for: textValue(text))
        case .number(let value)?: number(for: numberValue(value))
        case .boolean(let flag)?: number(for: .boolean(flag))
        case .time(let time)?: number(for: .string(TimeText.iso(time)))
        case .strings(let list)?: number(for: list.first.map { .string($0) })
        case .numbers(let list)?: number(for: list.first.map { .number($0) })
        case .booleans(let list)?: number(for: list.first.map { .boolean($0) })
        case .times(let list)?: number(for: list.first.map { .time($0) })
        }
    }

    private func number(for value: BreakdownValue) -> Int32 {
        if let number = numbers[value] { return number }
        let number = Int32(values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}

extension Array {
    /// The first index whose element satisfies the predicate, given that all after it do too.
    ///
    /// - Complexity: O(log count).
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
