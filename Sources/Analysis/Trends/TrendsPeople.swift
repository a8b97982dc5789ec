import EventLog

extension TrendsQuery.People {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "the people of a point", allowed: ["series", "label", "breakdown", "limit"])
        series = try fields.text("series") ?? SeriesName.name(0)
        label = try fields.required("label")
        breakdown = try fields.optional("breakdown")
        limit = try fields.peopleLimit()
    }

    /// Finds the people who have an event that the point counts, by a scan of its own.
    ///
    /// - Throws: `QueryError` for a point that is not in the answer, `EventLogError`.
    func list(
        _ plan: TrendsPlan, in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> PeopleList {
        let interval = try plan.grid.position(labelled: label, field: "people.label")
        var group: Int?
        if let breakdown {
            group = plan.groups?.values.firstIndex { $0.description == breakdown }
            guard group != nil else {
                throw QueryError(
                    .invalidValue, "people.breakdown", "is '\(breakdown)', which is no value of the breakdown")
            }
        }
        let series = SeriesName.index(series, of: plan.math.count) ?? 0
        let point = TrendsPoint(plan, series: series, interval: interval, group: group)
        if plan.classifier.codes?.isEmpty ?? false { return PeopleList([], limit: limit) }
        let selection = Selection(
            events: plan.classifier.codes, times: point.readTimes, properties: plan.selection.properties)
        let limit = limit
        let folds = try context.scan(selection, &explanation) { TrendsPeopleFold(plan, point, limit: limit) }
        return PeopleList(folds.map(\.people), limit: limit)
    }
}

/// One point of a trend, before formulas.
struct TrendsPoint: Sendable {
    let series: Int
    let math: TrendMath
    /// The group of the breakdown; nil for all.
    let group: Int?
    /// The times of the events that the point counts.
    let times: Range<Int64>
    /// The times of all events that decide about it.
    let readTimes: Range<Int64>

    init(_ plan: TrendsPlan, series: Int, interval: Int, group: Int?) {
        self.series = series
        self.group = group
        math = plan.math[series]
        let own = plan.grid[interval]
        times = (plan.windows[series]?.boundaries[interval] ?? own.lowerBound)..<own.upperBound
        let first = math == .firstTime ? min(Limits.earliestTime, own.lowerBound) : times.lowerBound
        readTimes = first..<own.upperBound
    }
}

/// Collects the people behind a point, in one scan thread.
struct TrendsPeopleFold: PersonFold, Sendable {
    private(set) var people: PeopleSample
    private let point: TrendsPoint
    private let matcher: EventMatcher
    private var numbers: NumberReader
    private var groups: GroupReader?

    init(_ plan: TrendsPlan, _ point: TrendsPoint, limit: Int) {
        self.point = point
        people = PeopleSample(limit: limit)
        matcher = plan.classifier.makeMatcher()
        if let groups = plan.groups, let breakdown = plan.breakdown { self.groups = GroupReader(groups, breakdown) }
        numbers = NumberReader(plan.numbers)
    }

    mutating func enter(_ block: ScanBlock) {
        matcher.enter(block)
        groups?.enter(block)
        numbers.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        try groups?.enter(person)
        for row in person.rows where matcher.mask(row) >> UInt64(point.series) & 1 == 1 {
            let counts = point.times.contains(row.time) && isOfGroup(row) && hasNumber(row)
            if counts { people.add(person) }
            // Whom one event decides about, that event has decided.
            if counts || point.math == .firstTime { return }
        }
    }

    private mutating func isOfGroup(_ row: Row) -> Bool {
        guard groups != nil else { return true }
        let group = groups?.read(row) ?? -1
        let several = group == -2 ? groups?.several ?? [] : group < 0 ? [] : [group]
        guard let wanted = point.group else { return !several.isEmpty }
        return several.contains(wanted)
    }

    private func hasNumber(_ row: Row) -> Bool {
        guard point.math.needsProperty else { return true }
        var found = false
        numbers.forEachNumber(row, series: point.series) { _ in found = true }
        return found
    }
}
