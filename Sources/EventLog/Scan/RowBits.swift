import CEventLog

/// One bit for each row of a part of a chunk. Whoever makes one must `deallocate` it.
@frozen
public struct RowBits {
    // Public as `PackedIntegers` is.
    /// Begins at a multiple of 64.
    @usableFromInline let rows: Range<Int>
    @usableFromInline let words: UnsafeMutablePointer<UInt64>

    /// The rows whose code is a member.
    ///
    /// - Parameter members: by the chunk's own codes.
    init(_ rows: Range<Int>, _ codes: CodesView, members: [Bool]) {
        precondition(rows.lowerBound & 63 == 0, "bits begin with a whole word")
        self.rows = rows
        // Two more, so that `word` can read on after the last.
        let count = (rows.count + 63) / 64
        words = .allocate(capacity: count + 2)
        words[count] = 0
        words[count + 1] = 0
        var table = [UInt8](repeating: 0, count: codes.wide ? 65_536 : 256)
        for (code, isMember) in members.enumerated() where isMember { table[code] = 1 }
        // The codes are padded to whole groups of 64. All words are written.
        if codes.wide {
            let base = (codes.base + rows.lowerBound * 2).assumingMemoryBound(to: UInt16.self)
            ceventlog_members16(base, rows.count, table, words)
        } else {
            let base = (codes.base + rows.lowerBound).assumingMemoryBound(to: UInt8.self)
            ceventlog_members8(base, rows.count, table, words)
        }
    }

    func deallocate() { words.deallocate() }

    /// Whether the bits speak of all of some rows.
    @inline(__always)
    func cover(_ rows: Range<Int>) -> Bool {
        rows.lowerBound >= self.rows.lowerBound && rows.upperBound <= self.rows.upperBound
    }

    /// How many rows of a range that is covered have a bit.
    func count(in range: Range<Int>) -> Int {
        var (count, row) = (0, first(in: range))
        while row < range.upperBound {
            let word = (row &- rows.lowerBound) >> 6
            let end = min(range.upperBound, rows.lowerBound &+ (word &+ 1) &<< 6)
            var bits = words[word] & (UInt64.max &<< UInt64(truncatingIfNeeded: (row &- rows.lowerBound) & 63))
            let over = rows.lowerBound &+ (word &+ 1) &<< 6 &- end
            if over > 0 { bits &= UInt64.max &>> UInt64(truncatingIfNeeded: over) }
            count &+= bits.nonzeroBitCount
            row = end
        }
        return count
    }

    /// The first row with a bit in a range that is covered, or its end.
    @inlinable @inline(__always)
    public func first(in range: Range<Int>) -> Int {
        if range.isEmpty { return range.upperBound }
        var word = (range.lowerBound &- rows.lowerBound) &>> 6
        let last = (range.upperBound &- 1 &- rows.lowerBound) &>> 6
        var bits = words[word] & (UInt64.max &<< UInt64(truncatingIfNeeded: range.lowerBound & 63))
        while bits == 0 {
            if word == last { return range.upperBound }
            word &+= 1
            bits = words[word]
        }
        return min(rows.lowerBound &+ word &<< 6 &+ bits.trailingZeroBitCount, range.upperBound)
    }

    /// The last row with a bit in a range that is covered, or the row before it.
    @inlinable @inline(__always)
    public func last(in range: Range<Int>) -> Int {
        if range.isEmpty { return range.lowerBound &- 1 }
        let end = range.upperBound &- 1 &- rows.lowerBound
        var word = end &>> 6
        let first = (range.lowerBound &- rows.lowerBound) &>> 6
        var bits = words[word] & (UInt64.max &>> UInt64(truncatingIfNeeded: 63 &- end & 63))
        while bits == 0 {
            if word == first { return range.lowerBound &- 1 }
            word &-= 1
            bits = words[word]
        }
        return max(rows.lowerBound &+ word &<< 6 &+ 63 &- bits.leadingZeroBitCount, range.lowerBound &- 1)
    }

    /// The bits of some rows that are covered, from the lowest on.
    ///
    /// - Parameter range: at least one row, at most as many as the word has bits: 64 or 128.
    @inlinable @inline(__always)
    public func word<Word: FixedWidthInteger & UnsignedInteger>(_ range: Range<Int>) -> Word {
        let offset = range.lowerBound &- rows.lowerBound
        let place = offset &>> 6
        let shift = UInt64(truncatingIfNeeded: offset & 63)
        let middle = words[place &+ 1]
        var bits = Word(truncatingIfNeeded: words[place] &>> shift | (middle &<< 1) &<< (63 &- shift))
        if Word.bitWidth > 64 {
            let above = middle &>> shift | (words[place &+ 2] &<< 1) &<< (63 &- shift)
            bits |= Word(truncatingIfNeeded: above) &<< 64
        }
        return bits & Word.max &>> Word(truncatingIfNeeded: Word.bitWidth &- range.count)
    }

    /// Clears the bit of a row.
    @inlinable @inline(__always)
    public func clear(_ row: Int) {
        let offset = row &- rows.lowerBound
        words[offset &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: offset & 63))
    }

    /// Calls `body` with each row of a covered range that has a bit, ascending.
    @inlinable @inline(__always)
    public func forEach(in range: Range<Int>, _ body: (Int) -> Void) {
        if range.isEmpty { return }
        var word = (range.lowerBound &- rows.lowerBound) &>> 6
        let last = (range.upperBound &- 1 &- rows.lowerBound) &>> 6
        let lastMask = UInt64.max &>> UInt64(truncatingIfNeeded: 63 &- (range.upperBound &- 1) & 63)
        var bits = words[word] & (UInt64.max &<< UInt64(truncatingIfNeeded: range.lowerBound & 63))
        while true {
            if word == last { bits &= lastMask }
            let base = rows.lowerBound &+ word &<< 6
            while bits != 0 {
                body(base &+ bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
            if word == last { return }
            word &+= 1
            bits = words[word]
        }
    }

    /// Calls `body` with each row of a covered range that has a bit here or in `other`, which covers the same, and with
    /// 1 or 0 for either.
    @inlinable @inline(__always)
    public func forEach(in range: Range<Int>, or other: RowBits, _ body: (Int, UInt64, UInt64) -> Void) {
        if range.isEmpty { return }
        var word = (range.lowerBound &- rows.lowerBound) &>> 6
        let last = (range.upperBound &- 1 &- rows.lowerBound) &>> 6
        let lastMask = UInt64.max &>> UInt64(truncatingIfNeeded: 63 &- (range.upperBound &- 1) & 63)
        var mask = UInt64.max &<< UInt64(truncatingIfNeeded: range.lowerBound & 63)
        while true {
            if word == last { mask &= lastMask }
            let (own, others) = (words[word], other.words[word])
            var bits = (own | others) & mask
            let base = rows.lowerBound &+ word &<< 6
            while bits != 0 {
                let place = UInt64(truncatingIfNeeded: bits.trailingZeroBitCount)
                body(base &+ Int(truncatingIfNeeded: place), own &>> place & 1, others &>> place & 1)
                bits &= bits &- 1
            }
            if word == last { return }
            word &+= 1
            mask = .max
        }
    }

    /// Clears the bit of a row unless `isKept` is 1; 0 is the only other value.
    @inline(__always)
    func keep(_ row: Int, _ isKept: UInt8) {
        let offset = row &- rows.lowerBound
        words[offset &>> 6] &= ~(UInt64(isKept ^ 1) &<< UInt64(truncatingIfNeeded: offset & 63))
    }
}
