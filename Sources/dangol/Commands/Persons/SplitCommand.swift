import ArgumentParser
import EventLog
import Reports

struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Undoes a merge: the id gets its own events back.",
        discussion: """
            Example:
              dangol split device-81f2
            """)

    @Argument(help: ArgumentHelp("An id that was merged into another.", valueName: "id"))
    var alias: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var split: String
        var events: Int
    }

    func run() async throws {
        let backend = try data.backend()
        _ = try await backend.people.split(alias)
        let events = try await backend.history(of: alias, last: 1)?.total ?? 0
        try output.emit(
            Report("'\(alias)' stands for itself again, with \(Plural.of(events, "event"))."),
            json: View(split: alias, events: events))
    }
}
