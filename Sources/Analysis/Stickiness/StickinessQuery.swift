/// How often people come: people by the number of intervals of the range in which they were active.
///
/// ```json
/// {"kind": "stickiness", "series": [{"event": "Open"}, {"event": "Order"}], "interval": "week", "cumulative": true}
/// ```
package struct StickinessQuery: Sendable, Hashable, Codable {
    package enum Math: String, Codable, Sendable, CaseIterable {
        /// Different people.
        case dau
        /// The events of those people in the range.
        case total
        /// Events for each of those people.
        case averageCountPerActor = "avg_count_per_actor"
    }

    package var series: [EventSelector]
    /// Hold for the events of every series.
    package var filters: [Filter]
    package var interval: Period
    package var weekStart: WeekStart
    package var math: Math
    /// At least as many intervals, instead of exactly as many.
    package var cumulative: Bool
    /// Events of the series that a person needs in an interval to be active in it.
    package var minimumOccurrences: Int
    package var range: DateRange

    package init(
        series: [EventSelector], filters: [Filter] = [], interval: Period = .day, weekStart: WeekStart = .monday,
        math: Math = .dau,
        cumulative: Bool = false, minimumOccurrences: Int = 1, range: DateRange = DateRange()
    ) {
        self.series = series
        self.filters = filters
        self.interval = interval
        self.weekStart = weekStart
        self.math = math
        self.cumulative = cumulative
        self.minimumOccurrences = minimumOccurrences
        self.range = range
    }

    private static let fields = [
        "kind", "series", "filters", "interval", "weekStart", "math", "cumulative", "minimumOccurrences",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a stickiness query", allowed: Self.fields + DateRange.fields)
        guard let list = try fields.list("series", of: EventSelector.self, counts: 1...QueryLimits.selectors) else {
            throw fields.error(.missingField, "series", "must be given: a list of events to follow")
        }
        series = list
        filters = try Filter.list(fields, "filters")
        interval = try fields.choice("interval", default: Period.day)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        math = try fields.choice("math", default: Math.dau)
        cumulative = try fields.optional("cumulative") ?? false
        minimumOccurrences = try fields.integer("minimumOccurrences", in: 1...1_000_000, default: 1)
        range = try DateRange(fields)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(series, forKey: FieldName("series"))
        if !filters.isEmpty { try container.encode(filters, forKey: FieldName("filters")) }
        try container.encode(interval, forKey: FieldName("interval"))
        try container.encode(weekStart, forKey: FieldName("weekStart"))
        try container.encode(math, forKey: FieldName("math"))
        try container.encode(cumulative, forKey: FieldName("cumulative"))
        try container.encode(minimumOccurrences, forKey: FieldName("minimumOccurrences"))
        try container.encode(range)
    }
}

/// The answer to a stickiness query.
package struct StickinessResult: Sendable, Hashable, Codable {
    package struct Series: Sendable, Hashable, Codable {
        package var name: String
        package var label: String
        /// By the number of active intervals, from 1. Null for a mean over nobody.
        package var values: [Double?]
        /// People with at least one active interval.
        package var people: Int
        /// The mean number of their active intervals; null for nobody.
        package var averageIntervals: Double?
    }

    /// `1 day`, `2 days`.
    package var labels: [String]
    package var series: [Series]
}
