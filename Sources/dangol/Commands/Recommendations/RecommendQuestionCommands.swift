import ArgumentParser
import Engine
import Recommendations
import Reports

struct RecommendPageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "A page of rows for a person: what they can go on with, what fits, because of what, what is new.",
        discussion: """
            Rows are chosen one after another, each the best given those above; nothing comes twice.

            Examples:
              dangol recommend page customer-1001
              dangol recommend page customer-1001 --rows 4 --top 6 --json
            """)

    @Argument(help: ArgumentHelp("Any id of the person.", valueName: "person"))
    var person: String

    @Option(help: ArgumentHelp("How many rows at most.", valueName: "count"))
    var rows = 8

    @Option(help: ArgumentHelp("How many items in each row.", valueName: "count"))
    var top = 10

    @Option(help: ArgumentHelp("Where the person is, for items that are not offered everywhere.", valueName: "region"))
    var region: String?

    @Flag(help: "Titles of rows in Korean.")
    var korean = false

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...30).contains(rows) else { throw ValidationError("--rows must be from 1 to 30, not \(rows)") }
        guard (1...100).contains(top) else { throw ValidationError("--top must be from 1 to 100, not \(top)") }
    }

    func run() async throws {
        let view = try await options.data.backend().recommendations.page(
            ModelPageBody(
                person: person, model: options.model, rows: rows, count: top, region: region,
                language: korean ? "ko" : "en"))
        var report = Report("A page for \(view.person)")
        var table = TextTable([.text("row"), .text("item"), .number("worth"), .text("")])
        for row in view.rows {
            for (place, item) in row.items.enumerated() {
                table.add(
                    [
                        TextTable.Cell(place == 0 ? row.title : "", .bold), TextTable.Cell(item.title),
                        TextTable.Cell(NumberFormat.fixed(item.worth, 2)), TextTable.Cell(item.why ?? "", .dim),
                    ], values: [row.id, item.item, "\(item.worth)", item.why ?? ""])
            }
        }
        report.add(table.named(csv: ["row", "item", "worth", "why"]))
        report.notes = view.notes
        try output.emit(report, json: view)
    }
}

struct RecommendCompanionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "companions",
        abstract: "What goes with an item: taken by the same persons at the same time or some days after.",
        discussion: """
            A lift of 3 says that who took the item takes the other three times as often as anybody does. What usually \
            comes first shows in the order: the share that took the other with it or after it.

            Examples:
              dangol recommend companions sku-1
              dangol recommend companions sku-1 --days 7 --json
            """)

    @Argument(help: ArgumentHelp("The item's id.", valueName: "item"))
    var item: String

    @Option(help: ArgumentHelp("Within how many days of each other.", valueName: "number"))
    var days = 30

    @Option(help: ArgumentHelp("How many.", valueName: "count"))
    var top = 20

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...3_650).contains(days) else { throw ValidationError("--days must be from 1 to 3650, not \(days)") }
        guard (1...200).contains(top) else { throw ValidationError("--top must be from 1 to 200, not \(top)") }
    }

    func run() async throws {
        let view = try await options.data.backend().recommendations.companions(
            of: item, in: options.model, days: days, count: top)
        var report = Report("What goes with \(view.title), within \(Plural.of(days, "day"))")
        var table = TextTable([
            .text("item"), .number("persons"), .number("of those with it"), .number("lift"), .number("after it"),
            .number("at once"), .number("days between"),
        ])
        for entry in view.companions {
            table.add(
                [
                    TextTable.Cell(entry.title, .bold), TextTable.Cell(NumberFormat.count(entry.support)),
                    TextTable.Cell(NumberFormat.percent(entry.confidence)),
                    TextTable.Cell(NumberFormat.fixed(entry.lift, 2)),
                    TextTable.Cell(NumberFormat.percent(entry.after)),
                    TextTable.Cell(NumberFormat.percent(entry.together)),
                    TextTable.Cell(NumberFormat.fixed(entry.medianDays, 1)),
                ],
                values: [
                    entry.item, "\(entry.support)", "\(entry.confidence)", "\(entry.lift)", "\(entry.after)",
                    "\(entry.together)", "\(entry.medianDays)",
                ])
        }
        report.add(
            table.named(csv: ["item", "persons", "confidence", "lift", "after", "together", "medianDays"]))
        if view.companions.isEmpty { report.notes = ["Too few persons took anything else with it to be sure."] }
        try output.emit(report, json: view)
    }
}

struct RecommendLookalikesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookalikes",
        abstract: "Persons whose taste is like that of some others.",
        discussion: """
            Needs a model with factors: add als under models. Who does not want to be profiled is not among them.

            Examples:
              dangol recommend lookalikes customer-1001
              dangol recommend lookalikes customer-1001 customer-1002 --top 100 --csv
            """)

    @Argument(help: ArgumentHelp("Any ids of the persons whose like are sought.", valueName: "person"))
    var persons: [String]

    @Option(help: ArgumentHelp("How many.", valueName: "count"))
    var top = 20

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...LookalikesBody.countMax).contains(top) else {
            throw ValidationError("--top must be from 1 to \(LookalikesBody.countMax), not \(top)")
        }
        guard (1...LookalikesBody.personsMax).contains(persons.count) else {
            throw ValidationError("name from 1 to \(LookalikesBody.personsMax) persons")
        }
    }

    func run() async throws {
        let view = try await options.data.backend().recommendations.lookalikes(
            LookalikesBody(persons: persons, model: options.model, count: top))
        var report = Report("Persons like \(persons.count == 1 ? persons[0] : Plural.of(persons.count, "person"))")
        var table = TextTable([.text("person"), .number("likeness")])
        for entry in view.persons {
            table.add(
                [TextTable.Cell(entry.person, .bold), TextTable.Cell(NumberFormat.fixed(entry.likeness, 3))],
                values: [entry.person, "\(entry.likeness)"])
        }
        report.add(table)
        try output.emit(report, json: view)
    }
}
