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
            The tables are made of the events alone, so this gives what was there before, unless somebody was deleted from \
            whom others had been split. Stopped in the middle, the next command or server goes on from there. The server \
            has to be stopped first.

            Examples:
              dangol rebuild people
              dangol rebuild people --workspace shop --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var people: Int
        var identified: Int
        var events: Int
        var seconds: Double
    }

    func run() async throws {
        let view = try await data.open().opened { try rebuild($0) }
        try output.emit(
            Report(
                "\(NumberFormat.count(view.people)) people of \(Plural.of(view.events, "event")), in "
                    + "\(NumberFormat.duration(seconds: view.seconds))."), json: view)
    }

    private func rebuild(_ live: LiveWorkspace) throws -> View {
        let progress = Progress("Computing people anew", unit: "events")
        defer { progress.finish() }
        let clock = ContinuousClock()
        let start = clock.now
        let total = try live.log.statistics.events
        try live.rebuildPeople { count in
            progress.update(share: total > 0 ? min(1, Double(count) / Double(total)) : nil, count: count)
        }
        let counts = try live.people.counts()
        return View(
            people: counts.persons, identified: counts.identified, events: total,
            seconds: (clock.now - start) / .seconds(1))
    }
}
