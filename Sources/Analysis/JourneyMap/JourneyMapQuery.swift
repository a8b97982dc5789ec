/// How far people get in the life of a customer: stages from the first visit to the second order, how many reach each,
/// where they go from there, and what those who go nowhere did last.
///
/// ```json
/// {"kind": "journeyMap", "from": "-90d", "stages": [
///   {"name": "Enter", "event": "*"}, {"name": "Browse", "event": "Product Viewed"},
///   {"name": "Buy", "event": "Order Completed"}, {"name": "Return", "event": "*", "after": 2, "pause": "1d"},
///   {"name": "Buy again", "event": "Order Completed", "after": 2}]}
/// ```
///
/// A person reaches a stage with the first event of the range that fits it. People may skip stages: from a stage they
/// go to whichever later one they reach next. Who reaches no later one has dropped off there.
package struct JourneyMapQuery: Sendable, Hashable, Codable {
    package var stages: [JourneyStage]
    /// Hold for the events of every stage.
    package var filters: [Filter]
    /// Last events and paths that the answer lists for each stage and each flow. Default: 5.
    package var listed: Int
    package var people: People?
    package var range: DateRange

    /// A number whose people to list.
    package struct People: Sendable, Hashable, Codable {
        package enum Outcome: String, Sendable, CaseIterable, Codable {
            case reached, onward, dropped
        }

        /// From 0.
        package var stage: Int
        package var outcome: Outcome
        /// Of the people who go onward: those who go to this stage.
        package var to: Int?
        /// People at most.
        package var limit: Int

        package init(stage: Int, outcome: Outcome = .reached, to: Int? = nil, limit: Int = 100) {
            self.stage = stage
            self.outcome = outcome
            self.to = to
            self.limit = limit
        }
    }

    package static let stageCounts = 2...12

    package init(
        stages: [JourneyStage], filters: [Filter] = [], listed: Int = 5, people: People? = nil,
        range: DateRange = DateRange()
    ) {
        self.stages = stages
        self.filters = filters
        self.listed = listed
        self.people = people
        self.range = range
    }
}

/// A stage: the event that reaches it, and when it counts.
package struct JourneyStage: Sendable, Hashable, Codable {
    package var selector: EventSelector
    /// How many such events it takes.
    package var occurrence: Int
    /// An earlier stage, from 0: only events after the one that reached it count.
    package var after: Int?
    /// How long after that stage the event has to come at least.
    package var pause: TimeSpan?

    package init(_ selector: EventSelector, occurrence: Int = 1, after: Int? = nil, pause: TimeSpan? = nil) {
        self.selector = selector
        self.occurrence = occurrence
        self.after = after
        self.pause = pause
    }

    package static let fields = EventSelector.fields + ["occurrence", "after", "pause"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a stage", allowed: Self.fields)
        selector = try EventSelector(fields)
        occurrence = try fields.integer("occurrence", in: 1...1_000, default: 1)
        after = try fields.optional("after")
        pause = try fields.optional("pause")
        if pause != nil, after == nil {
            throw fields.error(.conflict, "pause", "needs 'after', the stage that it counts from")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        try selector.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        if occurrence != 1 { try container.encode(occurrence, forKey: FieldName("occurrence")) }
        try container.encodeIfPresent(after, forKey: FieldName("after"))
        try container.encodeIfPresent(pause, forKey: FieldName("pause"))
    }
}

extension JourneyMapQuery {
    private static let fields = ["kind", "stages", "filters", "listed", "people"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a journey map", allowed: Self.fields + DateRange.fields)
        guard let stages = try fields.list("stages", of: JourneyStage.self, counts: Self.stageCounts) else {
            throw fields.error(.missingField, "stages", "must be given: a list of events, one for each stage")
        }
        self.stages = stages
        for (index, stage) in stages.enumerated() {
            if let after = stage.after, !(0..<index).contains(after) {
                throw fields.error(
                    .invalidValue, "stages[\(index)].after", "is \(after), but must be an earlier stage, from 0")
            }
        }
        filters = try Filter.list(fields, "filters")
        listed = try fields.integer("listed", in: 0...100, default: 5)
        people = try fields.optional("people")
        range = try DateRange(fields)
        if let people {
            guard stages.indices.contains(people.stage) else {
                throw fields.error(
                    .invalidValue, "people.stage",
                    "is \(people.stage), but must be a stage from 0 to \(stages.count - 1)")
            }
            if let to = people.to, !(people.stage + 1..<max(stages.count, people.stage + 1)).contains(to) {
                throw fields.error(.invalidValue, "people.to", "is \(to), but must be a later stage than people.stage")
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(stages, forKey: FieldName("stages"))
        if !filters.isEmpty { try container.encode(filters, forKey: FieldName("filters")) }
        try container.encode(listed, forKey: FieldName("listed"))
        try container.encodeIfPresent(people, forKey: FieldName("people"))
        try container.encode(range)
    }
}

extension JourneyMapQuery.People {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the people of a stage", allowed: ["stage", "outcome", "to", "limit"])
        stage = try fields.required("stage")
        outcome = try fields.choice("outcome", default: fields.has("to") ? .onward : .reached)
        to = try fields.optional("to")
        if to != nil, outcome != .onward {
            throw fields.error(.conflict, "to", "is read only for people who go onward")
        }
        limit = try fields.peopleLimit()
    }
}
