/// The rule for unordered funnels: how many different steps happen within one window. `FunnelShape` defines it.
///
/// - Complexity: O(events x steps) when no event fits two steps and there are no exclusions; else O(events x events
///   within a window x steps).
package struct UnorderedAttempts: Sendable {
    private let shape: FunnelShape
    /// When each step last happened.
    private var latest: [Int64]
    /// When each step last happened within the entry range.
    private var latestOpening: [Int64]
    private var matching: StepMatching
    private var times: [Int64] = []
    private var bestTimes: [Int64] = []

    /// Far enough in the past that no window reaches it, without overflow.
    private static let never = Int64.min / 2

    package init(_ shape: FunnelShape) {
        self.shape = shape
        latest = Array(repeating: UnorderedAttempts.never, count: shape.stepCount)
        latestOpening = latest
        matching = StepMatching(stepCount: shape.stepCount)
    }

    package mutating func evaluate(
        _ events: UnsafeBufferPointer<FunnelEvent>, entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        let isSimple =
            shape.exclusions.isEmpty && events.allSatisfy { ($0.mask & shape.stepBits).nonzeroBitCount <= 1 }
        if isSimple {
            evaluateSimple(events, entry)
        } else {
            evaluateAttempts(events, entry)
        }
        outcome.clear()
        outcome.depth = bestTimes.count - 1
        for (position, time) in bestTimes.enumerated() { outcome.times[position] = time }
    }
}

extension UnorderedAttempts {
    /// Ending with each instant, the steps that happened since the earliest opening within the window are as many as
    /// any attempt can have.
    private mutating func evaluateSimple(_ events: UnsafeBufferPointer<FunnelEvent>, _ entry: Range<Int64>) {
        for step in latest.indices {
            latest[step] = UnorderedAttempts.never
            latestOpening[step] = UnorderedAttempts.never
        }
        var best = (count: 0, opening: UnorderedAttempts.never)
        var low = 0
        while low < events.count, best.count < shape.stepCount {
            let time = events[low].time
            while low < events.count, events[low].time == time {
                let mask = events[low].mask & shape.stepBits
                low += 1
                if mask == 0 { continue }
                latest[mask.trailingZeroBitCount] = time
                if entry.contains(time) { latestOpening[mask.trailingZeroBitCount] = time }
            }
            let found = widest(at: time)
            if found.count > best.count { best = found }
        }
        bestTimes.removeAll(keepingCapacity: true)
        if best.count > 0 { collectTimes(events, from: best.opening, count: best.count) }
    }

    /// The most steps of an attempt that is open at a time, and the latest opening with as many.
    private func widest(at time: Int64) -> (count: Int, opening: Int64) {
        var earliest = Int64.max
        for opening in latestOpening where time - opening <= shape.window { earliest = min(earliest, opening) }
        if earliest == Int64.max { return (0, UnorderedAttempts.never) }
        let count = latest.count { $0 >= earliest }
        var opening = earliest
        for candidate in latestOpening where candidate > opening && latest.count(where: { $0 >= candidate }) == count {
            opening = candidate
        }
        return (count, opening)
    }

    private mutating func collectTimes(_ events: UnsafeBufferPointer<FunnelEvent>, from opening: Int64, count: Int) {
        var seen: UInt64 = 0
        for event in events where event.time >= opening {
            let mask = event.mask & shape.stepBits
            if mask == 0 || seen & mask != 0 { continue }
            seen |= mask
            bestTimes.append(event.time)
            if bestTimes.count == count { return }
        }
    }
}

extension UnorderedAttempts {
    private mutating func evaluateAttempts(_ events: UnsafeBufferPointer<FunnelEvent>, _ entry: Range<Int64>) {
        bestTimes.removeAll(keepingCapacity: true)
        var previous = UnorderedAttempts.never
        for (index, event) in events.enumerated() {
            let opens = event.mask & shape.stepBits != 0 && entry.contains(event.time) && event.time != previous
            if !opens { continue }
            previous = event.time
            if bestTimes.count == shape.stepCount, let end = bestTimes.last, event.time > end { return }
            var first = index
            while first > 0, events[first - 1].time == event.time { first -= 1 }
            follow(events, first)
            // Attempts come in the order of their opening, so of equals the last one stays.
            let isBetter =
                times.count > bestTimes.count
                || (times.count == bestTimes.count && (times.last ?? 0) <= (bestTimes.last ?? 0))
            if isBetter { swap(&times, &bestTimes) }
        }
    }

    /// The times at which an attempt from an instant on fills its steps.
    private mutating func follow(_ events: UnsafeBufferPointer<FunnelEvent>, _ first: Int) {
        times.removeAll(keepingCapacity: true)
        matching.clear()
        let opening = events[first].time
        var low = first
        while low < events.count, events[low].time - opening <= shape.window, times.count < shape.stepCount {
            let time = events[low].time
            var exclusions: UInt64 = 0
            while low < events.count, events[low].time == time {
                let mask = events[low].mask
                exclusions |= mask & ~shape.stepBits
                if times.count < shape.stepCount, matching.add(mask & shape.stepBits) { times.append(time) }
                low += 1
            }
            if exclusions != 0, isExcluded(exclusions, time) {
                times.removeSubrange(1...)
                return
            }
        }
    }

    /// Whether an exclusion of this instant lies strictly between the steps it is for, counted in the order they were
    /// filled.
    private func isExcluded(_ mask: UInt64, _ time: Int64) -> Bool {
        shape.exclusions.contains { exclusion in
            mask & exclusion.bit != 0 && times.count > exclusion.from && times.count <= exclusion.to
                && times[exclusion.from] < time
        }
    }
}

/// Gives events to steps, one each, so that as many steps as possible are filled; events come one after another
/// (augmenting paths; Kuhn 1955).
private struct StepMatching: Sendable {
    /// The mask of the event that fills each step, or 0.
    private var holder: [UInt64]

    init(stepCount: Int) {
        holder = Array(repeating: 0, count: stepCount)
    }

    mutating func clear() {
        for step in holder.indices { holder[step] = 0 }
    }

    /// Whether the event, given the steps that it fits, fills one more step.
    mutating func add(_ mask: UInt64) -> Bool {
        var visited: UInt64 = 0
        return augment(mask, &visited)
    }

    private mutating func augment(_ mask: UInt64, _ visited: inout UInt64) -> Bool {
        var open = mask
        while open != 0 {
            let step = open.trailingZeroBitCount
            let bit = UInt64(1) << UInt64(step)
            open &= ~bit
            if visited & bit != 0 { continue }
            visited |= bit
            if holder[step] == 0 || augment(holder[step], &visited) {
                holder[step] = mask
                return true
            }
        }
        return false
    }
}
