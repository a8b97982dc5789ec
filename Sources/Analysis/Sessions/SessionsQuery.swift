/// Sessions: how many, how long, how deep, how many end at once.
///
/// ```json
/// {"kind": "sessions", "timeout": "30m", "interval": "day", "breakdown": {"property": "utm_source"},
///  "from": "2024-05-01", "to": "2024-05-31", "timeZone": "Asia/Seoul"}
/// ```
///
/// README.md of this folder defines a session.
package struct SessionsQuery: Sendable, Hashable, Codable {
    package enum Breakdown: Sendable, Hashable {
        /// By the name of the session's first event.
        case entryEvent(limit: Int)
        /// By a property of the session's first event, or a trait of its person.
        case value(RankedBreakdown)
    }

    /// The events that sessions are made of: any by default.
    package var event: EventSelector
    /// Inactivity longer than this ends a session.
    package var timeout: TimeSpan
    package var interval: Period
    package var weekStart: WeekStart
    package var breakdown: Breakdown?
    package var range: DateRange

    package init(
        event: EventSelector = EventSelector(nil), timeout: TimeSpan = TimeSpan(minutes: 30), interval: Period = .day,
        weekStart: WeekStart = .monday, breakdown: Breakdown? = nil, range: DateRange = DateRange()
    ) {
        self.event = event
        self.timeout = timeout
        self.interval = interval
        self.weekStart = weekStart
        self.breakdown = breakdown
        self.range = range
    }

    private static let fields = ["kind", "timeout", "interval", "weekStart", "breakdown"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a sessions query", allowed: Self.fields + EventSelector.fields + DateRange.fields)
        event = try EventSelector.orAny(fields)
        timeout = try fields.optional("timeout") ?? TimeSpan(minutes: 30)
        interval = try fields.choice("interval", default: Period.day)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        breakdown = try fields.optional("breakdown")
        range = try DateRange(fields)
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(timeout, forKey: FieldName("timeout"))
        try container.encode(interval, forKey: FieldName("interval"))
        try container.encode(weekStart, forKey: FieldName("weekStart"))
        try container.encodeIfPresent(breakdown, forKey: FieldName("breakdown"))
        try container.encode(range)
    }
}

extension SessionsQuery.Breakdown: Codable {
    /// `{"entryEvent": true, "limit": 10}`, or what `RankedBreakdown` reads.
    package init(from decoder: any Decoder) throws {
        if (try? decoder.singleValueContainer().decode(String.self)) != nil {
            self = .value(try RankedBreakdown(from: decoder))
            return
        }
        let fields = try Fields(
            decoder, of: "a breakdown of sessions", allowed: BreakdownKey.fields + ["entryEvent", "limit"])
        guard fields.has("entryEvent") else {
            self = .value(try RankedBreakdown(from: decoder))
            return
        }
        guard try fields.required("entryEvent", as: Bool.self) else {
            throw fields.error(.invalidValue, "entryEvent", "is false; leave it out, or set it to true")
        }
        for name in BreakdownKey.fields where fields.has(name) {
            throw fields.error(.conflict, name, "cannot be given beside 'entryEvent'")
        }
        self = .entryEvent(
            limit: try fields.integer(
                "limit", in: 1...RankedBreakdown.limitBound, default: RankedBreakdown.standardLimit))
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .value(let breakdown): try breakdown.encode(to: encoder)
        case .entryEvent(let limit):
            var container = encoder.container(keyedBy: FieldName.self)
            try container.encode(true, forKey: FieldName("entryEvent"))
            try container.encode(limit, forKey: FieldName("limit"))
        }
    }
}

/// The answer to a sessions query.
package struct SessionsResult: Sendable, Hashable, Codable {
    /// What is told of some sessions. Lengths are from the first to the last event, in seconds: 0 for a session of one
    /// event.
    package struct Summary: Sendable, Hashable, Codable {
        package var sessions: Int
        /// Different people with a session.
        package var people: Int
        package var events: Int
        package var averageSeconds: Double?
        package var medianSeconds: Double?
        package var p90Seconds: Double?
        package var p95Seconds: Double?
        package var p99Seconds: Double?
        package var eventsPerSession: Double?
        /// The share of sessions with one event only.
        package var bounceRate: Double?
    }

    package struct Group: Sendable, Hashable, Codable {
        package var breakdown: BreakdownValue
        package var total: Summary
        /// By interval.
        package var points: [Summary]
    }

    package var labels: [String]
    package var total: Summary
    /// By the interval in which the session starts.
    package var points: [Summary]
    package var breakdown: [Group]?
}
