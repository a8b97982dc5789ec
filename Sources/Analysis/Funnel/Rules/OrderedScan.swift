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
    /// The latest opening time of the attempts that have filled each step, one place later. Rows without a step look at
    /// place 255, where nothing ever is.
    private var openings: [Int64]
    private var sorted: [Row] = []

    /// Far enough in the past that no window reaches it, without overflow.
    private static let never = Int64.min / 2

    private static let noStep = 255
    /// A place that is written and never read.
    private static let nowhere = 257

    package init(stepCount: Int, window: Int64) {
        precondition(stepCount < OrderedScan.noStep, "decoding bounds the number of steps")
        self.stepCount = stepCount
        self.window = window
        openings = [Int64](repeating: OrderedScan.never, count: OrderedScan.nowhere + 1)
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
        let best = findBestAttempt(rows, steps, entry)
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
            finish(rows, steps, findBestAttempt(rows, steps, entry), &outcome)
        }
    }

    private mutating func findBestAttempt(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>
    ) -> Best {
        stepCount <= 4 ? findBestOfFew(rows, steps, entry) : findBest(rows, steps, entry)
    }

    /// The same for up to four steps, as most funnels have: the openings stay in registers, where a row need not wait
    /// for what the row before it has written.
    private func findBestOfFew(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>
    ) -> Best {
        let (window, last) = (window, stepCount &- 1)
        let entrySpan = UInt64(bitPattern: entry.upperBound &- entry.lowerBound)
        let never = OrderedScan.never
        var (first, second, third) = (never, never, never)
        var best = Best()
        var previousTime = never
        var previousStep = 0
        var disorder = 0
        for row in rows {
            let step = Int(steps[Int(row.code)])
            let time = row.time
            disorder |= (time == previousTime ? 1 : 0) & (step < previousStep ? 1 : 0)
            previousTime = time
            previousStep = step
            var opening = UInt64(bitPattern: time &- entry.lowerBound) < entrySpan ? time : never
            opening = step == 1 ? first : opening
            opening = step == 2 ? second : opening
            opening = step == 3 ? third : opening
            let fills = time &- opening <= window && step <= last
            let filled = fills ? step : -1
            first = filled == 0 ? opening : first
            second = filled == 1 ? opening : second
            third = filled == 2 ? opening : third
            let isBetter = filled > best.depth
            best.depth = isBetter ? step : best.depth
            best.opening = isBetter ? opening : best.opening
        }
        best.needsSorting = disorder != 0
        return best
    }

    private mutating func findBest(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ entry: Range<Int64>
    ) -> Best {
        let window = window
        let stepCount = stepCount
        let entrySpan = UInt64(bitPattern: entry.upperBound &- entry.lowerBound)
        return openings.withUnsafeMutableBufferPointer { openings in
            for place in 0...stepCount { openings[place] = OrderedScan.never }
            var best = Best()
            var previousTime = OrderedScan.never
            var previousStep = 0
            // Choices instead of branches that depend on a row, as nothing could predict them.
            var disorder = 0
            for row in rows {
                let step = Int(steps[Int(row.code)])
                let time = row.time
                disorder |= (time == previousTime ? 1 : 0) & (step < previousStep ? 1 : 0)
                previousTime = time
                previousStep = step
                let fresh = UInt64(bitPattern: time &- entry.lowerBound) < entrySpan ? time : OrderedScan.never
                let opening = step == 0 ? fresh : openings[step]
                let fills = time &- opening <= window
                // A step that is not filled is noted where nobody looks.
                openings[fills ? step &+ 1 : OrderedScan.nowhere] = opening
                let isBetter = (fills ? step : -1) > best.depth
                best.depth = isBetter ? step : best.depth
                best.opening = isBetter ? opening : best.opening
            }
            best.needsSorting = disorder != 0
            return best
        }
    }

    private func finish(
        _ rows: UnsafeBufferPointer<Row>, _ steps: UnsafePointer<UInt8>, _ best: Best, _ outcome: inout FunnelOutcome
    ) {
        outcome.excludedDepth = -1
        outcome.depth = best.depth
        outcome.times.withUnsafeMutableBufferPointer { times in
            var next = 0
            var index = 0
            // The attempt begins with the row that opened it; the time of a step is written until its row has come.
            while next <= best.depth {
                let row = rows[index]
                times[next] = row.time
                next &+= Int(steps[Int(row.code)]) == next && row.time >= best.opening ? 1 : 0
                index &+= 1
            }
            while next < stepCount {
                times[next] = FunnelOutcome.unfilled
                next &+= 1
            }
        }
    }
}
