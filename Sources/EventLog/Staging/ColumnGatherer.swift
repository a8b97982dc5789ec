/// Brings one column of a batch into the order of the chunks, one chunk after another.
struct ColumnGatherer {
    private let column: StagedColumn
    private let property: UInt16
    private let index: RowIndex
    /// For columns with few values: their entries by position in the order, so that a chunk costs only its own values.
    private var sparse: [(position: UInt32, entry: UInt32)] = []
    private let isSparse: Bool
    private var cursor = 0
    /// Code of the batch's dictionary to code of the chunk's plus one.
    private var remap: [UInt32] = []
    private var used: [UInt32] = []

    init(_ column: StagedColumn, property: UInt16, rowCount: Int, order: [UInt32]) {
        self.column = column
        self.property = property
        isSparse = column.rows.count * 32 < rowCount
        index = RowIndex(column.rows, rowCount: rowCount)
        if isSparse {
            // A sweep over the order is cheap beside the sort of all rows, and needs no inverse of the order.
            sparse.reserveCapacity(column.rows.count)
            for (position, row) in order.enumerated() {
                let entry = index.entry(of: row)
                if entry >= 0 { sparse.append((UInt32(position), UInt32(entry))) }
            }
        }
        if column.type.element == .string { remap = [UInt32](repeating: 0, count: column.dictionary.count) }
    }

    /// The column for the rows at some positions of the order, which must follow those of the call before.
    mutating func gather(_ order: [UInt32], _ positions: Range<Int>) -> ColumnDraft {
        var draft = ColumnDraft(property: property, type: column.type)
        var entries: [UInt32] = []
        if isSparse {
            while cursor < sparse.count, Int(sparse[cursor].position) < positions.upperBound {
                draft.rows.append(sparse[cursor].position - UInt32(positions.lowerBound))
                entries.append(sparse[cursor].entry)
                cursor += 1
            }
        } else {
            (draft.rows, entries) = index.entries(of: order[positions])
        }
        // For a column that is not a list, a value index is the entry.
        let values = column.type.isList ? lists(entries, ends: &draft.ends) : entries
        switch column.type.element {
        case .number: draft.numbers = values.gather(column.numbers) { $0 }
        case .time: draft.integers = values.gather(column.times) { $0 }
        case .boolean: draft.integers = values.gather(column.booleans) { $0 ? 1 : 0 }
        default: draft.integers = codes(values, &draft.dictionary)
        }
        return draft
    }

    /// The value indexes of some lists, one after another; `ends` gets where each ends.
    private func lists(_ entries: [UInt32], ends: inout [Int64]) -> [UInt32] {
        var values: [UInt32] = []
        for entry in entries {
            let start = entry == 0 ? 0 : column.ends[Int(entry) - 1]
            values.append(contentsOf: start..<column.ends[Int(entry)])
            ends.append(Int64(values.count))
        }
        return values
    }

    /// The chunk's codes of some values, with their strings in the order of appearance.
    private mutating func codes(_ values: [UInt32], _ dictionary: inout StringTable) -> [Int64] {
        let codes = remap.withUnsafeMutableBufferPointer { remap in
            values.gather(column.codes) { code in
                let known = remap[Int(code)]
                if known != 0 { return Int64(known) - 1 }
                let new = column.dictionary.withBytes(Int(code)) { dictionary.append($0) }
                remap[Int(code)] = UInt32(new + 1)
                used.append(code)
                return new
            }
        }
        for code in used { remap[Int(code)] = 0 }
        used.removeAll(keepingCapacity: true)
        return codes
    }
}

extension [UInt32] {
    /// What `body` makes of the elements of `source` at these indexes.
    @inline(__always)
    fileprivate func gather<Source, Result>(_ source: [Source], _ body: (Source) -> Result) -> [Result] {
        source.withUnsafeBufferPointer { source in
            [Result](unsafeUninitializedCapacity: count) { target, filled in
                for index in self {
                    target.initializeElement(at: filled, to: body(source[Int(index)]))
                    filled &+= 1
                }
            }
        }
    }
}
