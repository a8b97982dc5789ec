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
    private let messageHashes: [UInt64]
    /// Persons in the order of (hash, id); the batch's numbers.
    private let persons: [UInt32]
    /// Rows by person in that order, then by time and arrival.
    private let order: [UInt32]
    /// Where each person's rows end in `order`.
    private let ends: [Int]

    /// - Parameters:
    ///   - kept: which rows to write; nil is all.
    ///   - messageHashes: of the message ids of those rows; nil is all.
    init(
        batch: EventBatch, codes: [UInt16], properties: [UInt16], sequences: [Int64], kept: [Bool]? = nil,
        messageHashes: [UInt64]? = nil
    ) {
        self.batch = batch
        self.messageHashes = messageHashes ?? batch.messageHashes
        self.codes = codes
        self.properties = properties
        self.sequences = sequences
        let sorted = batch.persons.sorted
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
    ///
    /// - Parameter threads: how many encode at once.
    func write(
        to writer: inout SegmentWriter, chunkRows: Int = SegmentFormat.chunkRows, threads: Int = 1
    ) throws {
        let chunks = chunks(of: chunkRows)
        // Columns first, because they are the most unequal pieces of work.
        let columnCount = batch.columns.count
        let pieces = Parallel.map(columnCount + 1 + chunks.count, threads: threads) { index in
            index < columnCount
                ? encodeColumn(index, chunks)
                : index == columnCount ? encodeMessages(chunks) : [encodeFrame(chunks[index - columnCount - 1])]
        }
        for (index, frame) in pieces[(columnCount + 1)...].enumerated() {
            guard var chunk = frame[0].chunk else { continue }
            // In the order of the file.
            let others = [pieces[columnCount]] + pieces[..<columnCount]
            chunk.sections += others.compactMap { $0[index].section }
            try writer.write(chunk)
        }
        writer.addMessageHashes(messageHashes)
    }

    /// Whole persons, as indexes of `persons`, and their rows, as indexes of `order`.
    private struct Chunk {
        var persons: Range<Int>
        var rows: Range<Int>
    }

    /// What one piece of work adds to a chunk: everything but columns and message ids, or one section.
    private struct Piece: Sendable {
        var chunk: EncodedChunk?
        var section: EncodedSection?
    }

    private func chunks(of chunkRows: Int) -> [Chunk] {
        var chunks: [Chunk] = []
        var person = 0
        var start = 0
        while person < persons.count {
            var end = person
            var stop = start
            while end < persons.count, stop - start < chunkRows || sameHash(end - 1, end) {
                stop = ends[end]
                end += 1
            }
            chunks.append(Chunk(persons: person..<end, rows: start..<stop))
            person = end
            start = stop
        }
        return chunks
    }

    private func encodeFrame(_ chunk: Chunk) -> Piece {
        var draft = ChunkDraft()
        for index in chunk.persons { addPerson(index, chunkStart: chunk.rows.lowerBound, to: &draft) }
        let rows = order[chunk.rows]
        draft.codes = rows.map { codes[Int(batch.rowNames[Int($0)])] }
        draft.times = rows.map { batch.rowTimes[Int($0)] }
        draft.sequences = rows.map { sequences[Int($0)] }
        return Piece(chunk: draft.encoded())
    }

    private func encodeMessages(_ chunks: [Chunk]) -> [Piece] {
        let messages = MessageIndex(batch)
        return chunks.map { Piece(section: messages.gather(order[$0.rows]).encoded(rowCount: $0.rows.count)) }
    }

    private func encodeColumn(_ index: Int, _ chunks: [Chunk]) -> [Piece] {
        let column = batch.columns[index]
        var gatherer = ColumnGatherer(
            column, property: properties[Int(column.property)], rowCount: batch.count, order: order)
        return chunks.map { Piece(section: gatherer.gather(order, $0.rows).section(rowCount: $0.rows.count)) }
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
    /// The numbers of all entries in the order of (hash, bytes).
    fileprivate var sorted: [UInt32] {
        struct Item {
            var hash: UInt64
            var number: UInt32
        }
        var items = hashes.enumerated().map { Item(hash: $1, number: UInt32($0)) }
        HashSort.sort(&items) { $0.hash }
        var numbers = items.map(\.number)
        var start = 0
        while start < items.count {
            var end = start + 1
            while end < items.count, items[end].hash == items[start].hash { end += 1 }
            if end - start > 1 { numbers[start..<end].sort { precedes(Int($0), Int($1)) } }
            start = end
        }
        return numbers
    }

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

    /// The message ids of some rows, by their positions among them.
    func gather(_ rows: ArraySlice<UInt32>) -> BytesDraft {
        var draft = BytesDraft()
        guard !batch.messageRows.isEmpty else { return draft }
        let found = entries.entries(of: rows)
        draft.rows = found.positions
        draft.ends.reserveCapacity(found.entries.count)
        var byteCount = 0
        for entry in found.entries {
            byteCount += range(Int(entry)).count
            draft.ends.append(Int64(byteCount))
        }
        draft.bytes = batch.messageBytes.withUnsafeBytes { source in
            [UInt8](unsafeUninitializedCapacity: byteCount) { target, filled in
                let target = UnsafeMutableRawBufferPointer(target)
                for entry in found.entries {
                    let range = range(Int(entry))
                    UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[range]))
                    filled += range.count
                }
            }
        }
        return draft
    }

    @inline(__always)
    private func range(_ entry: Int) -> Range<Int> {
        (entry == 0 ? 0 : batch.messageEnds[entry &- 1])..<batch.messageEnds[entry]
    }
}
