import EventLog

/// Which events are wanted, with which of their properties, by a log's numbers.
struct EventPlan: Sendable {
    let selection: Selection
    fileprivate let names: [UInt16: String]
    fileprivate let properties: [String]

    /// - Parameters:
    ///   - properties: names; those that the log has not are left out.
    ///   - times: in milliseconds; nil is all time.
    init(_ snapshot: Snapshot, events: Set<String>, properties: [String], times: Range<Int64>? = nil) {
        var names: [UInt16: String] = [:]
        for event in events { if let number = snapshot.eventNames.number(of: event) { names[number] = event } }
        let known = properties.compactMap { name in snapshot.propertyNames.number(of: name).map { (name, $0) } }
        self.names = names
        self.properties = known.map(\.0)
        selection = Selection(events: Set(names.keys), times: times, properties: known.map(\.1))
    }
}

/// Some events with some of their properties, as events again, person after person in the order of time.
struct EventFold: PersonFold, Sendable {
    private let plan: EventPlan
    /// By source of the block and property.
    private var columns: [[PropertyColumns]] = []
    private(set) var events: [Event] = []

    init(_ plan: EventPlan) { self.plan = plan }

    mutating func removeAll() { events.removeAll(keepingCapacity: true) }

    mutating func enter(_ block: ScanBlock) {
        columns = (0..<block.sourceCount).map { source in
            plan.properties.indices.map { block.column($0, source: source) }
        }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        let id = person.id
        let first = events.count
        for row in person.rows {
            guard let name = plan.names[row.code] else { continue }
            let values = plan.properties.indices.compactMap { place -> Event.Property? in
                columns[Int(row.source)][place].value(at: row.row).map {
                    .init(plan.properties[place], $0)
                }
            }
            events.append(Event(person: id, name: name, time: row.time, properties: values))
        }
        // A decision that was stored beside its answer comes before what became of it in the same millisecond.
        func order(_ event: Event) -> (Int64, Int) { (event.time, event.name == Vocabulary.decisionMade ? 0 : 1) }
        events[first...].sort { order($0) < order($1) }
    }
}
