import ArgumentParser
import Audiences
import Engine
import EventLog
import Foundation
import Reports

struct AudienceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audience",
        abstract: "Defines groups of persons, and tells who is in them and why.",
        discussion: """
            An audience is a rule over what persons did and what is known of them. Who fits comes in by itself, and who \
            does not any more goes; both are written as events, "Audience Entered" and "Audience Left".

            Examples:
              dangol audience preview --where 'did "Order Completed" at least 3 times in the last 90 days'
              dangol audience create "서울 단골" --where 'did "Order Completed" at least 3 times and trait city = "서울"'
              dangol audience explain "서울 단골" customer-1001
            """,
        subcommands: [
            AudienceCreateCommand.self, AudienceUpdateCommand.self, AudienceDeleteCommand.self,
            AudienceListCommand.self, AudienceShowCommand.self, AudiencePreviewCommand.self,
            AudienceMembersCommand.self, AudienceExplainCommand.self, AudienceSizesCommand.self,
            AudienceOverlapCommand.self, AudienceExportCommand.self, AudienceSendCommand.self,
            AudienceAddCommand.self, AudienceRemoveCommand.self,
        ])
}

/// A predicate on the command line.
enum PredicateText {
    static let examples = """
        did "Order Completed" at least 3 times in the last 90 days where total >= 50000
        did "Cart Viewed" then not "Order Completed" within 1 day
        trait city in ("서울", "부산") and consents to push
        in audience "VIP" and not did "App Opened" in the last 30 days
        """

    /// Text, or a JSON object of conditions.
    ///
    /// - Throws: `Failure` naming the option and the place in the text.
    static func parse(_ text: String) throws -> AudiencePredicate {
        do {
            let isJSON = text.first { !$0.isWhitespace } == "{"
            return isJSON
                ? try AudiencePredicate(json: text.data) : try AudiencePredicate(text: text)
        } catch {
            throw Failure(error, option: "--where")
        }
    }
}

/// Tables that several commands show.
enum AudienceTable {
    static func make(_ audiences: [AudienceView]) -> TextTable {
        var table = TextTable([.text("audience"), .number("persons"), .text("where")])
        for audience in audiences {
            let rule = audience.where ?? "a list that is kept by hand"
            table.add(
                [
                    TextTable.Cell(audience.name, .bold), TextTable.Cell(NumberFormat.count(audience.size)),
                    TextTable.Cell(rule.oneLine, .dim),
                ], values: [audience.name, "\(audience.size)", rule])
        }
        return table
    }

    static func report(_ title: String, _ audience: AudienceView) -> Report {
        var report = Report(title)
        var table = TextTable([.text(""), .text("")])
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { table.add([TextTable.Cell(name, .dim), TextTable.Cell(value)]) }
        }
        add("persons", NumberFormat.count(audience.size))
        add("where", audience.where?.oneLine ?? "a list that is kept by hand")
        add("description", audience.description)
        add("version", "\(audience.version)")
        add("changed", Timestamp.milliseconds(audience.updatedAt).map(Timestamp.short))
        add("number", "\(audience.id)")
        report.add(table.named(csv: ["field", "value"]))
        return report
    }
}

extension String {
    var data: Data { Data(utf8) }

    /// Without line breaks and what indents lines.
    var oneLine: String {
        split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: " ")
    }
}
