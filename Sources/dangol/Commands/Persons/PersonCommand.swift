import ArgumentParser
import Engine
import EventLog

struct PersonCommand: ParsableCommand {
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

    func run() throws {
        let history = try data.reading { try $0.snapshot().history(of: person).map(\.event) }
        guard let first = history.first?.time, let latest = history.last?.time else {
            throw Failure(.failure, code: "not_found", "nobody with the id '\(person)' has done anything here")
        }
        var report = Report(person)
        report.summary = [
            "\(Plural.of(history.count, "event")) over "
                + "\(NumberFormat.duration(seconds: Double(latest - first) / 1000)), "
                + "from \(zone.text(first)) to \(zone.text(latest))"
        ]
        report.add(EventTable.make(history.suffix(last), zone: zone))
        if history.count > last {
            report.notes.append("The latest \(NumberFormat.count(last)); --last N shows more.")
        }
        if output.json {
            printOut(EventTable.jsonLines(history.suffix(last)), terminator: "")
        } else {
            try output.emit(report, json: [String]())
        }
    }
}
