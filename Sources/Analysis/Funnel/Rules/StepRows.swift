import EventLog

/// The rows of one person by the steps of a funnel that they fit, one bit a row and step. Rows are numbered as the
/// implementation likes, ascending from `start` to before `end`.
protocol StepRows {
    var start: Int { get }
    var end: Int { get }

    /// The first row of a step at `row` or later, or `end`. `row` is one of the person's.
    func first(_ step: Int, from row: Int) -> Int

    /// The first row of a step after `row`, or `end`.
    func first(_ step: Int, after row: Int) -> Int

    /// The last row of a step at `row` or before, or anything below `start`.
    func last(_ step: Int, upTo row: Int) -> Int

    /// The same before `row`.
    func last(_ step: Int, before row: Int) -> Int

    func clear(_ step: Int, _ row: Int)

    /// The row's number in the source.
    func sourceRow(_ row: Int) -> Int

    /// The row's time as the source stores it: unsigned, in a unit of the source's own, from its own beginning.
    func time(_ row: Int) -> UInt64
}

/// Few rows, whose bits are words in a processor's registers: nearly everybody's.
struct WordRows<Word: FixedWidthInteger & UnsignedInteger>: StepRows {
    /// By step.
    private let words: UnsafeMutablePointer<Word>
    private let base: Int
    private let times: PackedIntegers
    let end: Int
    @inline(__always) var start: Int { 0 }

    /// - Parameters:
    ///   - rows: of the person; at least one, at most as many as a word has bits.
    ///   - openers: those of them, from the first on, that count for the first step.
    ///   - words: room for one for each step.
    @inline(__always)
    init(
        _ rows: Range<Int>, openers: Range<Int>, _ planes: UnsafePointer<RowBits>, _ stepCount: Int,
        _ times: PackedIntegers, _ words: UnsafeMutablePointer<Word>
    ) {
        self.words = words
        self.times = times
        base = rows.lowerBound
        end = rows.count
        for step in 0..<stepCount { words[step] = planes[step].word(rows) }
        if openers.upperBound < rows.upperBound {
            words[0] &= (1 &<< Word(truncatingIfNeeded: openers.count)) &- 1
        }
    }

    // Shifts by less than a word's bits need no look at how far they go; bits beyond the highest are lost, as they
    // should be.

    @inline(__always)
    func first(_ step: Int, from row: Int) -> Int { lowest(words[step] & (Word.max &<< shift(row))) }

    @inline(__always)
    func first(_ step: Int, after row: Int) -> Int { lowest(words[step] & ~((2 &<< shift(row)) &- 1)) }

    @inline(__always)
    func last(_ step: Int, upTo row: Int) -> Int { highest(words[step] & ((2 &<< shift(row)) &- 1)) }

    @inline(__always)
    func last(_ step: Int, before row: Int) -> Int { highest(words[step] & ((1 &<< shift(row)) &- 1)) }

    @inline(__always)
    private func shift(_ row: Int) -> Word { Word(truncatingIfNeeded: row) }

    @inline(__always)
    private func lowest(_ bits: Word) -> Int { bits == 0 ? end : bits.trailingZeroBitCount }

    @inline(__always)
    private func highest(_ bits: Word) -> Int { Word.bitWidth &- 1 &- bits.leadingZeroBitCount }

    @inline(__always)
    func clear(_ step: Int, _ row: Int) { words[step] &= ~(1 &<< shift(row)) }

    @inline(__always)
    func sourceRow(_ row: Int) -> Int { base &+ row }

    @inline(__always)
    func time(_ row: Int) -> UInt64 { times.stored(base &+ row) }
}

/// Any number of rows, whose bits are looked at where they lie.
struct PlaneRows: StepRows {
    private let planes: UnsafePointer<RowBits>
    private let times: PackedIntegers
    private let rows: Range<Int>
    private let openers: Range<Int>

    @inline(__always)
    init(
        _ rows: Range<Int>, openers: Range<Int>, _ planes: UnsafePointer<RowBits>, _ times: PackedIntegers
    ) {
        self.planes = planes
        self.times = times
        self.rows = rows
        self.openers = openers
    }

    @inline(__always) var start: Int { rows.lowerBound }
    @inline(__always) var end: Int { rows.upperBound }

    @inline(__always)
    func first(_ step: Int, from row: Int) -> Int {
        let limit = step == 0 ? openers.upperBound : rows.upperBound
        guard row < limit else { return rows.upperBound }
        let found = planes[step].first(in: Range(uncheckedBounds: (row, limit)))
        return found == limit ? rows.upperBound : found
    }

    @inline(__always)
    func first(_ step: Int, after row: Int) -> Int { first(step, from: row &+ 1) }

    @inline(__always)
    func last(_ step: Int, upTo row: Int) -> Int { last(step, before: row &+ 1) }

    @inline(__always)
    func last(_ step: Int, before row: Int) -> Int {
        planes[step].last(in: rows.lowerBound..<(step == 0 ? min(row, openers.upperBound) : row))
    }

    @inline(__always)
    func clear(_ step: Int, _ row: Int) { planes[step].clear(row) }

    @inline(__always)
    func sourceRow(_ row: Int) -> Int { row }

    @inline(__always)
    func time(_ row: Int) -> UInt64 { times.stored(row) }
}
