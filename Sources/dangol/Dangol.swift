import ArgumentParser

/// The root of the command line.
struct Dangol: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "dangol",
        abstract: "Knows every customer's history, and answers what they do, come back for and leave over.",
        discussion: """
            Dangol keeps what your customers do as events in a folder of yours, and answers questions about them in the \
            time it takes to read this line.

            Start with a file you have:

              dangol import events.jsonl
              dangol events schema
              dangol funnel "Sign Up" "Order Completed" --window 7d

            or with a shop that does not exist:

              dangol generate --events 100000 | dangol import -

            Answers come as a table; --json, --csv and --html FILE give other forms.

            Exit status: \(ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ")).
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "Events in and out", subcommands: [
                ImportCommand.self, GenerateCommand.self, ExportCommand.self, EventsCommand.self,
            ]),
            CommandGroup(name: "Questions", subcommands: [
                QueryCommand.self, FunnelCommand.self, RetentionCommand.self, TrendsCommand.self, PathsCommand.self,
                LifecycleCommand.self, StickinessCommand.self, SessionsCommand.self,
            ]),
            CommandGroup(name: "Persons", subcommands: [
                PersonCommand.self, MergeCommand.self, SplitCommand.self, ForgetCommand.self,
            ]),
            CommandGroup(name: "Care of the data", subcommands: [
                StatsCommand.self, VerifyCommand.self, CompactCommand.self, KeepCommand.self, BackupCommand.self,
                RestoreCommand.self,
            ]),
        ]
    )
}
