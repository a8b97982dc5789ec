/// How measures of events develop over intervals.
///
/// ```json
/// {"kind": "trends", "interval": "week", "from": "2024-01-01", "to": "2024-06-30", "timeZone": "Asia/Seoul",
///  "series": [{"event": "Order", "math": "sum", "property": "total"}, {"event": "Visit", "math": "dau"}],
///  "formula": "A / B", "breakdown": "city", "compare": true}
/// ```
package struct TrendsQuery: Sendable, Hashable, Codable {
    package struct Series: Sendable, Hashable, Codable {
        package var event: EventSelector
        package var math: TrendMath
        /// The numeric property that `math` reads.
        package var property: String?

        package init(_ event: EventSelector, math: TrendMath = .total, property: String? = nil) {
            self.event = event
            self.math = math
            self.property = property
        }

        var label: String {
            let measure = property.map { "\(math.rawValue) of \($0)" } ?? math.rawValue
            return event.name ?? "\(event.label) (\(measure))"
        }
    }

    /// A point whose people to list.
    package struct People: Sendable, Hashable, Codable {
        /// The name of the series: `A`.
        package var series: String
        /// The label of the interval, such as `2024-06-10`.
        package var label: String
        /// With a breakdown: the value, or nil for the people of all values.
        package var breakdown: String?
        /// People at most.
        package var limit: Int

        package init(series: String, label: String, breakdown: String? = nil, limit: Int = 100) {
            self.series = series
            self.label = label
            self.breakdown = breakdown
            self.limit = limit
        }
    }

    package var series: [Series]
    /// Hold for the events of every series.
    package var filters: [Filter]
    package var interval: Period
    package var weekStart: WeekStart
    /// Formulas over the series. With any, the answer has one series for each formula instead.
    package var formulas: [String]
    package var breakdown: RankedBreakdown?
    package var compare: TrendComparison
    /// The mean of each point and up to this many less one before it; 1 leaves the points alone.
    package var smoothing: Int
    /// Running sums over the points.
    package var cumulative: Bool
    /// Inactivity that ends a session, for `unique_sessions`.
    package var sessionTimeout: TimeSpan
    package var people: People?
    package var range: DateRange

    package static let formulaLimit = 26
    package static let smoothingLimit = 366

    package init(
        series: [Series], filters: [Filter] = [], interval: Period = .day, weekStart: WeekStart = .monday,
        formulas: [String] = [],
        breakdown: RankedBreakdown? = nil, compare: TrendComparison = .none, smoothing: Int = 1,
        cumulative: Bool = false,
        sessionTimeout: TimeSpan = TimeSpan(minutes: 30), people: People? = nil,
        range: DateRange = DateRange()
    ) {
        self.series = series
        self.filters = filters
        self.interval = interval
        self.weekStart = weekStart
        self.formulas = formulas
        self.breakdown = breakdown
        self.compare = compare
        self.smoothing = smoothing
        self.cumulative = cumulative
        self.sessionTimeout = sessionTimeout
        self.people = people
        self.range = range
    }

    func parsedFormulas() throws -> [Formula] {
        try formulas.enumerated().map { index, text in
            do {
                return try Formula(text, seriesCount: series.count)
            } catch let error as Formula.SyntaxError {
                throw QueryError(.invalidValue, "formulas[\(index)]", "'\(text)' \(error)")
            }
        }
    }
}

extension TrendsQuery {
    private static let fields = [
        "kind", "series", "filters", "interval", "weekStart", "formula", "formulas", "breakdown", "compare",
        "smoothing",
        "cumulative", "sessionTimeout", "people",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a trends query", allowed: Self.fields + DateRange.fields)
        series = try fields.series()
        filters = try Filter.list(fields, "filters")
        interval = try fields.choice("interval", default: Period.day)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        breakdown = try fields.optional("breakdown")
        compare = try fields.optional("compare") ?? .none
        smoothing = try fields.integer("smoothing", in: 1...Self.smoothingLimit, default: 1)
        cumulative = try fields.optional("cumulative") ?? false
        sessionTimeout = try fields.optional("sessionTimeout") ?? TimeSpan(minutes: 30)
        people = try fields.optional("people")
        range = try DateRange(fields)
        try fields.checkSeries(people?.series, of: series.count)
        if people?.breakdown != nil, breakdown == nil {
            throw fields.error(.conflict, "people.breakdown", "needs the query to have a breakdown")
        }
        let single = try fields.text("formula")
        let several = try fields.list("formulas", of: String.self, counts: 1...Self.formulaLimit)
        if single != nil, several != nil {
            throw fields.error(.conflict, "formulas", "cannot be given beside 'formula'")
        }
        formulas = several ?? single.map { [$0] } ?? []
        for (index, text) in formulas.enumerated() {
            do {
                _ = try Formula(text, seriesCount: series.count)
            } catch let error as Formula.SyntaxError {
                throw fields.error(
                    .invalidValue, single == nil ? "formulas[\(index)]" : "formula", "'\(text)' \(error)")
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(series, forKey: FieldName("series"))
        if !filters.isEmpty { try container.encode(filters, forKey: FieldName("filters")) }
        try container.encode(interval, forKey: FieldName("interval"))
        try container.encode(weekStart, forKey: FieldName("weekStart"))
        if !formulas.isEmpty { try container.encode(formulas, forKey: FieldName("formulas")) }
        try container.encodeIfPresent(breakdown, forKey: FieldName("breakdown"))
        try container.encode(compare, forKey: FieldName("compare"))
        try container.encode(smoothing, forKey: FieldName("smoothing"))
        try container.encode(cumulative, forKey: FieldName("cumulative"))
        try container.encode(sessionTimeout, forKey: FieldName("sessionTimeout"))
        try container.encodeIfPresent(people, forKey: FieldName("people"))
        try container.encode(range)
    }
}

extension TrendsQuery.Series {
    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self), !name.isEmpty {
            self.init(EventSelector(name))
            return
        }
        let fields = try Fields(decoder, of: "a series", allowed: EventSelector.fields + ["math", "property"])
        let math = try fields.choice("math", default: TrendMath.total)
        let property = try fields.text("property")
        self.init(try EventSelector(fields), math: math, property: property)
        if math.needsProperty, property == nil {
            throw fields.error(
                .missingField, "property", "must be given: the numeric property for the math '\(math.rawValue)'")
        }
        if !math.needsProperty, property != nil {
            throw fields.error(.conflict, "property", "is not read by the math '\(math.rawValue)'")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(math, forKey: FieldName("math"))
        try container.encodeIfPresent(property, forKey: FieldName("property"))
    }
}

/// What the points of a trend are shown beside, aligned by index: `false`, `true` or `"year"`.
package enum TrendComparison: Sendable, Hashable, Codable {
    case none
    /// The same number of days (for whole months: months) right before.
    case previous
    /// The range a year before: 52 weeks, so that days of the week stand beside each other; for months, 12 months.
    case year

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = flag ? .previous : .none
        } else if let text = try? container.decode(String.self), text == "year" {
            self = .year
        } else {
            throw QueryError(.invalidValue, at: decoder.codingPath, "must be true, false or \"year\"")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .none: try container.encode(false)
        case .previous: try container.encode(true)
        case .year: try container.encode("year")
        }
    }
}
