/// Feeds the persons of a block to a fold.
///
/// Within a part, the rows of an entry are in order. A person with several entries (in several parts, or several merged
/// ids) gets them merged by time, then sequence number.
final class BlockScanner {
    private let identities: Identities
    private let tables: NameTables
    let sources: [ScanSource]
    private var readers: [ChunkReader?]
    private var sequences: [PackedIntegers?]

    init(identities: Identities, tables: NameTables, sources: [ScanSource]) {
        self.identities = identities
        self.tables = tables
        self.sources = sources
        readers = Array(repeating: nil, count: sources.count)
        sequences = Array(repeating: nil, count: sources.count)
    }

    /// - Returns: persons visited, and the rows of theirs that the selection wants.
    func run<Fold: ScanFold>(_ fold: inout Fold) throws -> (persons: Int, rows: Int) {
        var buffer = RunBuffer()
        var columns = ColumnBuffer(sources.first?.columns?.times, unpacks: fold.columnUse == .times)
        if sources.count == 1, sources[0].part.absent.isEmpty, sources[0].part.moved.isEmpty {
            if let views = sources[0].columns { fold.enter(views) }
            try runSingle(sources[0], &fold, &buffer, &columns)
        } else {
            try runMerged(&fold, &buffer)
        }
        try buffer.flush(to: &fold, self)
        try columns.flush(to: &fold, self)
        // Columns hold all rows of a person, also those that the selection does not want.
        let rows = columns.personsVisited > 0 ? sources[0].matchCount : nil
        return (
            buffer.personsVisited + columns.personsVisited, rows ?? (buffer.rowsVisited + columns.rowsVisited)
        )
    }

    private func runMerged<Fold: ScanFold>(_ fold: inout Fold, _ buffer: inout RunBuffer) throws {
        var cursor = EntryCursor(sources.map(\.part), persons: sources.map(\.persons))
        while cursor.next() {
            try collect(cursor.items, home: cursor.home, into: &buffer)
            if buffer.isFull { try buffer.flush(to: &fold, self) }
        }
    }

    /// The common case: one source, nobody merged or deleted since it was written.
    private func runSingle<Fold: ScanFold>(
        _ source: ScanSource, _ fold: inout Fold, _ buffer: inout RunBuffer, _ columns: inout ColumnBuffer
    ) throws {
        let givesColumns = source.columns != nil
        let persons = source.persons
        let entries = source.part.entries
        var place = 0
        var entry = source.nextEntry(from: entries.lowerBound, &place)
        while entry < entries.upperBound {
            var next = entry &+ 1
            let home = persons.homes[entry]
            if (next < entries.upperBound && persons.homes[next] == home)
                || (entry > entries.lowerBound && persons.homes[entry &- 1] == home)
            {
                // Entries of one home are one person, or (merged ids, equal hashes) must be told apart.
                var first = entry
                while first > entries.lowerBound, persons.homes[first - 1] == home { first -= 1 }
                while next < entries.upperBound, persons.homes[next] == home { next += 1 }
                try collect((first..<next).map { EntryCursor.Item(part: 0, entry: $0) }, home: home, into: &buffer)
            } else if givesColumns {
                columns.add(persons.rows(entry), entry, hash: home)
                if columns.isFull { try columns.flush(to: &fold, self) }
            } else {
                source.collect(persons.rows(entry), into: &buffer)
                buffer.close(EntryCursor.Item(part: 0, entry: entry), hash: home)
            }
            if buffer.isFull { try buffer.flush(to: &fold, self) }
            entry = source.nextEntry(from: next, &place)
        }
    }

    /// Adds the persons of some entries that share a home, one after another, each if any of its entries is worth it.
    private func collect(_ items: [EntryCursor.Item], home: UInt64, into buffer: inout RunBuffer) throws {
        for group in persons(items) where group.contains(where: hasLead) {
            var runs = 0
            for item in group {
                let before = buffer.rowCount
                let source = sources[item.part]
                source.collect(source.persons.rows(item.entry), into: &buffer)
                if buffer.rowCount > before { runs += 1 }
            }
            if runs > 1 { try sort(buffer.open) }
            buffer.close(group[0], hash: home)
        }
    }

    private func hasLead(_ item: EntryCursor.Item) -> Bool {
        let source = sources[item.part]
        return source.hasLead(source.persons.rows(item.entry))
    }

    /// Entries of one home, by person. Almost always one group; two only when two ids have the same hash.
    private func persons(_ items: [EntryCursor.Item]) -> [[EntryCursor.Item]] {
        guard let first = items.first, items.count > 1 else { return items.isEmpty ? [] : [items] }
        let firstID = sources[first.part].persons.idBytes(first.entry)
        let isOne = items.dropFirst().allSatisfy {
            sources[$0.part].persons.idBytes($0.entry).elementsEqual(firstID)
        }
        if isOne { return [items] }
        var groups: [(id: String, items: [EntryCursor.Item])] = []
        for item in items {
            let id = canonicalID(item)
            if let index = groups.firstIndex(where: { $0.id == id }) {
                groups[index].items.append(item)
            } else {
                groups.append((id, [item]))
            }
        }
        return groups.map(\.items)
    }

    private func sort(_ unsorted: UnsafeMutableBufferPointer<Row>) throws {
        var rows = unsorted
        var sequenceOf: [PackedIntegers?] = sequences
        for row in rows where sequenceOf[Int(row.source)] == nil {
            let source = sources[Int(row.source)]
            sequenceOf[Int(row.source)] = try source.segment.sequences(source.chunk)
        }
        sequences = sequenceOf
        rows.sort { a, b in
            if a.time != b.time { return a.time < b.time }
            return (sequenceOf[Int(a.source)]?[Int(a.row)] ?? 0) < (sequenceOf[Int(b.source)]?[Int(b.row)] ?? 0)
        }
    }
}

// MARK: - What a fold may ask about the person it is visiting

extension BlockScanner {
    /// The canonical id of the person whom an entry belongs to.
    func canonicalID(_ item: EntryCursor.Item) -> String {
        identities.canonical(sources[item.part].persons.id(item.entry))
    }

    /// A row with all that is stored of it. The event's person is the id it was sent with.
    func event(_ row: Row) throws -> StoredEvent {
        let number = Int(row.source)
        let source = sources[number]
        let reader: ChunkReader
        if let known = readers[number] {
            reader = known
        } else {
            reader = try ChunkReader(source.segment, source.chunk, tables: tables)
            readers[number] = reader
        }
        return reader.event(Int(row.row))
    }
}
