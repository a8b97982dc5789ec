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

    /// The entry of a row, or -1.
    package func entry(at row: UInt32) -> Int { view.presence.entry(at: row) }
}
