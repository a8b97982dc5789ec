/// A chunk on its way to disk: whole persons, ordered by the hash they live under, each one's rows by time and
/// sequence.
struct ChunkDraft {
    /// The hash that each entry is sorted by: its own, or that of the person it was merged into at the last compaction.
    var homes: [UInt64] = []
    /// The hash of each entry's own id.
    var hashes: [UInt64] = []
    /// Where each entry's rows end.
    var rowEnds: [UInt32] = []
    var idEnds: [Int64] = []
    var idBytes: [UInt8] = []

    /// The log's number of each row's event name.
    var codes: [UInt16] = []
    var times: [Int64] = []
    var sequences: [Int64] = []
    var messages = BytesDraft()
    var columns: [ColumnDraft] = []

    var rowCount: Int { times.count }
    var personCount: Int { homes.count }
}

/// Byte strings of some rows, not shared between rows: message ids.
struct BytesDraft {
    var rows: [UInt32] = []
    var ends: [Int64] = []
    var bytes: [UInt8] = []

    mutating func add(row: UInt32, _ value: UnsafeRawBufferPointer) {
        rows.append(row)
        bytes.append(contentsOf: value)
        ends.append(Int64(bytes.count))
    }
}

/// The values of one property and type for the rows of a chunk.
struct ColumnDraft {
    /// The log's number of the property.
    let property: UInt16
    let type: PropertyType
    var rows: [UInt32] = []
    /// For lists: where the values of each row end.
    var ends: [Int64] = []
    /// Booleans as 0 and 1, times, or codes of `dictionary`.
    var integers: [Int64] = []
    var numbers: [Double] = []
    var dictionary = StringTable()

    init(property: UInt16, type: PropertyType) {
        self.property = property
        self.type = type
    }
}

/// Strings one after another, numbered from 0.
struct StringTable {
    var ends: [Int64] = []
    var bytes: [UInt8] = []

    var count: Int { ends.count }

    mutating func append(_ string: UnsafeRawBufferPointer) -> Int64 {
        bytes.append(contentsOf: string)
        ends.append(Int64(bytes.count))
        return Int64(ends.count - 1)
    }
}
