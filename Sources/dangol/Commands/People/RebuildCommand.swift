import ArgumentParser
import Engine
import EventLog
import Foundation
import People
import Reports

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Computes tables anew from the events.",
        discussion: """
            Example:
              dangol rebuild people
            """,
        subcommands: [RebuildPeopleCommand.self])
}

struct RebuildPeopleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "Computes everything about people, and who is in which audience, anew from the events.",
        discussion: """
            The tables are made of the events alone, so this gives what was there before. Stopped in the middle, the next \
            command or server goes on from there. A server goes on taking events meanwhile; until it has ended, people \
            are found as far as they have been computed. It needs the scopes people:read, people:write and \
            people:delete.

            Examples:
              dangol rebuild people
              dangol rebuild people --workspace shop --json
              dangol rebuild people --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var events: Int
        var seconds: Double
    }

    func run() async throws {
        let progress = Progress("Computing people anew", unit: "events")
        let clock = ContinuousClock()
        let start = clock.now
        let events: Int
        do {
            defer { progress.finish() }
            events = try await data.backend().people.rebuild { done, total in
                progress.update(share: total > 0 ? min(1, Double(done) / Double(total)) : nil, count: done)
            }
        }
        let view = View(events: events, seconds: (clock.now - start) / .seconds(1))
        try output.emit(
            Report(
                "People are computed anew of \(Plural.of(view.events, "event")), in "
                    + "\(NumberFormat.duration(seconds: view.seconds))."), json: view)
    }
}
