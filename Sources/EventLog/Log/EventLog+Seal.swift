import Dispatch
import Foundation
import Synchronization

// Moving events from memory to segments, and segments into larger ones. Every change of the manifest happens here,
// under `maintenance`; readers and appends go on meanwhile.

extension EventLog {
    /// Writes all recent events into a segment and empties the write-ahead log. Does nothing when there are none.
    package func seal() throws {
        let wal = try writer()
        try maintenance.withLock { _ in
            let closed = Mutex<[RecentRows]>([])
            let first = try wal.rotate { [self] in
                let recent = state.withLock { state in
                    state.closeTail()
                    return state.recent
                }
                closed.withLock { $0 = recent }
                duplicates.withLock { $0.beginSeal() }
            }
            let recent = closed.withLock { $0 }
            let made = recent.isEmpty ? nil : try write(recent.map { try $0.segment() })
            try changeManifest(adding: [made]) { state in
                if let made { state.segments.append(made) }
                state.recent.removeFirst(recent.count)
                state.walStart = first
                state.walFile = first
                state.nextSequence = max(state.nextSequence, first)
            }
            duplicates.withLock { $0.endSeal() }
            try wal.removeFiles(before: first)
        }
    }

    /// Merges some segments into one file.
    ///
    /// - Returns: nil when no event is left.
    private func write(
        _ segments: [Segment], threads: Int = 1, progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> LogState.SealedSegment? {
        let merger = state.withLock { state in
            SegmentMerger(
                segments: segments, identities: state.identities, minTime: minTime(state), threads: threads,
                progress: progress)
        }
        return try write { try merger.write(to: &$0) }
    }

    /// Writes a segment file, durable on return. No manifest names it yet.
    func write(_ body: (inout SegmentWriter) throws -> Void) throws -> LogState.SealedSegment? {
        let number = state.withLock { state in
            defer { state.nextFile += 1 }
            return state.nextFile
        }
        let name = "segment-" + EventLog.hexadecimal(number) + ".seg"
        let path = folder + "/" + name
        let file = try disk.create(path)
        do {
            let buffer = WriteBuffer(file)
            var writer = try SegmentWriter(sink: buffer.write)
            try body(&writer)
            guard writer.footer.rowCount > 0 else {
                try file.close()
                try disk.remove(path)
                return nil
            }
            _ = try writer.finish()
            try buffer.flush()
            try file.sync()
            try file.close()
            try disk.syncFolder(folder)
            let segment = try Segment(try disk.map(path), name: path)
            let lastReceived = try segment.receivedRuns().map(\.time).max() ?? 0
            return LogState.SealedSegment(
                entry: Manifest.SegmentEntry(
                    file: name, rows: segment.footer.rowCount, bytes: UInt64(segment.byteCount),
                    lastReceived: lastReceived),
                segment: segment)
        } catch {
            try? file.close()
            discard([name])
            throw error
        }
    }

    static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// Replaces some segments, named by their files, with one. Under `compacting`.
    ///
    /// - Parameter threads: in the background one, because the other processors belong to readers and appends.
    func rewrite(_ files: [String], threads: Int = 1, progress: (@Sendable (Int) -> Void)? = nil) throws {
        let old = state.withLock { state in state.segments.filter { files.contains($0.entry.file) } }
        let made = try write(old.map(\.segment), threads: threads, progress: progress)
        try maintenance.withLock { _ in
            try changeManifest(adding: [made]) { state in
                let place = state.segments.firstIndex { files.contains($0.entry.file) } ?? 0
                state.segments.removeAll { files.contains($0.entry.file) }
                if let made { state.segments.insert(made, at: min(place, state.segments.count)) }
            }
            discard(files)
        }
    }

    /// Removes files that no manifest names. What cannot be removed now is tried again after the next change of the
    /// manifest, and at the next opening.
    func discard(_ files: [String]) {
        do {
            for file in files { try disk.remove(folder + "/" + file) }
            try disk.syncFolder(folder)
        } catch {
            strays.withLock { $0.formUnion(files) }
        }
    }

    /// Whether a segment file is part of the log, or may still be named by the manifest on the disk.
    func isKept(_ file: String) -> Bool {
        strays.withLock { $0.contains(file) } || state.withLock { $0.segments.contains { $0.entry.file == file } }
    }

    /// Right after a manifest became durable that names none of them.
    ///
    /// - Throws: `io` when a file that should be gone is still there.
    func removeStrays() throws {
        try strays.withLock { strays in
            if strays.isEmpty { return }
            for file in strays { try disk.remove(folder + "/" + file) }
            try disk.syncFolder(folder)
            strays = []
        }
    }

    /// Changes the state and makes it durable; the change is taken back when the disk refuses. Under `maintenance`.
    ///
    /// - Parameter made: new segments. When the disk refuses, their files stay until the next manifest is durable,
    ///   because the one that names them may have become durable all the same.
    func changeManifest(
        adding made: [LogState.SealedSegment?] = [], _ change: (inout LogState) throws -> Void
    ) throws {
        let next = try state.withLock { state in
            var next = state
            try change(&next)
            next.generation += 1
            return next.manifest
        }
        do {
            try next.store(folder, disk)
        } catch {
            strays.withLock { $0.formUnion(made.compactMap { $0?.entry.file }) }
            throw error
        }
        try? removeStrays()
        // What appends added meanwhile is kept: the change is applied again to the present state.
        try state.withLock { state in
            try change(&state)
            state.generation = next.generation
        }
    }

    /// Events before this time are past the retention age.
    func minTime(_ state: LogState) -> Int64 {
        state.retention == 0 ? .min : options.now() - state.retention
    }
}

/// Collects small writes, because a call of the file system for each section would cost more than the bytes.
final class WriteBuffer {
    private let file: any DiskFile
    private var bytes: [UInt8] = []

    init(_ file: any DiskFile) {
        self.file = file
        bytes.reserveCapacity(1 << 20)
    }

    func write(_ raw: UnsafeRawBufferPointer) throws {
        if bytes.count + raw.count > 1 << 20 { try flush() }
        if raw.count >= 1 << 20 {
            try file.write(raw)
        } else {
            bytes.append(contentsOf: raw)
        }
    }

    func flush() throws {
        if bytes.isEmpty { return }
        try file.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}

// MARK: - Larger segments

extension EventLog {
    /// Rewrites all segments into one, applying merges, deletions and retention.
    ///
    /// - Parameter progress: gets rows done and rows in all.
    package func compact(progress: (@Sendable (Int, Int) -> Void)? = nil) throws {
        try seal()
        try compacting.withLock { _ in
            // A deletion since the seal may be of events in memory only: it stays until those are in a segment.
            let (segments, done) = state.withLock { state in
                (state.segments, state.identities.deletions.filter { $0.sequence < state.walStart })
            }
            let total = segments.reduce(0) { $0 + $1.segment.rowCount }
            if !segments.isEmpty {
                let threads = ProcessInfo.processInfo.activeProcessorCount
                try rewrite(segments.map(\.entry.file), threads: threads) { progress?($0, total) }
            }
            if !done.isEmpty { try maintenance.withLock { _ in try changeManifest { $0.drop(done) } } }
        }
    }

    /// Seals and merges in the background when it is due. The two do not wait for each other: while large segments are
    /// merged, what comes in still leaves memory.
    func maintain() {
        if isSealDue {
            sealing.start { [self] in
                reportingErrors(sealWhileDue)
                maintain()
            }
        }
        if state.withLock({ tier($0.segments) }) != nil {
            compaction.start { [self] in reportingErrors(mergeWhileDue) }
        }
    }

    private func reportingErrors(_ work: () throws -> Void) {
        do {
            try work()
        } catch {
            if !isClosed.load(ordering: .acquiring) { backgroundError.withLock { $0 = error } }
        }
    }

    /// Seals and merges what is due, on this thread.
    package func maintainNow() throws {
        try sealWhileDue()
        try mergeWhileDue()
    }

    private var isSealDue: Bool {
        state.withLock { $0.recentCount } >= options.sealRows || (wal?.bytes ?? 0) >= options.sealBytes
    }

    private func sealWhileDue() throws {
        while isSealDue, !isClosed.load(ordering: .acquiring) { try seal() }
    }

    private func mergeWhileDue() throws {
        while !isClosed.load(ordering: .acquiring) {
            let isDone = try compacting.withLock { _ in
                guard let files = state.withLock({ tier($0.segments) }) else { return true }
                try rewrite(files)
                return false
            }
            if isDone { return }
        }
    }

    /// Enough segments of about the same size (within a factor of eight) to be merged, smallest tier first.
    private func tier(_ segments: [LogState.SealedSegment]) -> [String]? {
        guard options.compactionFanIn > 1 else { return nil }
        let tiers = Dictionary(grouping: segments) { (64 - $0.entry.rows.leadingZeroBitCount) / 3 }
        let due = tiers.filter { $0.value.count >= options.compactionFanIn }.min { $0.key < $1.key }
        return due?.value.map(\.entry.file)
    }

    /// Events older than this many milliseconds are hidden at once and removed at the next compaction; nil keeps all.
    package func setRetention(_ age: Int64?) throws {
        _ = try writer()
        if let age, age <= 0 { throw EventLogError(.invalidEvent, "a retention age of \(age) ms; it must be positive") }
        try maintenance.withLock { _ in try changeManifest { $0.retention = age ?? 0 } }
    }
}
