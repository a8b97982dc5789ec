import EventLog

extension Snapshot {
    /// What one person did, in a model's items. For one person only: nothing is prepared that would pay off for many.
    ///
    /// - Complexity: O(segments log persons + rows of the person)
    func history(of person: String, in model: TrainedModel) throws -> History {
        let plan = InteractionPlan(model.settings, self)
        guard !plan.isEmpty else { return History() }
        var fold = PersonInteractions(plan)
        try visit(person: person, plan.selection, &fold)
        var history = History(
            fold.rows.suffix(model.settings.historyMax).lazy.map {
                (item: model.numbers[$0.item], strength: $0.strength, time: $0.time)
            })
        if !fold.group.isEmpty { history.group = model.groups.firstIndex(of: fold.group) ?? 0 }
        return history
    }

    /// How often a person was shown each item and left it, since some time: what was shown before they last had to do
    /// with it does not count.
    func ignored(by person: String, since: Int64, _ history: History, in model: TrainedModel) throws -> [Int: Int] {
        guard let shown = eventNames.number(of: Vocabulary.decisionShown),
            let item = propertyNames.number(of: "item")
        else { return [:] }
        var fold = ShownItems()
        try visit(
            person: person, Selection(events: [shown], times: since..<Int64.max, properties: [item]), &fold)
        let taken = Dictionary(history.entries.map { ($0.item, $0.time) }) { max($0, $1) }
        var counts: [Int: Int] = [:]
        for (id, time) in fold.rows {
            guard let number = model.numbers[id], time > taken[number] ?? .min else { continue }
            counts[number, default: 0] += 1
        }
        return counts
    }
}

/// The interactions of one person, in time order.
private struct PersonInteractions: PersonFold {
    let plan: InteractionPlan
    private var block: ScanBlock?
    private(set) var rows: [(item: String, strength: Float, time: Int64)] = []
    /// Where the person was last.
    private(set) var group = ""

    init(_ plan: InteractionPlan) { self.plan = plan }

    mutating func enter(_ block: ScanBlock) { self.block = block }

    mutating func visit(_ person: borrowing PersonView) throws {
        guard let block else { return }
        for row in person.rows {
            guard let mapping = plan.mapping(of: row.code) else { continue }
            let source = Int(row.source)
            let value = mapping.value.flatMap { block.column($0, source: source).value(at: row.row)?.asNumber }
            let strength = mapping.rule.strength(value: value)
            guard strength != 0, let items = block.column(mapping.item, source: source).value(at: row.row) else {
                continue
            }
            for item in items.asIDs { rows.append((item, strength, row.time)) }
            if let column = plan.group,
                case .string(let name)? = block.column(column, source: source).value(at: row.row)
            {
                group = name
            }
        }
    }
}

private struct ShownItems: PersonFold {
    private var block: ScanBlock?
    private(set) var rows: [(item: String, time: Int64)] = []

    init() {}

    mutating func enter(_ block: ScanBlock) { self.block = block }

    mutating func visit(_ person: borrowing PersonView) throws {
        for row in person.rows {
            guard let items = block?.column(0, source: Int(row.source)).value(at: row.row) else { continue }
            for item in items.asIDs { rows.append((item, row.time)) }
        }
    }
}

extension PropertyValue {
    var asNumber: Double? {
        switch self {
        case .number(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .string(let text): Double(text)
        default: nil
        }
    }

    /// As ids of items.
    var asIDs: [String] {
        switch self {
        case .string(let text): [text]
        case .strings(let list): list
        case .number(let number): [ItemID.text(number)]
        case .numbers(let list): list.map(ItemID.text)
        case .boolean, .booleans, .time, .times: []
        }
    }
}
