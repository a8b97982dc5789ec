import EventLog

/// The fast rule on bits: ordered, every step required, no exclusions, and no event that fits two steps. One bit a row
/// for each step says where its events lie; only the times of those are read that could be part of the best attempt.
///
/// The attempt that gets to a step first is found from both sides: from an opening the earliest event of each next step
/// after the one before, then from the last of these back the latest event of each step. What lies between the two
/// openings can only take longer. If even the later one is too early for the window, none before it will do.
///
/// Events of one instant may be taken in the order of the steps, so a search begins at the first row of an instant and
/// goes back from its last.
///
/// - Complexity: O(steps x (attempts that the window ends + 1) x rows / 64), with one time for each event found.
struct OrderedBits: @unchecked Sendable {
    // As the columns are that it looks into.
    private let window: Int64
    private let stepCount: Int
    private let times: PackedIntegers
    /// By step.
    private let planes: [RowBits]
    /// Steps whose bits are still to be asked about.
    private let filtered: UInt64

    init(_ columns: SourceColumns, stepCount: Int, window: Int64, filtered: UInt64) {
        self.window = window
        self.stepCount = stepCount
        self.filtered = filtered
        times = columns.times
        planes = Array(columns.planes[..<stepCount])
    }

    /// - Parameters:
    ///   - rows: of one person.
    ///   - openers: those of them, from the first on, that may open an attempt.
    ///   - accepts: whether a row of a filtered step passes.
    @inline(__always)
    func evaluate(
        _ rows: Range<Int>, openers: Range<Int>, _ outcome: inout FunnelOutcome, accepts: (Int) -> Bool
    ) {
        outcome.excludedDepth = -1
        outcome.depth = -1
        var start = next(0, in: openers, accepts)
        if start < openers.upperBound {
            var opening = start
            // The earliest event of the last step that was reached.
            var reached = start
            outcome.depth = 0
            search: for step in 1..<max(stepCount, 1) {
                reached = next(step, in: instantStart(reached, rows)..<rows.upperBound, accepts)
                while true {
                    if reached == rows.upperBound { break search }
                    let latest = latestOpening(of: reached, step, rows, openers, accepts)
                    if times[reached] &- times[latest] <= window {
                        opening = latest
                        break
                    }
                    start = next(0, in: latest &+ 1..<openers.upperBound, accepts)
                    if start == openers.upperBound { break search }
                    reached = follow(start, through: step, rows, accepts)
                }
                outcome.depth = step
            }
            note(opening, rows, &outcome, accepts)
        }
        for step in outcome.depth &+ 1..<stepCount { outcome.times[step] = FunnelOutcome.unfilled }
    }

    /// The earliest event of a step that an attempt opened by `opening` reaches, without a look at the window; else the
    /// end of the rows.
    @inline(__always)
    private func follow(
        _ opening: Int, through step: Int, _ rows: Range<Int>, _ accepts: (Int) -> Bool
    ) -> Int {
        var row = opening
        for step in 1...step where row < rows.upperBound {
            row = next(step, in: instantStart(row, rows)..<rows.upperBound, accepts)
        }
        return row
    }

    /// The latest opening from which an attempt can have filled the step with `row`, which some attempt has.
    @inline(__always)
    private func latestOpening(
        of row: Int, _ step: Int, _ rows: Range<Int>, _ openers: Range<Int>, _ accepts: (Int) -> Bool
    ) -> Int {
        var row = row
        var step = step &- 1
        while step > 0 {
            row = last(step, in: rows.lowerBound..<instantEnd(row, rows), accepts)
            step &-= 1
        }
        return last(0, in: openers.lowerBound..<min(instantEnd(row, rows), openers.upperBound), accepts)
    }

    /// The times of the attempt: each step's earliest event after the one before.
    @inline(__always)
    private func note(
        _ opening: Int, _ rows: Range<Int>, _ outcome: inout FunnelOutcome, _ accepts: (Int) -> Bool
    ) {
        var row = opening
        outcome.times[0] = times[row]
        var step = 1
        while step <= outcome.depth {
            row = next(step, in: instantStart(row, rows)..<rows.upperBound, accepts)
            outcome.times[step] = times[row]
            step &+= 1
        }
    }

    // MARK: Rows

    @inline(__always)
    private func next(_ step: Int, in range: Range<Int>, _ accepts: (Int) -> Bool) -> Int {
        var row = planes[step].first(in: range)
        if filtered &>> UInt64(step) & 1 == 0 { return row }
        while row < range.upperBound, !accepts(row) {
            planes[step].clear(row)
            row = planes[step].first(in: row &+ 1..<range.upperBound)
        }
        return row
    }

    @inline(__always)
    private func last(_ step: Int, in range: Range<Int>, _ accepts: (Int) -> Bool) -> Int {
        var row = planes[step].last(in: range)
        if filtered &>> UInt64(step) & 1 == 0 { return row }
        while row >= range.lowerBound, !accepts(row) {
            planes[step].clear(row)
            row = planes[step].last(in: range.lowerBound..<row)
        }
        return row
    }

    /// The first row of the same time.
    @inline(__always)
    private func instantStart(_ row: Int, _ rows: Range<Int>) -> Int {
        var row = row
        while row > rows.lowerBound, times[row &- 1] == times[row] { row &-= 1 }
        return row
    }

    /// The row after the last of the same time.
    @inline(__always)
    private func instantEnd(_ row: Int, _ rows: Range<Int>) -> Int {
        var end = row &+ 1
        while end < rows.upperBound, times[end] == times[row] { end &+= 1 }
        return end
    }
}
