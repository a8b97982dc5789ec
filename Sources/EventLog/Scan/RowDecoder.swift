/// Puts rows of one source together from its columns: all that a loop over rows needs, in one value.
struct RowDecoder {
    private let times: PackedIntegers
    let codes: CodesView
    /// The chunk's own codes to the log's numbers of event names.
    let names: UnsafePointer<UInt16>
    /// Rows of other times are left out: `earliest ... earliest + span`.
    private let earliest: Int64
    private let span: UInt64
    private let source: UInt16

    init(
        times: PackedIntegers, codes: CodesView, names: UnsafePointer<UInt16>, range: Range<Int64>?, source: UInt16
    ) {
        self.times = times
        self.codes = codes
        self.names = names
        earliest = range?.lowerBound ?? .min
        span = range.map { UInt64(bitPattern: $0.upperBound &- 1 &- $0.lowerBound) } ?? .max
        self.source = source
    }

    /// Writes a row to `end`, and moves it on unless the row is of another time: a sum instead of a branch.
    @inline(__always)
    func write(_ row: Int, to end: inout UnsafeMutablePointer<Row>) {
        let time = times[row]
        end.initialize(
            to: Row(time: time, row: UInt32(truncatingIfNeeded: row), code: names[codes[row]], source: source))
        end += UInt64(bitPattern: time &- earliest) <= span ? 1 : 0
    }
}
