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

    /// A number whose people to list.
    package struct People: Sendable, Hashable, Codable {
        /// The name of the series: `A`.
        package var series: String
        /// The number of active intervals; with `cumulative` at least as many.
        package var intervals: Int
        /// People at most.
        package var limit: Int

        package init(series: String = SeriesName.name(0), intervals: Int, limit: Int = 100) {
            self.series = series
            self.intervals = intervals
            self.limit = limit
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(
                decoder, of: "the people of a number", allowed: ["series", "intervals", "limit"])
            series = try fields.text("series") ?? SeriesName.name(0)
            guard fields.has("intervals") else {
                throw fields.error(.missingField, "intervals", "must be given: how many active intervals they had")
            }
            intervals = try fields.integer("intervals", in: 1...IntervalGrid.limit, default: 1)
            limit = try fields.peopleLimit()
        }
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
    package var people: People?
    package var range: DateRange

    package init(
        series: [EventSelector], filters: [Filter] = [], interval: Period = .day, weekStart: WeekStart = .monday,
        math: Math = .dau,
        cumulative: Bool = false, minimumOccurrences: Int = 1, people: People? = nil,
        range: DateRange = DateRange()
    ) {
        self.series = series
        self.filters = filters
        self.interval = interval
        self.weekStart = weekStart
        self.math = math
        self.cumulative = cumulative
        self.minimumOccurrences = minimumOccurrences
        self.people = people
        self.range = range
    }

    private static let fields = [
        "kind", "series", "filters", "interval", "weekStart", "math", "cumulative", "minimumOccurrences",
        "people",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a stickiness query", allowed: Self.fields + DateRange.fields)
        series = try fields.series()
        filters = try Filter.list(fields, "filters")
        interval = try fields.choice("interval", default: Period.day)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        math = try fields.choice("math", default: Math.dau)
        cumulative = try fields.optional("cumulative") ?? false
        minimumOccurrences = try fields.integer("minimumOccurrences", in: 1...1_000_000, default: 1)
        people = try fields.optional("people")
        range = try DateRange(fields)
        try fields.checkSeries(people?.series, of: series.count)
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
        try container.encodeIfPresent(people, forKey: FieldName("people"))
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
    package var people: PeopleList?
}
