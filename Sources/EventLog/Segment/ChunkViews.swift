/// The entries of a chunk: hashes, rows and ids. An entry is one id with the rows that were sent under it.
struct PersonsView: @unchecked Sendable {
    // A view of immutable, checksummed bytes that their segment keeps mapped.
    let count: Int
    let homes: UnsafePointer<UInt64>
    let hashes: UnsafePointer<UInt64>
    private let rowEnds: UnsafePointer<UInt32>
    private let idEnds: PackedIntegers
    private let idBytes: UnsafeRawBufferPointer

    init(_ section: UnsafeRawBufferPointer, count: Int, rowCount: UInt32, subject: Subject) throws {
        var reader = ByteReader(section, subject: subject)
        let hasHomes: UInt64 = try reader.read()
        homes = try reader.readPointer(count: count)
        hashes = hasHomes == 0 ? homes : try reader.readPointer(count: count)
        rowEnds = try reader.readPointer(count: count)
        try reader.align(8)
        let parameters = try PackedParameters(from: &reader)
        idEnds = try reader.readPacked(parameters, count: count)
        idBytes = try reader.readBytes(reader.remaining)
        self.count = count
        guard count > 0, rowEnds[count - 1] == rowCount, idEnds[count - 1] <= Int64(idBytes.count) else {
            throw EventLogError(.corrupt, "\(subject): do not fit the rows")
        }
    }

    @inline(__always)
    func rows(_ entry: Int) -> Range<Int> {
        (entry == 0 ? 0 : Int(rowEnds[entry &- 1]))..<Int(rowEnds[entry])
    }

    /// The entry that a row belongs to, at `from` or later.
    ///
    /// - Complexity: O(log distance), from `from` for one of the next eight, else from where the row would lie if all
    ///   entries had as many rows.
    func entry(ofRow row: Int, from: Int) -> Int {
        // The entry lies between these two, both included.
        var low = from
        var high = count &- 1
        var step = 1
        if low &+ 8 <= high, Int(rowEnds[low &+ 7]) <= row {
            low &+= 8
            let even = Int(UInt64(row) &* UInt64(count) / UInt64(rowEnds[count &- 1]))
            let guess = min(max(even, low), high)
            if Int(rowEnds[guess]) > row {
                high = guess
                while high &- step >= low, Int(rowEnds[high &- step]) > row {
                    high &-= step
                    step &*= 2
                }
                low = max(low, high &- step)
                return (low..<high).partitioningIndex { Int(rowEnds[$0]) > row }
            }
            low = guess &+ 1
        }
        return (low..<high).galloping { Int(rowEnds[$0]) > row }
    }

    func idBytes(_ entry: Int) -> UnsafeRawBufferPointer {
        let start = entry == 0 ? 0 : Int(idEnds[entry - 1])
        return UnsafeRawBufferPointer(rebasing: idBytes[start..<Int(idEnds[entry])])
    }

    func id(_ entry: Int) -> String { String(decoding: idBytes(entry), as: UTF8.self) }

    /// The first entry whose home is at least `hash`.
    ///
    /// - Complexity: O(log log count) expected, because hashes are uniform; O(log count) at worst.
    func firstEntry(home hash: UInt64) -> Int {
        var low = 0
        var high = count
        var guesses = 0
        while low < high {
            var middle = (low &+ high) &>> 1
            if guesses < 6 {
                // Interpolate while it narrows quickly, then halve.
                let first = homes[low]
                let last = homes[high &- 1]
                if hash <= first { return low }
                if hash > last { return high }
                let fraction = Double(hash &- first) / Double(last &- first)
                middle = min(low &+ Int(fraction * Double(high &- 1 &- low)), high &- 1)
                guesses &+= 1
            }
            if homes[middle] < hash { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

/// The codes of a chunk's rows, one or two bytes each.
@frozen
public struct CodesView: @unchecked Sendable {
    // A view of immutable, checksummed bytes that their segment keeps mapped. Public as `PackedIntegers` is.
    public let base: UnsafeRawPointer
    /// Whether codes have two bytes.
    public let wide: Bool

    init(base: UnsafeRawPointer, wide: Bool) {
        self.base = base
        self.wide = wide
    }

    @inlinable @inline(__always)
    public subscript(row: Int) -> Int {
        wide
            ? Int(base.load(fromByteOffset: row &* 2, as: UInt16.self))
            : Int(base.load(fromByteOffset: row, as: UInt8.self))
    }
}

extension ByteReader {
    /// Elements that are used where they lie. The position must be a multiple of their size.
    mutating func readPointer<T: FixedWidthInteger>(count: Int) throws -> UnsafePointer<T> {
        let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.size)
        guard !overflow, count > 0 else { throw EventLogError(.corrupt, "\(subject): an impossible count") }
        let bytes = try readBytes(size)
        guard let base = bytes.baseAddress, Int(bitPattern: base) % MemoryLayout<T>.alignment == 0 else {
            throw EventLogError(.corrupt, "\(subject): is not aligned")
        }
        return base.assumingMemoryBound(to: T.self)
    }

    mutating func readPacked(_ parameters: PackedParameters, count: Int) throws -> PackedIntegers {
        guard let size = parameters.byteCount(count) else {
            throw EventLogError(.corrupt, "\(subject): an impossible count")
        }
        let bytes = try readBytes(size)
        // The writer leaves eight bytes after the last value, so that each can be read as a whole word.
        try skip(8)
        guard let base = bytes.baseAddress ?? self.bytes.baseAddress else {
            throw EventLogError(.corrupt, "\(subject): is empty")
        }
        return PackedIntegers(
            base: base, bits: parameters.bits, minimum: parameters.minimum, divisor: parameters.divisor)
    }

    mutating func align(_ alignment: Int) throws {
        if offset % alignment != 0 { try skip(alignment - offset % alignment) }
    }
}

extension Presence {
    static func decode(
        _ kind: ColumnHeader.PresenceKind, entryCount: Int, rowCount: Int, from reader: inout ByteReader
    ) throws -> Presence {
        switch kind {
        case .dense:
            guard entryCount == rowCount else { throw EventLogError(.corrupt, "\(reader.subject): values are missing") }
            return .dense
        case .ranked:
            let words = (rowCount + 63) / 64
            let bits: UnsafePointer<UInt64> = try reader.readPointer(count: words)
            let ranks: UnsafePointer<UInt32> = try reader.readPointer(count: (words + 7) / 8)
            try reader.align(8)
            return .ranked(bits: bits, ranks: ranks)
        case .sparse:
            let rows: UnsafePointer<UInt32> = try reader.readPointer(count: entryCount)
            try reader.align(8)
            return .sparse(rows: rows, count: entryCount)
        }
    }
}

extension ColumnView {
    /// - Parameter section: a verified section.
    init(section: UnsafeRawBufferPointer, rowCount: Int, subject: Subject) throws {
        var reader = ByteReader(section, subject: subject)
        let header = try ColumnHeader(from: &reader)
        let entries = Int(header.entryCount)

        func part(_ offset: UInt64) throws -> ByteReader {
            var reader = ByteReader(section, subject: subject)
            guard offset <= UInt64(section.count) else {
                throw EventLogError(.corrupt, "\(subject): impossible offsets")
            }
            try reader.skip(Int(offset))
            return reader
        }
        guard entries <= rowCount else { throw EventLogError(.corrupt, "\(subject): more values than rows") }
        var presenceReader = try part(header.presenceOffset)
        let presence = try Presence.decode(
            header.presence, entryCount: entries, rowCount: rowCount, from: &presenceReader)
        var values = entries
        var ends: PackedIntegers?
        if header.hasEnds {
            var endsReader = try part(header.endsOffset)
            let packed = try endsReader.readPacked(header.ends, count: entries)
            values = entries == 0 ? 0 : Int(packed[entries - 1])
            ends = packed
        }
        var integersReader = try part(header.integersOffset)
        let integers = try integersReader.readPacked(header.integers, count: values)
        var dictionary = DictionaryView.empty(section)
        if header.type.element == .string {
            var endsReader = try part(header.dictionaryEndsOffset)
            let count = Int(clamping: header.dictionaryCount)
            let dictionaryEnds = try endsReader.readPacked(header.dictionaryEnds, count: count)
            var bytesReader = try part(header.dictionaryBytesOffset)
            let bytes = try bytesReader.readBytes(count == 0 ? 0 : Int(dictionaryEnds[count - 1]))
            if let base = bytes.baseAddress ?? section.baseAddress {
                dictionary = DictionaryView(count: count, ends: dictionaryEnds, bytes: base)
            }
        }
        self.init(
            type: header.type, presence: presence, entryCount: entries, ends: ends, integers: integers,
            numberScale: header.numberScale, dictionary: dictionary)
    }
}

extension DictionaryView {
    static func empty(_ section: UnsafeRawBufferPointer) -> DictionaryView {
        // `section` holds at least a column header, so it has an address.
        let base = section.baseAddress.unsafelyUnwrapped
        return DictionaryView(
            count: 0, ends: PackedIntegers(base: base, bits: 0, minimum: 0, divisor: 1), bytes: base)
    }
}
