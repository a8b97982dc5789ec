import Analysis
import ArgumentParser

struct LifecycleCommand: QuestionCommand {
    static let kind = Query.Kind.lifecycle

    static let configuration = CommandConfiguration(
        commandName: "lifecycle",
        abstract: "Who is new, who stays, who comes back after a pause, who falls away.",
        discussion: """
            Examples:
              dangol lifecycle "Order Completed" --interval month
              dangol lifecycle --interval week --from 2024-01-01 --html lifecycle.html

            \(WhereOption.syntax)
            """)

    @Argument(help: ArgumentHelp("The event that makes a person active. (default: any)", valueName: "event"))
    var event: String?

    @Option(help: "hour, day, week or month. (default: day)")
    var interval: String?

    @Option(
        help:
            "What makes a person new: their first such event (event), or their first of any kind (person). (default: event)"
    )
    var newness: String?

    @Option(help: "The first day of a week: monday or sunday. (default: monday)")
    var weekStart: String?

    @OptionGroup var question: QuestionOptions

    func describe(_ query: inout JSONObject) throws {
        try query.add(try selectors([event ?? "*"])[0])
        if let interval { query.add("interval", interval) }
        if let newness { query.add("newness", newness) }
        if let weekStart { query.add("weekStart", weekStart) }
    }
}
