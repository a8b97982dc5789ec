/// Reads a snapshot's events in the order of their sequence numbers.
///
/// Segments are sorted by person, so a stretch of sequence numbers has to be gathered from all over them. That is done
/// for a window of numbers at a time.
struct TailCursor {
    private struct Place {
        var sequence: UInt64
        var segment: UInt32
        var chunk: UInt32
        var row: UInt32
        /// Of the row's person in the chunk.
        var entry: UInt32
    }

    private let snapshot: Snapshot
    private let selection: TailSelection?
    /// Numbers in a window: each costs 24 bytes while its window is read.
    private let window: UInt64
    /// The events below are gathered or gone.
    private var from: UInt64
    private let end: UInt64
    private var places: [Place] = []
    private var next = 0
    private var readers: [Int: ChunkReader] = [:]

    /// - Parameters:
    ///   - sequence: where to begin.
    ///   - bound: where to end, before this one.
    init(
        _ snapshot: Snapshot, from sequence: UInt64, below bound: UInt64 = .max, window: Int = 262_144,
        selection: TailSelection? = nil
    ) {
        self.snapshot = snapshot
        self.selection = selection
        self.window = UInt64(window)
        from = sequence
        end = min(bound, snapshot.endSequence)
    }

    /// Up to `limit` further events; fewer only at the end.
    ///
    /// - Complexity: O(rows in chunks that reach into the windows read, 4 bytes each, + result log window)
    mutating func read(limit: Int) throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        while events.count < limit {
            if next == places.count {
                guard from < end else { break }
                try gather()
                continue
            }
            let place = places[next]
            next += 1
            let (segment, chunk) = (Int(place.segment), Int(place.chunk))
            let key = segment << 32 | chunk
            let reader =
                try readers[key]
                ?? ChunkReader(
                    snapshot.segments[segment], chunk, tables: snapshot.tables, selection: selection)
            readers[key] = reader
            events.append(reader.event(Int(place.row), entry: Int(place.entry)))
        }
        return events
    }

    private mutating func gather() throws {
        let stop = min(end, from.addingReportingOverflow(window).overflow ? UInt64.max : from + window)
        places.removeAll(keepingCapacity: true)
        readers.removeAll(keepingCapacity: true)
        next = 0
        for (number, segment) in snapshot.segments.enumerated()
        where segment.footer.maxSequence >= from && segment.footer.minSequence < stop {
            let hides = !snapshot.identities.deletions.isEmpty
            let placement = hides ? try segment.placement(for: snapshot.identities) : nil
            for (chunk, directory) in segment.footer.chunks.enumerated()
            where directory.maxSequence >= from && directory.minSequence < stop {
                let wanted = selection?.wanted(directory.codes.map { snapshot.tables.events[$0.code] })
                if let wanted, !wanted.contains(true) { continue }
                let (codes, persons) = (try segment.codes(chunk), try segment.persons(chunk))
                var entry = 0
                let sequences = try segment.sequences(chunk)
                let times = try segment.times(chunk)
                let deleted = try placement?.deletedRows(of: segment, chunk, snapshot.identities) ?? []
                for row in 0..<Int(directory.rowCount) {
                    let own = UInt64(bitPattern: sequences[row])
                    guard own >= from, own < stop, times[row] >= snapshot.minTime else { continue }
                    if let wanted, !wanted[codes[row]] { continue }
                    if !deleted.isEmpty, deleted.contains(where: { $0.contains(row) }) { continue }
                    entry = persons.entry(ofRow: row, from: entry)
                    places.append(
                        Place(
                            sequence: own, segment: UInt32(number), chunk: UInt32(chunk), row: UInt32(row),
                            entry: UInt32(entry)))
                }
            }
        }
        places.sort { $0.sequence < $1.sequence }
        from = stop
    }
}
