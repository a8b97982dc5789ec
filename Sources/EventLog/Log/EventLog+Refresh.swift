import Synchronization

/// Where the reading of a write-ahead log ended: enough to tell whether there is more.
struct ReadEnd: Sendable, Hashable {
    /// The path of the last file; nil when there was none.
    var file: String?
    /// Its length then.
    var bytes = 0
    /// Of these, what had been written whole.
    var wholeBytes = 0

    init() {}

    init(_ report: ReplayReport) {
        file = report.lastFile
        bytes = report.lastFileBytes
        wholeBytes = report.lastFileBytes - (report.tornFile == report.lastFile ? report.tornBytes : 0)
    }
}

extension EventLog {
    /// Brings a log that is open for reading up to what its writer, in another process, has stored since. Snapshots
    /// that were taken before stay as they are. A log that is open for writing is always up to date.
    ///
    /// - Returns: whether there was anything new.
    /// - Throws: `EventLogError`: `corrupt`, `io`, `notFound` when the log is gone or another one is in its place.
    /// - Complexity: O(manifest) when nothing is new; O(bytes of the last file of the write-ahead log) after appends;
    ///   O(segments + events in the write-ahead log) after a seal, a load, or a compaction.
    @discardableResult
    package func refresh() throws -> Bool {
        guard access == .reading else { return false }
        return try maintenance.withLock { _ in
            let present = state.withLock { $0 }
            let manifest = try Manifest.load(folder, disk)
            guard let manifest, manifest.logID == present.logID else {
                throw EventLogError(
                    .notFound, "the log that was read here is gone, or another one is in its place", file: folder)
            }
            if manifest.generation == present.generation, let isNew = try readAppended(present) { return isNew }
            let (next, end) = try EventLog.readState(folder, disk, known: present.segments)
            state.withLock { $0 = next }
            readEnd.withLock { $0 = end }
            return true
        }
    }

    /// Reads on where reading ended, while the same manifest holds.
    ///
    /// - Returns: whether anything was new; nil when everything has to be read again.
    private func readAppended(_ present: LogState) throws -> Bool? {
        let end = readEnd.withLock { $0 }
        guard let file = end.file, let bytes = try disk.size(file) else { return nil }
        let last = try LogFile.list(folder + "/" + EventLog.walFolder, disk).last
        if last?.path == file, bytes == end.bytes { return false }
        // A group whose sync failed is taken back after it may have been read: then the file is shorter, and its
        // sequence numbers are given again.
        guard bytes >= end.wholeBytes else { return nil }
        do {
            var next = present
            let report = try EventLog.replay(into: &next, folder, disk, from: present.nextSequence, repair: false)
            state.withLock { $0 = next }
            readEnd.withLock { $0 = ReadEnd(report) }
            return true
        } catch is EventLogError {
            // A seal may have come between: what is wrong all the same is told by reading everything.
            return nil
        }
    }
}
