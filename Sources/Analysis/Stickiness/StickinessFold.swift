import EventLog

/// Counts people by their number of active intervals. For each person: `add` in time order, then `finish`.
struct StickinessCounter: Sendable {
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

    private struct Tally {
        var interval = -1
        var occurrences = 0
        var active = 0
        var events = 0
    }

    init(series: Int, intervals: Int, minimumOccurrences: Int) {
        self.series = series
        self.intervals = intervals
        self.minimumOccurrences = minimumOccurrences
        people = Array(repeating: 0, count: series * (intervals + 1))
        events = people
        tallies = Array(repeating: Tally(), count: series)
    }

    @inline(__always)
    mutating func add(_ mask: UInt64, _ interval: Int) {
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

    mutating func finish() {
        while touched != 0 {
            let index = touched.trailingZeroBitCount
            touched &= touched &- 1
            let tally = tallies[index]
            tallies[index] = Tally()
            if tally.active == 0 { continue }
            people[index &* (intervals &+ 1) &+ tally.active] &+= 1
            events[index &* (intervals &+ 1) &+ tally.active] &+= tally.events
        }
    }

    mutating func add(_ other: StickinessCounter) {
        for index in people.indices {
            people[index] += other.people[index]
            events[index] += other.events[index]
        }
    }
}

/// Feeds everybody's events to a `StickinessCounter`, in one scan thread.
struct StickinessFold: PersonFold, Sendable {
    private(set) var counter: StickinessCounter
    private let index: BoundaryIndex
    private var matcher: EventMatcher
    private let isPlain: Bool
    private let codeMasks: [UInt64]

    init(_ index: BoundaryIndex, _ classifier: EventClassifier, series: Int, minimumOccurrences: Int) {
        counter = StickinessCounter(series: series, intervals: index.count, minimumOccurrences: minimumOccurrences)
        self.index = index
        matcher = classifier.makeMatcher()
        isPlain = classifier.isPlain
        codeMasks = classifier.codeMasks
    }

    mutating func enter(_ block: ScanBlock) {
        if !isPlain { matcher.enter(block) }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        let (rows, index) = (person.rows, index)
        index.withView { count(rows, $0) }
        counter.finish()
    }

    private mutating func count(_ rows: UnsafeBufferPointer<Row>, _ index: BoundaryIndex.View) {
        for row in rows {
            let mask = isPlain ? codeMasks[Int(row.code)] : matcher.mask(row)
            if mask == 0 { continue }
            let interval = index.position(of: row.time)
            if interval >= 0 { counter.add(mask, interval) }
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
        var counter = StickinessCounter(
            series: series.count, intervals: grid.count, minimumOccurrences: minimumOccurrences)
        if !(classifier.codes?.isEmpty ?? false) {
            let selection = Selection(events: classifier.codes, times: grid.range, properties: properties.numbers)
            let (count, minimum) = (series.count, minimumOccurrences)
            let folds = try context.scan(selection, &explanation) {
                StickinessFold(grid.index, classifier, series: count, minimumOccurrences: minimum)
            }
            explanation.time("combine") { for fold in folds { counter.add(fold.counter) } }
        }
        let unit = interval.rawValue
        return StickinessResult(
            labels: (1...grid.count).map { "\($0) \(unit)\($0 == 1 ? "" : "s")" },
            series: series.indices.map { result($0, counter) })
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
            name: Formula.letter(index) ?? "\(index + 1)", label: series[index].label, values: values, people: total,
            averageIntervals: total == 0 ? nil : Double(active) / Double(total))
    }
}
