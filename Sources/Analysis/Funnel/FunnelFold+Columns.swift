import EventLog

// The fast rule where persons come by columns: nothing of a person is put together.

extension FunnelFold {
    var columnUse: ColumnUse { plan.readsBits && !matcher.readsPersons ? .columns : .none }

    mutating func enter(_ columns: SourceColumns) {
        self.columns = columns
        // What opens the funnel has passed its filters already.
        let filtered = plan.classifier.isPlain ? 0 : plan.shape.stepBits & ~1
        bits = OrderedBits(
            columns, stepCount: plan.shape.stepCount, window: plan.shape.window, filtered: filtered)
    }

    mutating func visit(_ run: borrowing ColumnRun) throws {
        guard let bits, let columns else { return }
        // Without filters there is nothing to capture, and nothing to retain for each person.
        if plan.classifier.isPlain { return try judge(run, bits, columns) { _, _ in true } }
        let tests = matcher.rowTests
        try judge(run, bits, columns) { row, step in tests.accepts(row, of: step) }
    }

    @inline(__always)
    private mutating func judge(
        _ run: borrowing ColumnRun, _ bits: OrderedBits, _ columns: SourceColumns, accepts: (Int, Int) -> Bool
    ) throws {
        let touches = columns.planes.count > plan.shape.stepCount ? columns.planes[plan.shape.stepCount] : nil
        if let touches { prefetchGroups(run, touches) }
        let isAnyTimeOpen = columns.range == nil && columns.maxTime < plan.entry.upperBound
        for index in 0..<run.count {
            var rows = run.rows(of: index)
            var openers = rows
            if !isAnyTimeOpen {
                rows = columns.wanted(rows)
                openers = rows.lowerBound..<columns.first(in: rows, from: plan.entry.upperBound)
            }
            guard bits.evaluate(rows, openers: openers, accepts: accepts) >= 0 else { continue }
            if plan.people != nil {
                bits.copy(to: &outcome)
                sample(outcome, run.person(index))
            }
            var value: Int32?
            if let touches { value = try group(of: rows, touches, run, index) }
            count(bits.filled, under: value)
        }
    }

    /// Asks for the values that `group` is going to read: they lie far apart, and come while the persons before are
    /// judged.
    @inline(__always)
    private func prefetchGroups(_ run: borrowing ColumnRun, _ touches: RowBits) {
        guard let breakdown, !breakdown.readsPersons else { return }
        for index in 0..<run.count {
            let rows = run.rows(of: index)
            let row = plan.attribution == .firstTouch ? touches.first(in: rows) : touches.last(in: rows)
            if rows.contains(row) { breakdown.prefetch(row) }
        }
    }

    /// The number of the breakdown's value for a person.
    ///
    /// - Parameter touches: the rows of any step.
    @inline(__always)
    private func group(
        of rows: Range<Int>, _ touches: RowBits, _ run: borrowing ColumnRun, _ index: Int
    ) throws -> Int32 {
        guard let breakdown else { return 0 }
        if breakdown.readsPersons { try breakdown.enter(run.person(index)) }
        var left = rows
        while true {
            let row: Int
            if plan.attribution == .firstTouch {
                row = touches.first(in: left)
                if row == left.upperBound { return 0 }
                left = row + 1..<left.upperBound
            } else {
                row = touches.last(in: left)
                if row < left.lowerBound { return 0 }
                left = left.lowerBound..<row
            }
            let group = breakdown.number(ofRow: row)
            if group != 0 { return group }
        }
    }
}
