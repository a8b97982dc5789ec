import Glibc

/// Feeds the persons of a block to a fold.
///
/// Within a part, the rows of an entry are in order. A person with several entries (in several parts, or several merged
/// ids) gets them merged by time, then sequence number.
final class BlockScanner {
    private let identities: Identities
    private let tables: NameTables
    let sources: [ScanSource]
    private var readers: [ChunkReader?]
    /// What orders rows of one time, for the sources that had such rows.
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
        if let views = sources[0].columns { fold.enter(views) }
        if sources.count == 1, sources[0].part.absent.isEmpty, sources[0].part.moved.isEmpty {
            var walk = Walk(sources[0])
            try run(&walk, to: sources[0].part.entries.upperBound, &fold, &buffer, &columns)
        } else {
            try runAside(&fold, &buffer, &columns)
        }
        try buffer.flush(to: &fold, self)
        try columns.flush(to: &fold, self)
        return (buffer.personsVisited + columns.personsVisited, buffer.rowsVisited + columns.rowsVisited)
    }

    /// Persons who lie in the first source alone come from there; the others are taken in between.
    ///
    /// - Complexity: O(rows), and O(sources) for each of the others.
    private func runAside<Fold: ScanFold>(
        _ fold: inout Fold, _ buffer: inout RunBuffer, _ columns: inout ColumnBuffer
    ) throws {
        let main = sources[0]
        let (homes, entries) = (main.persons.homes, main.part.entries)
        var absent = main.part.absent
        var elsewhere = main.part
        elsewhere.entries = 0..<0
        elsewhere.absent = []
        var aside = EntryCursor(
            [elsewhere] + sources.dropFirst().map(\.part), persons: sources.map(\.persons))
        var hasAside = aside.next()
        var walk = Walk(main)
        // Where few persons have a lead row, the others are passed over.
        var leads: [LeadCursor] = []
        if main.leadsAreSparse {
            leads = [LeadCursor(main, entries: 0..<0)] + sources.dropFirst().map { LeadCursor($0) }
        }
        var items: [EntryCursor.Item] = []
        while true {
            if !leads.isEmpty {
                walk.findLead(main)
                var lead = leads.home
                if walk.lead < entries.upperBound { lead = min(lead ?? .max, homes[walk.lead]) }
                guard let lead else { return }
                if hasAside, aside.home < lead {
                    aside.skip(to: lead)
                    hasAside = aside.next()
                }
                absent = absent[absent.partitioningIndex { homes[Int($0)] >= lead }...]
            }
            var home = hasAside ? aside.home : nil
            if let next = absent.first { home = min(home ?? .max, homes[Int(next)]) }
            guard let home else { break }
            let end = (walk.entry..<entries.upperBound).galloping { homes[$0] >= home }
            try run(&walk, to: end, &fold, &buffer, &columns)
            items.removeAll(keepingCapacity: true)
            while walk.entry < entries.upperBound, homes[walk.entry] == home {
                if absent.first == UInt32(walk.entry) {
                    absent.removeFirst()
                } else {
                    items.append(EntryCursor.Item(part: 0, entry: walk.entry))
                }
                walk.entry += 1
            }
            if hasAside, aside.home == home {
                items += aside.items
                hasAside = aside.next()
            }
            if !items.isEmpty { try collect(items, home: home, into: &buffer) }
            if buffer.isFull { try buffer.flush(to: &fold, self) }
            for source in leads.indices { leads[source].advance(past: home) }
        }
        try run(&walk, to: entries.upperBound, &fold, &buffer, &columns)
    }

    /// The way through the own entries of a source.
    private struct Walk {
        /// The next entry.
        var entry: Int
        /// The next entry from there on that has a lead row, or, when it lies before `entry`, not looked for yet.
        var lead: Int
        /// See `ScanSource.nextEntry`.
        var place = 0

        init(_ source: ScanSource) {
            entry = source.part.entries.lowerBound
            lead = entry - 1
        }

        @inline(__always)
        mutating func findLead(_ source: ScanSource) {
            if lead < entry { lead = source.nextEntry(from: entry, &place) }
        }
    }

    /// Hands over the persons of the first source up to an entry, none of whom has entries elsewhere: those before
    /// `end` and those from the walk's place on are of different persons than the others.
    private func run<Fold: ScanFold>(
        _ walk: inout Walk, to end: Int, _ fold: inout Fold, _ buffer: inout RunBuffer, _ columns: inout ColumnBuffer
    ) throws {
        let source = sources[0]
        let givesColumns = source.columns != nil
        let persons = source.persons
        walk.findLead(source)
        let start = walk.entry
        walk.entry = end
        var entry = walk.lead
        while entry < end {
            var next = entry &+ 1
            let home = persons.homes[entry]
            if (next < end && persons.homes[next] == home) || (entry > start && persons.homes[entry &- 1] == home) {
                // Entries of one home are one person, or (merged ids, equal hashes) must be told apart.
                var first = entry
                while first > start, persons.homes[first - 1] == home { first -= 1 }
                while next < end, persons.homes[next] == home { next += 1 }
                try collect((first..<next).map { EntryCursor.Item(part: 0, entry: $0) }, home: home, into: &buffer)
            } else if givesColumns {
                columns.add(persons.rows(entry), entry, hash: home)
                if columns.isFull { try columns.flush(to: &fold, self) }
            } else {
                source.collect(persons.rows(entry), into: &buffer)
                buffer.close(EntryCursor.Item(part: 0, entry: entry), hash: home)
            }
            if buffer.isFull { try buffer.flush(to: &fold, self) }
            entry = source.nextEntry(from: next, &walk.place)
        }
        walk.lead = entry
    }

    /// Adds the persons of some entries that share a home, one after another, each if any of its entries is worth it.
    private func collect(_ items: [EntryCursor.Item], home: UInt64, into buffer: inout RunBuffer) throws {
        if areOnePerson(items) { return try collect(person: items, home: home, into: &buffer) }
        for person in persons(items) { try collect(person: person, home: home, into: &buffer) }
    }

    private func collect(person items: [EntryCursor.Item], home: UInt64, into buffer: inout RunBuffer) throws {
        guard items.contains(where: hasLead) else { return }
        for item in items {
            let before = buffer.rowCount
            let source = sources[item.part]
            source.collect(source.persons.rows(item.entry), into: &buffer)
            try merge(buffer.open, from: before - buffer.start)
        }
        buffer.close(items[0], hash: home)
    }

    private func hasLead(_ item: EntryCursor.Item) -> Bool {
        let source = sources[item.part]
        return source.hasLead(source.persons.rows(item.entry))
    }

    /// Whether entries of one home have one id. Nearly always; else ids were merged, or two have the same hash.
    private func areOnePerson(_ items: [EntryCursor.Item]) -> Bool {
        guard let first = items.first, items.count > 1 else { return true }
        let id = sources[first.part].persons.idBytes(first.entry)
        return items.dropFirst().allSatisfy {
            let other = sources[$0.part].persons.idBytes($0.entry)
            guard let start = id.baseAddress, let base = other.baseAddress else { return false }
            return other.count == id.count && memcmp(base, start, id.count) == 0
        }
    }

    /// Entries of one home, by person.
    private func persons(_ items: [EntryCursor.Item]) -> [[EntryCursor.Item]] {
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

    /// Puts rows in order of which those before and those from `middle` on are.
    ///
    /// - Complexity: O(1) when they are in order already, as in segments one after another in time; else O(rows).
    private func merge(_ rows: UnsafeMutableBufferPointer<Row>, from middle: Int) throws {
        guard middle > 0, middle < rows.count, try isBefore(rows[middle], rows[middle - 1]) else { return }
        try withUnsafeTemporaryAllocation(of: Row.self, capacity: rows.count - middle) { later in
            _ = later.initialize(from: rows[middle...])
            var (first, second) = (middle - 1, later.count - 1)
            // From the end on, until all later ones have their place.
            while second >= 0 {
                if first >= 0, try isBefore(later[second], rows[first]) {
                    rows[first + second + 1] = rows[first]
                    first -= 1
                } else {
                    rows[first + second + 1] = later[second]
                    second -= 1
                }
            }
        }
    }

    /// By time, then sequence number.
    @inline(__always)
    private func isBefore(_ a: Row, _ b: Row) throws -> Bool {
        if a.time != b.time { return a.time < b.time }
        return try sequence(a) < sequence(b)
    }

    private func sequence(_ row: Row) throws -> Int64 {
        let number = Int(row.source)
        if let known = sequences[number] { return known[Int(row.row)] }
        let read = try sources[number].segment.sequences(sources[number].chunk)
        sequences[number] = read
        return read[Int(row.row)]
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
