/// A funnel for each value of a property or trait: `"city"`, or
/// `{"property": "city", "attribution": "step", "step": 1, "limit": 10}`.
package struct FunnelBreakdown: Sendable, Hashable, Codable {
    /// Which event's value a person counts under.
    package enum Attribution: Sendable, Hashable {
        /// The first event, of those that fit a step in range and window, that has a value.
        case firstTouch
        /// The last that has one.
        case lastTouch
        /// Every value has a funnel of its own, of the events with that value: people may count under several.
        case allEvents
        /// The event that fills a step: people may count under each value with which they do the step, and under none
        /// when they never do it.
        case step(Int)
    }

    private enum Name: String, CaseIterable {
        case firstTouch = "first_touch"
        case lastTouch = "last_touch"
        case allEvents = "all_events"
        case step
    }

    package var key: BreakdownKey
    package var attribution: Attribution
    /// How many values keep their name; the rest are summed under `(other)`. Default: 10.
    package var limit: Int

    package init(_ key: BreakdownKey, attribution: Attribution = .firstTouch, limit: Int = 10) {
        self.key = key
        self.attribution = attribution
        self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard !name.isEmpty else { throw QueryError(.invalidValue, at: decoder.codingPath, "must not be empty") }
            self.init(BreakdownKey(property: name))
            return
        }
        let fields = try Fields(
            decoder, of: "a funnel's breakdown", allowed: BreakdownKey.fields + ["attribution", "step", "limit"])
        self.init(try BreakdownKey(fields), limit: try fields.integer("limit", in: 1...1_000, default: 10))
        let name: Name = try fields.choice("attribution", default: fields.has("step") ? .step : .firstTouch)
        if name != .step, fields.has("step") {
            throw fields.error(.conflict, "step", "is read only when the attribution is step")
        }
        switch name {
        case .firstTouch: attribution = .firstTouch
        case .lastTouch: attribution = .lastTouch
        case .allEvents: attribution = .allEvents
        case .step: attribution = .step(try fields.integer("step", in: 0...QueryLimits.funnelSteps - 1, default: 0))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        let name: Name
        switch attribution {
        case .firstTouch: name = .firstTouch
        case .lastTouch: name = .lastTouch
        case .allEvents: name = .allEvents
        case .step(let step):
            name = .step
            try container.encode(step, forKey: FieldName("step"))
        }
        try container.encode(name.rawValue, forKey: FieldName("attribution"))
        try container.encode(limit, forKey: FieldName("limit"))
    }
}

/// Conversion by the period in which people entered: `"week"`, or `{"interval": "week", "weekStart": "sunday"}`.
///
/// Each period is a funnel of its own, with its people entering in it: who enters in two periods counts in both.
package struct FunnelTrend: Sendable, Hashable, Codable {
    package var interval: Period
    package var weekStart: WeekStart

    package init(_ interval: Period, weekStart: WeekStart = .monday) {
        self.interval = interval
        self.weekStart = weekStart
    }

    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard let interval = Period(rawValue: name) else {
                throw QueryError(
                    .invalidValue, at: decoder.codingPath, "is '\(name)', but must be one of hour, day, week, month")
            }
            self.init(interval)
            return
        }
        let fields = try Fields(decoder, of: "a funnel's trend", allowed: ["interval", "weekStart"])
        self.init(
            try fields.choice("interval", default: .day), weekStart: try fields.choice("weekStart", default: .monday))
    }
}

/// A histogram of how long people take between two steps (from 0; the first and the last by default).
package struct FunnelTimeToConvert: Sendable, Hashable, Codable {
    package var fromStep: Int
    package var toStep: Int?
    /// Bins of equal width from the shortest to the longest time; nil chooses by the number of people (Sturges' rule).
    package var bins: Int?

    package init(fromStep: Int = 0, toStep: Int? = nil, bins: Int? = nil) {
        self.fromStep = fromStep
        self.toStep = toStep
        self.bins = bins
    }

    package init(from decoder: any Decoder) throws {
        if let wanted = try? decoder.singleValueContainer().decode(Bool.self), wanted {
            self.init()
            return
        }
        let fields = try Fields(decoder, of: "the time to convert", allowed: ["fromStep", "toStep", "bins"])
        let steps = 0...QueryLimits.funnelSteps - 1
        self.init(
            fromStep: try fields.integer("fromStep", in: steps, default: 0),
            toStep: fields.has("toStep") ? try fields.integer("toStep", in: steps, default: 0) : nil,
            bins: fields.has("bins") ? try fields.integer("bins", in: 1...1_000, default: 20) : nil)
    }
}

/// Whose history a funnel is about: `"person"`, `"session"`, `{"session": "45m"}` or `{"property": "order_id"}`.
package enum FunnelUnit: Sendable, Hashable, Codable {
    case person
    /// A stretch of a person's events of any name without a longer pause than this.
    case session(TimeSpan)
    /// The events of one person that share the value of a property. A value that occurs with two persons is two units.
    case property(String)

    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            switch name {
            case "person": self = .person
            case "session": self = .session(TimeSpan(minutes: 30))
            default:
                throw QueryError(
                    .invalidValue, at: decoder.codingPath,
                    "is '\(name)', but must be person, session, or {\"property\": name}")
            }
            return
        }
        let fields = try Fields(decoder, of: "what a funnel aggregates by", allowed: ["property", "session"])
        switch (try fields.text("property"), try fields.optional("session", as: TimeSpan.self)) {
        case (let name?, nil): self = .property(name)
        case (nil, let pause?): self = .session(pause)
        case (nil, nil):
            throw fields.error(
                .missingField, "property", "must be given, or 'session' with the length of the pause that ends one")
        case (.some, .some): throw fields.error(.conflict, "session", "cannot be given beside 'property'")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .person:
            var container = encoder.singleValueContainer()
            try container.encode("person")
        case .session(let pause):
            var container = encoder.container(keyedBy: FieldName.self)
            try container.encode(pause, forKey: FieldName("session"))
        case .property(let name):
            var container = encoder.container(keyedBy: FieldName.self)
            try container.encode(name, forKey: FieldName("property"))
        }
    }
}

/// Who stands behind a number: people who did a step (`converted`), or who did the one before but not it (`dropped`).
package struct FunnelPeople: Sendable, Hashable, Codable {
    package enum Outcome: String, Sendable, CaseIterable, Codable {
        case converted, dropped
    }

    /// From 0.
    package var step: Int
    package var outcome: Outcome
    /// Ids at most; a stable sample when there are more. Default: 100.
    package var limit: Int

    package init(step: Int, outcome: Outcome, limit: Int = 100) {
        self.step = step
        self.outcome = outcome
        self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the people of a step", allowed: ["step", "outcome", "limit"])
        guard fields.has("step") else { throw fields.error(.missingField, "step", "must be given: the step, from 0") }
        step = try fields.integer("step", in: 0...QueryLimits.funnelSteps - 1, default: 0)
        outcome = try fields.choice("outcome", default: .converted)
        limit = try fields.peopleLimit()
    }
}
