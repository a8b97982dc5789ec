import ArgumentParser
import Engine
import EventLog
import Reports

struct EventsSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Lists the events and properties there are, with types and counts.",
        discussion: """
            With the name of an event it lists that event's properties, with examples of values.

            Examples:
              dangol events schema
              dangol events schema "Order Completed"
            """)

    @Argument(help: ArgumentHelp("The event to look into.", valueName: "event"))
    var event: String?

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        struct Event: Encodable {
            var name: String
            var count: Int
            var first: String
            var last: String
        }

        struct Property: Encodable {
            var name: String
            var type: String
            var count: Int
        }

        var events: [Event]
        var properties: [Property]
    }

    func run() async throws {
        let backend = try data.backend()
        if let event {
            try show(try await backend.schema(of: event))
        } else {
            try show(try await backend.names())
        }
    }

    private func show(_ statistics: LogStatistics) throws {
        let names = statistics.eventNames.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let columns = statistics.properties.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        var events = TextTable([.text("event"), .number("events"), .number("share"), .text("first"), .text("last")])
        for name in names {
            let share = Double(name.count) / Double(max(1, statistics.events))
            events.add(
                [
                    TextTable.Cell(name.name), TextTable.Cell(NumberFormat.count(name.count)),
                    TextTable.Cell(NumberFormat.percent(share)), TextTable.Cell(zone.text(name.firstTime), .dim),
                    TextTable.Cell(zone.text(name.lastTime), .dim),
                ],
                values: [
                    name.name, "\(name.count)", "\(share)", Timestamp.text(name.firstTime),
                    Timestamp.text(name.lastTime),
                ])
        }
        var properties = TextTable([.text("property"), .text("type"), .number("events"), .number("size")])
        for column in columns {
            properties.add([
                TextTable.Cell(column.name), TextTable.Cell(column.type.label, .dim),
                TextTable.Cell(NumberFormat.count(column.count)),
                TextTable.Cell(NumberFormat.bytes(column.bytes), .dim),
            ])
        }
        var report = Report(
            "\(Plural.of(statistics.events, "event")) of \(Plural.of(names.count, "name")), with "
                + (columns.count == 1 ? "1 property" : "\(columns.count) properties"))
        report.add(events)
        report.add(properties)
        if names.count > 0 { report.notes = ["'dangol events schema EVENT' shows the properties of one event."] }
        let view = View(
            events: names.map {
                View.Event(
                    name: $0.name, count: $0.count, first: Timestamp.text($0.firstTime),
                    last: Timestamp.text($0.lastTime))
            },
            properties: columns.map { View.Property(name: $0.name, type: $0.type.label, count: $0.count) })
        try output.emit(report, json: view)
    }

    private func show(_ schema: EventSchema) throws {
        var table = TextTable([
            .text("property"), .text("type"), .number("events"), .number("share"), .text("examples"),
        ])
        for property in schema.properties {
            let share = Double(property.count) / Double(max(1, schema.count))
            let examples = property.examples.map { EventTable.text($0, zone: zone).truncated(to: 30) }
            table.add([
                TextTable.Cell(property.name), TextTable.Cell(property.type.label, .dim),
                TextTable.Cell(NumberFormat.count(property.count)), TextTable.Cell(NumberFormat.percent(share)),
                TextTable.Cell(examples.joined(separator: ", "), .dim),
            ])
        }
        var report = Report("\(schema.event): \(Plural.of(schema.count, "event"))")
        report.add(table)
        let view = View(
            events: [],
            properties: schema.properties.map { View.Property(name: $0.name, type: $0.type.label, count: $0.count) })
        try output.emit(report, json: view)
    }
}
