import ArgumentParser
import Engine
import EventLog
import Reports

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Joins two ids: the events of the first read as events of the second.",
        discussion: """
            Nothing is rewritten, and 'dangol split' undoes it. Ids that a user id came with, such as an anonymousId, are \
            merged without being told. The same as 'dangol people merge', with the number of events.

            Example: the visitor of this device turned out to be this customer:
              dangol merge device-81f2 customer-1001
            """)

    @Argument(help: ArgumentHelp("The id that gives its events.", valueName: "id"))
    var alias: String

    @Argument(help: ArgumentHelp("The id that they read as from now on.", valueName: "person"))
    var person: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var merged: String
        var into: String
        var events: Int
    }

    func validate() throws {
        if alias == person { throw ValidationError("'\(alias)' cannot be merged into itself; name two ids") }
    }

    func run() async throws {
        let backend = try data.backend()
        _ = try await backend.people.merge(MergeRequest(alias: alias, person: person))
        let events = try await backend.history(of: person, last: 1)?.total ?? 0
        try output.emit(
            Report("'\(alias)' now reads as '\(person)', who has \(Plural.of(events, "event"))."),
            json: View(merged: alias, into: person, events: events))
    }
}
