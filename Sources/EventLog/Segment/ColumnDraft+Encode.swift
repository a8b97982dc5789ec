/// The header of a column section. Offsets count from the start of the section; every part begins at a multiple of 8.
///
/// The order of the parts: presence, ends of lists, values, ends of the dictionary's strings, their bytes.
struct ColumnHeader {
    enum PresenceKind: UInt8 {
        case dense = 0
        case ranked = 1
        case sparse = 2
    }

    static let encodedBytes = 8 + 8 + 3 * PackedParameters.encodedBytes + 6 * 8

    var type: PropertyType
    var presence: PresenceKind
    var hasEnds: Bool
    var entryCount: UInt32
    /// Numbers are integers divided by this; 0 says bit patterns.
    var numberScale: Double
    var integers: PackedParameters
    var ends: PackedParameters
    var dictionaryEnds: PackedParameters
    var dictionaryCount: UInt64
    var presenceOffset: UInt64
    var endsOffset: UInt64
    var integersOffset: UInt64
    var dictionaryEndsOffset: UInt64
    var dictionaryBytesOffset: UInt64

    func write(to writer: inout ByteWriter) {
        writer.write(type.rawValue)
        writer.write(presence.rawValue)
        writer.write(UInt16(hasEnds ? 1 : 0))
        writer.write(entryCount)
        writer.write(numberScale)
        integers.write(to: &writer)
        ends.write(to: &writer)
        dictionaryEnds.write(to: &writer)
        for value in [
            dictionaryCount, presenceOffset, endsOffset, integersOffset, dictionaryEndsOffset, dictionaryBytesOffset,
        ] { writer.write(value) }
    }

    init(
        type: PropertyType, presence: PresenceKind, hasEnds: Bool, entryCount: Int, numberScale: Double
    ) {
        self.type = type
        self.presence = presence
        self.hasEnds = hasEnds
        self.entryCount = UInt32(entryCount)
        self.numberScale = numberScale
        integers = PackedParameters()
        ends = PackedParameters()
        dictionaryEnds = PackedParameters()
        dictionaryCount = 0
        presenceOffset = 0
        endsOffset = 0
        integersOffset = 0
        dictionaryEndsOffset = 0
        dictionaryBytesOffset = 0
    }

    init(from reader: inout ByteReader) throws {
        let type: UInt8 = try reader.read()
        let presence: UInt8 = try reader.read()
        let flags: UInt16 = try reader.read()
        guard let type = PropertyType(rawValue: type), let presence = PresenceKind(rawValue: presence), flags <= 1
        else {
            throw EventLogError(.corrupt, "\(reader.subject): an unknown kind of column")
        }
        self.type = type
        self.presence = presence
        hasEnds = flags == 1
        entryCount = try reader.read()
        numberScale = try reader.readDouble()
        integers = try PackedParameters(from: &reader)
        ends = try PackedParameters(from: &reader)
        dictionaryEnds = try PackedParameters(from: &reader)
        dictionaryCount = try reader.read()
        presenceOffset = try reader.read()
        endsOffset = try reader.read()
        integersOffset = try reader.read()
        dictionaryEndsOffset = try reader.read()
        dictionaryBytesOffset = try reader.read()
    }
}

extension ColumnDraft {
    /// The column as a section of a segment file.
    func encoded(rowCount: Int) -> [UInt8] {
        var integers = self.integers
        var scale = 1.0
        if type.element == .number { (integers, scale) = ColumnDraft.integers(for: numbers) }
        let density = ColumnDraft.presence(entries: rows.count, rows: rowCount)
        var header = ColumnHeader(
            type: type, presence: density, hasEnds: type.isList, entryCount: rows.count, numberScale: scale)

        var body = ByteWriter(capacity: integers.count * 4 + rowCount / 8 + 256)
        body.pad(ColumnHeader.encodedBytes)
        body.align(8)
        header.presenceOffset = UInt64(body.count)
        Presence.encode(density, rows: rows, rowCount: rowCount, to: &body)
        if type.isList {
            header.ends = body.writePacked(ends, offset: &header.endsOffset)
        }
        header.integers = body.writePacked(integers, offset: &header.integersOffset)
        if type.element == .string {
            header.dictionaryCount = UInt64(dictionary.count)
            header.dictionaryEnds = body.writePacked(
                dictionary.ends, offset: &header.dictionaryEndsOffset)
            header.dictionaryBytesOffset = UInt64(body.count)
            dictionary.bytes.withUnsafeBytes { body.write($0) }
            body.pad(8)
        }
        body.align(8)
        var start = ByteWriter()
        header.write(to: &start)
        var bytes = body.bytes
        bytes.replaceSubrange(0..<start.count, with: start.bytes)
        return bytes
    }

    /// Dense when every row has a value; a bit a row when more than one row in 64 has; else the rows.
    private static func presence(entries: Int, rows: Int) -> ColumnHeader.PresenceKind {
        if entries == rows { return .dense }
        return entries * 64 > rows ? .ranked : .sparse
    }

    /// Numbers as integers times a power of ten when that is exact for all of them (prices and counts are), else as bit
    /// patterns with scale 0.
    private static func integers(for numbers: [Double]) -> ([Int64], Double) {
        search: for scale in [1.0, 10, 100, 1000, 10_000] {
            var integers: [Int64] = []
            integers.reserveCapacity(numbers.count)
            for number in numbers {
                let scaled = (number * scale).rounded()
                guard abs(scaled) < 9_007_199_254_740_992 else { break search }
                let integer = Int64(scaled)
                guard (Double(integer) / scale).bitPattern == number.bitPattern else { continue search }
                integers.append(integer)
            }
            return (integers, scale)
        }
        return (numbers.map { Int64(bitPattern: $0.bitPattern) }, 0)
    }
}

extension Presence {
    static func encode(
        _ kind: ColumnHeader.PresenceKind, rows: [UInt32], rowCount: Int, to writer: inout ByteWriter
    ) {
        switch kind {
        case .dense: break
        case .sparse: writer.writeElements(rows)
        case .ranked:
            var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
            for row in rows { words[Int(row >> 6)] |= 1 << UInt64(row & 63) }
            var ranks: [UInt32] = []
            var rank: UInt32 = 0
            for (index, word) in words.enumerated() {
                if index & 7 == 0 { ranks.append(rank) }
                rank += UInt32(word.nonzeroBitCount)
            }
            writer.writeElements(words)
            writer.writeElements(ranks)
        }
        writer.align(8)
    }

    /// Where the ranks begin after the bits, in bytes.
    static func ranksOffset(rowCount: Int) -> Int { (rowCount + 63) / 64 * 8 }
}

extension ByteWriter {
    mutating func writePacked(_ values: [Int64], offset: inout UInt64) -> PackedParameters {
        align(8)
        offset = UInt64(count)
        return values.withUnsafeBufferPointer { values in
            let parameters = PackedParameters(packing: values)
            parameters.pack(values).withUnsafeBytes { write($0) }
            return parameters
        }
    }
}
