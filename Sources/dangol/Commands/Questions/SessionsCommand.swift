import Analysis
import ArgumentParser

struct SessionsCommand: QuestionCommand {
    static let kind = Query.Kind.sessions

    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "How many visits, how long, how deep, how many end at once.",
        discussion: """
            Examples:
              dangol sessions --interval week
              dangol sessions --timeout 45m --by-entry --from 2024-05-01
              dangol sessions --breakdown channel

            \(WhereOption.syntax)
            """)

    @Option(
        help: ArgumentHelp("The events that sessions are made of; may be repeated. (default: any)", valueName: "event"))
    var event: [String] = []

    @Option(help: ArgumentHelp("How long nothing must happen to end a session. (default: 30m)", valueName: "time"))
    var timeout: String?

    @Option(help: "hour, day, week or month. (default: day)")
    var interval: String?

    @Option(help: ArgumentHelp("The same for each value of a property of the first event.", valueName: "property"))
    var breakdown: String?

    @Flag(help: "The same for each event that sessions begin with.")
    var byEntry = false

    @Option(help: "The first day of a week: monday or sunday. (default: monday)")
    var weekStart: String?

    @OptionGroup var question: QuestionOptions

    func validate() throws {
        if byEntry, breakdown != nil { throw ValidationError("--by-entry and --breakdown exclude each other") }
    }

    func describe(_ query: inout JSONObject) throws {
        try query.add(EventSelector(event.isEmpty ? nil : event, filters: try question.filters.filters()))
        if let timeout { query.add("timeout", timeout) }
        if let interval { query.add("interval", interval) }
        if let breakdown { query.add("breakdown", breakdown) }
        if byEntry { query.add("breakdown", json: #"{"entryEvent":true}"#) }
        if let weekStart { query.add("weekStart", weekStart) }
    }
}
