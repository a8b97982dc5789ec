package import EventLog

/// What came in during some days, and who was there, beside as long a time before: the numbers of a home page, read in
/// one scan.
package struct ActivityOverview: Sendable, Hashable {
    /// People by state over a whole range as if it were one interval, beside the range before it: who was active in
    /// both is returning, who was in the one before alone is dormant. README.md of `Lifecycle` defines the states.
    package struct People: Sendable, Hashable {
        package var new: Int
        package var returning: Int
        package var resurrecting: Int
        package var dormant: Int

        package var active: Int { new + returning + resurrecting }
    }

    package struct Name: Sendable, Hashable {
        package var name: String
        package var count: Int
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package var lastTime: Int64
    }

    /// By day.
    package var events: [Int]
    /// People with an event, by day.
    package var active: [Int]
    /// Events of the days before.
    package var eventsBefore: Int
    package var people: People
    package var peopleBefore: People
    /// By day, with the labels of the days.
    package var lifecycle: LifecycleResult
    /// How often people did what during the days, the most frequent first.
    package var names: [Name]

    /// - Parameters:
    ///   - days: local days of a zone.
    ///   - before: as many days, the last of which is the one before the first of `days`.
    /// - Throws: `QueryError` when there are too many days; `EventLogError`.
    /// - Complexity: one scan of all events until the end of the days, because the first event tells who is new.
    package static func read(
        _ days: DateRange, before: DateRange, on snapshot: Snapshot, now: Int64, threads: Int? = nil
    ) throws -> ActivityOverview {
        let range = try days.resolve(now: now, data: snapshot.timeRange)
        let grid = try IntervalGrid.of(.day, over: range, days.timeZone, .monday, field: "range").startingWhole
        let start = min(try before.resolve(now: now, data: nil).lowerBound, grid.precedingStart)
        let context = QueryContext(snapshot: snapshot, now: now, threads: threads)
        // As long again before, which only tells who was active then.
        let index = BoundaryIndex(
            [start - (grid.range.lowerBound - start), start, grid.precedingStart] + grid.index.boundaries)
        let selection = Selection(
            events: EventSelector(nil).codes(in: snapshot.eventNames),
            times: min(Limits.earliestTime, index.boundaries[0])..<grid.range.upperBound)
        var explanation = QueryExplanation()
        let names = snapshot.eventNames.names
        var sum = ActivityFold(index, days: grid.count, names: names.count)
        for fold in try context.scan(selection, &explanation, makeFold: { [sum] in sum }) { sum.add(fold) }
        return sum.overview(grid, names)
    }
}

/// Counts persons for an overview, in one scan thread.
private struct ActivityFold: PersonFold, Sendable {
    private let index: BoundaryIndex
    /// The intervals of the index before the first day: two ranges, the later of which has its last day apart.
    private static let earlier = 3

    private var events: [Int]
    private var active: [Int]
    private var eventsBefore = 0
    private var byDay: LifecycleCounter
    private var byRange = LifecycleCounter(intervals: 2)
    private var counts: [Int]
    private var lastTimes: [Int64]

    init(_ index: BoundaryIndex, days: Int, names: Int) {
        self.index = index
        events = Array(repeating: 0, count: days)
        active = events
        byDay = LifecycleCounter(intervals: days)
        counts = Array(repeating: 0, count: names)
        lastTimes = Array(repeating: .min, count: names)
    }

    mutating func enter(_ block: ScanBlock) {}

    mutating func visit(_ person: borrowing PersonView) {
        let (rows, index) = (person.rows, index)
        index.withView { count(rows, $0) }
        byDay.finish()
        byRange.finish()
    }

    private mutating func count(_ rows: UnsafeBufferPointer<Row>, _ index: BoundaryIndex.View) {
        var lastDay = -1
        for row in rows {
            let interval = index.position(of: row.time)
            let day = interval - Self.earlier
            // The day before the first one is interval 0 of the counter by day.
            byDay.count(1, interval < Self.earlier - 1 ? -1 : day + 1)
            byRange.count(1, min(interval, day < 0 ? 1 : 2))
            if day < 0 {
                if interval > 0 { eventsBefore += 1 }
                continue
            }
            events[day] += 1
            counts[Int(row.code)] += 1
            lastTimes[Int(row.code)] = max(lastTimes[Int(row.code)], row.time)
            if day != lastDay {
                active[day] += 1
                lastDay = day
            }
        }
    }

    mutating func add(_ other: ActivityFold) {
        for day in events.indices {
            events[day] += other.events[day]
            active[day] += other.active[day]
        }
        eventsBefore += other.eventsBefore
        byDay.add(other.byDay)
        byRange.add(other.byRange)
        for code in counts.indices {
            counts[code] += other.counts[code]
            lastTimes[code] = max(lastTimes[code], other.lastTimes[code])
        }
    }

    func overview(_ grid: IntervalGrid, _ names: [String]) -> ActivityOverview {
        func people(_ interval: Int) -> ActivityOverview.People {
            ActivityOverview.People(
                new: byRange.new[interval], returning: byRange.returning[interval],
                resurrecting: byRange.resurrecting[interval], dormant: byRange.dormant[interval])
        }
        let found = names.indices.filter { counts[$0] > 0 }.map {
            ActivityOverview.Name(name: names[$0], count: counts[$0], lastTime: lastTimes[$0])
        }
        return ActivityOverview(
            events: events, active: active, eventsBefore: eventsBefore, people: people(2), peopleBefore: people(1),
            lifecycle: byDay.result(grid, people: nil),
            names: found.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
    }
}
