/// Rows of some persons on their way to a fold, reused from run to run.
struct RunBuffer: ~Copyable {
    private(set) var rows: UnsafeMutablePointer<Row>
    private var capacity = 8 * RunBuffer.fullRows
    /// Rows so far, those of a person who is not closed yet included.
    private(set) var rowCount = 0
    /// Persons who are closed.
    private(set) var count = 0
    private let ends: UnsafeMutablePointer<Int>
    private let hashes: UnsafeMutablePointer<UInt64>
    private let entries: UnsafeMutablePointer<EntryCursor.Item>
    /// Over all runs.
    private(set) var personsVisited = 0
    private(set) var rowsVisited = 0

    /// A run is handed over with this many rows or persons: what a processor's nearest cache holds.
    private static let fullRows = 512
    private static let fullPersons = 256

    init() {
        rows = .allocate(capacity: capacity)
        ends = .allocate(capacity: Self.fullPersons)
        hashes = .allocate(capacity: Self.fullPersons)
        entries = .allocate(capacity: Self.fullPersons)
    }

    deinit {
        rows.deallocate()
        ends.deallocate()
        hashes.deallocate()
        entries.deallocate()
    }

    var isFull: Bool { rowCount >= Self.fullRows || count == Self.fullPersons }

    /// Where the rows of the present person begin.
    @inline(__always)
    var start: Int { count == 0 ? 0 : ends[count &- 1] }

    /// The rows of the person who is not closed yet.
    var open: UnsafeMutableBufferPointer<Row> {
        UnsafeMutableBufferPointer(start: rows + start, count: rowCount - start)
    }

    /// Lets `body` write up to `limit` rows and return the end of them.
    @inline(__always)
    mutating func append(atMost limit: Int, _ body: (UnsafeMutablePointer<Row>) -> UnsafeMutablePointer<Row>) {
        // One more, because a row is written before its time is looked at.
        if rowCount &+ limit >= capacity { grow(rowCount &+ limit + 1) }
        rowCount = body(rows + rowCount) - rows
    }

    private mutating func grow(_ needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutablePointer<Row>.allocate(capacity: larger)
        moved.moveInitialize(from: rows, count: rowCount)
        rows.deallocate()
        rows = moved
        capacity = larger
    }

    /// Ends the present person, who is left out without a row.
    @inline(__always)
    mutating func close(_ entry: EntryCursor.Item, hash: UInt64) {
        if rowCount == start { return }
        (ends + count).initialize(to: rowCount)
        (hashes + count).initialize(to: hash)
        (entries + count).initialize(to: entry)
        count &+= 1
    }

    /// Hands the persons over and starts anew.
    mutating func flush<Fold: ScanFold>(to fold: inout Fold, _ scanner: BlockScanner) throws {
        guard count > 0 else { return }
        personsVisited += count
        rowsVisited += rowCount
        try fold.visit(
            PersonRun(count: count, rows: rows, ends: ends, hashes: hashes, entries: entries, scanner: scanner))
        count = 0
        rowCount = 0
    }
}
