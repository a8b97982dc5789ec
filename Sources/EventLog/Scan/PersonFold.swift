/// A question over one person's history. The same fold answers for one person and for everybody: a scan makes one
/// fold per thread, feeds it the persons of a block after another, and returns the folds for the caller to combine.
package protocol PersonFold {
    /// Called before the first person of each block. Property columns belong to a block: a fold that reads properties
    /// prepares its dictionary look-ups here.
    mutating func enter(_ block: ScanBlock) throws

    /// Called once for each person who has at least one row of the selection; with anchors, a person without a row of
    /// one of them may be left out. The rows are in time order; events of the same time are in the order in which they
    /// were acknowledged. Nothing in `person` may be kept after the call but copies.
    mutating func visit(_ person: borrowing PersonView) throws
}

/// A person within a scan: valid inside `visit` only.
package struct PersonView: ~Copyable {
    /// The rows of the selection in time order, merged over all ids of the person.
    package let rows: UnsafeBufferPointer<Row>
    /// The keyed hash of the person's canonical id: stable within a log, the order of a scan is unspecified.
    package let hash: UInt64
    // The scanner outlives the call of `visit`, and counting references once a person would cost more than the visit.
    private unowned(unsafe) let scanner: BlockScanner

    init(rows: UnsafeBufferPointer<Row>, hash: UInt64, scanner: BlockScanner) {
        self.rows = rows
        self.hash = hash
        self.scanner = scanner
    }

    /// The person's canonical id, looked up when asked for.
    package var id: String { scanner.personID }

    /// All that is stored of a row. The event's person is the id that it was sent with.
    package func event(_ row: Row) throws -> StoredEvent { try scanner.event(row) }
}

/// Which rows a fold wants to see. The less it asks for, the less is read.
package struct Selection: Sendable {
    /// Event names by their number in the log; nil is every event.
    package var events: Set<UInt16>?
    /// When set, persons without a row of one of these within `times` have nothing to say to the fold: the scan leaves
    /// them out where that saves work, and may hand over others. Must be among `events`.
    package var anchors: Set<UInt16>?
    /// Only rows of this time range, in milliseconds; nil is all time.
    package var times: Range<Int64>?
    /// The properties that the fold reads, by their number in the log; `ScanBlock.column` takes the index in this list.
    package var properties: [UInt16]

    package init(
        events: Set<UInt16>? = nil, anchors: Set<UInt16>? = nil, times: Range<Int64>? = nil, properties: [UInt16] = []
    ) {
        self.events = events
        self.anchors = anchors
        self.times = times
        self.properties = properties
    }
}

/// A range of persons that is scanned in one go, and the sources (parts of segments) that hold their rows.
package final class ScanBlock {
    package let sourceCount: Int
    /// `columns[source * properties + property]`
    private let columns: [PropertyColumns]
    private let propertyCount: Int

    package init(columns: [PropertyColumns], sourceCount: Int, propertyCount: Int) {
        self.columns = columns
        self.sourceCount = sourceCount
        self.propertyCount = propertyCount
    }

    /// The columns of the selection's `property`-th property in one source.
    package func column(_ property: Int, source: Int) -> PropertyColumns {
        columns[source * propertyCount + property]
    }
}

/// What a scan read and what it could skip.
package struct ScanReport: Sendable, Codable, Hashable {
    package var segments = 0
    package var blocks = 0
    /// Blocks in which no row could match, so that nothing of them was read.
    package var blocksSkipped = 0
    package var personsVisited = 0
    /// Rows in the blocks that were read.
    package var rowsScanned = 0
    /// Rows that were handed to folds.
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
