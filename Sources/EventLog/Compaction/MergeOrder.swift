/// The entries and rows of a block in their new order.
struct MergeOrder {
    struct Entry {
        var home: UInt64
        var hash: UInt64
        /// A source and entry that have the id.
        var source: Int
        var entry: Int
        /// Its rows in the new order.
        var start: Int
        var end: Int
        /// The same as runs.
        var firstRun: Int
        var endRun: Int
    }

    /// Rows that follow each other in a source and here.
    struct Run: Sendable {
        var source: Int
        var rows: Range<Int>
    }

    private(set) var entries: [Entry] = []
    private var runs: [Run] = []
    private var rowCount = 0

    func rowCount(_ range: Range<Int>) -> Int {
        range.isEmpty ? 0 : entries[range.upperBound - 1].end - entries[range.lowerBound].start
    }

    func runs(_ range: Range<Int>) -> ArraySlice<Run> {
        range.isEmpty ? [] : runs[entries[range.lowerBound].firstRun..<entries[range.upperBound - 1].endRun]
    }

    /// Adds the entries of one home: those with the same id become one.
    mutating func add(_ items: [EntryCursor.Item], home: UInt64, sources: [MergeSource], minTime: Int64) throws {
        let sorted = items.count == 1 ? items : items.sorted { precedes($0, $1, sources) }
        var index = 0
        while index < sorted.count {
            var end = index + 1
            while end < sorted.count, !precedes(sorted[index], sorted[end], sources) { end += 1 }
            let start = rowCount
            let firstRun = runs.count
            let parts = sorted[index..<end].compactMap { kept($0, sources[$0.part], minTime) }
            if parts.count == 1 || inOrder(parts, sources) {
                for part in parts { append(part) }
            } else {
                interleave(parts, sources)
            }
            if rowCount > start {
                let first = sorted[index]
                entries.append(
                    Entry(
                        home: home, hash: sources[first.part].persons.hashes[first.entry], source: first.part,
                        entry: first.entry, start: start, end: rowCount, firstRun: firstRun, endRun: runs.count))
            }
            index = end
        }
    }

    private mutating func append(_ run: Run) {
        runs.append(run)
        rowCount += run.rows.count
    }

    /// The rows of an entry that are not too old; nil when there are none. An entry's rows are in the order of time.
    private func kept(_ item: EntryCursor.Item, _ source: MergeSource, _ minTime: Int64) -> Run? {
        var rows = source.persons.rows(item.entry)
        if !rows.isEmpty, source.times[rows.lowerBound] < minTime {
            let first = rows.partitioningIndex { source.times[$0] >= minTime }
            rows = first..<rows.upperBound
        }
        return rows.isEmpty ? nil : Run(source: item.part, rows: rows)
    }

    /// Whether each part ends before the next begins.
    private func inOrder(_ parts: [Run], _ sources: [MergeSource]) -> Bool {
        zip(parts, parts.dropFirst()).allSatisfy { a, b in
            sources[a.source].times[a.rows.upperBound - 1] < sources[b.source].times[b.rows.lowerBound]
        }
    }

    /// Merges the rows of some parts by time, then sequence number.
    private mutating func interleave(_ parts: [Run], _ sources: [MergeSource]) {
        struct Place {
            var time: Int64
            var sequence: Int64
            var source: Int
            var row: Int
        }
        var places: [Place] = []
        for part in parts {
            let (times, sequences) = (sources[part.source].times, sources[part.source].sequences)
            for row in part.rows {
                places.append(Place(time: times[row], sequence: sequences[row], source: part.source, row: row))
            }
        }
        places.sort { $0.time != $1.time ? $0.time < $1.time : $0.sequence < $1.sequence }
        var run: Run?
        for place in places {
            if let open = run, open.source == place.source, open.rows.upperBound == place.row {
                run?.rows = open.rows.lowerBound..<(place.row + 1)
            } else {
                if let run { append(run) }
                run = Run(source: place.source, rows: place.row..<(place.row + 1))
            }
        }
        if let run { append(run) }
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
