import Synchronization

extension EventLog {
    /// The state at this moment, for queries.
    ///
    /// - Complexity: O(recent rows) the first time after they came, else O(segments).
    package func snapshot() throws -> Snapshot {
        let captured = capture()
        var segments = captured.sealed.map(\.segment)
        segments += try captured.recent.map { try $0.segment() }
        return Snapshot(
            tables: captured.tables, segments: segments, identities: captured.identities, minTime: captured.minTime)
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
    /// Up to `limit` events from a sequence number on, in order.
    func tail(from sequence: UInt64, limit: Int) throws -> [StoredEvent] {
        // A small window for a small limit: gathering more places than are asked for would be in vain.
        var cursor = TailCursor(self, from: sequence, window: max(limit, 4096))
        return try cursor.read(limit: limit)
    }

    /// Counts from the footers, and the names and columns with what is in them.
    var statistics: LogStatistics {
        get throws {
            var statistics = LogStatistics()
            statistics.events = try eventCount
            statistics.merges = identities.mergeCount
            statistics.segments = segments.count
            statistics.timeRange = timeRange
            var names: [UInt16: LogStatistics.EventName] = [:]
            var columns: [MergeSource.ColumnKey: LogStatistics.PropertyColumn] = [:]
            for segment in segments {
                statistics.segmentBytes += segment.byteCount
                for (number, chunk) in segment.footer.chunks.enumerated() {
                    statistics.sequenceBytes += segment.section(.sequences, of: number).map { Int($0.length) } ?? 0
                    for code in chunk.codes {
                        let name = LogStatistics.EventName(
                            name: tables.events[code.code], count: Int(code.count), firstTime: code.minTime,
                            lastTime: code.maxTime)
                        names[code.code] = names[code.code]?.joined(name) ?? name
                    }
                    for section in chunk.sections where section.kind == .column {
                        let view = try segment.column(number, section)
                        let key = MergeSource.ColumnKey(property: section.property, type: view.type)
                        var column =
                            columns[key]
                            ?? LogStatistics.PropertyColumn(
                                name: tables.properties[section.property], type: view.type, count: 0, bytes: 0)
                        column.count += view.entryCount
                        column.bytes += Int(section.length)
                        columns[key] = column
                    }
                }
            }
            statistics.eventNames = names.values.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            statistics.properties = columns.values.sorted { ($0.name, $0.type.rawValue) < ($1.name, $1.type.rawValue) }
            statistics.identities = try identityCount()
            return statistics
        }
    }

    /// Different ids with events.
    private func identityCount() throws -> Int {
        if segments.count == 1 { return Int(segments[0].footer.entryCount) }
        var count = 0
        let plan = try ScanPlan(segments, identities)
        for index in plan.ranges.indices {
            let block = try plan.block(index)
            let persons = try block.parts.map { try segments[$0.segment].persons($0.chunk) }
            var cursor = EntryCursor(block.parts, persons: persons)
            while cursor.next() { count += Set(cursor.items.map { persons[$0.part].hashes[$0.entry] }).count }
        }
        return count
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
