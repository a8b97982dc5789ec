/// Counts one person after another into a table of cells. For each person: `target` and `returned` for their events in
/// time order, then `finish`.
///
/// Keeps nothing of a person after `finish`, and allocates nothing for one.
struct RetentionCounter: Sendable {
    let plan: RetentionPlan
    /// People by group, cohort and cell: `(group * periods + cohort) * cells + cell`.
    private(set) var table: [UInt32]

    private struct Membership {
        /// `group * periods + cohort`
        var slot: Int
        /// The person's target event that put them there, in milliseconds.
        var time: Int64
    }

    private var memberships: [Membership] = []
    /// For each group, the period of the person's last membership, or -1.
    private var lastPeriod: [Int]
    private var hasTarget = false
    /// Calendar windows: periods with a return event, and how many when that matters.
    private var returnBits: [UInt64]
    private var returnCounts: [UInt32]
    /// Rolling windows: the times of return events.
    private var returnTimes: [Int64] = []
    /// The periods between which bits are set.
    private var firstReturn = Int.max
    private var lastReturn = -1

    init(_ plan: RetentionPlan) {
        self.plan = plan
        table = Array(repeating: 0, count: plan.tableCount)
        lastPeriod = Array(repeating: -1, count: plan.groups)
        returnBits = Array(repeating: 0, count: plan.periods / 64 + 2)
        returnCounts = Array(repeating: 0, count: plan.minimumOccurrences > 1 ? plan.periods : 0)
    }

    /// Whether another target event can still matter.
    var wantsTargets: Bool { plan.kind == .recurring || !hasTarget }

    /// A target event. `period` is -1 outside the range.
    ///
    /// - Parameter groups: the values of the breakdown that it has, from 1.
    mutating func target(at time: Int64, period: Int, groups: [Int]) {
        guard wantsTargets, period >= 0 || plan.kind == .firstEver else { return }
        hasTarget = true
        guard period >= 0 else { return }
        join(0, period, time)
        for group in groups { join(group, period, time) }
    }

    /// A target event with one value of the breakdown at most; 0 is none.
    @inline(__always)
    mutating func target(at time: Int64, period: Int, group: Int = 0) {
        guard wantsTargets, period >= 0 || plan.kind == .firstEver else { return }
        hasTarget = true
        if period < 0 { return }
        join(0, period, time)
        if group > 0 { join(group, period, time) }
    }

    @inline(__always)
    private mutating func join(_ group: Int, _ period: Int, _ time: Int64) {
        // Events come in time order, so a period that comes again is the last one.
        if lastPeriod[group] == period { return }
        lastPeriod[group] = period
        memberships.append(Membership(slot: group &* plan.periods &+ period, time: time))
    }

    /// A return event within the range.
    @inline(__always)
    mutating func returned(at time: Int64, period: Int) {
        guard period >= 0 else { return }
        if plan.rollingLength != nil {
            returnTimes.append(time)
            return
        }
        if firstReturn == Int.max { firstReturn = period }
        lastReturn = period
        returnBits[period &>> 6] |= 1 &<< UInt64(period & 63)
        if !returnCounts.isEmpty { returnCounts[period] &+= 1 }
    }

    /// Counts the person. Returns whether they are in the watched cell.
    mutating func finish() -> Bool {
        var watched = false
        for membership in memberships {
            if plan.rollingLength == nil {
                if countCalendar(membership) { watched = true }
            } else {
                if countRolling(membership) { watched = true }
            }
        }
        reset()
        return watched
    }

    private mutating func reset() {
        memberships.removeAll(keepingCapacity: true)
        returnTimes.removeAll(keepingCapacity: true)
        for group in lastPeriod.indices { lastPeriod[group] = -1 }
        hasTarget = false
        if lastReturn >= 0 {
            for word in (firstReturn &>> 6)...(lastReturn &>> 6) { returnBits[word] = 0 }
            if !returnCounts.isEmpty {
                for period in firstReturn...lastReturn { returnCounts[period] = 0 }
            }
        }
        firstReturn = Int.max
        lastReturn = -1
    }
}

extension RetentionCounter {
    /// Gathers the return events of one membership, whose cells come in ascending order.
    private struct Run {
        let base: Int
        let needed: Int
        let cumulative: Bool
        var cell = 0
        var occurrences = 0
        /// The last cell in which the person counts.
        var reached = 0
        /// The watched cell, or -1.
        var watchedCell: Int
        var isWatched: Bool

        @inline(__always)
        mutating func add(_ next: Int, _ count: Int, to table: inout [UInt32]) {
            if next != cell {
                cell = next
                occurrences = 0
            }
            let before = occurrences
            occurrences &+= count
            if before < needed, occurrences >= needed {
                reached = next
                if !cumulative {
                    table[base &+ next] &+= 1
                    if next == watchedCell { isWatched = true }
                }
            }
        }

        mutating func end(_ table: inout [UInt32]) -> Bool {
            if cumulative, reached > 0 {
                for cell in 1...reached { table[base &+ cell] &+= 1 }
                if watchedCell >= 1, watchedCell <= reached { isWatched = true }
            }
            return isWatched
        }
    }

    private mutating func start(_ membership: Membership) -> Run {
        let base = membership.slot &* plan.cells.count
        table[base] &+= 1
        var watchedCell = -1
        if let watched = plan.watched, watched.group &* plan.periods &+ watched.cohort == membership.slot {
            watchedCell = watched.cell
        }
        return Run(
            base: base, needed: plan.minimumOccurrences, cumulative: plan.cumulative, watchedCell: watchedCell,
            isWatched: watchedCell == 0)
    }

    private mutating func countCalendar(_ membership: Membership) -> Bool {
        var run = start(membership)
        let cohort = membership.slot % plan.periods
        let last = min(lastReturn, cohort &+ plan.cells.horizon &- 1)
        var period = max(cohort &+ 1, firstReturn)
        while period <= last {
            let bits = returnBits[period &>> 6] &>> UInt64(period & 63)
            if bits == 0 {
                period = (period | 63) &+ 1
                continue
            }
            period &+= bits.trailingZeroBitCount
            if period > last { break }
            let count = returnCounts.isEmpty ? plan.minimumOccurrences : Int(returnCounts[period])
            run.add(Int(plan.cells.cellOfOffset[period &- cohort]), count, to: &table)
            period &+= 1
        }
        return run.end(&table)
    }

    private mutating func countRolling(_ membership: Membership) -> Bool {
        var run = start(membership)
        let length = plan.rollingLength ?? 1
        let first = membership.time &+ length
        let end = membership.time &+ Int64(plan.cells.horizon) &* length
        // Times ascend: the first that counts by bisection.
        var low = 0
        var high = returnTimes.count
        while low < high {
            let middle = (low &+ high) / 2
            if returnTimes[middle] < first { low = middle &+ 1 } else { high = middle }
        }
        while low < returnTimes.count, returnTimes[low] < end {
            let offset = Int((returnTimes[low] &- membership.time) / length)
            run.add(Int(plan.cells.cellOfOffset[offset]), 1, to: &table)
            low &+= 1
        }
        return run.end(&table)
    }
}
