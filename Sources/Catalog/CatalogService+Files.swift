import State

extension CatalogService {
    /// Imports items from JSON Lines, a JSON array, or a table in UTF-8, in one transaction.
    ///
    /// - Throws: `CatalogError` with `badFile`, naming the line, or `limitExceeded`; then nothing was imported.
    /// - Complexity: O(bytes), all of it in memory
    package func importFile(_ bytes: [UInt8], options: ItemFileOptions) throws -> CatalogChangeReport {
        let file = try ItemFile(bytes, options: options)
        return try state.write { db in
            var writer = try ItemWriter(db, time: now(), report: file.report)
            for item in file.items { try writer.put(item) }
            if options.isWhole {
                try writer.deleteOthers(than: Set(file.items.map(\.id)), kinds: Set(file.items.map(\.kind)))
            }
            try writer.finish()
            return writer.report
        }
    }
}

/// What would come of a file.
package struct CatalogPreview: Sendable {
    /// Some of its items.
    package var first: [Item]
    package var report: CatalogChangeReport
}

extension CatalogService {
    private static let previewItems = 20

    /// Reads a file as `importFile` does, and changes nothing.
    ///
    /// - Throws: `CatalogError` with `badFile`, naming the line.
    package func preview(_ bytes: [UInt8], options: ItemFileOptions) throws -> CatalogPreview {
        let file = try ItemFile(bytes, options: options)
        return try state.read { db in
            let rows = try ItemRows(db)
            var report = file.report
            for item in file.items {
                switch try rows.item(item.id)?.stored {
                case nil: report.created += 1
                case let known? where known.item == item && known.deletedTime == nil: report.unchanged += 1
                default: report.updated += 1
                }
            }
            if options.isWhole {
                let ids = Set(file.items.map(\.id))
                for kind in Set(file.items.map(\.kind)) {
                    report.deleted += try rows.items(ofKind: kind).count { !ids.contains($0.stored.item.id) }
                }
            }
            return CatalogPreview(first: Array(file.items.prefix(Self.previewItems)), report: report)
        }
    }
}
