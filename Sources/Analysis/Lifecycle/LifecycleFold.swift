import EventLog

/// Counts people by state and interval. Interval 0 is the one before the range, which only tells who was active.
struct LifecycleCounter: Sendable {
    private(set) var new: [Int]
    private(set) var returning: [Int]
    private(set) var resurrecting: [Int]
    private(set) var dormant: [Int]
    /// The interval of the person's first event of all; -1 before interval 0, nil when none has come.
    private var first: Int?
    /// The person's last active interval, or -1.
    private var last = -1

    init(intervals: Int) {
        let zeroes = [Int](repeating: 0, count: intervals + 1)
        new = zeroes
        returning = zeroes
        resurrecting = zeroes
        dormant = zeroes
    }

    /// An event that makes a person known, in time order; -1 before interval 0.
    @inline(__always)
    mutating func known(_ interval: Int) {
        if first == nil { first = interval }
    }

    /// An event that makes a person active, after `known`.
    @inline(__always)
    mutating func active(_ interval: Int) {
        if interval == last || interval < 0 { return }
        if interval > 0 {
            if interval == first {
                new[interval] &+= 1
            } else if last == interval &- 1 {
                returning[interval] &+= 1
            } else {
                resurrecting[interval] &+= 1
            }
        }
        if last >= 0, last &+ 1 < interval { dormant[last &+ 1] &+= 1 }
        last = interval
    }

    /// Ends the person.
    mutating func finish() {
        if last >= 0, last &+ 1 < dormant.count { dormant[last &+ 1] &+= 1 }
        first = nil
        last = -1
    }

    mutating func add(_ other: LifecycleCounter) {
        for index in new.indices {
            new[index] += other.new[index]
            returning[index] += other.returning[index]
            resurrecting[index] += other.resurrecting[index]
            dormant[index] += other.dormant[index]
        }
    }
}

/// Feeds everybody's events to a `LifecycleCounter`, in one scan thread.
struct LifecycleFold: PersonFold, Sendable {
    private(set) var counter: LifecycleCounter
    /// Interval 0 is the one before the range.
    private let index: BoundaryIndex
    private var matcher: EventMatcher
    private let isPlain: Bool
    private let codeMasks: [UInt64]
    private let newness: LifecycleQuery.Newness

    init(_ index: BoundaryIndex, _ classifier: EventClassifier, _ newness: LifecycleQuery.Newness) {
        counter = LifecycleCounter(intervals: index.count - 1)
        self.index = index
        matcher = classifier.makeMatcher()
        isPlain = classifier.isPlain
        codeMasks = classifier.codeMasks
        self.newness = newness
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
            let fits = (isPlain ? codeMasks[Int(row.code)] : matcher.mask(row)) & 1 != 0
            if !fits, newness == .event { continue }
            let interval = index.position(of: row.time)
            counter.known(interval)
            if fits { counter.active(interval) }
        }
    }
}

extension LifecycleQuery {
    /// - Throws: `QueryError`, `EventLogError`.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> LifecycleResult {
        context.noteUnknownEvents([event], &explanation)
        let resolved = try range.resolve(now: context.now, data: context.snapshot.timeRange)
        let grid = try IntervalGrid.of(interval, over: resolved, range.timeZone, weekStart, field: "interval")
            .startingWhole
        let index = BoundaryIndex([grid.precedingStart] + grid.index.boundaries)
        var properties = PropertyList(context.snapshot.propertyNames)
        let classifier = try EventClassifier(
            [(EventSelector(event.events), "event")], filters: event.filters, &properties, context, range.timeZone)
        var counter = LifecycleCounter(intervals: grid.count)
        if !(classifier.codes?.isEmpty ?? false) {
            let everything = newness == .person
            // Who is new shows only in the whole history.
            let selection = Selection(
                events: everything ? nil : classifier.codes, anchors: everything ? classifier.codes : nil,
                times: min(Limits.earliestTime, index.boundaries[0])..<grid.range.upperBound,
                properties: properties.numbers)
            let newness = newness
            let folds = try context.scan(selection, &explanation) { LifecycleFold(index, classifier, newness) }
            explanation.time("combine") { for fold in folds { counter.add(fold.counter) } }
        }
        return LifecycleResult(
            labels: grid.labels, new: Array(counter.new.dropFirst()), returning: Array(counter.returning.dropFirst()),
            resurrecting: Array(counter.resurrecting.dropFirst()), dormant: Array(counter.dormant.dropFirst()),
            partialLast: grid.isPartial(grid.count - 1))
    }
}
