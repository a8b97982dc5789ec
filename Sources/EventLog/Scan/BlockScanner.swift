/// Feeds the persons of a block to a fold.
///
/// Within a part, the rows of an entry are in order. A person with several entries (in several parts, or several merged
/// ids) gets them merged by time, then sequence number.
final class BlockScanner {
    private let identities: Identities
    private let tables: NameTables
    let sources: [ScanSource]
    private var items: [EntryCursor.Item] = []
    private var readers: [ChunkReader?]
    private var sequences: [PackedIntegers?]

    init(identities: Identities, tables: NameTables, sources: [ScanSource]) {
        self.identities = identities
        self.tables = tables
        self.sources = sources
        readers = Array(repeating: nil, count: sources.count)
        sequences = Array(repeating: nil, count: sources.count)
    }

    /// - Returns: persons visited and rows handed over.
    func run<Fold: PersonFold>(_ fold: inout Fold, anchored: Bool) throws -> (persons: Int, rows: Int) {
        var buffer = RowBuffer()
        if sources.count == 1, sources[0].part.absent.isEmpty, sources[0].part.moved.isEmpty {
            return try runSingle(sources[0], &fold, &buffer, anchored: anchored)
        }
        var visited = 0
        var matched = 0
        var cursor = EntryCursor(sources.map(\.part), persons: sources.map(\.persons))
        while cursor.next() {
            for group in persons(cursor.items) {
                items = group
                if anchored, !group.contains(where: hasAnchor) { continue }
                buffer.removeAll()
                try collect(group, into: &buffer)
                guard buffer.count > 0 else { continue }
                visited += 1
                matched += buffer.count
                try visit(&fold, buffer, home: cursor.home)
            }
        }
        return (visited, matched)
    }

    /// The common case: one source, nobody merged or deleted since it was written.
    private func runSingle<Fold: PersonFold>(
        _ source: ScanSource, _ fold: inout Fold, _ buffer: inout RowBuffer, anchored: Bool
    ) throws -> (persons: Int, rows: Int) {
        var visited = 0
        var matched = 0
        let persons = source.persons
        var entry = source.part.entries.lowerBound
        let end = source.part.entries.upperBound
        items = [EntryCursor.Item(part: 0, entry: 0)]
        var anchorRows = source.anchorRows.map { $0[...] }
        while entry < end {
            if anchorRows != nil {
                while let row = anchorRows?.first, Int(row) < persons.rows(entry).lowerBound {
                    anchorRows?.removeFirst()
                }
                guard let row = anchorRows?.first else { break }
                entry = persons.entry(ofRow: Int(row), from: entry)
                guard entry < end else { break }
            }
            // Entries of one home are one person, or (merged ids, equal hashes) must be told apart.
            if entry + 1 < persons.count, persons.homes[entry + 1] == persons.homes[entry] {
                var last = entry + 1
                while last < end, persons.homes[last] == persons.homes[entry] { last += 1 }
                var first = entry
                while first > source.part.entries.lowerBound, persons.homes[first - 1] == persons.homes[entry] {
                    first -= 1
                }
                for group in self.persons((first..<last).map { EntryCursor.Item(part: 0, entry: $0) }) {
                    items = group
                    if anchored, !group.contains(where: hasAnchor) { continue }
                    buffer.removeAll()
                    try collect(group, into: &buffer)
                    guard buffer.count > 0 else { continue }
                    visited += 1
                    matched += buffer.count
                    try visit(&fold, buffer, home: persons.homes[first])
                }
                items = [EntryCursor.Item(part: 0, entry: 0)]
                entry = last
                continue
            }
            let rows = persons.rows(entry)
            if !anchored || source.hasAnchor(rows) {
                buffer.removeAll()
                source.collect(rows, into: &buffer)
                if buffer.count > 0 {
                    items[0].entry = entry
                    visited &+= 1
                    matched &+= buffer.count
                    try visit(&fold, buffer, home: persons.homes[entry])
                }
            }
            entry &+= 1
        }
        return (visited, matched)
    }

    @inline(__always)
    private func visit<Fold: PersonFold>(_ fold: inout Fold, _ buffer: borrowing RowBuffer, home: UInt64) throws {
        try fold.visit(PersonView(rows: buffer.rows, hash: home, scanner: self))
    }

    private func hasAnchor(_ item: EntryCursor.Item) -> Bool {
        let source = sources[item.part]
        return source.hasAnchor(source.persons.rows(item.entry))
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

    private func canonicalID(_ item: EntryCursor.Item) -> String {
        identities.canonical(sources[item.part].persons.id(item.entry))
    }

    private func collect(_ group: [EntryCursor.Item], into buffer: inout RowBuffer) throws {
        var runs = 0
        for item in group {
            let before = buffer.count
            sources[item.part].collect(sources[item.part].persons.rows(item.entry), into: &buffer)
            if buffer.count > before { runs += 1 }
        }
        if runs > 1 { try sort(buffer.mutableRows) }
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
    /// The canonical id of the present person.
    var personID: String { items.first.map(canonicalID) ?? "" }

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
