import ArgumentParser
import Audiences
import Engine
import Reports

struct AudienceCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Defines an audience and finds its members.",
        discussion: """
            Examples:
              dangol audience create "VIP" --where 'did "Order Completed" at least 5 times'
              dangol audience create "이탈 위험" --where 'did "Order Completed" and did not "App Opened" in the last 30 days'
              dangol audience create "Press" --static
              dangol audience add "Press" --file press.csv

            Conditions, joined with and, or, not and parentheses (docs/AUDIENCES.md has them all):
            \(PredicateText.examples.indented)
            """)

    @Argument(help: ArgumentHelp("What to call it.", valueName: "name"))
    var name: String

    @Option(name: .customLong("where"), help: ArgumentHelp("Who belongs to it.", valueName: "text"))
    var predicate: String?

    @Flag(name: .customLong("static"), help: "A list that is kept by hand, in place of a rule.")
    var isStatic = false

    @Option(help: ArgumentHelp("What it is for.", valueName: "text"))
    var description = ""

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if (predicate != nil) == isStatic {
            throw ValidationError("say who belongs to it: either --where TEXT, or --static for a list kept by hand")
        }
    }

    func run() async throws {
        let definition = AudienceDefinition(
            name, description: description, where: try predicate.map(PredicateText.parse))
        let made = try await data.backend().createAudience(definition)
        try output.emit(
            AudienceTable.report("'\(made.name)' is made: \(Plural.of(made.size, "person"))", made),
            json: made)
    }
}

struct AudienceUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Changes the name, the rule or the description of an audience.",
        discussion: """
            What is not given stays. Earlier definitions are kept as versions.

            Examples:
              dangol audience update "VIP" --where 'did "Order Completed" at least 10 times'
              dangol audience update "VIP" --name "단골" --description "ten orders and more"
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Option(name: .customLong("where"), help: ArgumentHelp("Who belongs to it.", valueName: "text"))
    var predicate: String?

    @Option(help: ArgumentHelp("What to call it from now on.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("What it is for.", valueName: "text"))
    var description: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if predicate == nil, name == nil, description == nil {
            throw ValidationError("nothing to change: give --where, --name or --description")
        }
    }

    func run() async throws {
        let backend = try data.backend()
        var definition = try await backend.audience(audience).definition
        if let predicate { definition.predicate = try PredicateText.parse(predicate) }
        definition.name = name ?? definition.name
        definition.description = description ?? definition.description
        let changed = try await backend.updateAudience(audience, to: definition)
        try output.emit(
            AudienceTable.report(
                "'\(changed.name)' is changed: \(Plural.of(changed.size, "person"))", changed),
            json: changed)
    }
}

struct AudienceDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes an audience that no other mentions. The persons stay.",
        discussion: """
            Examples:
              dangol audience delete "VIP"
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await data.backend().deleteAudience(audience)
        try output.emit(Report("'\(audience)' is deleted."), json: ["deleted": audience])
    }
}

extension String {
    /// Every line two columns in.
    var indented: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
