import EventLog

/// Counts people by their number of active intervals.
struct StickinessCounter: IntervalCounter {
    let series: Int
    let intervals: Int
    let minimumOccurrences: Int
    /// People by series and number of active intervals: `series * (intervals + 1) + number`.
    private(set) var people: [Int]
    /// The events of those people.
    private(set) var events: [Int]
    /// The current person by series.
    private var tallies: [Tally]
    /// Bits of series that the current person has.
    private var touched: UInt64 = 0
    private let watched: Watched?

    /// A number whose people are asked for.
    struct Watched: Sendable, Hashable {
        var series: Int
        /// Numbers of active intervals.
        var active: ClosedRange<Int>
    }

    private struct Tally {
        var interval = -1
        var occurrences = 0
        var active = 0
        var events = 0
    }

    init(series: Int, intervals: Int, minimumOccurrences: Int, watched: Watched? = nil) {
        self.watched = watched
        self.series = series
        self.intervals = intervals
        self.minimumOccurrences = minimumOccurrences
        people = Array(repeating: 0, count: series * (intervals + 1))
        events = people
        tallies = Array(repeating: Tally(), count: series)
    }

    @inline(__always)
    mutating func count(_ mask: UInt64, _ interval: Int) {
        if interval < 0 { return }
        touched |= mask
        var open = mask
        while open != 0 {
            let index = open.trailingZeroBitCount
            open &= open &- 1
            if tallies[index].interval != interval {
                tallies[index].interval = interval
                tallies[index].occurrences = 0
            }
            tallies[index].events &+= 1
            tallies[index].occurrences &+= 1
            if tallies[index].occurrences == minimumOccurrences { tallies[index].active &+= 1 }
        }
    }

    @discardableResult
    mutating func finish() -> Bool {
        var isWatched = false
        while touched != 0 {
            let index = touched.trailingZeroBitCount
            touched &= touched &- 1
            let tally = tallies[index]
            tallies[index] = Tally()
            if tally.active == 0 { continue }
            people[index &* (intervals &+ 1) &+ tally.active] &+= 1
            events[index &* (intervals &+ 1) &+ tally.active] &+= tally.events
            if let watched, watched.series == index, watched.active.contains(tally.active) { isWatched = true }
        }
        return isWatched
    }

    mutating func add(_ other: StickinessCounter) {
        for index in people.indices {
            people[index] += other.people[index]
            events[index] += other.events[index]
        }
    }
}

extension StickinessQuery {
    /// - Throws: `QueryError`, `EventLogError`.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> StickinessResult {
        context.noteUnknownEvents(series, &explanation)
        let resolved = try range.resolve(now: context.now, data: context.snapshot.timeRange)
        let grid = try IntervalGrid.of(interval, over: resolved, range.timeZone, weekStart, field: "interval")
        var properties = PropertyList(context.snapshot.propertyNames)
        let classifier = try EventClassifier(
            series.enumerated().map { (selector: $1, field: "series[\($0)]") }, filters: filters, &properties, context,
            range.timeZone)
        let selection = Selection(events: classifier.codes, times: grid.range, properties: properties.numbers)
        let (counter, listed) = try context.count(
            StickinessCounter(
                series: series.count, intervals: grid.count, minimumOccurrences: minimumOccurrences,
                watched: try watched(grid)),
            over: grid.index, classifier, selection, peopleLimit: people?.limit, &explanation)
        let unit = interval.rawValue
        return StickinessResult(
            labels: (1...grid.count).map { "\($0) \(unit)\($0 == 1 ? "" : "s")" },
            series: series.indices.map { result($0, counter) },
            people: listed)
    }

    private func watched(_ grid: IntervalGrid) throws -> StickinessCounter.Watched? {
        guard let people else { return nil }
        guard people.intervals <= grid.count else {
            throw QueryError(
                .invalidValue, "people.intervals", "is \(people.intervals), but the range has \(grid.count) intervals")
        }
        return StickinessCounter.Watched(
            series: SeriesName.index(people.series, of: series.count) ?? 0,
            active: people.intervals...(cumulative ? grid.count : people.intervals))
    }

    private func result(_ index: Int, _ counter: StickinessCounter) -> StickinessResult.Series {
        let base = index * (counter.intervals + 1) + 1
        var people = Array(counter.people[base..<base + counter.intervals])
        var events = Array(counter.events[base..<base + counter.intervals])
        let total = people.reduce(0, +)
        let active = people.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }
        if cumulative {
            for number in people.indices.dropLast().reversed() {
                people[number] += people[number + 1]
                events[number] += events[number + 1]
            }
        }
        let values: [Double?] = people.indices.map { number in
            switch math {
            case .dau: Double(people[number])
            case .total: Double(events[number])
            case .averageCountPerActor: people[number] == 0 ? nil : Double(events[number]) / Double(people[number])
            }
        }
        return StickinessResult.Series(
            name: SeriesName.name(index), label: series[index].label, values: values, people: total,
            averageIntervals: total == 0 ? nil : Double(active) / Double(total))
    }
}
