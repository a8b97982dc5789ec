/// Who is new, stays, comes back and falls away, interval by interval.
///
/// ```json
/// {"kind": "lifecycle", "event": "Order Completed", "interval": "month", "from": "2024-01-01", "to": "2024-06-30"}
/// ```
///
/// With `event` left out, any event counts. README.md of this folder defines the four states.
package struct LifecycleQuery: Sendable, Hashable, Codable {
    /// What makes a person new.
    package enum Newness: String, Codable, Sendable, CaseIterable {
        /// Their first event of the kind asked about.
        case event
        /// Their first event of any kind.
        case person
    }

    /// How a person stands in an interval.
    package enum State: String, Codable, Sendable, CaseIterable {
        case new, returning, resurrecting, dormant
    }

    /// A number whose people to list.
    package struct People: Sendable, Hashable, Codable {
        /// The label of the interval, such as `2024-06-01`.
        package var label: String
        package var state: State
        /// People at most.
        package var limit: Int

        package init(label: String, state: State, limit: Int = 100) {
            self.label = label
            self.state = state
            self.limit = limit
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the people of a state", allowed: ["label", "state", "limit"])
            label = try fields.required("label")
            guard fields.has("state") else {
                throw fields.error(
                    .missingField, "state",
                    "must be given: one of \(State.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            state = try fields.choice("state", default: .new)
            limit = try fields.peopleLimit()
        }
    }

    package var event: EventSelector
    package var interval: Period
    package var weekStart: WeekStart
    package var newness: Newness
    package var people: People?
    package var range: DateRange

    package init(
        event: EventSelector = EventSelector(nil), interval: Period = .day, weekStart: WeekStart = .monday,
        newness: Newness = .event, people: People? = nil, range: DateRange = DateRange()
    ) {
        self.event = event
        self.interval = interval
        self.weekStart = weekStart
        self.newness = newness
        self.people = people
        self.range = range
    }

    private static let fields = ["kind", "interval", "weekStart", "newness", "people"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a lifecycle query", allowed: Self.fields + EventSelector.fields + DateRange.fields)
        event = try EventSelector.orAny(fields)
        interval = try fields.choice("interval", default: Period.day)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        newness = try fields.choice("newness", default: Newness.event)
        people = try fields.optional("people")
        range = try DateRange(fields)
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(interval, forKey: FieldName("interval"))
        try container.encode(weekStart, forKey: FieldName("weekStart"))
        try container.encode(newness, forKey: FieldName("newness"))
        try container.encodeIfPresent(people, forKey: FieldName("people"))
        try container.encode(range)
    }
}

extension EventSelector {
    /// The selector of an object in which the event may be left out for any.
    static func orAny(_ fields: Fields) throws -> EventSelector {
        if fields.has("event") || fields.has("events") { return try EventSelector(fields) }
        return EventSelector(nil, filters: try Filter.list(fields, "filters"), name: try fields.text("name"))
    }
}

/// The answer to a lifecycle query: people by interval. The active people of an interval are new, returning or
/// resurrecting.
package struct LifecycleResult: Sendable, Hashable, Codable {
    package var labels: [String]
    package var new: [Int]
    package var returning: [Int]
    package var resurrecting: [Int]
    /// A count; that charts draw it below the axis is their business.
    package var dormant: [Int]
    /// Whether the range cuts the last interval short, so that some who are dormant may still come.
    package var partialLast: Bool
    package var people: PeopleList?
}
