extension Snapshot {
    /// Counts, and the names and columns with what is in them, without what deletions and retention hide. What is on
    /// the disk is counted with it, as it takes room until a compaction.
    ///
    /// - Complexity: O(chunks * columns); O(rows * columns) of the chunks that have hidden rows.
    var statistics: LogStatistics {
        get throws {
            var tally = StatisticsTally(tables: tables)
            var hidden: [[HiddenRows?]] = []
            for segment in segments {
                tally.statistics.segmentBytes += segment.byteCount
                var ofSegment: [HiddenRows?] = []
                for chunk in segment.footer.chunks.indices {
                    let rows = try hiddenRows(of: segment, chunk)
                    try tally.add(segment, chunk, rows)
                    ofSegment.append(rows)
                }
                hidden.append(ofSegment)
            }
            var statistics = tally.result
            statistics.merges = identities.mergeCount
            statistics.segments = segments.count
            statistics.identities = try identityCount(hidden)
            return statistics
        }
    }

    /// What is left of a chunk some rows of which are hidden; nil when all are visible.
    private func hiddenRows(of segment: Segment, _ chunk: Int) throws -> HiddenRows? {
        let deleted: [Range<Int>] =
            identities.deletions.isEmpty
            ? [] : try segment.placement(for: identities).deletedRows(of: segment, chunk, identities)
        let directory = segment.footer.chunks[chunk]
        if deleted.isEmpty, directory.minTime >= minTime { return nil }
        let times = try segment.times(chunk)
        var rows: [Int] = []
        var next = 0
        for range in deleted + [Int(directory.rowCount)..<Int(directory.rowCount)] {
            for row in next..<range.lowerBound where times[row] >= minTime { rows.append(row) }
            next = range.upperBound
        }
        let persons = try segment.persons(chunk)
        var entries: Set<Int> = []
        var entry = 0
        for row in rows {
            entry = persons.entry(ofRow: row, from: entry)
            entries.insert(entry)
        }
        return HiddenRows(visible: rows, entries: entries, times: times)
    }

    /// Different ids with visible events.
    private func identityCount(_ hidden: [[HiddenRows?]]) throws -> Int {
        if segments.count == 1 {
            return zip(segments[0].footer.chunks, hidden[0]).reduce(0) { sum, chunk in
                sum + (chunk.1?.entries.count ?? Int(chunk.0.personCount))
            }
        }
        var count = 0
        let plan = try ScanPlan(segments, identities)
        for index in plan.ranges.indices {
            let block = try plan.block(index)
            let persons = try block.parts.map { try segments[$0.segment].persons($0.chunk) }
            let limits = block.parts.map { hidden[$0.segment][$0.chunk] }
            var cursor = EntryCursor(block.parts, persons: persons)
            while cursor.next() {
                var hashes: Set<UInt64> = []
                for item in cursor.items where limits[item.part]?.entries.contains(item.entry) ?? true {
                    hashes.insert(persons[item.part].hashes[item.entry])
                }
                count += hashes.count
            }
        }
        return count
    }
}

/// The rows of a chunk that are still visible, where not all are.
private struct HiddenRows {
    /// Ascending.
    var visible: [Int]
    /// Entries with a visible row.
    var entries: Set<Int>
    var times: PackedIntegers
}

/// Adds up chunks.
private struct StatisticsTally {
    let tables: NameTables
    var statistics = LogStatistics()
    private var names: [UInt16: LogStatistics.EventName] = [:]
    private var columns: [MergeSource.ColumnKey: LogStatistics.PropertyColumn] = [:]

    init(tables: NameTables) {
        self.tables = tables
    }

    mutating func add(_ segment: Segment, _ chunk: Int, _ hidden: HiddenRows?) throws {
        let directory = segment.footer.chunks[chunk]
        statistics.sequenceBytes += segment.section(.sequences, of: chunk).map { Int($0.length) } ?? 0
        statistics.events += hidden?.visible.count ?? Int(directory.rowCount)
        if let hidden {
            let codes = try segment.codes(chunk)
            for row in hidden.visible {
                add(directory.codes[codes[row]].code, count: 1, first: hidden.times[row], last: hidden.times[row])
            }
        } else {
            for code in directory.codes {
                add(code.code, count: Int(code.count), first: code.minTime, last: code.maxTime)
            }
        }
        for section in directory.sections where section.kind == .column {
            let view = try segment.column(chunk, section)
            let count = hidden?.visible.count { view.entry(at: UInt32($0)) >= 0 } ?? view.entryCount
            if count > 0 { add(section, view.type, count: count) }
        }
    }

    private mutating func add(_ code: UInt16, count: Int, first: Int64, last: Int64) {
        let name = LogStatistics.EventName(
            name: tables.events[code], count: count, firstTime: first, lastTime: last)
        names[code] = names[code]?.joined(name) ?? name
    }

    private mutating func add(_ section: SectionLocation, _ type: PropertyType, count: Int) {
        let key = MergeSource.ColumnKey(property: section.property, type: type)
        var column =
            columns[key]
            ?? LogStatistics.PropertyColumn(
                name: tables.properties[section.property], type: type, count: 0, bytes: 0)
        column.count += count
        column.bytes += Int(section.length)
        columns[key] = column
    }

    var result: LogStatistics {
        var result = statistics
        result.eventNames = names.values.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        result.properties = columns.values.sorted { ($0.name, $0.type.rawValue) < ($1.name, $1.type.rawValue) }
        if let first = names.values.map(\.firstTime).min(), let last = names.values.map(\.lastTime).max() {
            result.timeRange = first...last
        }
        return result
    }
}
