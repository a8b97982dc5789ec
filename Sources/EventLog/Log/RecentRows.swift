import Synchronization

/// Events that are in memory and the write-ahead log only: the rows of some appends, no longer changing.
final class RecentRows: Sendable {
    let batch: EventBatch
    let codes: [UInt16]
    let properties: [UInt16]
    let sequences: [Int64]
    let received: [ReceivedRun]
    private let sealed = Mutex<Segment?>(nil)

    init(_ tail: Tail) {
        batch = tail.batch
        codes = tail.codes
        properties = tail.properties
        sequences = tail.sequences
        received = tail.received
    }

    var count: Int { batch.count }

    /// The rows as a segment in memory, made when they are first read.
    ///
    /// - Complexity: O(rows) the first time.
    func segment() throws -> Segment {
        try sealed.withLock { known in
            if let known { return known }
            let sealer = BatchSealer(batch: batch, codes: codes, properties: properties, sequences: sequences)
            let segment = try Segment.inMemory(sealer, name: "recent events", received: received)
            known = segment
            return segment
        }
    }
}

/// The latest events, still growing.
struct Tail: Sendable {
    /// A tail of this many rows is closed, and the next one begun.
    static let rows = 32_768

    private(set) var batch: EventBatch
    /// The batch's numbers of event names to the log's.
    private(set) var codes: [UInt16] = []
    private(set) var properties: [UInt16] = []
    private(set) var sequences: [Int64] = []
    private(set) var received: [ReceivedRun] = []
    // The rows of each person as a chain from the last to the first, so that one person's history needs no segment of
    // the whole tail: row numbers plus one, 0 where a chain ends.
    private var lastRows: [UInt32] = []
    private var previousRows: [UInt32] = []

    init(key: HashKey) {
        batch = EventBatch(key: key)
    }

    var count: Int { batch.count }

    /// - Complexity: O(rows and values of `added`)
    mutating func append(_ added: EventBatch, firstSequence: UInt64, receivedTime: Int64, tables: inout NameTables) {
        let start = batch.count
        batch.append(added)
        for index in codes.count..<batch.names.count { codes.append(tables.events.add(batch.names.string(index))) }
        for index in properties.count..<batch.properties.count {
            properties.append(tables.properties.add(batch.properties.string(index)))
        }
        lastRows += repeatElement(0, count: batch.persons.count - lastRows.count)
        for row in start..<batch.count {
            sequences.append(Int64(firstSequence) + Int64(row - start))
            let person = Int(batch.rowPersons[row])
            previousRows.append(lastRows[person])
            lastRows[person] = UInt32(row + 1)
        }
        // A run also begins after a gap: another segment has the numbers between, and when the two are merged its run
        // must not go on into ours.
        let goesOn = start > 0 && sequences[start - 1] + 1 == Int64(firstSequence)
        if received.last?.time != receivedTime || !goesOn {
            received.append(ReceivedRun(sequence: firstSequence, time: receivedTime))
        }
    }

    /// The rows of some ids as a small segment in memory; nil when there are none.
    ///
    /// - Complexity: O(rows of the ids * columns * log rows in the tail)
    func segment(ofPersons ids: [String]) throws -> Segment? {
        var rows: [UInt32] = []
        for id in ids {
            let bytes = Array(id.utf8)
            guard let person = bytes.withUnsafeBytes({ batch.persons.number(of: $0) }) else { continue }
            var next = lastRows[Int(person)]
            while next > 0 {
                rows.append(next - 1)
                next = previousRows[Int(next - 1)]
            }
        }
        rows.sort()
        guard !rows.isEmpty else { return nil }
        let sealer = BatchSealer(
            batch: batch.extract(rows), codes: codes, properties: properties,
            sequences: rows.map { sequences[Int($0)] })
        return try Segment.inMemory(sealer, name: "recent events of a person", received: received)
    }
}
