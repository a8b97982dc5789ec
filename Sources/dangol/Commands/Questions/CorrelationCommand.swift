import Analysis
import ArgumentParser

struct CorrelationCommand: QuestionCommand {
    static let kind = Query.Kind.correlation

    static let configuration = CommandConfiguration(
        commandName: "correlation",
        abstract: "What people who get through a funnel do and have that others do not.",
        discussion: """
            Events between the first step and the last, and values of properties, by odds ratio. It tells of association, \
            not of cause.

            Examples:
              dangol correlation "Product Added" "Order Completed" --window 7d
              dangol correlation "Sign Up" "Order Completed" --property city --property channel

            \(WhereOption.syntax)
            """)

    @Argument(help: ArgumentHelp("The events of the funnel in their order, two or more.", valueName: "step"))
    var steps: [String]

    @Option(help: ArgumentHelp("How long a person has for all steps. (default: 14d)", valueName: "time"))
    var window: String?

    @Option(help: ArgumentHelp("Compare the values of this property; may be repeated.", valueName: "property"))
    var property: [String] = []

    @Option(help: ArgumentHelp("Do not compare this event; may be repeated.", valueName: "event"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("Leave out what fewer people did or have. (default: 5)", valueName: "number"))
    var minimum: Int?

    @OptionGroup var question: QuestionOptions

    /// The days are those of the funnel.
    static let hasOwnRange = false

    func describe(_ query: inout JSONObject) throws {
        var funnel = JSONObject()
        try funnel.add("steps", encoding: try selectors(steps))
        if let window { funnel.add("window", window) }
        question.addRange(to: &funnel)
        query.add("funnel", json: funnel.text)
        if !property.isEmpty { query.add("properties", property) }
        if !exclude.isEmpty { query.add("excludeEvents", exclude) }
        if let minimum { query.add("minimumSupport", minimum) }
    }

    func optionName(_ field: String) -> String? {
        [
            "properties": "--property", "excludeEvents": "--exclude", "minimumSupport": "--minimum",
            "funnel.steps": "the steps", "funnel.window": "--window", "funnel.from": "--from", "funnel.to": "--to",
            "funnel.timeZone": "--time-zone",
        ][field]
    }
}
