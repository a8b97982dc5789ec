/// What a scan read and what it could skip.
package struct ScanReport: Sendable, Codable, Hashable {
    package var segments = 0
    package var blocks = 0
    /// Blocks in which no row could match, so that nothing of them was read.
    package var blocksSkipped = 0
    package var personsVisited = 0
    /// Rows in the blocks that were read.
    package var rowsScanned = 0
    /// Rows that the question is about, as far as that is known; else those of the persons who were looked at.
    package var rowsMatched = 0
    /// Bytes of the columns that were read.
    package var bytesRead = 0
    package var threads = 0
    package var seconds = 0.0

    package init() {}

    package mutating func add(_ other: ScanReport) {
        blocks += other.blocks
        blocksSkipped += other.blocksSkipped
        personsVisited += other.personsVisited
        rowsScanned += other.rowsScanned
        rowsMatched += other.rowsMatched
        bytesRead += other.bytesRead
    }
}
