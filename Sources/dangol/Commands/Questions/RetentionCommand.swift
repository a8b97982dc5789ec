import Analysis
import ArgumentParser

struct RetentionCommand: QuestionCommand {
    static let kind = Query.Kind.retention

    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Who comes back, and after how many days, weeks or months.",
        discussion: """
            People who did the first event in a period are a cohort; the columns tell how many of them did the second (or \
            the first again) in that period and in each one after.

            Examples:
              dangol retention "Order Completed" --type first_ever --period month --intervals 12
              dangol retention "Sign Up" "Order Completed" --period week --from 2024-01-01
              dangol retention "App Opened" --period day --cumulative --html retention.html

            \(WhereOption.syntax)
            """)

    @Argument(help: ArgumentHelp("The event that starts a cohort.", valueName: "event"))
    var target: String

    @Argument(help: ArgumentHelp("The event that counts as coming back. (default: the same)", valueName: "return"))
    var returning: String?

    @Option(help: "hour, day, week or month. (default: day)")
    var period: String?

    @Option(help: ArgumentHelp("How many columns. (default: 8)", valueName: "number"))
    var intervals: Int?

    @Option(
        help: "recurring: in each period anew; first_time: the first within the range; first_ever. (default: recurring)"
    )
    var type: String?

    @Flag(help: "Count who came back in a period or any later one.")
    var cumulative = false

    @Option(help: ArgumentHelp("How often the second event must happen in a period. (default: 1)", valueName: "number"))
    var minimumOccurrences: Int?

    @Option(help: "calendar, or rolling: counted from each person's own first event. (default: calendar)")
    var windowMode: String?

    @Option(help: "The first day of a week: monday or sunday. (default: monday)")
    var weekStart: String?

    @Option(help: ArgumentHelp("The same for each of the most frequent values of a property.", valueName: "property"))
    var breakdown: String?

    @OptionGroup var question: QuestionOptions

    func describe(_ query: inout JSONObject) throws {
        let events = try selectors([target, returning ?? target])
        try query.add("targetEvent", encoding: events[0])
        try query.add("returnEvent", encoding: events[1])
        if let period { query.add("period", period) }
        if let intervals { query.add("intervals", intervals) }
        if let type { query.add("type", type) }
        if cumulative { query.add("cumulative", true) }
        if let minimumOccurrences { query.add("minimumOccurrences", minimumOccurrences) }
        if let windowMode { query.add("windowMode", windowMode) }
        if let weekStart { query.add("weekStart", weekStart) }
        if let breakdown { query.add("breakdown", breakdown) }
    }

    func optionName(_ field: String) -> String? {
        ["targetEvent": "the first event", "returnEvent": "the second event"][field]
    }
}
