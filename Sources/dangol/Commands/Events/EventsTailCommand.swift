import ArgumentParser
import EventLog
import Reports

struct EventsTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows the events that were stored last, in the order in which they came.",
        discussion: """
            With --follow it goes on with the events that other processes store, until Ctrl-C. It only reads, and keeps \
            no writer waiting.

            Examples:
              dangol events tail
              dangol events tail --last 100 --json > latest.jsonl
              dangol events tail --follow

            'dangol events filter' orders by when things happened instead.
            """)

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var last: Int = 20

    @Flag(name: [.customShort("f"), .long], help: "Go on with new events as they are stored, until Ctrl-C.")
    var follow = false

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let least = follow ? 0 : 1
        guard (least...1_000_000).contains(last) else {
            throw ValidationError("--last must be from \(least) to 1000000")
        }
    }

    func run() async throws {
        let backend = try data.backend()
        guard follow else {
            let (events, total) = try await backend.latest(last)
            return try show(events, of: total)
        }
        Interrupt.watch()
        try await backend.follow(last) { events, total in
            try show(events, of: total)
            try ByteOutput.standardOutput.flush()
        } append: { events in
            try append(events)
            try ByteOutput.standardOutput.flush()
        }
        // Ctrl-C is how this is meant to end: there is nothing to complain about, but scripts can tell.
        throw ExitStatus.interrupted
    }

    private func show(_ events: [Event], of total: Int) throws {
        if output.json {
            printOut(EventTable.jsonLines(events), terminator: "")
            return
        }
        var report = Report("The latest \(NumberFormat.count(events.count)) of \(NumberFormat.count(total)) events")
        report.add(EventTable.make(events, zone: zone, withPerson: true))
        try output.emit(report, json: [String]())
    }

    private func append(_ events: [Event]) throws {
        if output.json {
            printOut(EventTable.jsonLines(events), terminator: "")
            return
        }
        let table = EventTable.make(events, zone: zone, withPerson: true)
        if output.csv {
            printOut(table.csv(withNames: false), terminator: "")
        } else {
            printOut(table.lines(on: .output).dropFirst().joined(separator: "\n"))
        }
    }
}
