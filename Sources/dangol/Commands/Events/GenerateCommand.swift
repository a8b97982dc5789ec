import Analysis
import ArgumentParser
import DemoWorld
import Reports

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Writes the events of a shop that does not exist, to try things with.",
        discussion: """
            People come, browse, sign up, buy, come back and stay away, with the seasons of a Korean year. The same options \
            give the same events. They are JSON Lines, which 'dangol import' reads.

            Examples:
              dangol generate --events 100000 | dangol import -
              dangol generate --events 1000000 --persons 20000 --output shop.jsonl
              dangol generate --seed 42 --from 2023-01-01 --to 2023-12-31 > shop.jsonl
            """)

    @Option(help: "How many events.")
    var events: Int = 100_000

    @Option(help: "How many people. (default: one for 40 events)")
    var persons: Int?

    @Option(help: "Another number, another shop.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The first day.", valueName: "day"))
    var from: String = "2024-01-01"

    @Option(help: ArgumentHelp("The last day, included.", valueName: "day"))
    var to: String = "2024-06-30"

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    func run() throws {
        let shop: ShopGenerator
        do {
            shop = try ShopGenerator(
                seed: seed, persons: persons ?? max(1, events / 40), events: events,
                from: try day(from, "--from").lowerBound,
                to: try day(to, "--to").upperBound)
        } catch let error as ShopGenerator.InvalidArgument {
            throw Failure.usage(error.description)
        }
        Interrupt.watch()
        let sink = try output.map { try ByteOutput(creating: $0) } ?? .standardOutput
        let progress = Progress("Generating", unit: "events")
        defer { progress.finish() }
        try shop.write(
            to: { piece in
                if Interrupt.requested {
                    throw Failure(.interrupted, code: "interrupted", "stopped; the output is not whole")
                }
                try sink.write(piece)
            }, progress: { progress.update(share: Double($0) / Double(max(1, $1)), count: $0) })
        try sink.flush()
        if let output {
            progress.finish()
            printError("\(Plural.of(events, "event")) are in \(output).")
        }
    }

    private func day(_ text: String, _ option: String) throws -> Range<Int64> {
        guard let point = DayPoint(text), !point.isRelative else {
            throw Failure.usage("\(option): '\(text)' is not a date; write 2024-05-31")
        }
        return point.range(now: 0, in: .utc)
    }
}
