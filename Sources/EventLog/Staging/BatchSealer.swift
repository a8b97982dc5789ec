/// Sorts a batch by person and time and writes it as chunks.
///
/// - Complexity: O(rows + persons log persons) when each person's events arrive nearly in time order.
struct BatchSealer {
    let batch: EventBatch
    /// The batch's numbers of event names to the log's.
    let codes: [UInt16]
    /// The batch's numbers of property names to the log's.
    let properties: [UInt16]
    /// The sequence number of each row.
    let sequences: [Int64]
    /// Persons in the order of (hash, id); the batch's numbers.
    private let persons: [UInt32]
    /// Rows by person in that order, then by time and arrival.
    private let order: [UInt32]
    /// Where each person's rows end in `order`.
    private let ends: [Int]

    /// - Parameter kept: which rows to write; nil is all.
    init(batch: EventBatch, codes: [UInt16], properties: [UInt16], sequences: [Int64], kept: [Bool]? = nil) {
        self.batch = batch
        self.codes = codes
        self.properties = properties
        self.sequences = sequences
        let hashes = batch.persons.hashes
        let sorted = (0..<UInt32(batch.persons.count)).sorted { a, b in
            let (x, y) = (hashes[Int(a)], hashes[Int(b)])
            return x != y ? x < y : batch.persons.precedes(Int(a), Int(b))
        }
        var counts = [Int](repeating: 0, count: batch.persons.count)
        for (row, person) in batch.rowPersons.enumerated() where kept?[row] ?? true { counts[Int(person)] += 1 }
        var starts = [Int](repeating: 0, count: batch.persons.count)
        var ends: [Int] = []
        var persons: [UInt32] = []
        var total = 0
        for person in sorted where counts[Int(person)] > 0 {
            starts[Int(person)] = total
            total += counts[Int(person)]
            ends.append(total)
            persons.append(person)
        }
        var order = [UInt32](repeating: 0, count: total)
        for (row, person) in batch.rowPersons.enumerated() where kept?[row] ?? true {
            order[starts[Int(person)]] = UInt32(row)
            starts[Int(person)] += 1
        }
        BatchSealer.sortByTime(&order, ends: ends, times: batch.rowTimes)
        self.order = order
        self.persons = persons
        self.ends = ends
    }

    /// Sorts each person's rows by time; rows of the same time stay in the order of arrival.
    private static func sortByTime(_ order: inout [UInt32], ends: [Int], times: [Int64]) {
        order.withUnsafeMutableBufferPointer { order in
            times.withUnsafeBufferPointer { times in
                var start = 0
                for end in ends {
                    var isSorted = true
                    for index in (start + 1)..<max(end, start + 1)
                    where times[Int(order[index])] < times[Int(order[index &- 1])] {
                        isSorted = false
                        break
                    }
                    if !isSorted {
                        order[start..<end].sort { a, b in
                            let (x, y) = (times[Int(a)], times[Int(b)])
                            return x != y ? x < y : a < b
                        }
                    }
                    start = end
                }
            }
        }
    }

    var rowCount: Int { order.count }

    /// Writes all rows.
    func write(to writer: inout SegmentWriter, chunkRows: Int = SegmentFormat.chunkRows) throws {
        var gatherers = batch.columns.map {
            ColumnGatherer($0, property: properties[Int($0.property)], rowCount: batch.count, order: order)
        }
        let messages = MessageIndex(batch)
        var person = 0
        var start = 0
        while person < persons.count {
            var end = person
            var stop = start
            while end < persons.count, stop - start < chunkRows || sameHash(end - 1, end) {
                stop = ends[end]
                end += 1
            }
            var draft = ChunkDraft()
            for index in person..<end { addPerson(index, chunkStart: start, to: &draft) }
            let rows = order[start..<stop]
            draft.codes = rows.map { codes[Int(batch.rowNames[Int($0)])] }
            draft.times = rows.map { batch.rowTimes[Int($0)] }
            draft.sequences = rows.map { sequences[Int($0)] }
            messages.gather(rows, into: &draft.messages)
            for index in gatherers.indices {
                if let column = gatherers[index].gather(order, start..<stop) { draft.columns.append(column) }
            }
            try writer.write(draft)
            person = end
            start = stop
        }
    }

    /// Persons of one hash stay in one chunk.
    private func sameHash(_ a: Int, _ b: Int) -> Bool {
        a >= 0 && batch.persons.hashes[Int(persons[a])] == batch.persons.hashes[Int(persons[b])]
    }

    private func addPerson(_ index: Int, chunkStart: Int, to draft: inout ChunkDraft) {
        let person = Int(persons[index])
        draft.homes.append(batch.persons.hashes[person])
        draft.hashes.append(batch.persons.hashes[person])
        draft.rowEnds.append(UInt32(ends[index] - chunkStart))
        batch.persons.withBytes(person) { draft.idBytes.append(contentsOf: $0) }
        draft.idEnds.append(Int64(draft.idBytes.count))
    }
}

extension ByteInterner {
    /// Whether entry `a` comes before entry `b` in the order of their bytes.
    func precedes(_ a: Int, _ b: Int) -> Bool {
        withBytes(a) { a in withBytes(b) { b in a.lexicographicallyPrecedes(b) } }
    }
}

/// Message ids of a batch by row.
private struct MessageIndex {
    private let batch: EventBatch
    private let entries: RowIndex

    init(_ batch: EventBatch) {
        self.batch = batch
        entries = RowIndex(batch.messageRows, rowCount: batch.count)
    }

    func gather(_ rows: ArraySlice<UInt32>, into draft: inout BytesDraft) {
        guard !batch.messageRows.isEmpty else { return }
        batch.messageBytes.withUnsafeBytes { bytes in
            for (position, row) in rows.enumerated() {
                let entry = entries.entry(of: row)
                guard entry >= 0 else { continue }
                let start = entry == 0 ? 0 : batch.messageEnds[entry - 1]
                draft.add(
                    row: UInt32(position), UnsafeRawBufferPointer(rebasing: bytes[start..<batch.messageEnds[entry]]))
            }
        }
    }
}

/// From a row to its index in an ascending list of rows.
struct RowIndex {
    private let rows: [UInt32]
    private let isDense: Bool
    private var bits: [UInt64] = []
    private var ranks: [UInt32] = []

    init(_ rows: [UInt32], rowCount: Int) {
        self.rows = rows
        isDense = rows.count == rowCount
        guard !isDense, !rows.isEmpty else { return }
        bits = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        for row in rows { bits[Int(row >> 6)] |= 1 << UInt64(row & 63) }
        ranks.reserveCapacity(bits.count)
        var rank: UInt32 = 0
        for word in bits {
            ranks.append(rank)
            rank += UInt32(word.nonzeroBitCount)
        }
    }

    /// The index of `row`, or -1.
    func entry(of row: UInt32) -> Int {
        if isDense { return Int(row) }
        if rows.isEmpty { return -1 }
        let word = bits[Int(row &>> 6)]
        let bit = UInt64(row & 63)
        guard (word &>> bit) & 1 == 1 else { return -1 }
        return Int(ranks[Int(row &>> 6)]) &+ (word & ((1 &<< bit) &- 1)).nonzeroBitCount
    }
}

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
    mutating func gather(_ order: [UInt32], _ positions: Range<Int>) -> ColumnDraft? {
        var draft = ColumnDraft(property: property, type: column.type)
        if isSparse {
            while cursor < sparse.count, Int(sparse[cursor].position) < positions.upperBound {
                let item = sparse[cursor]
                add(Int(item.entry), row: item.position - UInt32(positions.lowerBound), to: &draft)
                cursor += 1
            }
        } else {
            for position in positions {
                let entry = index.entry(of: order[position])
                if entry >= 0 { add(entry, row: UInt32(position - positions.lowerBound), to: &draft) }
            }
        }
        for code in used { remap[Int(code)] = 0 }
        used.removeAll(keepingCapacity: true)
        return draft.rows.isEmpty ? nil : draft
    }

    private mutating func add(_ entry: Int, row: UInt32, to draft: inout ColumnDraft) {
        draft.rows.append(row)
        let values: Range<Int>
        if column.type.isList {
            values = (entry == 0 ? 0 : Int(column.ends[entry - 1]))..<Int(column.ends[entry])
        } else {
            values = entry..<(entry + 1)
        }
        for value in values {
            switch column.type.element {
            case .number: draft.numbers.append(column.numbers[value])
            case .time: draft.integers.append(column.times[value])
            case .boolean: draft.integers.append(column.booleans[value] ? 1 : 0)
            default: draft.integers.append(code(column.codes[value], &draft.dictionary))
            }
        }
        if column.type.isList { draft.ends.append(Int64(max(draft.integers.count, draft.numbers.count))) }
    }

    private mutating func code(_ code: UInt32, _ dictionary: inout StringTable) -> Int64 {
        if remap[Int(code)] == 0 {
            let new = column.dictionary.withBytes(Int(code)) { dictionary.append($0) }
            remap[Int(code)] = UInt32(new + 1)
            used.append(code)
        }
        return Int64(remap[Int(code)]) - 1
    }
}
