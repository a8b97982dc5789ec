/// A range of persons that is scanned in one go, and the sources (parts of segments) that hold their rows.
package final class ScanBlock {
    package let sourceCount: Int
    /// `columns[source * properties + property]`
    private let columns: [PropertyColumns]
    private let propertyCount: Int

    package init(columns: [PropertyColumns], sourceCount: Int, propertyCount: Int) {
        self.columns = columns
        self.sourceCount = sourceCount
        self.propertyCount = propertyCount
    }

    /// The columns of the selection's `property`-th property in one source.
    package func column(_ property: Int, source: Int) -> PropertyColumns {
        columns[source * propertyCount + property]
    }
}

/// A block's anchors in one of its sources, for a fold to drop: see `ScanFold.narrow`. As bits, or as lists of rows.
package struct Anchors: ~Copyable {
    package let source: Int
    let bits: RowBits
    let decoder: RowDecoder

    /// The rows that the bits speak of, from a multiple of 64 on.
    package var rows: Range<Int> { bits.rows }

    /// One bit for each of `rows`, set for anchors; to be cleared for those that are dropped.
    package var words: UnsafeMutablePointer<UInt64> { bits.words }

    /// Whether so many rows are anchors that it is less work to ask about all rows at once than about each anchor.
    package var areDense: Bool { bits.count(in: rows) * 16 > rows.count }

    /// Rows that are looked through at a time.
    private static let batch = 4096

    /// Calls `body` with some of the anchors at a time, ascending, and drops those that it does not keep.
    package func narrow(_ body: (borrowing AnchorRows) -> Void) {
        let limit = Anchors.batch
        let rows = UnsafeMutablePointer<UInt32>.allocate(capacity: limit)
        let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: limit)
        let keep = UnsafeMutablePointer<UInt8>.allocate(capacity: limit)
        defer {
            rows.deallocate()
            codes.deallocate()
            keep.deallocate()
        }
        var start = self.rows.lowerBound
        while start < self.rows.upperBound {
            let end = min(start + limit, self.rows.upperBound)
            var count = 0
            bits.forEach(in: start..<end) { row in
                (rows + count).initialize(to: UInt32(truncatingIfNeeded: row))
                (codes + count).initialize(to: decoder.code(of: row))
                count &+= 1
            }
            keep.initialize(repeating: 1, count: count)
            body(AnchorRows(source: source, count: count, rows: rows, codes: codes, keep: keep))
            for index in 0..<count { bits.keep(Int(rows[index]), keep[index]) }
            start = end
        }
    }
}

/// Some anchors as lists.
package struct AnchorRows: ~Copyable {
    package let source: Int
    package let count: Int
    /// The rows in the source, for property columns.
    package let rows: UnsafePointer<UInt32>
    /// The log's numbers of their event names.
    package let codes: UnsafePointer<UInt16>
    /// One byte for each row: 1 to keep it, 0 to drop it. All are 1 at first.
    package let keep: UnsafeMutablePointer<UInt8>
}
