import Analysis
import ArgumentParser

struct FunnelCommand: QuestionCommand {
    static let kind = Query.Kind.funnel

    static let configuration = CommandConfiguration(
        commandName: "funnel",
        abstract: "How many do one thing, then the next, then the next, and where they stop.",
        discussion: """
            The window runs from a person's first step. Without --from and --to all days count; they bound the first \
            step, later ones may follow within the window.

            Examples:
              dangol funnel "Sign Up" "Order Completed" --window 7d
              dangol funnel "Product Viewed" "Product Added" "Order Completed" --breakdown city
              dangol funnel "Product Added" "Order Completed[total>=100]" --exclude "Product Removed"
              dangol funnel "Sign Up" "Order Completed" --from 2024-05-01 --to 2024-05-31 --html funnel.html

            \(WhereOption.syntax) A step has conditions of its own in brackets, separated by commas.
            """)

    @Argument(help: ArgumentHelp("The events in their order, two or more.", valueName: "step"))
    var steps: [String]

    @Option(
        help: ArgumentHelp("How long a person has for all steps: 30m, 12h, 14d, 2w. (default: 14d)", valueName: "time"))
    var window: String?

    @Option(help: "ordered: others may lie between; strict: nothing may; unordered: in any order. (default: ordered)")
    var order: String?

    @Option(help: ArgumentHelp("One funnel for each of the most frequent values of a property.", valueName: "property"))
    var breakdown: String?

    @Option(help: "Which event's value counts for a breakdown: first_touch, last_touch, all_events, or a step from 0.")
    var attribution: String?

    @Option(help: ArgumentHelp("Leave out who did this between the steps; may be repeated.", valueName: "event"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("A step, counted from 1, that may be left out; may be repeated.", valueName: "number"))
    var optional: [Int] = []

    @Option(
        help: ArgumentHelp(
            "The steps must share the value of this property, such as a product's number.", valueName: "property"))
    var hold: String?

    @Option(help: ArgumentHelp("Conversion by when people entered: hour, day, week or month.", valueName: "interval"))
    var trend: String?

    @Flag(help: "How long people took, as a histogram.")
    var times = false

    @Flag(help: "Count visits instead of people.")
    var sessions = false

    @OptionGroup var question: QuestionOptions

    func validate() throws {
        if steps.count < 2 {
            throw ValidationError("a funnel needs two events or more, for example \"Sign Up\" \"Order Completed\"")
        }
        if attribution != nil, breakdown == nil {
            throw ValidationError("--attribution says nothing without --breakdown")
        }
    }

    func describe(_ query: inout JSONObject) throws {
        let selectors = try selectors(steps)
        for number in optional where !(1...steps.count).contains(number) {
            throw Failure.usage("--optional \(number): the funnel has steps 1 to \(steps.count)")
        }
        let list = try selectors.enumerated().map { index, selector in
            let text = try JSONText.of(selector, indented: false)
            return optional.contains(index + 1) ? text.dropLast() + ",\"optional\":true}" : text
        }
        query.add("steps", json: "[" + list.joined(separator: ",") + "]")
        if let order { query.add("order", order) }
        if let window { query.add("window", window) }
        if let breakdown { query.add("breakdown", json: breakdownText(breakdown)) }
        if let hold { query.add("holdConstant", hold) }
        if let trend { query.add("trend", trend) }
        if times { query.add("timeToConvert", true) }
        if sessions { query.add("aggregateBy", "session") }
        if !exclude.isEmpty {
            let list = exclude.map { event in
                var exclusion = JSONObject()
                exclusion.add("event", event)
                exclusion.add("fromStep", 0)
                exclusion.add("toStep", steps.count - 1)
                return exclusion.text
            }
            query.add("exclusions", json: "[" + list.joined(separator: ",") + "]")
        }
    }

    private func breakdownText(_ property: String) -> String {
        var text = JSONObject()
        text.add("property", property)
        if let attribution {
            if let step = Int(attribution) {
                text.add("attribution", "step")
                text.add("step", step)
            } else {
                text.add("attribution", attribution)
            }
        }
        return text.text
    }

    func optionName(_ field: String) -> String? {
        [
            "steps": "the steps", "holdConstant": "--hold", "timeToConvert": "--times", "aggregateBy": "--sessions",
            "exclusions": "--exclude", "breakdown.attribution": "--attribution", "breakdown.step": "--attribution",
        ][field]
    }
}
