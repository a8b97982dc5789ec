/// One event of a person, as a fold sees it: 16 bytes, the properties stay where they are.
@frozen
public struct Row: Sendable, Hashable {
    // Public as `PackedIntegers` is.
    /// When it happened: milliseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// The row in its source, for property columns.
    public let row: UInt32
    /// The log's number of the event name.
    public let code: UInt16
    /// Which of the block's sources holds the row.
    public let source: UInt16

    @inlinable
    public init(time: Int64, row: UInt32, code: UInt16, source: UInt16) {
        self.time = time
        self.row = row
        self.code = code
        self.source = source
    }

    /// A row by its place alone, which is enough to read its properties.
    @inlinable @inline(__always)
    package init(at row: Int, source: Int = 0) {
        self.init(
            time: 0, row: UInt32(truncatingIfNeeded: row), code: 0, source: UInt16(truncatingIfNeeded: source))
    }
}
