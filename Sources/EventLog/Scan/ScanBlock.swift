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

/// Some of a block's anchors, all of one source, for a fold to drop: see `ScanFold.narrow`.
package struct AnchorRows: ~Copyable {
    package let source: Int
    package let count: Int
    /// The rows in the source, for property columns.
    package let rows: UnsafePointer<UInt32>
    /// The log's numbers of their event names.
    package let codes: UnsafePointer<UInt16>
    /// One byte for each row: 1 to keep it, 0 to drop it. All are 1 at first.
    package let keep: UnsafeMutablePointer<UInt8>
}
