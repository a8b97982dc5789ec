import ArgumentParser

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Looks at events: the latest, those that match, and which there are.",
        discussion: """
            Examples:
              dangol events tail
              dangol events filter --event "Order Completed" --where "total>=100" --from 2024-05-01
              dangol events schema
              dangol events schema "Order Completed"
            """,
        subcommands: [EventsTailCommand.self, EventsFilterCommand.self, EventsSchemaCommand.self],
        defaultSubcommand: EventsTailCommand.self)
}
