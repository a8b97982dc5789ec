import EventLog

/// A breakdown compiled against a log, with the place of its property.
struct ValuePlan: Sendable {
    let breakdown: BreakdownPlan
    /// The index into `Selection.properties`; nil for a trait, and for a property that no event has.
    let property: Int?

    init(_ key: BreakdownKey, field: String, _ properties: inout PropertyList, _ context: QueryContext) throws {
        breakdown = try BreakdownPlan(key, field: field, &properties, context)
        if case .property(let name) = key.subject { property = properties.index(of: name) } else { property = nil }
    }
}

/// Numbers the values of rows as `BreakdownReader` does, which it asks once for each dictionary entry: a row of a text
/// column then costs two look-ups in tables of its own.
struct ValueReader: Sendable {
    private let reader: BreakdownReader
    private let property: Int?
    /// By source: its column when that is one of single texts and the only one of the property.
    private var texts: [ColumnView?] = []
    /// By source: where the numbers of its dictionary entries start in `numbers`.
    private var starts: [Int] = []
    /// Of dictionary entries; -1 when not asked yet.
    private var numbers: [Int32] = []
    /// The different numbers of a row that has several values.
    private(set) var several: [Int32] = []

    init(_ plan: ValuePlan) {
        reader = plan.breakdown.makeReader()
        property = plan.property
    }

    /// The values by number; 0 is `missing`.
    var names: [BreakdownValue] { reader.values }

    mutating func enter(_ block: ScanBlock) {
        reader.enter(block)
        texts.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        guard let property else { return }
        for source in 0..<block.sourceCount {
            let views = block.column(property, source: source).views
            let text = views.count == 1 && views[0].type == .string ? views[0] : nil
            texts.append(text)
            starts.append(numbers.count)
            if let text { numbers.append(contentsOf: repeatElement(-1, count: text.dictionary.count)) }
        }
    }

    func enter(_ person: borrowing PersonView) throws {
        if reader.readsPersons { try reader.enter(person) }
    }

    /// The number of the row's value, or -1 when it has several: their numbers are then in `several`.
    @inline(__always)
    mutating func read(_ row: Row) -> Int {
        let source = Int(row.source)
        if source < texts.count, let text = texts[source] {
            let entry = text.entry(at: row.row)
            if entry < 0 { return 0 }
            let place = starts[source] &+ text.code(entry)
            if numbers[place] < 0 { numbers[place] = reader.number(of: row) }
            return Int(numbers[place])
        }
        return readSlowly(row)
    }

    private mutating func readSlowly(_ row: Row) -> Int {
        several.removeAll(keepingCapacity: true)
        reader.forEachNumber(of: row) { several.append($0) }
        return several.count == 1 ? Int(several[0]) : -1
    }
}
