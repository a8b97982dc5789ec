import ArgumentParser
import Reports

struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Deletes everything about a person, from disk too. Cannot be undone.",
        discussion: """
            All events of the person and of every id merged into them are removed, and the ids themselves: when the \
            command returns, the bytes are in no file of the workspace. Backups and files that were imported still have \
            them.

            Examples:
              dangol person customer-1001          look first
              dangol forget customer-1001          asks before it deletes
              dangol forget customer-1001 --yes    in a script
            """)

    @Argument(help: ArgumentHelp("The person's id.", valueName: "person"))
    var person: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var forgotten: String
        var events: Int
    }

    func run() async throws {
        let backend = try data.backend()
        if !yes {
            let events = try await backend.history(of: person, last: 1)?.total ?? 0
            try Confirmation.ask("Delete '\(person)' and \(Plural.of(events, "event")) for good?")
        }
        let removed = try await backend.forget(person)
        try output.emit(
            Report(
                "'\(person)' is forgotten: \(Plural.of(removed, "event")) \(removed == 1 ? "was" : "were") removed from disk."
            ),
            json: View(forgotten: person, events: removed))
    }
}
