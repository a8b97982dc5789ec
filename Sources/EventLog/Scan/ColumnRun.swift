/// Some persons whose rows all lie in one source, by where they lie there: for folds that read the columns themselves,
/// because less than a row of each event is enough for them. Valid inside `visit` only.
public struct ColumnRun: ~Copyable {
    // Public as `PackedIntegers` is.
    public let count: Int
    /// By person: where its rows begin and end in the source.
    @usableFromInline let starts: UnsafePointer<Int>
    @usableFromInline let ends: UnsafePointer<Int>
    /// By person: the keyed hash of the canonical id.
    package let hashes: UnsafePointer<UInt64>
    let entries: UnsafePointer<EntryCursor.Item>
    @usableFromInline let unpacked: UnsafePointer<Int64>
    /// By person: where its times begin in `unpacked`.
    @usableFromInline let places: UnsafePointer<Int>
    // As in `PersonView`.
    unowned(unsafe) let scanner: BlockScanner

    /// The times of a person's rows, when the fold takes them.
    @inlinable @inline(__always)
    public func times(of index: Int) -> UnsafePointer<Int64> { unpacked + places[index] }

    /// All rows of a person in time order, of any name and time.
    @inlinable @inline(__always)
    public func rows(of index: Int) -> Range<Int> {
        // A person has rows in order, so the check that a range makes would be in vain.
        Range(uncheckedBounds: (starts[index], ends[index]))
    }

    /// Calls `body` with persons whose rows lie one after another in the source, and with all of these rows.
    @inlinable @inline(__always)
    public func forEachStretch(_ body: (_ persons: Range<Int>, _ rows: Range<Int>) -> Void) {
        var first = 0
        while first < count {
            var next = first &+ 1
            while next < count, starts[next] == ends[next &- 1] { next &+= 1 }
            body(first..<next, starts[first]..<ends[next &- 1])
            first = next
        }
    }

    /// The person, without rows.
    package func person(_ index: Int) -> PersonView {
        PersonView(
            rows: UnsafeBufferPointer(start: nil, count: 0), hash: hashes[index], entry: entries[index],
            scanner: scanner)
    }
}

/// What a source holds of its rows, by row. Valid while the source's block is scanned.
public struct SourceColumns: @unchecked Sendable {
    // Views that one thread at a time uses, as it does the fold that keeps them. Public as `PackedIntegers` is.
    public let times: PackedIntegers
    /// Each row's event name as one of the chunk's own codes.
    public let codes: CodesView
    /// By the chunk's own code: the log's number of the event name.
    public let names: [UInt16]
    /// For each of the selection's planes the rows of its names; a fold may clear bits.
    public let planes: [RowBits]
    /// The times that are wanted when there are others; nil when there are none.
    public let range: Range<Int64>?
    /// No row is later.
    public let maxTime: Int64

    /// The first of some rows of a person whose time is at least `time`, or their end.
    ///
    /// - Complexity: O(log rows)
    @inlinable
    public func first(in rows: Range<Int>, from time: Int64) -> Int {
        var low = rows.lowerBound
        var high = rows.upperBound
        while low < high {
            let middle = (low &+ high) &>> 1
            if times[middle] < time { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// Of some rows of a person those within the wanted times.
    @inlinable @inline(__always)
    public func wanted(_ rows: Range<Int>) -> Range<Int> {
        guard let range else { return rows }
        let start = first(in: rows, from: range.lowerBound)
        return start..<first(in: start..<rows.upperBound, from: range.upperBound)
    }
}

/// Persons of one source on their way to a fold that reads columns, reused from run to run.
struct ColumnBuffer: ~Copyable {
    private var count = 0
    private let starts: UnsafeMutablePointer<Int>
    private let ends: UnsafeMutablePointer<Int>
    private let hashes: UnsafeMutablePointer<UInt64>
    private let entries: UnsafeMutablePointer<EntryCursor.Item>
    private let packed: PackedIntegers?
    private let unpacks: Bool
    private let places: UnsafeMutablePointer<Int>
    private var times: UnsafeMutablePointer<Int64>
    private var capacity: Int
    private var rowCount = 0
    /// Over all runs; rows that the selection wants, where that is known.
    private(set) var personsVisited = 0
    private(set) var rowsVisited = 0

    private static let fullPersons = 256
    /// Times of so many rows leave room for other things in a processor's nearest cache.
    private static let fullRows = 2_048

    /// - Parameters:
    ///   - times: of the source; nil when it gives no columns.
    ///   - unpacks: whether they are handed over unpacked.
    init(_ times: PackedIntegers?, unpacks: Bool) {
        packed = times
        self.unpacks = unpacks
        starts = .allocate(capacity: Self.fullPersons)
        ends = .allocate(capacity: Self.fullPersons)
        hashes = .allocate(capacity: Self.fullPersons)
        entries = .allocate(capacity: Self.fullPersons)
        places = .allocate(capacity: Self.fullPersons)
        places.initialize(repeating: 0, count: Self.fullPersons)
        capacity = unpacks ? 2 * Self.fullRows : 1
        self.times = .allocate(capacity: capacity)
    }

    deinit {
        starts.deallocate()
        ends.deallocate()
        hashes.deallocate()
        entries.deallocate()
        places.deallocate()
        times.deallocate()
    }

    var isFull: Bool { count == Self.fullPersons || (unpacks && rowCount >= Self.fullRows) }

    @inline(__always)
    mutating func add(_ rows: Range<Int>, _ entry: Int, hash: UInt64) {
        (starts + count).initialize(to: rows.lowerBound)
        (ends + count).initialize(to: rows.upperBound)
        (hashes + count).initialize(to: hash)
        (entries + count).initialize(to: EntryCursor.Item(part: 0, entry: entry))
        // By the time the run is handed over, they have come. Rows that go on from the last need no request.
        if !unpacks, count == 0 || ends[count &- 1] != rows.lowerBound { packed?.prefetch(rows) }
        count &+= 1
        rowCount &+= rows.count
    }

    /// Hands the persons over and starts anew.
    mutating func flush<Fold: ScanFold>(to fold: inout Fold, _ scanner: BlockScanner) throws {
        guard count > 0 else { return }
        if unpacks, rowCount > capacity { grow() }
        let run = ColumnRun(
            count: count, starts: starts, ends: ends, hashes: hashes, entries: entries, unpacked: times,
            places: places, scanner: scanner)
        let source = scanner.sources[0]
        var unpacked = 0
        run.forEachStretch { persons, rows in
            rowsVisited += source.matchCount(in: rows)
            guard unpacks, let packed else { return }
            for person in persons { places[person] = unpacked + starts[person] - rows.lowerBound }
            packed.unpack(rows, into: times + unpacked)
            unpacked += rows.count
        }
        personsVisited += count
        try fold.visit(run)
        count = 0
        rowCount = 0
    }

    private mutating func grow() {
        times.deallocate()
        capacity = rowCount
        times = .allocate(capacity: capacity)
    }
}
