import EventLog

extension CatalogService {
    /// Adds one item from its JSON, or puts it in place of the one there is.
    ///
    /// - Parameter id: that the JSON must have.
    /// - Throws: `CatalogError` with `invalid`, naming the member.
    package func put(json: [UInt8], id: String) throws -> StoredItem {
        let reader = try JSONDocumentReader()
        // Values point into the reader, which nothing else keeps until they are read.
        defer { withExtendedLifetime(reader) {} }
        let item = try json.withUnsafeBytes { bytes in
            do {
                return try ItemDecoder.item(try reader.read(bytes, wrappingArrayAs: "items"))
            } catch let error as LineProblem {
                throw CatalogError(.invalid, LineProblem.reason(of: error))
            }
        }
        guard item.id == Self.normal(id) else {
            throw CatalogError(.invalid, "is '\(item.id.prefix(100))', but the address says '\(id)'", field: "id")
        }
        try put([item])
        return try self.item(item.id)
    }
}
