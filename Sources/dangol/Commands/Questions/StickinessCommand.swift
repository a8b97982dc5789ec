import Analysis
import ArgumentParser

struct StickinessCommand: QuestionCommand {
    static let kind = Query.Kind.stickiness

    static let configuration = CommandConfiguration(
        commandName: "stickiness",
        abstract: "On how many days, weeks or months people came.",
        discussion: """
            Examples:
              dangol stickiness "App Opened" --interval day --from -30d
              dangol stickiness "Order Completed" --interval month --cumulative

            \(WhereOption.syntax)
            """)

    @Argument(help: ArgumentHelp("Events, a series each.", valueName: "event"))
    var events: [String]

    @Option(help: "hour, day, week or month. (default: day)")
    var interval: String?

    @Flag(help: "Count at least as many intervals, instead of exactly as many.")
    var cumulative = false

    @Option(help: ArgumentHelp("How often it must happen in an interval. (default: 1)", valueName: "number"))
    var minimumOccurrences: Int?

    @Option(help: "The first day of a week: monday or sunday. (default: monday)")
    var weekStart: String?

    @OptionGroup var question: QuestionOptions

    func describe(_ query: inout JSONObject) throws {
        try query.add("series", encoding: try selectors(events))
        if let interval { query.add("interval", interval) }
        if cumulative { query.add("cumulative", true) }
        if let minimumOccurrences { query.add("minimumOccurrences", minimumOccurrences) }
        if let weekStart { query.add("weekStart", weekStart) }
    }
}
