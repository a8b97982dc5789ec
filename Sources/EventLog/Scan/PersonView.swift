/// A person within a scan: valid inside `visit` only.
package struct PersonView: ~Copyable {
    /// The rows of the selection in time order, merged over all ids of the person.
    package let rows: UnsafeBufferPointer<Row>
    /// The keyed hash of the person's canonical id: stable within a log, the order of a scan is unspecified.
    package let hash: UInt64
    /// One of the person's entries.
    private let entry: EntryCursor.Item
    // The scanner outlives the call of `visit`, and counting references once a person would cost more than the visit.
    private unowned(unsafe) let scanner: BlockScanner

    init(rows: UnsafeBufferPointer<Row>, hash: UInt64, entry: EntryCursor.Item, scanner: BlockScanner) {
        self.rows = rows
        self.hash = hash
        self.entry = entry
        self.scanner = scanner
    }

    /// The person's canonical id, looked up when asked for.
    package var id: String { scanner.canonicalID(entry) }

    /// All that is stored of a row. The event's person is the id that it was sent with.
    package func event(_ row: Row) throws -> StoredEvent { try scanner.event(row) }
}

/// Some persons one after another: valid inside `visit` only. The fields lie open, because a fold that takes runs reads
/// them in loops, and a call into another module would cost more than a row.
package struct PersonRun: ~Copyable {
    package let count: Int
    /// The rows of all persons, one person after another.
    package let rows: UnsafePointer<Row>
    /// By person: where its rows end in `rows`.
    package let ends: UnsafePointer<Int>
    /// By person: the keyed hash of the canonical id.
    package let hashes: UnsafePointer<UInt64>
    let entries: UnsafePointer<EntryCursor.Item>
    // As in `PersonView`.
    unowned(unsafe) let scanner: BlockScanner

    package func person(_ index: Int) -> PersonView {
        let start = index == 0 ? 0 : ends[index - 1]
        return PersonView(
            rows: UnsafeBufferPointer(start: rows + start, count: ends[index] - start), hash: hashes[index],
            entry: entries[index], scanner: scanner)
    }

    /// The run of one person alone.
    func withRun(of index: Int, _ body: (borrowing PersonRun) throws -> Void) rethrows {
        let start = index == 0 ? 0 : ends[index - 1]
        try withUnsafePointer(to: ends[index] - start) { end in
            try body(
                PersonRun(
                    count: 1, rows: rows + start, ends: end, hashes: hashes + index, entries: entries + index,
                    scanner: scanner))
        }
    }
}
