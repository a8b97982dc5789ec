import Analysis
import ArgumentParser
import Engine
import EventLog
import Reports

struct EventsFilterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: "Finds events by name, property, time and person; shows the latest in time order.",
        discussion: """
            Examples:
              dangol events filter --event "Order Completed" --where "total>=100"
              dangol events filter --person customer-1001 --from 2024-05-01 --to 2024-05-31
              dangol events filter --where "city=Seoul|Busan" --where "coupon:set" --limit 5 --json

            \(WhereOption.syntax)
            """)

    @Option(help: ArgumentHelp("Events of this name; may be repeated.", valueName: "name"))
    var event: [String] = []

    @Option(help: ArgumentHelp("Events of this person.", valueName: "id"))
    var person: String?

    @Option(help: "How many of the latest to show.")
    var limit: Int = 20

    @OptionGroup var filters: WhereOption
    @OptionGroup var range: RangeOptions
    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000") }
    }

    func run() async throws {
        let search = EventSearch(
            selector: EventSelector(event.isEmpty ? nil : event, filters: try filters.filters()),
            range: try range.dateRange(zone), person: person, limit: limit)
        let found = try await data.backend().search(search)
        if output.json {
            printOut(EventTable.jsonLines(found.events), terminator: "")
            return
        }
        let shown = found.events.count < found.matched ? "; the latest \(NumberFormat.count(found.events.count))" : ""
        var report = Report("\(Plural.of(found.matched, "event")) \(found.matched == 1 ? "matches" : "match")\(shown)")
        report.add(EventTable.make(found.events, zone: zone, withPerson: person == nil))
        report.notes = found.notes
        try output.emit(report, json: [String]())
    }
}
