import Dispatch
import Synchronization

extension EventLog {
    static let walFolder = "wal"
    static let lockFile = "LOCK"

    /// Opens the log in `folder`, or makes one when opening for writing. Recovers what was acknowledged.
    ///
    /// - Throws: `EventLogError`: `locked` when another process writes, `notFound`, `corrupt`, `unsupportedVersion`,
    ///   `io`.
    /// - Complexity: O(segments + events in the write-ahead log)
    package static func open(
        _ folder: String, for access: Access, options: Options = Options(), disk: any Disk = PosixDisk()
    ) throws -> EventLog {
        switch access {
        case .writing: try openForWriting(folder, options, disk)
        case .reading: try openForReading(folder, options, disk)
        }
    }

    private static func openForWriting(_ folder: String, _ options: Options, _ disk: any Disk) throws -> EventLog {
        try disk.makeFolder(folder)
        let lock = try disk.lock(folder + "/" + lockFile)
        do {
            let manifest: Manifest
            if let known = try Manifest.load(folder, disk) {
                manifest = known
            } else {
                try refuseOrphans(folder, disk)
                manifest = Manifest(key: .random(), logID: .random(in: 1 ... .max))
                try manifest.store(folder, disk)
            }
            try removeUnknownFiles(folder, manifest, disk)
            var state = try load(manifest, folder, disk)
            _ = try replay(into: &state, folder, disk, from: manifest.walStart, repair: true)
            state.pending = state.identities
            let wal = try WriteAheadLog(
                folder: folder + "/" + walFolder, disk: disk, logID: manifest.logID, nextSequence: state.nextSequence)
            try note(walFile: state.nextSequence, in: &state, folder, disk)
            return EventLog(
                folder: folder, disk: disk, access: .writing, options: options, state: state, wal: wal, lock: lock,
                duplicates: RecentMessages(state))
        } catch {
            lock.release()
            throw error
        }
    }

    /// Makes it durable that a file of the write-ahead log exists. Opening a log again that was closed goes on in the
    /// file that is known already.
    private static func note(walFile: UInt64, in state: inout LogState, _ folder: String, _ disk: any Disk) throws {
        if state.walFile == walFile { return }
        state.walFile = walFile
        state.generation += 1
        try state.manifest.store(folder, disk)
    }

    private static func openForReading(_ folder: String, _ options: Options, _ disk: any Disk) throws -> EventLog {
        let (state, end) = try readState(folder, disk)
        let log = EventLog(
            folder: folder, disk: disk, access: .reading, options: options, state: state, wal: nil, lock: nil,
            duplicates: RecentMessages(state))
        log.readEnd.withLock { $0 = end }
        return log
    }

    /// What the files hold, for a reader. A writer may replace files between the steps; then what is missing is in a
    /// newer manifest.
    ///
    /// - Parameter known: segments that are open already.
    static func readState(
        _ folder: String, _ disk: any Disk, known: [LogState.SealedSegment] = []
    ) throws -> (LogState, ReadEnd) {
        var lastGeneration: UInt64?
        while true {
            guard let manifest = try Manifest.load(folder, disk) else {
                throw EventLogError(
                    .notFound, "there is no event log here; `import` or `generate` makes one", file: folder)
            }
            do {
                var state = try load(manifest, folder, disk, known: known)
                let report = try replay(into: &state, folder, disk, from: manifest.walStart, repair: false)
                return (state, ReadEnd(report))
            } catch let error as EventLogError {
                let present = try Manifest.load(folder, disk)?.generation
                if present == manifest.generation, lastGeneration == manifest.generation { throw error }
                lastGeneration = manifest.generation
            }
        }
    }

    /// Segments without a manifest mean that the manifest was lost: a new, empty log must not take their place.
    private static func refuseOrphans(_ folder: String, _ disk: any Disk) throws {
        guard let orphan = try disk.list(folder).first(where: { $0.hasPrefix("segment-") }) else { return }
        throw EventLogError(
            .corrupt, "the manifest is missing although there are segments (\(orphan)); restore it from a backup",
            file: folder + "/" + Manifest.file)
    }

    /// Files that a crash left behind: a segment that no manifest names, a manifest that was not finished.
    private static func removeUnknownFiles(_ folder: String, _ manifest: Manifest, _ disk: any Disk) throws {
        let known = Set(manifest.segments.map(\.file))
        for name in try disk.list(folder)
        where (name.hasPrefix("segment-") && !known.contains(name)) || name == Manifest.file + ".new" {
            try disk.remove(folder + "/" + name)
        }
    }

    private static func load(
        _ manifest: Manifest, _ folder: String, _ disk: any Disk, known: [LogState.SealedSegment] = []
    ) throws -> LogState {
        let known = Dictionary(known.map { ($0.entry, $0) }) { first, _ in first }
        let segments = try manifest.segments.map { entry in
            // No two segments of a log ever have the same name.
            if let open = known[entry] { return open }
            let path = folder + "/" + entry.file
            let segment = try Segment(try disk.map(path), name: path)
            guard segment.footer.rowCount == entry.rows, UInt64(segment.byteCount) == entry.bytes else {
                throw EventLogError(.corrupt, "is not the file that the manifest names", file: path)
            }
            try segment.checkNames(manifest.tables)
            return LogState.SealedSegment(entry: entry, segment: segment)
        }
        return LogState(manifest, segments: segments)
    }

    /// Applies the records of the write-ahead log from a sequence number on.
    static func replay(
        into state: inout LogState, _ folder: String, _ disk: any Disk, from sequence: UInt64, repair: Bool
    ) throws -> ReplayReport {
        let key = state.key
        let report = try WriteAheadLog.replay(
            folder: folder + "/" + walFolder, disk: disk, logID: state.logID, from: sequence, newest: state.walFile,
            repair: repair
        ) { sequence, payload in
            state.apply(try LogRecord(payload, key: key), sequence: sequence)
        }
        state.nextSequence = max(state.nextSequence, report.nextSequence)
        return report
    }

    /// Seals what is in memory, ends background work and gives back the lock. Closing again does nothing.
    package func close() throws {
        guard access == .writing else { return }
        waitForBackground()
        if !isClosed.load(ordering: .acquiring) { try seal() }
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        defer { lock?.release() }
        try wal?.close()
    }

    private func waitForBackground() {
        sealing.wait()
        compaction.wait()
    }

    /// Ends without writing anything more; what was acknowledged is found again at the next opening.
    package func abandon() {
        isClosed.store(true, ordering: .releasing)
        waitForBackground()
        try? wal?.close()
        lock?.release()
    }
}

extension Segment {
    /// Every number of a name is in the tables.
    func checkNames(_ tables: NameTables) throws {
        for chunk in footer.chunks {
            let codesFit = chunk.codes.allSatisfy { Int($0.code) < tables.events.count }
            let propertiesFit = chunk.sections.allSatisfy {
                $0.kind != .column || Int($0.property) < tables.properties.count
            }
            guard codesFit, propertiesFit else {
                throw EventLogError(.corrupt, "has names that the manifest does not know", file: name)
            }
        }
    }
}
