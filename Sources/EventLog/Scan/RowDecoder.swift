/// Puts rows of one source together from its columns.
///
/// Its loops are functions of their own, made for each width of code and with or without a look at the time: with less
/// to keep at hand, a row costs half.
struct RowDecoder {
    private let times: PackedIntegers
    let codes: CodesView
    /// By the chunk's own code: the second half of a `Row`, but for its number.
    private let tags: UnsafePointer<UInt64>
    /// Rows of other times are left out; nil when there are none.
    private let range: Range<Int64>?

    /// - Parameter tags: see `tag(code:source:)`; must outlive the decoder.
    init(times: PackedIntegers, codes: CodesView, tags: UnsafePointer<UInt64>, range: Range<Int64>?) {
        self.times = times
        self.codes = codes
        self.tags = tags
        self.range = range
    }

    /// The last eight bytes of a `Row` in memory, in which its number is still 0.
    static func tag(code: UInt16, source: UInt16) -> UInt64 {
        (UInt64(code) << 32 | UInt64(source) << 48).littleEndian
    }

    /// The event name's number in the log.
    @inline(__always)
    func code(of row: Int) -> UInt16 { UInt16(truncatingIfNeeded: tags[codes[row]] &>> 32) }

    /// About a page of times.
    private static let rowsAhead = 1024

    /// Writes all of some rows. Returns the end of what was written.
    @inline(never)
    func decode(_ rows: Range<Int>, to start: UnsafeMutablePointer<Row>) -> UnsafeMutablePointer<Row> {
        decode(to: start) { write in
            for row in rows { write(row) }
        }
    }

    /// Writes those of some rows that have a bit.
    @inline(never)
    func decode(_ rows: Range<Int>, _ bits: RowBits, to start: UnsafeMutablePointer<Row>) -> UnsafeMutablePointer<Row> {
        // A processor fetches ahead by itself, but not across pages, of which a chunk has hundreds.
        times.prefetch(rows.lowerBound &+ Self.rowsAhead..<rows.upperBound &+ Self.rowsAhead)
        return decode(to: start) { write in bits.forEach(in: rows, write) }
    }

    /// Writes those of some rows whose code is a member.
    func decode(
        _ rows: Range<Int>, _ members: [Bool], to start: UnsafeMutablePointer<Row>
    ) -> UnsafeMutablePointer<Row> {
        decode(to: start) { write in
            for row in rows where members[codes[row]] { write(row) }
        }
    }

    @inline(__always)
    private func decode(
        to start: UnsafeMutablePointer<Row>, _ loop: ((Int) -> Void) -> Void
    ) -> UnsafeMutablePointer<Row> {
        var end = UnsafeMutableRawPointer(start)
        let (times, tags) = (times, tags)
        if let range {
            let codes = codes
            let span = UInt64(bitPattern: range.upperBound &- 1 &- range.lowerBound)
            loop { row in
                let time = times[row]
                RowDecoder.write(time, row, tags[codes[row]], at: end)
                // A sum instead of a branch.
                end += UInt64(bitPattern: time &- range.lowerBound) <= span ? MemoryLayout<Row>.stride : 0
            }
        } else if codes.wide {
            let codes = codes.base.assumingMemoryBound(to: UInt16.self)
            loop { row in
                RowDecoder.write(times[row], row, tags[Int(codes[row])], at: end)
                end += MemoryLayout<Row>.stride
            }
        } else {
            let codes = codes.base.assumingMemoryBound(to: UInt8.self)
            loop { row in
                RowDecoder.write(times[row], row, tags[Int(codes[row])], at: end)
                end += MemoryLayout<Row>.stride
            }
        }
        return end.assumingMemoryBound(to: Row.self)
    }

    @inline(__always)
    private static func write(_ time: Int64, _ row: Int, _ tag: UInt64, at end: UnsafeMutableRawPointer) {
        end.storeBytes(of: time, as: Int64.self)
        end.storeBytes(
            of: tag | UInt64(UInt32(truncatingIfNeeded: row)).littleEndian, toByteOffset: 8, as: UInt64.self)
    }
}
