import EventLog

/// Counts events by name and interval where no series counts people: a row is one addition, whoever it is of.
struct EventTotals: Sendable {
    /// Rows of the present block by interval from 1 and the chunk's own code: `interval << codeBits | code`. Of
    /// interval 0 are those that lie in none.
    private var cells: [UInt32]
    private let codeBits: Int
    private let intervals: Int
    private var block: Block?

    private struct Block {
        var columns: SourceColumns
        var intervals: StoredIntervals
        /// By the chunk's own code: the series of the event name.
        var masks: [UInt64]
    }

    /// Cells in half a megabyte: they stay in a processor's second cache, and cost little beside a block's rows.
    private static let cellLimit = 1 << 17

    /// Nil when there are too many cells.
    ///
    /// - Parameter names: how many event names the log has; no chunk has more.
    init?(intervals: Int, names: Int) {
        codeBits = Int.bitWidth - max(0, names - 1).leadingZeroBitCount
        self.intervals = intervals
        guard intervals <= StoredIntervals.intervalLimit, (intervals + 1) << codeBits <= Self.cellLimit else {
            return nil
        }
        cells = Array(repeating: 0, count: (intervals + 1) << codeBits)
    }

    /// Begins a block. What was counted of the one before has to be moved first.
    ///
    /// - Parameter masks: by the log's number of the event name.
    mutating func enter(_ columns: SourceColumns, masks: [UInt64], _ index: BoundaryIndex) {
        block = Block(
            columns: columns, intervals: StoredIntervals(index, columns.times, within: columns.range),
            masks: columns.names.map { masks[Int($0)] })
    }

    /// Counts the rows of some persons.
    mutating func count(_ run: borrowing ColumnRun) {
        guard let block else { return }
        let codes = block.columns.codes
        if codes.wide {
            count(run, block, codes.base.assumingMemoryBound(to: UInt16.self))
        } else {
            count(run, block, codes.base.assumingMemoryBound(to: UInt8.self))
        }
    }

    @inline(__always)
    private mutating func count<Code: FixedWidthInteger>(
        _ run: borrowing ColumnRun, _ block: Block, _ codes: UnsafePointer<Code>
    ) {
        let codeBits = codeBits
        // Whatever a code is, its cell is one of the interval's.
        let codeMask = 1 &<< codeBits &- 1
        let wanted = block.columns.planes.first
        cells.withUnsafeMutableBufferPointer { cells in
            block.intervals.withView { intervals in
                @inline(__always) func count(_ row: Int) {
                    let cell = intervals.number(ofRow: row) &<< codeBits | Int(codes[row]) & codeMask
                    cells[cell] &+= 1
                }
                run.forEachStretch { _, rows in
                    if let wanted {
                        wanted.forEach(in: rows, count)
                    } else {
                        for row in rows { count(row) }
                    }
                }
            }
        }
    }

    /// Adds what was counted of the present block to a table, and sets it to zero.
    ///
    /// - Parameter counts: `series * intervals + interval`.
    mutating func move(to counts: inout [Int]) {
        guard let masks = block?.masks else { return }
        for place in cells.indices where cells[place] != 0 {
            let (interval, code) = (place >> codeBits - 1, place & (1 << codeBits - 1))
            if interval >= 0, code < masks.count {
                forEachSeries(masks[code]) { counts[$0 * intervals + interval] += Int(cells[place]) }
            }
            cells[place] = 0
        }
    }
}

extension TrendsCounters {
    mutating func enter(_ columns: SourceColumns, masks: [UInt64], _ index: BoundaryIndex) {
        settleTotals()
        totals?.enter(columns, masks: masks, index)
    }

    mutating func countTotals(_ run: borrowing ColumnRun) { totals?.count(run) }

    /// Moves the events of a block to the table.
    mutating func settleTotals() { totals?.move(to: &counts) }
}

/// Calls `body` with each series of a mask.
@inline(__always)
func forEachSeries(_ mask: UInt64, _ body: (Int) -> Void) {
    var open = mask
    while open != 0 {
        body(open.trailingZeroBitCount)
        open &= open &- 1
    }
}
