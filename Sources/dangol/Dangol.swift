import ArgumentParser

/// The root of the command line: which commands there are. `Overview` prints them.
struct Dangol: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "dangol",
        abstract: "Knows every customer's history, and answers what they do, come back for and leave over.",
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "To look around", subcommands: [DemoCommand.self]),
            CommandGroup(
                name: "Events in and out",
                subcommands: [
                    ImportCommand.self, GenerateCommand.self, EventsCommand.self, ExportCommand.self,
                    DeadLettersCommand.self,
                ]),
            CommandGroup(
                name: "Questions",
                subcommands: [
                    FunnelCommand.self, RetentionCommand.self, TrendsCommand.self, PathsCommand.self,
                    LifecycleCommand.self, StickinessCommand.self, SessionsCommand.self, CorrelationCommand.self,
                    QueryCommand.self,
                ]),
            CommandGroup(
                name: "Persons",
                subcommands: [
                    PeopleCommand.self, PersonCommand.self, MergeCommand.self, SplitCommand.self, ForgetCommand.self,
                ]),
            CommandGroup(name: "What is offered", subcommands: [ItemsCommand.self, ContentCommand.self]),
            CommandGroup(
                name: "Audiences and definitions",
                subcommands: [AudienceCommand.self, ApplyCommand.self, DefinitionsCommand.self]),
            CommandGroup(name: "Recommendations", subcommands: [RecommendCommand.self]),
            CommandGroup(name: "The moment", subcommands: [IntentCommand.self]),
            CommandGroup(
                name: "The server",
                subcommands: [
                    ServeCommand.self, ConfigCommand.self, KeyCommand.self, UserCommand.self, WorkspaceCommand.self,
                    WebhookCommand.self,
                ]),
            CommandGroup(
                name: "Care of the data",
                subcommands: [
                    StatsCommand.self, VerifyCommand.self, CompactCommand.self, KeepCommand.self, RebuildCommand.self,
                    BackupCommand.self, RestoreCommand.self,
                ]),
        ]
    )
}
