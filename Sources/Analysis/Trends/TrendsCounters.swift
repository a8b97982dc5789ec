import EventLog

/// What one thread counts for a trends query. A *lane* is one group of one series; a *cell* is one interval of a lane.
///
/// Persons come one after another and their events in time order, so one stamp for each lane tells whether a person (or
/// session) has counted in an interval: nothing is cleared or allocated for a person.
struct TrendsCounters: Sendable {
    let intervals: Int
    /// Events or people by cell; for rolling windows the differences to the interval before.
    var counts: [Int]
    /// Different people (or sessions) of the whole range by lane.
    var distinct: [Int]
    /// Events by cell, where `counts` holds people and both matter.
    private(set) var events: [Int]
    private(set) var numbers: [NumberCell]
    /// By lane: who counted last (person or session) and in which interval.
    private var stamps: [UInt64]

    /// Bits of a stamp that hold the interval: more than `IntervalGrid.limit`.
    private static let intervalBits: UInt64 = 20

    /// People of plain queries that are not in `counts` yet.
    var bytes: LaneBytes?
    /// Events of a block that are not in `counts` yet, where a plain query counts nothing else.
    var totals: EventTotals?

    init(_ plan: TrendsPlan) {
        intervals = plan.intervals
        bytes = plan.isPlain ? LaneBytes(lanes: plan.laneCount, intervals: plan.intervals) : nil
        let countsEventsOnly = plan.isPlain && plan.math.allSatisfy { $0 == .total }
        totals =
            countsEventsOnly
            ? EventTotals(intervals: plan.intervals, names: plan.classifier.codeMasks.count) : nil
        counts = Array(repeating: 0, count: plan.cellCount)
        distinct = Array(repeating: 0, count: plan.laneCount)
        stamps = Array(repeating: 0, count: plan.laneCount)
        events = Array(repeating: 0, count: plan.math.contains(.averageCountPerActor) ? plan.cellCount : 0)
        let sums = plan.math.contains { $0.needsProperty && $0.quantile == nil }
        numbers = Array(repeating: NumberCell(), count: sums ? plan.cellCount : 0)
    }

    @inline(__always)
    mutating func countEvent(_ lane: Int, _ interval: Int) { counts[lane &* intervals &+ interval] &+= 1 }

    /// Counts a person (or session), by its number from 1, once in each interval. Numbers and intervals never go back.
    @inline(__always)
    mutating func countOnce(_ who: UInt64, _ lane: Int, _ interval: Int) {
        let stamp = who &<< Self.intervalBits | UInt64(truncatingIfNeeded: interval)
        let last = stamps[lane]
        if last == stamp { return }
        stamps[lane] = stamp
        counts[lane &* intervals &+ interval] &+= 1
        if last &>> Self.intervalBits != who { distinct[lane] &+= 1 }
    }

    /// Counts a person once in each of the intervals whose window sees an event. Neither end ever goes back for a
    /// person.
    @inline(__always)
    mutating func countWindow(_ who: UInt64, _ lane: Int, from first: Int, through last: Int) {
        let mask: UInt64 = 1 &<< Self.intervalBits &- 1
        let stamp = stamps[lane]
        let covered = stamp &>> Self.intervalBits == who ? Int(stamp & mask) : 0
        let start = max(first, covered)
        if start > last { return }
        stamps[lane] = who &<< Self.intervalBits | UInt64(truncatingIfNeeded: last &+ 1)
        counts[lane &* intervals &+ start] &+= 1
        if last &+ 1 < intervals { counts[lane &* intervals &+ last &+ 1] &-= 1 }
    }

    @inline(__always)
    mutating func addEvent(_ lane: Int, _ interval: Int) { events[lane &* intervals &+ interval] &+= 1 }

    @inline(__always)
    mutating func add(_ number: Double, _ lane: Int, _ interval: Int) {
        numbers[lane &* intervals &+ interval].add(number)
    }

    /// Adds the counts of another thread.
    mutating func add(_ thread: TrendsCounters) {
        var other = thread
        other.settleBytes()
        other.settleTotals()
        for index in counts.indices { counts[index] += other.counts[index] }
        for index in distinct.indices { distinct[index] += other.distinct[index] }
        for index in events.indices { events[index] += other.events[index] }
        for index in numbers.indices { numbers[index].add(other.numbers[index]) }
    }

    /// The tight loop of plain queries: total events and different people by event name and time alone.
    ///
    /// - Parameters:
    ///   - last: the number of the last person before the run.
    ///   - masks: the series of each event number.
    ///   - people: the series that count people rather than events.
    mutating func countPlain(
        _ run: borrowing PersonRun, after last: UInt64, masks: [UInt64], people: UInt64, _ index: BoundaryIndex
    ) {
        let intervals = intervals
        index.withView { index in
            // Pointers, because checks of bounds would cost as much as the counting.
            counts.withUnsafeMutableBufferPointer { counts in
                distinct.withUnsafeMutableBufferPointer { distinct in
                    stamps.withUnsafeMutableBufferPointer { stamps in
                        let lanes = PlainLanes(
                            counts: counts, distinct: distinct, stamps: stamps, intervals: intervals, people: people)
                        masks.withUnsafeBufferPointer { masks in
                            for place in 0..<run.count {
                                let person = last &+ UInt64(place) &+ 1
                                for row in run.rows(of: place) {
                                    let mask = masks[Int(row.code)]
                                    let interval = index.position(of: row.time)
                                    if interval >= 0 { lanes.count(mask, interval, person) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The tables while the loop of plain queries runs.
    private struct PlainLanes {
        let counts: UnsafeMutableBufferPointer<Int>
        let distinct: UnsafeMutableBufferPointer<Int>
        let stamps: UnsafeMutableBufferPointer<UInt64>
        let intervals: Int
        let people: UInt64

        @inline(__always)
        func count(_ series: UInt64, _ interval: Int, _ person: UInt64) {
            let stamp = person &<< TrendsCounters.intervalBits | UInt64(truncatingIfNeeded: interval)
            var open = series
            while open != 0 {
                let series = open.trailingZeroBitCount
                open &= open &- 1
                let cell = series &* intervals &+ interval
                if people &>> UInt64(series) & 1 == 0 {
                    counts[cell] &+= 1
                    continue
                }
                // Sums instead of branches, which nothing could predict.
                let last = stamps[series]
                stamps[series] = stamp
                counts[cell] &+= last == stamp ? 0 : 1
                distinct[series] &+= last &>> TrendsCounters.intervalBits == person ? 0 : 1
            }
        }
    }
}
