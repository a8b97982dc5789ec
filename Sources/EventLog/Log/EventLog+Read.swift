import Synchronization

extension EventLog {
    /// The state at this moment, for queries.
    ///
    /// - Complexity: O(recent rows) the first time after they came, else O(segments).
    package func snapshot() throws -> Snapshot {
        let captured = capture()
        var segments = captured.sealed.map(\.segment)
        segments += try captured.recent.map { try $0.segment() }
        // Beside appends, which somebody waits for, scans give way.
        return Snapshot(
            tables: captured.tables, segments: segments, identities: captured.identities, minTime: captured.minTime,
            scanThreads: access == .writing ? .scans : nil)
    }

    private struct Captured {
        var tables: NameTables
        var identities: Identities
        var sealed: [LogState.SealedSegment]
        var recent: [RecentRows]
        var minTime: Int64
    }

    private func capture() -> Captured {
        state.withLock { state in
            var recent = state.recent
            if state.tail.count > 0 {
                // Kept beside the tail for the next reader, until more events come.
                recent.append(state.tailRows())
            }
            return Captured(
                tables: state.tables, identities: state.identities, sealed: state.segments, recent: recent,
                minTime: minTime(state))
        }
    }

    /// The events of one person in time order, under all of their ids. Quicker than by a snapshot: of the latest events
    /// only the person's own are put in order.
    ///
    /// - Complexity: O(segments log persons + rows of the person)
    package func history(of person: String) throws -> [StoredEvent] { try view(of: person).history(of: person) }

    /// A snapshot that is good for one person only.
    package func view(of person: String) throws -> Snapshot {
        let (captured, own) = try state.withLock { state in
            let canonical = state.identities.canonical(person)
            let own = try state.tail.segment(ofPersons: state.identities.members(of: canonical))
            return (
                Captured(
                    tables: state.tables, identities: state.identities, sealed: state.segments, recent: state.recent,
                    minTime: minTime(state)), own
            )
        }
        var segments = captured.sealed.map(\.segment)
        segments += try captured.recent.map { try $0.segment() }
        if let own { segments.append(own) }
        return Snapshot(
            tables: captured.tables, segments: segments, identities: captured.identities, minTime: captured.minTime)
    }

    /// Up to `limit` events from sequence number `sequence` on, in order, for projections. Deleted events are not
    /// there; the person of each is the id that it was sent with.
    ///
    /// - Complexity: O(rows in segments that reach to `sequence` or beyond, 4 bytes each, + result log result)
    package func tail(from sequence: UInt64, limit: Int) throws -> [StoredEvent] {
        try snapshot().tail(from: sequence, limit: limit)
    }

    /// The id that the events of an id are read under: what it was merged into, or itself.
    package func canonicalID(of id: String) -> String { state.withLock { $0.identities.canonical(id) } }

    /// The same for the sequence numbers of a range only.
    package func tail(in sequences: Range<UInt64>, limit: Int) throws -> [StoredEvent] {
        try snapshot().tail(from: sequences.lowerBound, below: sequences.upperBound, limit: limit)
    }

    /// One above the sequence number of the last event.
    package var nextSequence: UInt64 { state.withLock { $0.nextSequence } }

    package var statistics: LogStatistics {
        get throws {
            let snapshot = try snapshot()
            var statistics = try snapshot.statistics
            state.withLock { state in
                statistics.segments = state.segments.count
                statistics.segmentBytes = state.segments.reduce(0) { $0 + Int($1.entry.bytes) }
                statistics.recentEvents = state.recentCount
                statistics.nextSequence = state.nextSequence
                statistics.retention = state.retention == 0 ? nil : state.retention
            }
            statistics.writeAheadLogBytes = try wal?.bytes ?? walBytes()
            return statistics
        }
    }

    private func walBytes() throws -> Int {
        let path = folder + "/" + EventLog.walFolder
        return try disk.list(path).reduce(0) { try $0 + (disk.size(path + "/" + $1) ?? 0) }
    }
}

extension LogState {
    /// The tail as unchanging rows; the same ones until more events come.
    mutating func tailRows() -> RecentRows {
        if let known = frozenTail, known.count == tail.count { return known }
        let rows = RecentRows(tail)
        frozenTail = rows
        return rows
    }
}

extension Snapshot {
    /// Up to `limit` events from a sequence number on, and below another, in order.
    func tail(from sequence: UInt64, below bound: UInt64 = .max, limit: Int) throws -> [StoredEvent] {
        // A small window for a small limit: gathering more places than are asked for would be in vain.
        var cursor = TailCursor(self, from: sequence, below: bound, window: max(limit, 4096))
        return try cursor.read(limit: limit)
    }
}

extension Placement {
    /// The rows of a chunk's deleted entries.
    func deletedRows(of segment: Segment, _ chunk: Int, _ identities: Identities) throws -> [Range<Int>] {
        guard let absent = absent[UInt32(chunk)], !identities.deletions.isEmpty else { return [] }
        let persons = try segment.persons(chunk)
        return absent.map(Int.init).filter {
            identities.isDeleted(persons.hashes[$0], persons.idBytes($0), before: segment.footer.maxSequence)
        }.map(persons.rows)
    }
}

extension Segment {
    /// Whether it holds an entry that was deleted.
    func holdsDeleted(_ identities: Identities) throws -> Bool {
        let placement = try placement(for: identities)
        return try placement.absent.keys.contains { try !placement.deletedRows(of: self, Int($0), identities).isEmpty }
    }
}
