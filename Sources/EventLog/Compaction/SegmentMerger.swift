/// Merges segments into one: the entries of a person come together under their home, deleted entries and events past
/// the retention age are left out, chunks that nothing happens to are copied as they are.
///
/// - Complexity: O(rows + values), holding about one block (a chunk of the largest segment and what belongs to it) in
///   memory.
struct SegmentMerger {
    let segments: [Segment]
    let identities: Identities
    /// Events before this time are left out.
    let minTime: Int64
    /// Called with the rows done, after each block.
    var progress: (@Sendable (Int) -> Void)?

    /// - Returns: the footer's rows; 0 when nothing is left.
    func write(to writer: inout SegmentWriter) throws {
        let plan = try ScanPlan(segments, identities)
        for segment in segments {
            writer.addReceived(try segment.receivedRuns())
            writer.addMessageHashes(try segment.messageHashes())
        }
        var done = 0
        for index in plan.ranges.indices {
            let block = try plan.block(index)
            if let whole = unchanged(block) {
                try writer.copy(whole.chunk, of: whole.segment)
            } else {
                try merge(block, into: &writer)
            }
            done += block.parts.reduce(0) { sum, part in
                sum + Int(segments[part.segment].footer.chunks[part.chunk].rowCount)
            }
            progress?(min(done, segments.reduce(0) { $0 + $1.rowCount }))
        }
    }

    /// The block's only chunk, when it can be taken over as it is.
    private func unchanged(_ block: ScanPlan.Block) -> (segment: Segment, chunk: Int)? {
        guard block.parts.count == 1, let part = block.parts.first, part.absent.isEmpty, part.moved.isEmpty else {
            return nil
        }
        let segment = segments[part.segment]
        let directory = segment.footer.chunks[part.chunk]
        guard part.entries == 0..<Int(directory.personCount), directory.minTime >= minTime else { return nil }
        return (segment, part.chunk)
    }

    private func merge(_ block: ScanPlan.Block, into writer: inout SegmentWriter) throws {
        let sources = try block.parts.map { try MergeSource(segments[$0.segment], $0) }
        guard !sources.isEmpty else { return }
        var cursor = EntryCursor(block.parts, persons: sources.map(\.persons))
        var order = MergeOrder()
        while cursor.next() {
            try order.add(cursor.items, home: cursor.home, sources: sources, minTime: minTime)
        }
        for range in order.chunks(of: SegmentFormat.chunkRows) {
            try writer.write(draft(order, range, sources).encoded())
        }
    }

    private func draft(_ order: MergeOrder, _ entries: Range<Int>, _ sources: [MergeSource]) -> ChunkDraft {
        var draft = ChunkDraft()
        let start = entries.lowerBound == 0 ? 0 : order.entries[entries.lowerBound - 1].end
        for entry in order.entries[entries] {
            draft.homes.append(entry.home)
            draft.hashes.append(entry.hash)
            draft.rowEnds.append(UInt32(entry.end - start))
            draft.idBytes.append(contentsOf: sources[entry.source].persons.idBytes(entry.entry))
            draft.idEnds.append(Int64(draft.idBytes.count))
        }
        let rows = order.rows[start..<order.entries[entries.upperBound - 1].end]
        draft.times = rows.map { sources[$0.source].times[$0.row] }
        draft.codes = rows.map { sources[$0.source].names[sources[$0.source].codes[$0.row]] }
        draft.sequences = rows.map { sources[$0.source].sequences[$0.row] }
        for (position, row) in rows.enumerated() {
            sources[row.source].messages?.withID(at: UInt32(row.row)) { id in
                if let id { draft.messages.add(row: UInt32(position), id) }
            }
        }
        draft.columns = columns(rows, sources)
        return draft
    }

    /// One column after another, so that only one dictionary is open at a time.
    private func columns(_ rows: ArraySlice<MergeOrder.Place>, _ sources: [MergeSource]) -> [ColumnDraft] {
        let keys = Set(sources.flatMap { $0.columns.keys })
        return keys.sorted { ($0.property, $0.type.rawValue) < ($1.property, $1.type.rawValue) }.compactMap { key in
            var column = MergedColumn(key, sources, hashKey: identities.key)
            for (position, row) in rows.enumerated() { column.add(row, at: UInt32(position)) }
            return column.finished
        }
    }
}

/// A chunk with all that a merge reads of it.
struct MergeSource {
    struct ColumnKey: Hashable {
        var property: UInt16
        var type: PropertyType
    }

    let persons: PersonsView
    let times: PackedIntegers
    let sequences: PackedIntegers
    let codes: CodesView
    let names: [UInt16]
    let messages: MessageIDView?
    let columns: [ColumnKey: ColumnView]

    init(_ segment: Segment, _ part: ScanPlan.Part) throws {
        persons = try segment.persons(part.chunk)
        times = try segment.times(part.chunk)
        sequences = try segment.sequences(part.chunk)
        codes = try segment.codes(part.chunk)
        names = segment.footer.chunks[part.chunk].codes.map(\.code)
        messages = try segment.messageIDs(part.chunk)
        var columns: [ColumnKey: ColumnView] = [:]
        for section in segment.footer.chunks[part.chunk].sections where section.kind == .column {
            let view = try segment.column(part.chunk, section)
            columns[ColumnKey(property: section.property, type: view.type)] = view
        }
        self.columns = columns
    }
}

/// The entries and rows of a block in their new order.
struct MergeOrder {
    struct Entry {
        var home: UInt64
        var hash: UInt64
        /// A source and entry that have the id.
        var source: Int
        var entry: Int
        /// Where its rows end in `rows`.
        var end: Int
    }

    struct Place {
        var source: Int
        var row: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var rows: [Place] = []

    /// Adds the entries of one home: those with the same id become one.
    mutating func add(_ items: [EntryCursor.Item], home: UInt64, sources: [MergeSource], minTime: Int64) throws {
        let sorted = items.count == 1 ? items : items.sorted { precedes($0, $1, sources) }
        var index = 0
        while index < sorted.count {
            var end = index + 1
            while end < sorted.count, !precedes(sorted[index], sorted[end], sources) { end += 1 }
            let start = rows.count
            for item in sorted[index..<end] {
                for row in sources[item.part].persons.rows(item.entry) where sources[item.part].times[row] >= minTime {
                    rows.append(Place(source: item.part, row: row))
                }
            }
            if end - index > 1 {
                rows[start...].sort { a, b in
                    let (x, y) = (sources[a.source].times[a.row], sources[b.source].times[b.row])
                    return x != y ? x < y : sources[a.source].sequences[a.row] < sources[b.source].sequences[b.row]
                }
            }
            if rows.count > start {
                let first = sorted[index]
                entries.append(
                    Entry(
                        home: home, hash: sources[first.part].persons.hashes[first.entry], source: first.part,
                        entry: first.entry, end: rows.count))
            }
            index = end
        }
    }

    /// By hash, then id.
    private func precedes(_ a: EntryCursor.Item, _ b: EntryCursor.Item, _ sources: [MergeSource]) -> Bool {
        let (x, y) = (sources[a.part].persons, sources[b.part].persons)
        let (m, n) = (x.hashes[a.entry], y.hashes[b.entry])
        return m != n ? m < n : x.idBytes(a.entry).lexicographicallyPrecedes(y.idBytes(b.entry))
    }

    /// Ranges of entries with about `size` rows each, none of them much smaller, cut between homes.
    func chunks(of size: Int) -> [Range<Int>] {
        guard let total = entries.last?.end else { return [] }
        let pieces = max(1, (total + size / 2) / size)
        var ranges: [Range<Int>] = []
        var first = 0
        for index in entries.indices {
            let isLast = index + 1 == entries.count
            let isDue = entries[index].end >= total * (ranges.count + 1) / pieces
            if isLast || (isDue && entries[index].home != entries[index + 1].home) {
                ranges.append(first..<(index + 1))
                first = index + 1
            }
        }
        return ranges
    }
}

/// One column of a merged chunk.
struct MergedColumn {
    private let views: [ColumnView?]
    private var draft: ColumnDraft
    private var dictionary: ByteInterner
    /// For each source, the code of its dictionary to the new code plus one.
    private var codes: [[UInt32]]

    init(_ key: MergeSource.ColumnKey, _ sources: [MergeSource], hashKey: HashKey) {
        views = sources.map { $0.columns[key] }
        draft = ColumnDraft(property: key.property, type: key.type)
        dictionary = ByteInterner(key: hashKey)
        codes = views.map { [UInt32](repeating: 0, count: $0?.dictionary.count ?? 0) }
    }

    mutating func add(_ place: MergeOrder.Place, at position: UInt32) {
        guard let view = views[place.source] else { return }
        let entry = view.entry(at: UInt32(place.row))
        guard entry >= 0 else { return }
        draft.rows.append(position)
        for value in view.values(of: entry) {
            switch view.type.element {
            case .number: draft.numbers.append(view.number(value))
            case .string: draft.integers.append(newCode(view.code(value), place.source, view))
            default: draft.integers.append(view.time(value))
            }
        }
        if view.type.isList { draft.ends.append(Int64(max(draft.integers.count, draft.numbers.count))) }
    }

    private mutating func newCode(_ code: Int, _ source: Int, _ view: ColumnView) -> Int64 {
        if codes[source][code] == 0 { codes[source][code] = dictionary.intern(view.dictionary.bytes(code)) + 1 }
        return Int64(codes[source][code]) - 1
    }

    /// Nil when no row has a value.
    var finished: ColumnDraft? {
        guard !draft.rows.isEmpty else { return nil }
        var draft = self.draft
        draft.dictionary = StringTable(ends: dictionary.ends.map(Int64.init), bytes: dictionary.arena)
        return draft
    }
}
