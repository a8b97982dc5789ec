import ArgumentParser

struct PeopleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "Finds people, shows and changes what is known about them.",
        discussion: """
            A person is named by any of their ids, or by their key (p_ and 16 signs), which tells nothing about them.

            Examples:
              dangol people search 김단골
              dangol people show customer-1001
              dangol people set customer-1001 city=Seoul
            """,
        subcommands: [
            PeopleSearchCommand.self, PeopleShowCommand.self, PeopleSetCommand.self, PeopleMergeCommand.self,
            PeopleSplitCommand.self, PeopleConsentCommand.self, PeopleGroupCommand.self, PeopleImportCommand.self,
            PeopleExportCommand.self, PeopleExportOneCommand.self, PeopleDeleteCommand.self,
            PeopleReceiptsCommand.self, PeopleSuppressCommand.self, PeopleWarningsCommand.self,
        ])
}
