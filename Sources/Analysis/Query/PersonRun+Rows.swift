import EventLog

extension PersonRun {
    /// The rows of a person. Here and not beside the fields, because a loop over persons needs it inlined.
    @inline(__always)
    func rows(of index: Int) -> UnsafeBufferPointer<Row> {
        let start = index == 0 ? 0 : ends[index &- 1]
        return UnsafeBufferPointer(start: rows + start, count: ends[index] &- start)
    }
}
