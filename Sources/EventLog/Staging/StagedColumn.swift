/// The values of one property and one type in an `EventBatch`, in the order of arrival.
package struct StagedColumn: Sendable {
    /// The property's number in the batch.
    package let property: UInt16
    package let type: PropertyType
    /// The rows that have a value, ascending.
    package var rows: [UInt32] = []
    /// For lists: where each row's values end.
    package var ends: [UInt32] = []
    package var numbers: [Double] = []
    package var times: [Int64] = []
    package var booleans: [Bool] = []
    /// Strings, as numbers of `dictionary`.
    package var codes: [UInt32] = []
    package var dictionary: ByteInterner

    package init(property: UInt16, type: PropertyType, key: HashKey) {
        self.property = property
        self.type = type
        self.dictionary = ByteInterner(key: key)
    }

    mutating func append(string bytes: UnsafeRawBufferPointer) {
        codes.append(dictionary.intern(bytes))
    }
}
