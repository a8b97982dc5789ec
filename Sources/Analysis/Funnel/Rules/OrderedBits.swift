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
/// - Complexity: for persons of up to 128 rows O(steps x (attempts that the window ends + 1)), with one time for each
///   event found; for others times rows / 64.
final class OrderedBits: @unchecked Sendable {
    // As the columns are that it looks into. What is read for every person lies in memory of its own: an array would be
    // counted and checked each time.
    private let stepCount: Int
    private let times: PackedIntegers
    /// The window in the unit of the stored times.
    private let window: UInt64
    /// By step.
    private let planes: UnsafeMutablePointer<RowBits>
    /// Room for the words of a person by step, of the widest kind.
    private let words: UnsafeMutablePointer<UInt128>
    /// Steps whose bits are still to be asked about.
    private let filtered: UInt64
    /// When the best attempt filled each step, in milliseconds, as in `FunnelOutcome`.
    let filled: UnsafeMutablePointer<Int64>

    /// - Parameter window: milliseconds.
    init(_ columns: SourceColumns, stepCount: Int, window: Int64, filtered: UInt64) {
        self.stepCount = stepCount
        self.filtered = filtered
        times = columns.times
        self.window = times.stored(span: window)
        planes = .allocate(capacity: stepCount)
        words = .allocate(capacity: stepCount)
        filled = .allocate(capacity: stepCount)
        for step in 0..<stepCount { (planes + step).initialize(to: columns.planes[step]) }
    }

    deinit {
        planes.deallocate()
        words.deallocate()
        filled.deallocate()
    }

    /// Whether a row passes the filters of a step.
    typealias Accepts = (_ row: Int, _ step: Int) -> Bool

    /// - Parameters:
    ///   - rows: of one person.
    ///   - openers: those of them, from the first on, that may open an attempt.
    ///   - accepts: asked about filtered steps only.
    /// - Returns: the last step of the best attempt, or -1 without one. `filled` has its times.
    @inline(__always)
    func evaluate(_ rows: Range<Int>, openers: Range<Int>, accepts: Accepts) -> Int {
        if rows.count <= 64, !rows.isEmpty {
            return words.withMemoryRebound(to: UInt64.self, capacity: stepCount) { words in
                evaluate(WordRows(rows, openers: openers, planes, stepCount, times, words), accepts)
            }
        } else if rows.count <= 128, !rows.isEmpty {
            return evaluate(WordRows(rows, openers: openers, planes, stepCount, times, words), accepts)
        } else {
            return evaluate(PlaneRows(rows, openers: openers, UnsafePointer(planes), times), accepts)
        }
    }

    @inline(__always)
    private func evaluate(_ rows: some StepRows, _ accepts: Accepts) -> Int {
        var depth = -1
        let end = rows.end
        var start = next(0, from: rows.start, rows, accepts)
        if start < end {
            var opening = start
            // The earliest event of the last step that was reached.
            var reached = start
            depth = 0
            search: for step in 1..<max(stepCount, 1) {
                reached = next(step, from: instantStart(reached, rows), rows, accepts)
                while true {
                    if reached == end { break search }
                    let latest = latestOpening(of: reached, step, rows, accepts)
                    if rows.time(reached) &- rows.time(latest) <= window {
                        opening = latest
                        break
                    }
                    start = next(0, after: latest, rows, accepts)
                    if start == end { break search }
                    reached = follow(start, through: step, rows, accepts)
                }
                depth = step
            }
            note(opening, to: depth, rows, accepts)
        }
        for step in depth &+ 1..<stepCount { filled[step] = FunnelOutcome.unfilled }
        return depth
    }

    /// The earliest event of a step that an attempt opened by `opening` reaches, without a look at the window; else the
    /// end of the rows.
    @inline(__always)
    private func follow(_ opening: Int, through step: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        var row = opening
        for step in 1...step where row < rows.end {
            row = next(step, from: instantStart(row, rows), rows, accepts)
        }
        return row
    }

    /// The latest opening from which an attempt can have filled the step with `row`, which some attempt has.
    @inline(__always)
    private func latestOpening(of row: Int, _ step: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        var row = row
        var step = step
        while step > 0 {
            step &-= 1
            row = last(step, upTo: instantEnd(row, rows), rows, accepts)
        }
        return row
    }

    /// The times of the attempt: each step's earliest event after the one before.
    @inline(__always)
    private func note(_ opening: Int, to depth: Int, _ rows: some StepRows, _ accepts: Accepts) {
        var row = opening
        filled[0] = times.value(ofStored: rows.time(row))
        var step = 1
        while step <= depth {
            row = next(step, from: instantStart(row, rows), rows, accepts)
            filled[step] = times.value(ofStored: rows.time(row))
            step &+= 1
        }
    }

    /// Makes an outcome of what `evaluate` found.
    func copy(to outcome: inout FunnelOutcome) {
        outcome.clear()
        for step in 0..<stepCount {
            outcome.times[step] = filled[step]
            if filled[step] != FunnelOutcome.unfilled { outcome.depth = step }
        }
    }

    // MARK: Rows

    @inline(__always)
    private func next(_ step: Int, from row: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        accepted(step, rows.first(step, from: row), rows, accepts)
    }

    @inline(__always)
    private func next(_ step: Int, after row: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        accepted(step, rows.first(step, after: row), rows, accepts)
    }

    /// The first row that passes from a row of the step on.
    @inline(__always)
    private func accepted(_ step: Int, _ first: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        if filtered &>> UInt64(step) & 1 == 0 { return first }
        var row = first
        while row < rows.end, !accepts(rows.sourceRow(row), step) {
            rows.clear(step, row)
            row = rows.first(step, after: row)
        }
        return row
    }

    @inline(__always)
    private func last(_ step: Int, upTo row: Int, _ rows: some StepRows, _ accepts: Accepts) -> Int {
        var row = rows.last(step, upTo: row)
        if filtered &>> UInt64(step) & 1 == 0 { return row }
        while row >= rows.start, !accepts(rows.sourceRow(row), step) {
            rows.clear(step, row)
            row = rows.last(step, before: row)
        }
        return row
    }

    /// The first row of the same time.
    @inline(__always)
    private func instantStart(_ row: Int, _ rows: some StepRows) -> Int {
        var row = row
        while row > rows.start, rows.time(row &- 1) == rows.time(row) { row &-= 1 }
        return row
    }

    /// The last row of the same time.
    @inline(__always)
    private func instantEnd(_ row: Int, _ rows: some StepRows) -> Int {
        var row = row
        while row &+ 1 < rows.end, rows.time(row &+ 1) == rows.time(row) { row &+= 1 }
        return row
    }
}
