import CEventLog

/// One column, for questions row by row: a call costs a few nanoseconds and copies nothing.
///
/// `ColumnView` is the better choice for many values of one call; it is a large value, and copying it for every row
/// would cost more than the row.
package final class ColumnProbe: Sendable {
    package let view: ColumnView

    package init(_ view: ColumnView) {
        self.view = view
    }

    /// The dictionary code of a row's only string, -1 without one. For columns of type `string`.
    package func code(at row: UInt32) -> Int {
        let entry = view.presence.entry(at: row)
        return entry < 0 ? -1 : Int(view.integers[entry])
    }

    /// The number of a row, NaN without one. For columns of type `number`.
    package func number(at row: UInt32) -> Double {
        let entry = view.presence.entry(at: row)
        return entry < 0 ? .nan : view.number(entry)
    }

    /// Asks for the memory of a row's value, or of what tells where that is.
    package func prefetch(_ row: Int) {
        switch view.presence {
        case .dense: view.integers.prefetch(row)
        case .ranked(let bits, _): ceventlog_prefetch(bits + row &>> 6)
        case .sparse: break
        }
    }

    /// The entry of a row, or -1.
    package func entry(at row: UInt32) -> Int { view.presence.entry(at: row) }
}

/// The same for many rows at once, for loops in other modules, where a call for each row costs more than its look-up.
extension ColumnProbe {
    /// The dictionary codes of the rows' only strings, -1 for none. For columns of type `string`.
    package func codes(at rows: UnsafePointer<UInt32>, count: Int, into codes: UnsafeMutablePointer<Int32>) {
        let integers = view.integers
        forEachEntry(rows, count) { index, entry in
            (codes + index).initialize(to: entry < 0 ? -1 : Int32(truncatingIfNeeded: integers[entry]))
        }
    }

    /// The numbers of the rows, NaN for none. For columns of type `number`.
    package func numbers(at rows: UnsafePointer<UInt32>, count: Int, into numbers: UnsafeMutablePointer<Double>) {
        let view = view
        forEachEntry(rows, count) { index, entry in
            (numbers + index).initialize(to: entry < 0 ? .nan : view.number(entry))
        }
    }

    @inline(__always)
    private func forEachEntry(_ rows: UnsafePointer<UInt32>, _ count: Int, _ body: (Int, Int) -> Void) {
        let presence = view.presence
        if case .dense = presence {
            for index in 0..<count { body(index, Int(rows[index])) }
        } else {
            for index in 0..<count { body(index, presence.entry(at: rows[index])) }
        }
    }
}

/// The same for all rows of a range, as bits: quicker still where most rows are asked about anyway.
extension ColumnProbe {
    /// Whether `members` can answer.
    package var hasMembers: Bool {
        view.type == .string && (view.integers.bits <= 8 || view.presence.isSparse)
    }

    /// Sets the bits of the rows whose only string is wanted, and clears all others. For columns with `hasMembers`.
    ///
    /// - Parameters:
    ///   - rows: from a multiple of 64 on.
    ///   - words: a bit for each row.
    ///   - isMember: asked about codes of the dictionary; for most columns once about each.
    /// - Complexity: O(rows), a quarter of a nanosecond each; for sparse columns O(values).
    package func members(
        _ rows: Range<Int>, into words: UnsafeMutablePointer<UInt64>, where isMember: (_ code: Int) -> Bool
    ) {
        precondition(rows.lowerBound & 63 == 0, "bits begin with a whole word")
        let count = (rows.count + 63) / 64
        switch view.presence {
        case .dense:
            members(ofEntries: rows, table(isMember), into: words)
        case .ranked(let bits, _):
            let places = bits + rows.lowerBound / 64
            for word in 0..<count { words[word] = places[word] }
            let entries = view.presence.entries(in: rows)
            // Values can be unpacked from a multiple of eight on.
            let start = entries.lowerBound & ~7
            // Two more, because bits are read on after the last.
            let size = (entries.upperBound - start + 63) / 64
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size + 2) { found in
                guard let found = found.baseAddress else { return }
                (found + size).initialize(repeating: 0, count: 2)
                members(ofEntries: start..<entries.upperBound, table(isMember), into: found)
                ceventlog_spread(found, entries.lowerBound - start, words, count)
            }
        case .sparse(let places, _):
            setBits(of: places, rows, in: words) { isMember(view.code($0)) }
        }
    }

    /// Which stored values stand for wanted codes.
    private func table(_ isMember: (_ code: Int) -> Bool) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: 256)
        for stored in 0..<(1 << view.integers.bits) {
            let code = view.integers.value(ofStored: UInt64(stored))
            if code >= 0, code < view.dictionary.count, isMember(Int(code)) { table[stored] = 1 }
        }
        return table
    }

    /// - Parameter entries: from a multiple of eight on.
    private func members(ofEntries entries: Range<Int>, _ table: [UInt8], into words: UnsafeMutablePointer<UInt64>) {
        let piece = 4_096
        let integers = view.integers
        withUnsafeTemporaryAllocation(byteCount: piece, alignment: 32) { buffer in
            guard let values = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            for first in stride(from: entries.lowerBound, to: entries.upperBound, by: piece) {
                let count = min(piece, entries.upperBound - first)
                ceventlog_unpack8(integers.base, UInt32(integers.bits), first, count, values)
                ceventlog_members8(values, count, table, words + (first - entries.lowerBound) / 64)
            }
        }
    }

    /// Sets the bits of the rows that have a value, and clears all others.
    ///
    /// - Parameter rows: from a multiple of 64 on.
    package func present(_ rows: Range<Int>, into words: UnsafeMutablePointer<UInt64>) {
        precondition(rows.lowerBound & 63 == 0, "bits begin with a whole word")
        let count = (rows.count + 63) / 64
        switch view.presence {
        case .dense:
            words.update(repeating: .max, count: count)
        case .ranked(let bits, _):
            words.update(from: bits + rows.lowerBound / 64, count: count)
        case .sparse(let places, _):
            setBits(of: places, rows, in: words) { _ in true }
        }
    }

    /// Sets the bits of those rows of a sparse column whose entry is wanted, and clears all others.
    private func setBits(
        of places: UnsafePointer<UInt32>, _ rows: Range<Int>, in words: UnsafeMutablePointer<UInt64>,
        where isWanted: (_ entry: Int) -> Bool
    ) {
        words.update(repeating: 0, count: (rows.count + 63) / 64)
        for entry in view.presence.entries(in: rows) where isWanted(entry) {
            let row = Int(places[entry]) - rows.lowerBound
            words[row / 64] |= 1 << UInt64(row & 63)
        }
    }
}
