import ArgumentParser
import Audiences
import Engine
import EventLog
import Reports

struct AudienceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the audiences with their sizes.",
        discussion: """
            Examples:
              dangol audience list
              dangol audience list --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let audiences = try await data.backend().audiences()
        var report = Report(Plural.of(audiences.count, "audience"))
        report.add(AudienceTable.make(audiences))
        if audiences.isEmpty { report.notes = ["'dangol audience create' makes one."] }
        try output.emit(report, json: audiences)
    }
}

struct AudienceShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one audience: its rule, size and version.",
        discussion: """
            Examples:
              dangol audience show "VIP"
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await data.backend().audience(audience)
        try output.emit(AudienceTable.report(found.name, found), json: found)
    }
}

struct AudiencePreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Tells how many would fit a rule, and names some. Stores nothing.",
        discussion: """
            From 4,000 persons on the size is an estimate with the interval that holds it with 95 % confidence; --exact \
            looks at everybody.

            Examples:
              dangol audience preview --where 'did "Order Completed" in the last 7 days'
              dangol audience preview --where 'trait city = "서울"' --exact --sample 3

            Conditions:
            \(PredicateText.examples.indented)
            """)

    @Option(name: .customLong("where"), help: ArgumentHelp("Who belongs to it.", valueName: "text"))
    var predicate: String

    @Flag(help: "Look at everybody.")
    var exact = false

    @Option(help: "How many to name, up to 100.")
    var sample: Int = 10

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...100).contains(sample) else { throw ValidationError("--sample must be from 0 to 100") }
    }

    func run() async throws {
        let rule = try PredicateText.parse(predicate)
        let preview = try await data.backend().preview(rule, exactly: exact, sample: sample)
        let share = preview.persons == 0 ? 0 : Double(preview.size) / Double(preview.persons)
        let about = preview.isExact ? "" : "about "
        var report = Report("\(about)\(Plural.of(preview.size, "person")), \(NumberFormat.percent(share)) of all")
        report.summary = [rule.text.oneLine]
        if !preview.isExact {
            report.notes.append(
                "Between \(NumberFormat.count(preview.low)) and \(NumberFormat.count(preview.high)) with 95 % "
                    + "confidence; --exact counts.")
        }
        var table = TextTable([.text("person")])
        for person in preview.sample { table.add([TextTable.Cell(person)]) }
        report.add(table)
        try output.emit(report, json: preview)
    }
}

struct AudienceMembersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "Lists who is in an audience, and since when.",
        discussion: """
            Examples:
              dangol audience members "VIP"
              dangol audience members "VIP" --limit 1000 --json
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Option(help: "How many to show, up to 10,000; 'dangol audience export' writes all.")
    var limit: Int = 100

    @Option(help: ArgumentHelp("Go on after here: what the page before said.", valueName: "place"))
    var after: String?

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...AudienceService.pageLimit).contains(limit) else {
            throw ValidationError("--limit must be from 1 to \(AudienceService.pageLimit)")
        }
    }

    func run() async throws {
        let backend = try data.backend()
        let page = try await backend.members(of: audience, after: after, limit: limit)
        var table = TextTable([.text("person"), .text("since")])
        for member in page.members {
            let since = Timestamp.milliseconds(member.since).map(zone.text) ?? member.since
            table.add(
                [TextTable.Cell(member.person), TextTable.Cell(since, .dim)], values: [member.person, member.since])
        }
        var report = Report(
            "\(audience): \(Plural.of(page.members.count, "member"))\(page.next == nil ? "" : " of more")")
        report.add(table)
        if let next = page.next { report.notes = ["--after \(next) goes on from here."] }
        try output.emit(report, json: page)
    }
}

struct AudienceAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds persons to a list that is kept by hand.",
        discussion: """
            A file has one id a line, or columns of which one is called person, id or userId.

            Examples:
              dangol audience add "Press" customer-1001 customer-1002
              dangol audience add "Press" --file press.csv
            """)

    @OptionGroup var list: ListOptions

    func run() async throws { try await list.run(isIn: true) }
}

struct AudienceRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Takes persons out of a list that is kept by hand.",
        discussion: """
            Examples:
              dangol audience remove "Press" customer-1001
              dangol audience remove "Press" --file gone.csv
            """)

    @OptionGroup var list: ListOptions

    func run() async throws { try await list.run(isIn: false) }
}

/// Ids to add or remove.
struct ListOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The list.", valueName: "name"))
    var audience: String

    @Argument(help: ArgumentHelp("Any id of each person.", valueName: "id"))
    var persons: [String] = []

    @Option(help: ArgumentHelp("A file with ids; - is standard input.", valueName: "file"))
    var file: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if persons.isEmpty, file == nil { throw ValidationError("name persons, or a --file with their ids") }
    }

    func run(isIn: Bool) async throws {
        var ids = persons
        if let file { ids += try MemberList.ids(csv: try TextFile.read(file)) }
        let done = try await data.backend().changeList(audience, persons: ids, isIn: isIn)
        var report = Report(
            "\(Plural.of(done.changed, "person")) \(isIn ? "added to" : "taken out of") '\(audience)'")
        if !done.unknown.isEmpty {
            var table = TextTable([.text("unknown id")])
            for id in done.unknown { table.add([TextTable.Cell(id)]) }
            report.add(table)
        }
        try output.emit(report, json: done)
        if !done.unknown.isEmpty { throw ExitStatus.findings }
    }
}
