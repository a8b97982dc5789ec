package import EventLog

/// What an import would make of the beginning of a file; nothing is stored.
package struct ImportPreview: Sendable {
    package var events: [Event] = []
    package var rejections: [Rejection] = []
    /// Lines that were looked at.
    package var lines: UInt64 = 0

    /// - Parameters:
    ///   - bytes: the beginning of the file, up to the end of a line.
    ///   - limit: how many events to show; all lines are tried.
    /// - Throws: `ImportError` when the mapping does not fit the file.
    package init(
        _ bytes: [UInt8], name: String, options: ImportOptions, key: HashKey, limit: Int = 10
    ) throws {
        let pipeline = ImportPipeline(
            name: name, options: options, key: key, open: { MemorySource(bytes) }, marks: { _ in [] })
        lines = try pipeline.run { stretch in
            rejections += stretch.rejections
            guard events.count < limit else { return }
            events += stretch.batch.storedEvents(firstSequence: 0, receivedTime: 0)
                .prefix(limit - events.count).map(\.event)
        }.lines
    }
}
