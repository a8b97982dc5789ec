package import EventLog

/// Collects what persons did with items, for everybody in a scan or for one person.
struct InteractionFold: PersonFold, Sendable {
    private let plan: InteractionPlan
    private let historyMax: Int
    /// By source and property of the block: the items of each dictionary code, as far as they were met.
    private var readers: [[ColumnReader]] = []
    private(set) var draft = InteractionDraft()

    init(_ plan: InteractionPlan, historyMax: Int) {
        self.plan = plan
        self.historyMax = historyMax
    }

    mutating func enter(_ block: ScanBlock) {
        readers = (0..<block.sourceCount).map { source in
            plan.selection.properties.indices.map { ColumnReader(block.column($0, source: source)) }
        }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        for row in person.rows {
            guard let mapping = plan.mapping(of: row.code) else { continue }
            let source = Int(row.source)
            let value = mapping.value.flatMap { readers[source][$0].number(at: row.row) }
            let strength = mapping.rule.strength(value: value)
            guard strength != 0 else { continue }
            let group = plan.group.map { readers[source][$0].group(at: row.row, &draft) } ?? 0
            let time = row.time
            readers[source][mapping.item].forEachItem(at: row.row, &draft) { item, draft in
                draft.append(item: item, strength: strength, time: time, group: group)
            }
        }
        draft.endPerson(person.id, keeping: historyMax)
    }
}

/// The mappings bound to a log's names.
struct InteractionPlan: Sendable {
    struct Bound: Sendable {
        var rule: InteractionMapping
        /// Indices in the selection's properties.
        var item: Int
        var value: Int?
    }

    private(set) var selection: Selection
    private var mappings: [UInt16: Bound] = [:]
    private(set) var group: Int?

    /// Whether the log has any event that counts.
    var isEmpty: Bool { mappings.isEmpty }

    init(_ settings: RecommendationSettings, _ snapshot: Snapshot) {
        var properties: [UInt16] = []
        func index(of name: String) -> Int? {
            guard let number = snapshot.propertyNames.number(of: name) else { return nil }
            if let index = properties.firstIndex(of: number) { return index }
            properties.append(number)
            return properties.count - 1
        }
        for rule in settings.interactions {
            guard let code = snapshot.eventNames.number(of: rule.event), let item = index(of: rule.item) else {
                continue
            }
            mappings[code] = Bound(rule: rule, item: item, value: rule.value.flatMap(index))
        }
        group = settings.group.flatMap(index)
        selection = Selection(events: Set(mappings.keys), properties: properties)
    }

    @inline(__always)
    func mapping(of code: UInt16) -> Bound? { mappings[code] }
}

/// One property of one source: strings are looked up once for each dictionary code, not for each row.
private struct ColumnReader: Sendable {
    private let columns: PropertyColumns
    /// By view: the number of each dictionary code in the draft; .max is not looked up yet.
    private var items: [[UInt32]]
    private var groups: [[UInt32]]

    init(_ columns: PropertyColumns) {
        self.columns = columns
        items = columns.views.map { [UInt32](repeating: .max, count: $0.dictionary.count) }
        groups = items
    }

    func number(at row: UInt32) -> Double? {
        switch columns.value(at: row) {
        case .number(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .string(let text): Double(text)
        default: nil
        }
    }

    mutating func group(at row: UInt32, _ draft: inout InteractionDraft) -> UInt32 {
        for (number, view) in columns.views.enumerated() where view.type == .string {
            let entry = view.entry(at: row)
            guard entry >= 0 else { continue }
            let code = view.code(entry)
            if groups[number][code] == .max { groups[number][code] = draft.group(view.dictionary[code]) }
            return groups[number][code]
        }
        return 0
    }

    mutating func forEachItem(
        at row: UInt32, _ draft: inout InteractionDraft, _ body: (UInt32, inout InteractionDraft) -> Void
    ) {
        for (number, view) in columns.views.enumerated() {
            let entry = view.entry(at: row)
            guard entry >= 0 else { continue }
            for value in view.values(of: entry) {
                switch view.type.element {
                case .string:
                    let code = view.code(value)
                    if items[number][code] == .max { items[number][code] = draft.item(view.dictionary[code]) }
                    body(items[number][code], &draft)
                case .number: body(draft.item(ItemID.text(view.number(value))), &draft)
                default: break
                }
            }
            return
        }
    }
}

/// Ids that came as numbers.
enum ItemID {
    /// `242`, never `242.0`.
    static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }
}

extension Snapshot {
    /// What everybody did with items.
    ///
    /// - Throws: `RecommendationError` with `limitExceeded` when it is more than the settings allow.
    package func interactions(
        _ settings: RecommendationSettings, threads: Int? = nil
    ) throws -> Interactions {
        let plan = InteractionPlan(settings, self)
        guard !plan.isEmpty else { return Interactions() }
        let folds = try scan(plan.selection, threads: threads) {
            InteractionFold(plan, historyMax: settings.historyMax)
        }.folds
        let count = folds.reduce(0) { $0 + $1.draft.itemNumbers.count }
        guard count <= settings.interactionsMax else {
            throw RecommendationError(
                .limitExceeded,
                "there are \(count) interactions, more than interactionsMax (\(settings.interactionsMax)): raise it if "
                    + "there is memory (20 bytes each), or lower historyMax (\(settings.historyMax))")
        }
        return Interactions(merging: folds.map(\.draft))
    }

    /// What one person did with items.
    package func interactions(of person: String, _ settings: RecommendationSettings) throws -> Interactions {
        let plan = InteractionPlan(settings, self)
        guard !plan.isEmpty else { return Interactions() }
        var fold = InteractionFold(plan, historyMax: settings.historyMax)
        try visit(person: person, plan.selection, &fold)
        return Interactions(merging: [fold.draft])
    }
}
