import ArgumentParser
import Engine
import EventLog

struct EventsTailCommand: ParsableCommand {
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

    func run() throws {
        if follow { Interrupt.watch() }
        try data.reading { log in
            let (events, total) = try (latest(of: log), log.statistics.events)
            try show(Array(events.suffix(last).map(\.event)), of: total)
            guard follow else { return }
            try ByteOutput.standardOutput.flush()
            try follow(log, from: events.last.map { $0.sequence + 1 } ?? 0)
        }
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

    /// At least the latest event, so that it is known where to go on. Sequence numbers have gaps where events were
    /// removed, so the window grows until it holds enough.
    private func latest(of log: EventLog) throws -> [StoredEvent] {
        let end = log.nextSequence
        let wanted = max(last, 1)
        var width = UInt64(wanted)
        while true {
            let start = end > width ? end - width : 0
            let events = try log.tail(from: start, limit: Int(min(width, 4_000_000)))
            if events.count >= wanted || start == 0 { return events.suffix(wanted) }
            width *= 4
        }
    }

    // MARK: Following

    /// How long to wait between two looks: so short that it feels immediate, and never more than a fifth of the time
    /// is spent on looking.
    private static let pause = Duration.milliseconds(200)

    private func follow(_ log: EventLog, from sequence: UInt64) throws {
        var follower = EventFollower(log: log, from: sequence)
        while !Interrupt.requested {
            let start = ContinuousClock.now
            let found = try follower.takeNew { try append($0.map(\.event)) }
            if found { try ByteOutput.standardOutput.flush() }
            Interrupt.wait(max(EventsTailCommand.pause, (ContinuousClock.now - start) * 4))
        }
        // Ctrl-C is how this is meant to end: there is nothing to complain about, but scripts can tell.
        throw ExitStatus.interrupted
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
