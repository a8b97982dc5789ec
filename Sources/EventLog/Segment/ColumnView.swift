/// Which rows of a chunk have a value, and where it is: the *entry* of a row is its index among the rows with a value.
@frozen
public enum Presence: @unchecked Sendable {
    // Views of immutable, checksummed bytes that their segment keeps mapped. Public as `PackedIntegers` is.
    /// Every row has one: the entry is the row.
    case dense
    /// One bit a row, and for every 512 rows how many came before.
    case ranked(bits: UnsafePointer<UInt64>, ranks: UnsafePointer<UInt32>)
    /// The rows themselves, ascending.
    case sparse(rows: UnsafePointer<UInt32>, count: Int)

    /// The entry of a row, or -1 when it has no value.
    ///
    /// - Complexity: O(1), for sparse columns O(log count).
    @inlinable @inline(__always)
    public func entry(at row: UInt32) -> Int {
        switch self {
        case .dense:
            return Int(row)
        case .ranked(let bits, let ranks):
            let word = Int(row &>> 6)
            let bit = UInt64(row & 63)
            let own = bits[word]
            if (own &>> bit) & 1 == 0 { return -1 }
            var rank = Int(ranks[word &>> 3])
            var before = word & ~7
            while before < word {
                rank &+= bits[before].nonzeroBitCount
                before &+= 1
            }
            return rank &+ (own & ((1 &<< bit) &- 1)).nonzeroBitCount
        case .sparse(let rows, let count):
            var low = 0
            var high = count
            while low < high {
                let middle = (low &+ high) &>> 1
                if rows[middle] < row { low = middle &+ 1 } else { high = middle }
            }
            return low < count && rows[low] == row ? low : -1
        }
    }
}

extension Presence {
    var isSparse: Bool { if case .sparse = self { true } else { false } }

    /// The entries of some rows, the first of which is a multiple of 64.
    ///
    /// - Complexity: O(rows / 64); for sparse columns O(log count).
    func entries(in rows: Range<Int>) -> Range<Int> {
        switch self {
        case .dense: return rows
        case .ranked(let bits, let ranks):
            let words = rows.lowerBound / 64..<rows.upperBound / 64
            let last = UInt64(rows.upperBound & 63)
            var start = Int(ranks[words.lowerBound / 8])
            for word in words.lowerBound & ~7..<words.lowerBound { start += bits[word].nonzeroBitCount }
            var end = words.reduce(start) { $0 + bits[$1].nonzeroBitCount }
            if last > 0 { end += (bits[words.upperBound] & ((1 << last) - 1)).nonzeroBitCount }
            return start..<end
        case .sparse(let places, let count):
            let all = 0..<count
            let start = all.partitioningIndex { Int(places[$0]) >= rows.lowerBound }
            return start..<all[start...].partitioningIndex { Int(places[$0]) >= rows.upperBound }
        }
    }
}

/// The values of one property and type in one chunk. Ask for the `entry` of a row first.
public struct ColumnView: @unchecked Sendable {
    // A view of immutable, checksummed bytes that its segment keeps mapped. Public as `PackedIntegers` is.
    package let type: PropertyType
    @usableFromInline let presence: Presence
    /// Rows with a value.
    package let entryCount: Int
    /// For lists: where the values of each entry end.
    @usableFromInline let ends: PackedIntegers?
    /// Dictionary codes, booleans as 0 and 1, times, scaled numbers, or the bit patterns of doubles.
    @usableFromInline let integers: PackedIntegers
    /// Numbers are `integers / numberScale`; 0 says that they are bit patterns.
    @usableFromInline let numberScale: Double
    /// The different strings of a string column.
    package let dictionary: DictionaryView

    init(
        type: PropertyType, presence: Presence, entryCount: Int, ends: PackedIntegers?, integers: PackedIntegers,
        numberScale: Double, dictionary: DictionaryView
    ) {
        self.type = type
        self.presence = presence
        self.entryCount = entryCount
        self.ends = ends
        self.integers = integers
        self.numberScale = numberScale
        self.dictionary = dictionary
    }

    /// The entry of a row, or -1 when the row has no value in this column.
    @inlinable @inline(__always) public func entry(at row: UInt32) -> Int { presence.entry(at: row) }

    /// The value indices of an entry: one for a single value, any number for a list.
    @inlinable @inline(__always)
    public func values(of entry: Int) -> Range<Int> {
        guard let ends else { return entry..<(entry &+ 1) }
        let start = entry == 0 ? 0 : Int(ends[entry &- 1])
        return start..<Int(ends[entry])
    }

    // For a column that is not a list, a value index is the entry.

    /// The dictionary code of a string value.
    @inlinable @inline(__always) public func code(_ index: Int) -> Int { Int(integers[index]) }
    @inlinable @inline(__always) public func boolean(_ index: Int) -> Bool { integers[index] != 0 }
    /// Milliseconds since 1970-01-01T00:00:00Z.
    @inlinable @inline(__always) public func time(_ index: Int) -> Int64 { integers[index] }
    @inlinable @inline(__always)
    public func number(_ index: Int) -> Double {
        let stored = integers[index]
        return numberScale == 0 ? Double(bitPattern: UInt64(bitPattern: stored)) : Double(stored) / numberScale
    }

    /// The value of an entry, as a Swift value.
    package func value(_ entry: Int) -> PropertyValue {
        switch type {
        case .string: .string(dictionary[code(entry)])
        case .number: .number(number(entry))
        case .boolean: .boolean(boolean(entry))
        case .time: .time(time(entry))
        case .strings: .strings(values(of: entry).map { dictionary[code($0)] })
        case .numbers: .numbers(values(of: entry).map(number))
        case .booleans: .booleans(values(of: entry).map(boolean))
        case .times: .times(values(of: entry).map(time))
        }
    }
}

/// The different strings of a column in one chunk, numbered from 0.
package struct DictionaryView: @unchecked Sendable {
    // A view of immutable, checksummed bytes that its segment keeps mapped.
    package let count: Int
    let ends: PackedIntegers
    let bytes: UnsafeRawPointer

    init(count: Int, ends: PackedIntegers, bytes: UnsafeRawPointer) {
        self.count = count
        self.ends = ends
        self.bytes = bytes
    }

    package func bytes(_ code: Int) -> UnsafeRawBufferPointer {
        let start = code == 0 ? 0 : Int(ends[code - 1])
        return UnsafeRawBufferPointer(start: bytes + start, count: Int(ends[code]) - start)
    }

    package subscript(code: Int) -> String { String(decoding: bytes(code), as: UTF8.self) }
}

/// All columns of one property in one chunk: at most one for each type.
package struct PropertyColumns: Sendable {
    package let views: [ColumnView]

    package init(views: [ColumnView]) {
        self.views = views
    }

    package static let none = PropertyColumns(views: [])

    package var isEmpty: Bool { views.isEmpty }

    /// The column of one type, if the chunk has one.
    package func view(_ type: PropertyType) -> ColumnView? { views.first { $0.type == type } }

    /// The value of a row, or nil.
    package func value(at row: UInt32) -> PropertyValue? {
        for view in views {
            let entry = view.entry(at: row)
            if entry >= 0 { return view.value(entry) }
        }
        return nil
    }
}
