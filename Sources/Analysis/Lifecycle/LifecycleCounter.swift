import EventLog

/// Counts people by state and interval. Interval 0 is the one before the range, which only tells who was active.
struct LifecycleCounter: IntervalCounter {
    private(set) var new: [Int]
    private(set) var returning: [Int]
    private(set) var resurrecting: [Int]
    private(set) var dormant: [Int]
    /// The interval of the person's first event of all; -1 before interval 0, nil when none has come.
    private var first: Int?
    /// The person's last active interval, or -1.
    private var last = -1
    private let watched: Watched?
    private var isWatched = false

    /// A number whose people are asked for.
    struct Watched: Sendable, Hashable {
        var interval: Int
        var state: LifecycleQuery.State
    }

    init(intervals: Int, watched: Watched? = nil) {
        self.watched = watched
        let zeroes = [Int](repeating: 0, count: intervals + 1)
        new = zeroes
        returning = zeroes
        resurrecting = zeroes
        dormant = zeroes
    }

    @inline(__always)
    mutating func count(_ mask: UInt64, _ interval: Int) {
        known(interval)
        if mask & 1 != 0 { active(interval) }
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
                note(.new, interval)
            } else if last == interval &- 1 {
                returning[interval] &+= 1
                note(.returning, interval)
            } else {
                resurrecting[interval] &+= 1
                note(.resurrecting, interval)
            }
        }
        if last >= 0, last &+ 1 < interval { fellAway() }
        last = interval
    }

    @discardableResult
    mutating func finish() -> Bool {
        if last >= 0, last &+ 1 < dormant.count { fellAway() }
        first = nil
        last = -1
        defer { isWatched = false }
        return isWatched
    }

    private mutating func fellAway() {
        dormant[last &+ 1] &+= 1
        note(.dormant, last &+ 1)
    }

    @inline(__always)
    private mutating func note(_ state: LifecycleQuery.State, _ interval: Int) {
        if let watched, watched.interval == interval, watched.state == state { isWatched = true }
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

extension LifecycleCounter {
    /// - Parameter grid: whose intervals were counted.
    func result(_ grid: IntervalGrid, people: PeopleList?) -> LifecycleResult {
        LifecycleResult(
            labels: grid.labels, new: Array(new.dropFirst()), returning: Array(returning.dropFirst()),
            resurrecting: Array(resurrecting.dropFirst()), dormant: Array(dormant.dropFirst()),
            partialLast: grid.isPartial(grid.count - 1), people: people)
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
        let watched = try people.map {
            // Interval 0 of the counter is the one before the range.
            LifecycleCounter.Watched(
                interval: 1 + (try grid.position(labelled: $0.label, field: "people.label")), state: $0.state)
        }
        let everything = newness == .person
        // Who is new shows only in the whole history.
        let selection = Selection(
            events: everything ? nil : classifier.codes, anchors: everything ? classifier.codes : nil,
            times: min(Limits.earliestTime, index.boundaries[0])..<grid.range.upperBound,
            properties: properties.numbers)
        let (counter, listed) = try context.count(
            LifecycleCounter(intervals: grid.count, watched: watched), over: index, classifier, countsAll: everything,
            selection, peopleLimit: people?.limit, &explanation)
        return counter.result(grid, people: listed)
    }
}
