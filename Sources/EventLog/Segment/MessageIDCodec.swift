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

    /// The ids as 16 bytes each; nil when one is no lower-case UUID.
    private static func packedUUIDs(_ draft: BytesDraft) -> [UInt8]? {
        let count = draft.rows.count
        guard draft.bytes.count == count * 36 else { return nil }
        for index in 0..<count where draft.ends[index] != Int64(index + 1) * 36 { return nil }
        let packed = draft.bytes.withUnsafeBytes { text in
            [UInt8](unsafeUninitializedCapacity: count * 16) { target, filled in
                for index in 0..<count {
                    guard pack(text, at: index &* 36, into: target, at: index &* 16) else { return }
                    filled &+= 16
                }
            }
        }
        return packed.count == count * 16 ? packed : nil
    }

    private static func pack(
        _ text: UnsafeRawBufferPointer, at start: Int, into target: UnsafeMutableBufferPointer<UInt8>, at place: Int
    ) -> Bool {
        var (from, to) = (start, place)
        for group in UUIDText.groups {
            for _ in 0..<group {
                let (high, low) = (UUIDText.value(text[from]), UUIDText.value(text[from &+ 1]))
                if (high | low) > 15 { return false }
                target[to] = high &<< 4 | low
                from &+= 2
                to &+= 1
            }
            if from &- start < 36 {
                if text[from] != UInt8(ascii: "-") { return false }
                from &+= 1
            }
        }
        return true
    }
}

/// A UUID in its usual form: bytes as two lower-case digits each, in five groups.
private enum UUIDText {
    /// Bytes in each group.
    static let groups = [4, 2, 2, 2, 6]

    /// The value of a digit, 255 for other bytes.
    @inline(__always)
    static func value(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- UInt8(ascii: "a") &+ 10
        default: 255
        }
    }

    /// Appends the text of 16 bytes.
    static func append(_ bytes: UnsafeRawBufferPointer, at start: Int, to text: inout [UInt8]) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
        var from = start
        for (number, group) in groups.enumerated() {
            if number > 0 { text.append(UInt8(ascii: "-")) }
            for _ in 0..<group {
                text.append(digit(bytes[from] >> 4))
                text.append(digit(bytes[from] & 15))
                from += 1
            }
        }
    }
}

/// The message ids of a chunk.
struct MessageIDView: @unchecked Sendable {
    // A view of immutable, checksummed bytes that its segment keeps mapped.
    private let presence: Presence
    private let entryCount: Int
    private let ends: PackedIntegers?
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter section: a verified section.
    init(_ section: UnsafeRawBufferPointer, rowCount: Int, subject: Subject) throws {
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
            var text: [UInt8] = []
            text.reserveCapacity(36)
            UUIDText.append(bytes, at: entry * 16, to: &text)
            return try text.withUnsafeBytes { try body($0) }
        }
        let start = entry == 0 ? 0 : Int(ends[entry - 1])
        return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<Int(ends[entry])]))
    }

    /// Appends the ids of some rows, the first of which is at `position`.
    ///
    /// - Complexity: O(rows + bytes)
    func append(_ rows: Range<Int>, at position: Int, to draft: inout BytesDraft) {
        for row in rows {
            let entry = presence.entry(at: UInt32(truncatingIfNeeded: row))
            guard entry >= 0 else { continue }
            if let ends {
                let start = entry == 0 ? 0 : Int(ends[entry - 1])
                draft.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<Int(ends[entry])]))
            } else {
                UUIDText.append(bytes, at: entry * 16, to: &draft.bytes)
            }
            draft.rows.append(UInt32(truncatingIfNeeded: position + row - rows.lowerBound))
            draft.ends.append(Int64(draft.bytes.count))
        }
    }

    func string(at row: UInt32) -> String? {
        withID(at: row) { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
}
