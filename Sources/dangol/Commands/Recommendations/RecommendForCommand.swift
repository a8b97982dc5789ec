import ArgumentParser
import Engine
import Recommendations
import Reports

struct RecommendForCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "for",
        abstract: "What fits a person, and why.",
        discussion: """
            What they did until this moment counts. Somebody whom nobody knows gets what is chosen these days.

            Examples:
              dangol recommend for customer-1001
              dangol recommend for customer-1001 --top 3 --json
            """)

    @Argument(help: ArgumentHelp("Any id of the person.", valueName: "person"))
    var person: String

    @Option(help: ArgumentHelp("How many items.", valueName: "count"))
    var top = 10

    @Option(help: ArgumentHelp("Where the person is, for items that are not offered everywhere.", valueName: "region"))
    var region: String?

    @Flag(help: "Reasons in Korean.")
    var korean = false

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(top) else { throw ValidationError("--top must be from 1 to 10000, not \(top)") }
    }

    func run() async throws {
        let view = try await options.data.backend().recommendations.list(
            options.model, person: person, count: top, region: region, korean: korean)
        var report = Report("For \(view.person)")
        if !view.isKnown { report.summary.append("Nobody of this id has done anything with an item yet.") }
        var table = TextTable([.number("place"), .text("item"), .number("score"), .text("why")])
        for (index, place) in view.items.enumerated() {
            let shown = [TextTable.Cell("\(index + 1)"), TextTable.Cell(place.title, .bold)]
            table.add(
                shown + [TextTable.Cell(NumberFormat.fixed(place.score, 2)), TextTable.Cell(place.why, .dim)],
                values: ["\(index + 1)", place.item, "\(place.score)", place.why])
        }
        report.add(table)
        if !view.unfinished.isEmpty {
            var unfinished = TextTable([.text("goes on with"), .number("chance"), .text("how far")])
            for place in view.unfinished {
                unfinished.add(
                    [
                        TextTable.Cell(place.title, .bold), TextTable.Cell(NumberFormat.percent(place.score)),
                        TextTable.Cell(place.why, .dim),
                    ], values: [place.item, "\(place.score)", place.why])
            }
            report.add(unfinished)
        }
        report.notes = view.notes
        try output.emit(report, json: view)
    }
}
