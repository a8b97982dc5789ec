/// What the write-ahead log holds, one payload each.
enum LogRecord {
    /// Events with consecutive sequence numbers, from the record's on.
    case events(EventBatch, receivedTime: Int64)
    case merge(Merge)
    case split(String)
    /// Ids whose events before the record's sequence number are deleted, as hashes.
    case delete([Identities.Deletion])
    /// Sequence numbers given to a segment that is written directly.
    case reserve(UInt64)

    private enum Kind: UInt8 {
        case events = 1
        case merge = 2
        case split = 3
        case delete = 4
        case reserve = 5
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        switch self {
        case .events(let batch, let receivedTime):
            writer.write(Kind.events.rawValue)
            writer.write(receivedTime)
            batch.encode(to: &writer)
        case .merge(let merge):
            writer.write(Kind.merge.rawValue)
            writer.write(merge.alias)
            writer.write(merge.person)
        case .split(let alias):
            writer.write(Kind.split.rawValue)
            writer.write(alias)
        case .delete(let deletions):
            writer.write(Kind.delete.rawValue)
            writer.write(UInt32(deletions.count))
            for deletion in deletions {
                for value in [deletion.hash, deletion.check, deletion.sequence] { writer.write(value) }
            }
        case .reserve(let count):
            writer.write(Kind.reserve.rawValue)
            writer.write(count)
        }
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer, key: HashKey) throws {
        var reader = ByteReader(payload, subject: "write-ahead log record")
        let rawKind: UInt8 = try reader.read()
        guard let kind = Kind(rawValue: rawKind) else {
            throw EventLogError(.corrupt, "a write-ahead log record of unknown kind \(rawKind)")
        }
        switch kind {
        case .events:
            let receivedTime: Int64 = try reader.read()
            self = .events(try EventBatch(from: &reader, key: key), receivedTime: receivedTime)
        case .merge:
            self = .merge(Merge(alias: try reader.readString(), person: try reader.readString()))
        case .split:
            self = .split(try reader.readString())
        case .delete:
            let count = Int(try reader.read(UInt32.self))
            try reader.check(count <= reader.remaining / 24, "an impossible count")
            var deletions: [Identities.Deletion] = []
            for _ in 0..<count {
                deletions.append(
                    Identities.Deletion(hash: try reader.read(), check: try reader.read(), sequence: try reader.read()))
            }
            self = .delete(deletions)
        case .reserve:
            self = .reserve(try reader.read())
        }
        try reader.check(reader.remaining == 0, "bytes after the end")
    }
}
