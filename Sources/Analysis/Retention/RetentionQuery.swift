/// Who came back: people grouped into one cohort per period by their target event, and how many of each did the return
/// event in the periods after.
///
/// ```json
/// {"kind": "retention", "targetEvent": "Sign Up", "returnEvent": {"event": "Order", "filters": [...]},
///  "period": "week", "intervals": 12, "type": "first_ever", "from": "2024-01-01", "to": "2024-06-30"}
/// ```
///
/// README.md of this folder says exactly what each cell counts.
package struct RetentionQuery: Sendable, Hashable, Codable {
    /// Which of a person's target events make cohorts.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The person is in the cohort of every period with a target event.
        case recurring
        /// Only the cohort of the person's first target event within the range.
        case firstTime = "first_time"
        /// Only the cohort of the person's first target event of all, when that lies within the range.
        case firstEver = "first_ever"
    }

    package enum WindowMode: String, Codable, Sendable, CaseIterable {
        /// Periods of the calendar.
        case calendar
        /// Periods counted from the person's own target event: 1 hour, 24 hours, 7 or 30 times 24 hours.
        case rolling
    }

    /// A cell whose people to list.
    package struct People: Sendable, Hashable, Codable {
        /// The label of the cohort, such as `2024-06-10`.
        package var cohort: String
        /// The cell: 0 lists the cohort itself.
        package var interval: Int
        /// With a breakdown: the value, or nil for all people of the cell.
        package var breakdown: String?
        /// People at most.
        package var limit: Int

        package init(cohort: String, interval: Int, breakdown: String? = nil, limit: Int = 100) {
            self.cohort = cohort
            self.interval = interval
            self.breakdown = breakdown
            self.limit = limit
        }
    }

    package var targetEvent: EventSelector
    package var returnEvent: EventSelector
    /// Hold for target and return events alike.
    package var filters: [Filter]
    package var period: Period
    /// Cells of a cohort, cell 0 included. Ignored beside brackets.
    package var intervals: Int
    package var kind: Kind
    /// On or after: a cell counts who came back in it or in any later cell.
    package var cumulative: Bool
    /// Return events that a person needs in a cell to count.
    package var minimumOccurrences: Int
    /// Lengths, in periods, of the cells after cell 0.
    package var brackets: [Int]?
    package var windowMode: WindowMode
    package var weekStart: WeekStart
    package var breakdown: RankedBreakdown?
    package var people: People?
    package var range: DateRange

    package static let intervalLimit = 1_000

    package init(
        targetEvent: EventSelector, returnEvent: EventSelector, filters: [Filter] = [], period: Period = .day,
        intervals: Int = 8,
        kind: Kind = .recurring, cumulative: Bool = false, minimumOccurrences: Int = 1, brackets: [Int]? = nil,
        windowMode: WindowMode = .calendar, weekStart: WeekStart = .monday, breakdown: RankedBreakdown? = nil,
        people: People? = nil, range: DateRange = DateRange()
    ) {
        self.targetEvent = targetEvent
        self.returnEvent = returnEvent
        self.filters = filters
        self.period = period
        self.intervals = intervals
        self.kind = kind
        self.cumulative = cumulative
        self.minimumOccurrences = minimumOccurrences
        self.brackets = brackets
        self.windowMode = windowMode
        self.weekStart = weekStart
        self.breakdown = breakdown
        self.people = people
        self.range = range
    }

    /// The cells of a cohort.
    var cells: RetentionCells {
        RetentionCells(intervals: intervals, brackets: brackets)
    }
}

extension RetentionQuery {
    private static let fields = [
        "kind", "targetEvent", "returnEvent", "filters", "period", "intervals", "type", "cumulative",
        "minimumOccurrences",
        "brackets", "windowMode", "weekStart", "breakdown", "people",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a retention query", allowed: Self.fields + DateRange.fields)
        targetEvent = try fields.required("targetEvent")
        returnEvent = try fields.optional("returnEvent") ?? targetEvent
        filters = try Filter.list(fields, "filters")
        period = try fields.choice("period", default: Period.day)
        intervals = try fields.integer("intervals", in: 1...Self.intervalLimit, default: 8)
        kind = try fields.choice("type", default: Kind.recurring)
        cumulative = try fields.optional("cumulative") ?? false
        minimumOccurrences = try fields.integer("minimumOccurrences", in: 1...1_000_000, default: 1)
        brackets = try fields.list("brackets", of: Int.self, counts: 1...Self.intervalLimit)
        if let brackets {
            if fields.has("intervals") {
                throw fields.error(
                    .conflict, "brackets", "cannot be given beside 'intervals': the brackets are the cells")
            }
            if let index = brackets.firstIndex(where: { $0 < 1 || $0 > Self.intervalLimit }) {
                throw fields.error(
                    .invalidValue, "brackets[\(index)]",
                    "is \(brackets[index]), but must be a number of periods from 1 to \(Self.intervalLimit)")
            }
        }
        windowMode = try fields.choice("windowMode", default: WindowMode.calendar)
        weekStart = try fields.choice("weekStart", default: WeekStart.monday)
        breakdown = try fields.optional("breakdown")
        people = try fields.optional("people")
        range = try DateRange(fields)
        if let people, people.interval >= cells.count {
            throw fields.error(
                .invalidValue, "people.interval", "is \(people.interval), but the last cell is \(cells.count - 1)")
        }
        if people?.breakdown != nil, breakdown == nil {
            throw fields.error(.conflict, "people.breakdown", "needs the query to have a breakdown")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(targetEvent, forKey: FieldName("targetEvent"))
        try container.encode(returnEvent, forKey: FieldName("returnEvent"))
        if !filters.isEmpty { try container.encode(filters, forKey: FieldName("filters")) }
        try container.encode(period, forKey: FieldName("period"))
        if let brackets {
            try container.encode(brackets, forKey: FieldName("brackets"))
        } else {
            try container.encode(intervals, forKey: FieldName("intervals"))
        }
        try container.encode(kind, forKey: FieldName("type"))
        try container.encode(cumulative, forKey: FieldName("cumulative"))
        try container.encode(minimumOccurrences, forKey: FieldName("minimumOccurrences"))
        try container.encode(windowMode, forKey: FieldName("windowMode"))
        try container.encode(weekStart, forKey: FieldName("weekStart"))
        try container.encodeIfPresent(breakdown, forKey: FieldName("breakdown"))
        try container.encodeIfPresent(people, forKey: FieldName("people"))
        try container.encode(range)
    }
}

extension RetentionQuery.People {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "the people of a cell", allowed: ["cohort", "interval", "breakdown", "limit"])
        cohort = try fields.required("cohort")
        interval = try fields.integer("interval", in: 0...RetentionQuery.intervalLimit, default: 0)
        breakdown = try fields.optional("breakdown")
        limit = try fields.peopleLimit()
    }
}
