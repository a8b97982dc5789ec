import ArgumentParser
import Engine
import Reports

struct PeopleMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Makes two people one; the second keeps the id and their values.",
        discussion: """
            Collection merges by itself when a visitor signs in; this is for what only you know. 'dangol people split' \
            undoes it, and both become what they would be without it.

            Example:
              dangol people merge device-81f2 customer-1001
            """)

    @Argument(help: ArgumentHelp("Who becomes part of the other.", valueName: "alias"))
    var alias: String

    @Argument(help: ArgumentHelp("Who stays.", valueName: "person"))
    var person: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().people.merge(MergeRequest(alias: alias, person: person))
        try output.emit(answer, "'\(alias)' and '\(person)' are one person now.")
    }
}

struct PeopleSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Undoes the latest merge of an id: both people become what they would be without it.",
        discussion: """
            What was said about either is computed anew from the events. The two are kept apart from then on: only a merge \
            by hand joins them again.

            Example:
              dangol people split device-81f2
            """)

    @Argument(help: ArgumentHelp("The id that was merged; 'dangol people show' lists them.", valueName: "id"))
    var alias: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().people.split(alias)
        try output.emit(answer, "'\(alias)' is a person of their own again.")
    }
}

extension OutputOptions {
    fileprivate func emit(_ answer: PersonReferences, _ title: String) throws {
        var table = TextTable([.text("id"), .text("name"), .number("ids"), .number("events"), .text("key")])
        for person in answer.people {
            table.add(
                [
                    TextTable.Cell(person.id), TextTable.Cell(person.name ?? ""),
                    TextTable.Cell(NumberFormat.count(person.identities)),
                    TextTable.Cell(NumberFormat.count(person.events)), TextTable.Cell(person.key, .dim),
                ],
                values: [person.id, person.name ?? "", "\(person.identities)", "\(person.events)", person.key])
        }
        var report = Report(title)
        report.add(table)
        try emit(report, json: answer)
    }
}

struct PeopleWarningsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warnings",
        abstract: "Lists merges that were asked for and refused, and splits that made no sense.",
        discussion: """
            already_identified: two users on one device, who stay two people. blocked_id: an id such as 'null' or \
            'guest' that stands for nobody. too_many_ids: more ids than one person can have. kept_apart: they were split by \
            hand.

            Examples:
              dangol people warnings
              dangol people warnings --limit 1000 --csv
            """)

    @OptionGroup var latest: LatestOption
    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().people.warnings(limit: latest.limit)
        var table = TextTable([
            .text("kind"), .text("alias"), .text("person"), .number("events"), .text("last"),
        ])
        for warning in answer.warnings {
            table.add(
                [
                    TextTable.Cell(warning.kind), TextTable.Cell(warning.alias), TextTable.Cell(warning.person),
                    TextTable.Cell(NumberFormat.count(warning.count)),
                    TextTable.Cell(PersonReport.time(warning.last, zone), .dim),
                ], values: [warning.kind, warning.alias, warning.person, "\(warning.count)", warning.last])
        }
        var report = Report(Plural.of(answer.warnings.count, "warning"))
        report.add(table)
        try output.emit(report, json: answer.warnings)
    }
}
