/// The ways people take: from which event to which, step by step.
///
/// The events of one person without a pause longer than `sessionTimeout` are a path. Each event is a node, named after
/// the event, or after a property's value where `nodes` says so, and renamed by the first of the `groupings` that
/// matches.
package struct PathsQuery: Sendable, Hashable, Codable {
    package var from: DayPoint?
    package var to: DayPoint?
    package var timeZone: ZoneName
    /// A node: paths count from its first occurrence on, paths without it do not count.
    package var startPoint: String?
    /// A node: paths count up to its first occurrence (after the start point), paths without it do not count.
    package var endPoint: String?
    /// Nodes of a path that count: from the start, or when only an end point is given before the end. With both points,
    /// the middle of longer paths is drawn together into one node, `...`. Default: 5.
    package var stepLimit: Int
    /// The most frequent edges that the answer lists. Default: 50.
    package var edgeLimit: Int
    /// Edges that fewer paths take are left out. Default: 1.
    package var minimumWeight: Int
    /// Events that take part; nil is every one.
    package var includeEvents: [String]?
    package var excludeEvents: [String]
    /// Hold for every event that takes part.
    package var filters: [Filter]
    package var nodes: [PathNodeRule]
    package var groupings: [PathGrouping]
    /// Default: 30 minutes.
    package var sessionTimeout: TimeSpan
    /// Whether events of the same node in a row are one step, which begins with the first of them. Default: false.
    package var collapseRepeats: Bool
    package var people: People?

    /// An edge whose people to list.
    package struct People: Sendable, Hashable, Codable {
        /// As in the answer: from 0, or with only an end point up to -1.
        package var step: Int
        package var source: String
        package var target: String
        /// People at most.
        package var limit: Int

        package init(step: Int, source: String, target: String, limit: Int = 100) {
            self.step = step
            self.source = source
            self.target = target
            self.limit = limit
        }
    }

    private static let fields =
        [
            "kind", "startPoint", "endPoint", "stepLimit", "edgeLimit", "minimumWeight", "includeEvents",
            "excludeEvents", "filters", "nodes", "groupings", "sessionTimeout", "collapseRepeats",
            "people",
        ] + DateRange.fields

    package init(range: DateRange = DateRange()) {
        from = range.from
        to = range.to
        timeZone = range.timeZone
        stepLimit = 5
        edgeLimit = 50
        minimumWeight = 1
        excludeEvents = []
        filters = []
        nodes = []
        groupings = []
        sessionTimeout = TimeSpan(minutes: 30)
        collapseRepeats = false
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a paths query", allowed: PathsQuery.fields)
        self.init(range: try DateRange(fields))
        startPoint = try fields.text("startPoint")
        endPoint = try fields.text("endPoint")
        stepLimit = try fields.integer("stepLimit", in: 2...PathsQuery.stepLimitRange.upperBound, default: 5)
        edgeLimit = try fields.integer("edgeLimit", in: 1...10_000, default: 50)
        minimumWeight = try fields.integer("minimumWeight", in: 1...Int.max, default: 1)
        includeEvents = try fields.list("includeEvents", counts: 1...QueryLimits.eventsPerSelector)
        excludeEvents = try fields.list("excludeEvents", counts: 0...QueryLimits.eventsPerSelector) ?? []
        filters = try Filter.list(fields, "filters")
        nodes = try fields.list("nodes", counts: 0...20) ?? []
        groupings = try fields.list("groupings", counts: 0...100) ?? []
        sessionTimeout = try fields.optional("sessionTimeout") ?? TimeSpan(minutes: 30)
        collapseRepeats = try fields.optional("collapseRepeats") ?? false
        people = try fields.optional("people")
        if let both = includeEvents?.first(where: excludeEvents.contains) {
            throw fields.error(.conflict, "excludeEvents", "names '\(both)', which includeEvents names too")
        }
        if stepLimit < 3, startPoint != nil, endPoint != nil {
            throw fields.error(.conflict, "stepLimit", "must be at least 3 with both a start and an end point")
        }
        if let people, !peopleSteps.contains(people.step) {
            throw fields.error(
                .invalidValue, "people.step",
                "is \(people.step), but edges have steps from \(peopleSteps.lowerBound) to \(peopleSteps.upperBound)")
        }
    }

    /// Whether positions count back from the end point.
    var countsBack: Bool { startPoint == nil && endPoint != nil }

    /// The steps that edges of the answer can have.
    private var peopleSteps: ClosedRange<Int> { countsBack ? 1 - stepLimit ... -1 : 0...stepLimit - 2 }

    package static let stepLimitRange = 2...20

    package var range: DateRange { DateRange(from: from, to: to, timeZone: timeZone) }
}

extension PathsQuery.People {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the people of an edge", allowed: ["step", "source", "target", "limit"])
        guard let step = try fields.optional("step", as: Int.self) else {
            throw fields.error(.missingField, "step", "must be given: the step of the edge")
        }
        self.step = step
        guard let source = try fields.text("source"), let target = try fields.text("target") else {
            let missing = fields.has("source") ? "target" : "source"
            throw fields.error(.missingField, missing, "must be given: the name of a node")
        }
        self.source = source
        self.target = target
        limit = try fields.peopleLimit()
    }
}

/// Names the nodes of an event after the value of a property: `{"event": "Page Viewed", "property": "path"}`. Events
/// without a value keep their own name.
package struct PathNodeRule: Sendable, Hashable, Codable {
    package var event: String
    package var property: String

    package init(event: String, property: String) {
        self.event = event
        self.property = property
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a node rule", allowed: ["event", "property"])
        event = try fields.text("event") ?? ""
        property = try fields.text("property") ?? ""
        if event.isEmpty { throw fields.error(.missingField, "event", "must be given: the event whose nodes it names") }
        if property.isEmpty {
            throw fields.error(.missingField, "property", "must be given: the property that names them")
        }
    }
}

/// Draws nodes together: `{"pattern": "/product/*", "name": "Product page"}`, where `*` stands for any text and the
/// whole name must match, or `{"regex": "^/p/[0-9]+", "name": ...}`. Without `name` the pattern is the name.
package struct PathGrouping: Sendable, Hashable, Codable {
    package var pattern: String?
    package var regex: String?
    package var name: String?

    package init(pattern: String, name: String? = nil) {
        self.pattern = pattern
        self.name = name
    }

    package init(regex: String, name: String? = nil) {
        self.regex = regex
        self.name = name
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a grouping", allowed: ["pattern", "regex", "name"])
        pattern = try fields.text("pattern")
        regex = try fields.text("regex")
        name = try fields.text("name")
        guard (pattern == nil) != (regex == nil) else {
            throw fields.error(
                pattern == nil ? .missingField : .conflict, "pattern", "must be given, or 'regex', but not both")
        }
        if let regex {
            do { _ = try TextPattern(regex) } catch { throw fields.error(.invalidValue, "regex", error.message) }
        }
    }
}
