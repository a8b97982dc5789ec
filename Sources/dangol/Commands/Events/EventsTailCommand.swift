import ArgumentParser

struct EventsTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows the events that were stored last, in the order in which they came.",
        discussion: """
            Examples:
              dangol events tail
              dangol events tail --last 100 --json > latest.jsonl

            'dangol events filter' orders by when things happened instead.
            """)

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var last: Int = 20

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1_000_000).contains(last) else { throw ValidationError("--last must be from 1 to 1000000") }
    }

    func run() async throws {
        let (events, total) = try await data.backend().latest(last)
        if output.json {
            printOut(EventTable.jsonLines(events), terminator: "")
            return
        }
        var report = Report("The latest \(NumberFormat.count(events.count)) of \(NumberFormat.count(total)) events")
        report.add(EventTable.make(events, zone: zone, withPerson: true))
        try output.emit(report, json: [String]())
    }
}
