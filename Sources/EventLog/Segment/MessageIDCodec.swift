/// Message ids in a segment: 16 bytes each when all of a chunk's are lower-case UUIDs, else their bytes.
///
/// Section: kind (8 bytes: 0 bytes, 1 UUIDs), count of entries (8), presence kind (8), presence, then for UUIDs the
/// bytes; else packing parameters, packed ends, bytes.
enum MessageIDCodec {
    static func encode(_ draft: BytesDraft, rowCount: Int) -> [UInt8] {
        let uuids = packedUUIDs(draft)
        var writer = ByteWriter(capacity: draft.bytes.count + draft.rows.count * 4)
        writer.write(UInt64(uuids == nil ? 0 : 1))
        writer.write(UInt64(draft.rows.count))
        let presence: ColumnHeader.PresenceKind =
            draft.rows.count == rowCount ? .dense : draft.rows.count * 64 > rowCount ? .ranked : .sparse
        writer.write(UInt64(presence.rawValue))
        Presence.encode(presence, rows: draft.rows, rowCount: rowCount, to: &writer)
        if let uuids {
            uuids.withUnsafeBytes { writer.write($0) }
        } else {
            draft.ends.withUnsafeBufferPointer { ends in
                let parameters = PackedParameters(packing: ends)
                parameters.write(to: &writer)
                parameters.pack(ends).withUnsafeBytes { writer.write($0) }
            }
            draft.bytes.withUnsafeBytes { writer.write($0) }
        }
        return writer.bytes
    }

    private static func packedUUIDs(_ draft: BytesDraft) -> [UInt8]? {
        guard draft.bytes.count == draft.rows.count * 36 else { return nil }
        var packed: [UInt8] = []
        packed.reserveCapacity(draft.rows.count * 16)
        for (index, end) in draft.ends.enumerated() {
            guard Int(end) == (index + 1) * 36 else { return nil }
            var high: UInt8?
            for position in 0..<36 {
                let byte = draft.bytes[index * 36 + position]
                if position == 8 || position == 13 || position == 18 || position == 23 {
                    guard byte == UInt8(ascii: "-") else { return nil }
                    continue
                }
                let nibble: UInt8
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = byte - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = byte - UInt8(ascii: "a") + 10
                default: return nil
                }
                if let first = high {
                    packed.append(first << 4 | nibble)
                    high = nil
                } else {
                    high = nibble
                }
            }
        }
        return packed
    }
}

/// The message ids of a chunk.
struct MessageIDView {
    private let presence: Presence
    private let entryCount: Int
    private let ends: PackedIntegers?
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter section: a verified section.
    init(_ section: UnsafeRawBufferPointer, rowCount: Int, subject: String) throws {
        var reader = ByteReader(section, subject: subject)
        let kind: UInt64 = try reader.read()
        entryCount = Int(clamping: try reader.read(UInt64.self))
        let presenceKind: UInt64 = try reader.read()
        guard kind <= 1, entryCount <= rowCount,
            let own = ColumnHeader.PresenceKind(rawValue: UInt8(presenceKind & 255))
        else { throw EventLogError(.corrupt, "\(subject): impossible message ids") }
        presence = try Presence.decode(own, entryCount: entryCount, rowCount: rowCount, from: &reader)
        if kind == 1 {
            bytes = try reader.readBytes(entryCount * 16)
            ends = nil
        } else {
            let parameters = try PackedParameters(from: &reader)
            let ends = try reader.readPacked(parameters, count: entryCount)
            self.ends = ends
            let length = entryCount == 0 ? 0 : Int(ends[entryCount - 1])
            bytes = try reader.readBytes(length)
        }
    }

    func withID<R>(at row: UInt32, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        let entry = presence.entry(at: row)
        guard entry >= 0 else { return try body(nil) }
        guard let ends else {
            let digits = Array("0123456789abcdef".utf8)
            var text: [UInt8] = []
            for position in 0..<16 {
                if position == 4 || position == 6 || position == 8 || position == 10 { text.append(UInt8(ascii: "-")) }
                let byte = bytes[entry * 16 + position]
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            return try text.withUnsafeBytes { try body($0) }
        }
        let start = entry == 0 ? 0 : Int(ends[entry - 1])
        return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<Int(ends[entry])]))
    }

    func string(at row: UInt32) -> String? {
        withID(at: row) { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
}
