import Analysis
import ArgumentParser

struct PathsCommand: QuestionCommand {
    static let kind = Query.Kind.paths

    static let configuration = CommandConfiguration(
        commandName: "paths",
        abstract: "Which ways people take, from event to event.",
        discussion: """
            Examples:
              dangol paths --start "Sign Up"
              dangol paths --end "Order Completed" --steps 4
              dangol paths --exclude "Page Viewed" --edges 20 --html paths.html
              dangol paths --name "Page Viewed=path"

            \(WhereOption.syntax)
            """)

    @Option(help: ArgumentHelp("Paths from the first time of this event on.", valueName: "event"))
    var start: String?

    @Option(help: ArgumentHelp("Paths up to this event.", valueName: "event"))
    var end: String?

    @Option(help: ArgumentHelp("How many events of a path count. (default: 5)", valueName: "number"))
    var steps: Int?

    @Option(help: ArgumentHelp("How many of the most frequent transitions to show. (default: 50)", valueName: "number"))
    var edges: Int?

    @Option(help: ArgumentHelp("Only this event; may be repeated.", valueName: "event"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Not this event; may be repeated.", valueName: "event"))
    var exclude: [String] = []

    @Option(
        help: ArgumentHelp("Call an event by the value of a property; may be repeated.", valueName: "event=property"))
    var name: [String] = []

    @Option(help: ArgumentHelp("How long nothing must happen to end a path. (default: 30m)", valueName: "time"))
    var timeout: String?

    @Flag(help: "An event after the same event is no step of its own.")
    var collapse = false

    @OptionGroup var question: QuestionOptions

    func describe(_ query: inout JSONObject) throws {
        if let start { query.add("startPoint", start) }
        if let end { query.add("endPoint", end) }
        if let steps { query.add("stepLimit", steps) }
        if let edges { query.add("edgeLimit", edges) }
        if !include.isEmpty { query.add("includeEvents", include) }
        if !exclude.isEmpty { query.add("excludeEvents", exclude) }
        let rules = try name.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Failure.usage("--name: '\(text)' is not of the form event=property") }
            return PathNodeRule(event: parts[0], property: parts[1])
        }
        if !rules.isEmpty { try query.add("nodes", encoding: rules) }
        if let timeout { query.add("sessionTimeout", timeout) }
        if collapse { query.add("collapseRepeats", true) }
        let filters = try question.filters.filters()
        if !filters.isEmpty { try query.add("filters", encoding: filters) }
    }

    func optionName(_ field: String) -> String? {
        [
            "startPoint": "--start", "endPoint": "--end", "stepLimit": "--steps", "edgeLimit": "--edges",
            "includeEvents": "--include", "excludeEvents": "--exclude", "nodes": "--name",
            "sessionTimeout": "--timeout",
        ][field]
    }
}
