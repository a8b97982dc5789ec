package import EventLog

/// The fast rule: ordered, every step required, no exclusions, and no event that fits two steps. One pass over the rows
/// finds how far the best attempt gets, a second over its own part finds its times.
///
/// For each step the pass keeps the latest opening time among attempts that have filled it. That is enough: of two
/// attempts at the same step the later one can do whatever the earlier one can, as its window lasts longer.
///
/// - Complexity: O(rows), without allocation but when events of one instant came out of step order.
package struct OrderedScan: Sendable {
    private let window: Int64
    private let stepCount: Int
    /// The latest opening time at each step.
    private var openings: [Int64]
    private var sorted: [Row] = []

    /// Far enough in the past that no window reaches it, without overflow.
    private static let never = Int64.min / 2

    package init(stepCount: Int, window: Int64) {
        self.stepCount = stepCount
        self.window = window
        openings = [Int64](repeating: OrderedScan.never, count: stepCount)
    }

    private struct Best {
        var depth = -1
        var opening = OrderedScan.never
        /// An event came after one of a later step of the same instant.
        var needsSorting = false
    }

    /// - Parameters:
    ///   - rows: in time order.
    ///   - steps: the step (from 0) of each event code in `rows`, or 255 for none.
    ///   - entry: when attempts may open.
    package mutating func evaluate(
        _ rows: UnsafeBufferPointer<Row>, steps: [UInt8], entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        steps.withUnsafeBufferPointer { steps in
            // Empty when the log knows no event: then there are no rows either.
            guard let steps = steps.baseAddress else { return outcome.clear() }
            evaluate(rows, steps, entry, &outcome)
        }
    }

    /// The same for events of one history that each fit at most one step.
    package mutating func evaluate(
        _ rows: [Row], steps: [UInt8], entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        rows.withUnsafeBufferPointer { evaluate($0, steps: steps, entry: entry, &outcome) }
    }

    private mutating func evaluate(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>,
        _ outcome: inout FunnelOutcome
    ) {
        let best = findBest(rows, steps, entry)
        if best.needsSorting { return evaluateSorted(rows, steps, entry, &outcome) }
        finish(rows, steps, best, &outcome)
    }

    private mutating func evaluateSorted(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>,
        _ outcome: inout FunnelOutcome
    ) {
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: rows)
        sorted.sort { ($0.time, steps[Int($0.code)]) < ($1.time, steps[Int($1.code)]) }
        let rows = sorted
        rows.withUnsafeBufferPointer { rows in
            finish(rows, steps, findBest(rows, steps, entry), &outcome)
        }
    }

    private mutating func findBest(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>
    ) -> Best {
        let window = window
        let last = stepCount &- 1
        return openings.withUnsafeMutableBufferPointer { openings in
            for step in 0...last { openings[step] = OrderedScan.never }
            var best = Best()
            var previousTime = OrderedScan.never
            var previousStep: UInt8 = 0
            // Past the instant of completion nothing can improve; within it an event may still be out of step order.
            var completion = Int64.max
            for row in rows {
                let step = steps[Int(row.code)]
                if step == 255 { continue }
                let time = row.time
                if time > completion { return best }
                if time == previousTime, step < previousStep {
                    best.needsSorting = true
                    return best
                }
                previousTime = time
                previousStep = step
                let place = Int(step)
                if place == 0 {
                    guard time >= entry.lowerBound, time < entry.upperBound else { continue }
                    openings[0] = time
                    if best.depth < 0 { best = Best(depth: 0, opening: time) }
                } else {
                    let opening = openings[place &- 1]
                    if time &- opening > window { continue }
                    openings[place] = opening
                    if place > best.depth { best = Best(depth: place, opening: opening) }
                }
                if best.depth == last, completion == Int64.max { completion = time }
            }
            return best
        }
    }

    private func finish(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ best: Best, _ outcome: inout FunnelOutcome
    ) {
        outcome.clear()
        guard best.depth >= 0 else { return }
        outcome.depth = best.depth
        outcome.times[0] = best.opening
        if best.depth == 0 { return }
        var next = 1
        var index = 0
        while rows[index].time < best.opening { index &+= 1 }
        while next <= best.depth {
            if Int(steps[Int(rows[index].code)]) == next {
                outcome.times[next] = rows[index].time
                next &+= 1
            }
            index &+= 1
        }
    }
}
