import Analysis
import ArgumentParser

struct TrendsCommand: QuestionCommand {
    static let kind = Query.Kind.trends

    static let configuration = CommandConfiguration(
        commandName: "trends",
        abstract: "How often, how many people, how much, day by day.",
        discussion: """
            Examples:
              dangol trends "Order Completed" --interval week
              dangol trends "Order Completed" --math sum --of total --breakdown city
              dangol trends "Order Completed" "Product Viewed" --math unique --formula "A / B * 100"
              dangol trends "App Opened" --math weekly_active --compare --html trends.html

            Measures (--math): total, unique (people), weekly_active, monthly_active, unique_sessions, first_time; of a \
            property (--of): sum, avg, min, max, median, p90, p95, p99; per person: avg_count_per_actor, \
            avg_sum_per_actor.

            \(WhereOption.syntax)
            """)

    @Argument(help: ArgumentHelp("Events, a series each; formulas call them A, B and so on.", valueName: "event"))
    var events: [String]

    @Option(help: ArgumentHelp("What is measured. (default: total)", valueName: "measure"))
    var math: String?

    @Option(
        name: .customLong("of"), help: ArgumentHelp("The property whose numbers are measured.", valueName: "property"))
    var property: String?

    @Option(help: ArgumentHelp("Arithmetic over the series, instead of them; may be repeated.", valueName: "formula"))
    var formula: [String] = []

    @Option(help: "hour, day, week or month. (default: day)")
    var interval: String?

    @Option(help: ArgumentHelp("A series for each of the most frequent values of a property.", valueName: "property"))
    var breakdown: String?

    @Flag(help: "Beside it the period before.")
    var compare = false

    @Option(help: ArgumentHelp("Mean of each point and those before it, this many in all.", valueName: "number"))
    var smoothing: Int?

    @Flag(help: "Running sums.")
    var cumulative = false

    @Option(help: "The first day of a week: monday or sunday. (default: monday)")
    var weekStart: String?

    @OptionGroup var question: QuestionOptions

    func describe(_ query: inout JSONObject) throws {
        let list = try selectors(events).map { selector in
            var text = try JSONText.of(selector, indented: false).dropLast()
            if let math { text += ",\"math\":\(JSONObject.quoted(math == "unique" ? "dau" : math))" }
            if let property { text += ",\"property\":\(JSONObject.quoted(property))" }
            return text + "}"
        }
        query.add("series", json: "[" + list.joined(separator: ",") + "]")
        if !formula.isEmpty { query.add("formulas", formula) }
        if let interval { query.add("interval", interval) }
        if let breakdown { query.add("breakdown", breakdown) }
        if compare { query.add("compare", true) }
        if let smoothing { query.add("smoothing", smoothing) }
        if cumulative { query.add("cumulative", true) }
        if let weekStart { query.add("weekStart", weekStart) }
    }

    func optionName(_ field: String) -> String? {
        [
            "series": "the events", "series.math": "--math", "series.property": "--of", "formulas": "--formula",
        ][field]
    }
}
