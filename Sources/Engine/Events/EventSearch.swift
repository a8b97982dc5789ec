package import Analysis
package import EventLog

/// Finds the latest events that match, over everybody or for one person.
package struct EventSearch: Sendable {
    package var selector: EventSelector
    package var range: DateRange
    package var person: String?
    /// How many of the latest to return.
    package var limit: Int

    package init(selector: EventSelector, range: DateRange, person: String? = nil, limit: Int) {
        self.selector = selector
        self.range = range
        self.person = person
        self.limit = limit
    }

    package struct Found: Sendable {
        /// In time order.
        package var events: [Event] = []
        /// How many matched in all.
        package var matched = 0
        /// What the asker should know, such as an event name that the log has not seen.
        package var notes: [String] = []

        package init() {}
    }

    /// - Parameter now: what relative dates count from, in milliseconds since 1970-01-01T00:00:00Z.
    /// - Throws: `QueryError` for a search that makes no sense, `EventLogError` for a log that cannot be read.
    /// - Complexity: one scan of the events that the names and times select.
    package func run(on snapshot: Snapshot, now: Int64) throws -> Found {
        let context = QueryContext(snapshot: snapshot, now: now, person: person)
        var explanation = QueryExplanation()
        var properties = PropertyList(snapshot.propertyNames)
        let program = try FilterProgram(selector.filters, field: "filters", &properties, context, range.timeZone)
        for name in snapshot.propertyNames.names { _ = properties.index(of: name) }
        let selection = Selection(
            events: selector.codes(in: snapshot.eventNames),
            times: try range.resolve(now: now, data: snapshot.timeRange), properties: properties.numbers)
        context.noteUnknownEvents([selector], &explanation)

        let (limit, eventNames) = (limit, snapshot.eventNames)
        let propertyNames = properties.numbers.map { snapshot.propertyNames[$0] }
        let folds = try context.scan(selection, &explanation) {
            LatestEvents(
                limit: limit, filter: RowFilter(program, traits: nil), eventNames: eventNames,
                propertyNames: propertyNames)
        }
        var latest = folds.flatMap(\.kept)
        latest.sort(by: LatestEvents.isLater)
        var found = Found()
        found.matched = folds.reduce(0) { $0 + $1.matched }
        found.events = Array(latest.prefix(limit).reversed())
        found.notes = explanation.notes
        return found
    }
}

/// Keeps the latest events that a filter accepts.
private struct LatestEvents: PersonFold, Sendable {
    let limit: Int
    let filter: RowFilter
    let eventNames: NameTable
    let propertyNames: [String]
    var kept: [Event] = []
    var matched = 0
    /// Of `limit` events that are kept the earliest time: none before it can be among the latest.
    private var floor = Int64.min
    private var block: BlockReference?

    init(limit: Int, filter: RowFilter, eventNames: NameTable, propertyNames: [String]) {
        self.limit = limit
        self.filter = filter
        self.eventNames = eventNames
        self.propertyNames = propertyNames
    }

    mutating func enter(_ block: ScanBlock) {
        self.block = BlockReference(block, properties: propertyNames.count)
        filter.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        try filter.enter(person)
        var id: String?
        for row in person.rows where filter.accepts(row) {
            matched += 1
            if row.time < floor { continue }
            let name = id ?? person.id
            id = name
            kept.append(event(row, person: name))
        }
        // Cut seldom, so that a cut costs little for each event.
        if kept.count > 2 * limit + 1000 { cut() }
    }

    private mutating func cut() {
        kept.sort(by: LatestEvents.isLater)
        kept.removeLast(kept.count - limit)
        floor = kept.last?.time ?? .max
    }

    private func event(_ row: Row, person: String) -> Event {
        var properties: [Event.Property] = []
        for (index, name) in propertyNames.enumerated() {
            if let value = block?.value(index, row) { properties.append(Event.Property(name, value)) }
        }
        properties.sort { $0.name < $1.name }
        return Event(person: person, name: eventNames[row.code], time: row.time, properties: properties)
    }

    /// The order of the answer, latest first; among events of one time by person, so that it does not depend on
    /// threads.
    static func isLater(_ a: Event, _ b: Event) -> Bool {
        a.time != b.time ? a.time > b.time : a.person != b.person ? a.person > b.person : a.name > b.name
    }
}

/// The columns of a block, looked up once: `columns[source * properties + property]`.
struct BlockReference: Sendable {
    private let columns: [PropertyColumns]
    private let properties: Int

    init(_ block: ScanBlock, properties: Int) {
        self.properties = properties
        columns = (0..<block.sourceCount * properties).map {
            block.column($0 % properties, source: $0 / properties)
        }
    }

    func columns(_ property: Int, source: UInt16) -> PropertyColumns { columns[Int(source) * properties + property] }

    func value(_ property: Int, _ row: Row) -> PropertyValue? {
        columns(property, source: row.source).value(at: row.row)
    }
}
