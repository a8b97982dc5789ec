import ArgumentParser
import Reports

struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Shows what one person did, in order.",
        discussion: """
            Examples:
              dangol person customer-1001
              dangol person customer-1001 --last 5
              dangol person customer-1001 --time-zone Asia/Seoul --json
            """)

    @Argument(help: ArgumentHelp("The person's id, or one that was merged into it.", valueName: "id"))
    var person: String

    @Option(help: "Show only this many of the latest events.")
    var last: Int = 100

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if last < 1 { throw ValidationError("--last must be at least 1") }
    }

    func run() async throws {
        guard let history = try await data.backend().history(of: person, last: last) else {
            throw Failure(.failure, code: "not_found", "nobody with the id '\(person)' has done anything here")
        }
        var report = Report(person)
        report.summary = [
            "\(Plural.of(history.total, "event")) over "
                + "\(NumberFormat.duration(seconds: Double(history.last - history.first) / 1000)), "
                + "from \(zone.text(history.first)) to \(zone.text(history.last))"
        ]
        report.add(EventTable.make(history.events, zone: zone))
        if history.total > history.events.count {
            report.notes.append("The latest \(NumberFormat.count(history.events.count)); --last N shows more.")
        }
        if output.json {
            printOut(EventTable.jsonLines(history.events), terminator: "")
        } else {
            try output.emit(report, json: [String]())
        }
    }
}
