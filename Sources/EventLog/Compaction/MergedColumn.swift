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

    /// Adds the values of all rows of the chunk.
    ///
    /// - Complexity: O(rows), for sparse columns O(runs log count + values)
    mutating func add(_ runs: ArraySlice<MergeOrder.Run>) {
        var position = 0
        for run in runs {
            if let view = views[run.source] { add(run, view, position) }
            position += run.rows.count
        }
    }

    private mutating func add(_ run: MergeOrder.Run, _ view: ColumnView, _ position: Int) {
        // The rows with a value have entries that follow each other.
        let first = draft.rows.count
        guard let entry = view.presence.appendPositions(of: run.rows, from: position, to: &draft.rows) else { return }
        let entries = entry..<(entry + draft.rows.count - first)
        var values = entries
        if view.type.isList {
            let before = Int64(max(draft.integers.count, draft.numbers.count))
            values = view.values(of: entries.lowerBound).lowerBound..<view.values(of: entries.upperBound - 1).upperBound
            for entry in entries {
                draft.ends.append(before + Int64(view.values(of: entry).upperBound - values.lowerBound))
            }
        }
        switch view.type.element {
        case .number: for value in values { draft.numbers.append(view.number(value)) }
        case .string: addStrings(values, run.source, view)
        default: for value in values { draft.integers.append(view.time(value)) }
        }
    }

    private mutating func addStrings(_ values: Range<Int>, _ source: Int, _ view: ColumnView) {
        codes[source].withUnsafeMutableBufferPointer { codes in
            for value in values {
                let code = view.code(value)
                if codes[code] == 0 { codes[code] = dictionary.intern(view.dictionary.bytes(code)) + 1 }
                draft.integers.append(Int64(codes[code]) - 1)
            }
        }
    }

    var finished: ColumnDraft {
        var draft = self.draft
        draft.dictionary = StringTable(ends: dictionary.ends.map(Int64.init), bytes: dictionary.arena)
        return draft
    }
}

extension Presence {
    /// Appends the positions of those of some rows, the first of which is at `start`, that have a value.
    ///
    /// - Returns: the entry of the first; the others follow it. Nil when none has a value.
    fileprivate func appendPositions(of rows: Range<Int>, from start: Int, to positions: inout [UInt32]) -> Int? {
        let offset = start - rows.lowerBound
        switch self {
        case .dense:
            for row in rows { positions.append(UInt32(truncatingIfNeeded: row &+ offset)) }
            return rows.isEmpty ? nil : rows.lowerBound
        case .ranked(let bits, _):
            var first: Int?
            for row in rows where (bits[row &>> 6] &>> UInt64(row & 63)) & 1 == 1 {
                if first == nil { first = entry(at: UInt32(row)) }
                positions.append(UInt32(truncatingIfNeeded: row &+ offset))
            }
            return first
        case .sparse(let list, let count):
            let first = (0..<count).partitioningIndex { Int(list[$0]) >= rows.lowerBound }
            var entry = first
            while entry < count, Int(list[entry]) < rows.upperBound {
                positions.append(UInt32(Int(list[entry]) + offset))
                entry += 1
            }
            return entry > first ? first : nil
        }
    }
}
