import CEventLog

/// One column, for questions row by row: a call costs a few nanoseconds and copies nothing.
///
/// `ColumnView` is the better choice for many values of one call; it is a large value, and copying it for every row
/// would cost more than the row.
package final class ColumnProbe: Sendable {
    package let view: ColumnView

    package init(_ view: ColumnView) {
        self.view = view
    }

    /// The dictionary code of a row's only string, -1 without one. For columns of type `string`.
    package func code(at row: UInt32) -> Int {
        let entry = view.presence.entry(at: row)
        return entry < 0 ? -1 : Int(view.integers[entry])
    }

    /// The number of a row, NaN without one. For columns of type `number`.
    package func number(at row: UInt32) -> Double {
        let entry = view.presence.entry(at: row)
        return entry < 0 ? .nan : view.number(entry)
    }

    /// Asks for the memory of a row's value, or of what tells where that is.
    package func prefetch(_ row: Int) {
        switch view.presence {
        case .dense: view.integers.prefetch(row)
        case .ranked(let bits, _): ceventlog_prefetch(bits + row &>> 6)
        case .sparse: break
        }
    }

    /// The entry of a row, or -1.
    package func entry(at row: UInt32) -> Int { view.presence.entry(at: row) }
}

/// The same for many rows at once, for loops in other modules, where a call for each row costs more than its look-up.
extension ColumnProbe {
    /// The dictionary codes of the rows' only strings, -1 for none. For columns of type `string`.
    package func codes(at rows: UnsafePointer<UInt32>, count: Int, into codes: UnsafeMutablePointer<Int32>) {
        let integers = view.integers
        forEachEntry(rows, count) { index, entry in
            (codes + index).initialize(to: entry < 0 ? -1 : Int32(truncatingIfNeeded: integers[entry]))
        }
    }

    /// The numbers of the rows, NaN for none. For columns of type `number`.
    package func numbers(at rows: UnsafePointer<UInt32>, count: Int, into numbers: UnsafeMutablePointer<Double>) {
        let view = view
        forEachEntry(rows, count) { index, entry in
            (numbers + index).initialize(to: entry < 0 ? .nan : view.number(entry))
        }
    }

    @inline(__always)
    private func forEachEntry(_ rows: UnsafePointer<UInt32>, _ count: Int, _ body: (Int, Int) -> Void) {
        let presence = view.presence
        if case .dense = presence {
            for index in 0..<count { body(index, Int(rows[index])) }
        } else {
            for index in 0..<count { body(index, presence.entry(at: rows[index])) }
        }
    }
}
