/// From a row to its index in an ascending list of rows.
struct RowIndex {
    private let rows: [UInt32]
    private let isDense: Bool
    private var bits: [UInt64] = []
    private var ranks: [UInt32] = []

    init(_ rows: [UInt32], rowCount: Int) {
        self.rows = rows
        isDense = rows.count == rowCount
        guard !isDense, !rows.isEmpty else { return }
        bits = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        for row in rows { bits[Int(row >> 6)] |= 1 << UInt64(row & 63) }
        ranks.reserveCapacity(bits.count)
        var rank: UInt32 = 0
        for word in bits {
            ranks.append(rank)
            rank += UInt32(word.nonzeroBitCount)
        }
    }

    /// The index of `row`, or -1.
    func entry(of row: UInt32) -> Int {
        if isDense { return Int(row) }
        if rows.isEmpty { return -1 }
        let word = bits[Int(row &>> 6)]
        let bit = UInt64(row & 63)
        guard (word &>> bit) & 1 == 1 else { return -1 }
        return Int(ranks[Int(row &>> 6)]) &+ (word & ((1 &<< bit) &- 1)).nonzeroBitCount
    }

    /// Of some rows those in the list: their positions among the given ones, and their indexes in the list.
    ///
    /// - Complexity: O(rows)
    func entries(of wanted: ArraySlice<UInt32>) -> (positions: [UInt32], entries: [UInt32]) {
        if isDense { return (Array(0..<UInt32(wanted.count)), Array(wanted)) }
        var found: (positions: [UInt32], entries: [UInt32]) = ([], [])
        if rows.isEmpty { return found }
        for (position, row) in wanted.enumerated() {
            let entry = entry(of: row)
            guard entry >= 0 else { continue }
            found.positions.append(UInt32(truncatingIfNeeded: position))
            found.entries.append(UInt32(truncatingIfNeeded: entry))
        }
        return found
    }
}
