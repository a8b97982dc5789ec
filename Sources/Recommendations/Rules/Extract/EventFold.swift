import EventLog

/// Some events with some of their properties, as events again, person after person in the order of time.
struct EventFold: PersonFold, Sendable {
    let selection: Selection
    private let names: [UInt16: String]
    private let properties: [String]
    private var block: ScanBlock?
    private(set) var events: [Event] = []

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

    mutating func enter(_ block: ScanBlock) { self.block = block }

    mutating func visit(_ person: borrowing PersonView) throws {
        guard let block else { return }
        let id = person.id
        for row in person.rows {
            guard let name = names[row.code] else { continue }
            let values = properties.indices.compactMap { place -> Event.Property? in
                block.column(place, source: Int(row.source)).value(at: row.row).map { .init(properties[place], $0) }
            }
            events.append(Event(person: id, name: name, time: row.time, properties: values))
        }
    }
}
