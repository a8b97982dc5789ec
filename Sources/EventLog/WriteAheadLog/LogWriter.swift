import Synchronization

/// Writes groups of records to the files of a log. Used by one thread at a time: first the one that opens the log, then
/// the commit thread.
///
/// Invariants: whatever was acknowledged lies before `OpenFile.length` in a synced file; nothing is ever appended to
/// a file after a failure, but a new file is begun instead; a file that has a successor is complete and durable.
final class LogWriter {
    private enum State {
        case open(OpenFile)
        /// The file that was open is complete, and the next one has not been begun. Holds what its header will say.
        case between(previous: LogLink?)
        /// What went wrong: there may be bytes of failed records at the end of the last file.
        case broken(String)
        case closed
    }

    private struct OpenFile {
        let place: LogFile
        let header: LogFileHeader
        let file: any DiskFile
        /// The frames that are durable.
        var length: Int
        var chain: UInt32
        /// Above the sequence numbers of the frames.
        var endSequence: UInt64
        var hasRecords = false

        /// Whether a file begun now would have the same name.
        func isNew(_ nextSequence: UInt64) -> Bool { !hasRecords && header.firstSequence == nextSequence }
    }

    private let folder: String
    private let disk: any Disk
    private let logID: UInt64
    private let seed: UInt32
    private let counters: LogCounters
    private var state: State
    private(set) var nextSequence: UInt64
    private let group = GroupBuffer()

    /// Goes on after the files that are there. They have been replayed and repaired.
    init(folder: String, disk: any Disk, logID: UInt64, nextSequence: UInt64, counters: LogCounters) throws {
        self.folder = folder
        self.disk = disk
        self.logID = logID
        self.seed = LogFrame.seed(logID: logID)
        self.counters = counters
        self.nextSequence = nextSequence
        let files = try LogFile.list(folder, disk)
        state = .between(previous: try files.last.flatMap { try Self.settle($0, disk, logID, nextSequence) })
        var bytes = 0
        for file in files { bytes += try disk.size(file.path) ?? 0 }
        for name in try disk.list(folder) where name.hasSuffix(".log" + LogFile.unfinished) {
            try disk.remove(folder + "/" + name)
        }
        counters.bytes.store(bytes, ordering: .relaxed)
        try beginFile()
    }

    /// Makes the last group of an earlier process durable, because records to come rely on it: it may be in the memory
    /// of the kernel only, even marked as written, if its sync failed before the process was killed. Returns the link
    /// to it, or to the one before when it has no records and will be replaced.
    private static func settle(
        _ place: LogFile, _ disk: any Disk, _ logID: UInt64, _ nextSequence: UInt64
    ) throws -> LogLink? {
        let (header, scan) = try disk.read(place.path).withUnsafeBytes { bytes in
            guard case .valid(let header, let chain) = LogFileHeader.decode(bytes), header.logID == logID else {
                throw place.corrupt(at: 0, "its header is not valid, which a replay has to repair or refuse first")
            }
            return (header, LogFileScan(bytes, header: header, chain: chain, seed: LogFrame.seed(logID: logID)))
        }
        if scan.damage != nil {
            throw place.corrupt(
                at: scan.end, "the end of the file is not valid, which a replay has to repair or refuse first")
        }
        guard scan.endSequence <= nextSequence else {
            throw place.corrupt(
                at: 0, "it has records up to \(scan.endSequence - 1), but the log is to go on with \(nextSequence)")
        }
        if scan.records == 0, header.firstSequence == nextSequence { return header.previous }
        try disk.rewrite(place.path, from: scan.records == 0 ? 0 : scan.lastGroup)
        return scan.link(from: header)
    }

    // MARK: Files

    /// Begins a file when there is none to append to.
    func beginFile() throws {
        switch state {
        case .open: return
        case .between(let previous): try beginFile(after: previous)
        case .broken(let reason): throw Self.broken(reason, folder)
        case .closed: throw Self.closed(folder)
        }
    }

    private func beginFile(after previous: LogLink?) throws {
        let place = LogFile(firstSequence: nextSequence, folder: folder)
        let header = LogFileHeader(logID: logID, firstSequence: nextSequence, previous: previous)
        let (bytes, chain) = header.encoded()
        // A file of this name has no records: see `settle`. It is replaced in one step, so that there is always a file.
        let replaced = try disk.size(place.path) ?? 0
        let unfinished = try disk.create(place.path + LogFile.unfinished)
        do {
            try unfinished.write(bytes)
            try sync(unfinished)
        } catch {
            try? unfinished.close()
            throw error
        }
        try unfinished.close()
        try disk.rename(place.path + LogFile.unfinished, to: place.path)
        counters.bytes.add(bytes.count - replaced, ordering: .relaxed)
        try disk.syncFolder(folder)
        let file = try disk.openForAppending(place.path)
        state = .open(
            OpenFile(
                place: place, header: header, file: file, length: bytes.count, chain: chain, endSequence: nextSequence))
    }

    /// Completes the open file and begins a new one, unless the open one is new itself.
    func rotate() throws {
        if case .open(let open) = state {
            if open.isNew(nextSequence) { return }
            // All of it has been synced, so a failing close has nothing to tell.
            try? open.file.close()
            state = .between(previous: link(after: open))
        }
        try beginFile()
    }

    /// Writes the mark that tells a closed log from a killed one. No commits are possible afterwards.
    func close() throws {
        defer { state = .closed }
        guard case .open(let open) = state else { return }
        group.clear()
        group.add([], sequence: nextSequence, sequences: 0, chain: open.chain, seed: seed)
        try open.file.write(group.bytes)
        try sync(open.file)
        counters.bytes.add(group.count, ordering: .relaxed)
        try open.file.close()
    }

    private func link(after open: OpenFile) -> LogLink? {
        if open.isNew(nextSequence) { return open.header.previous }
        return LogLink(
            firstSequence: open.header.firstSequence, length: open.length, endSequence: open.endSequence,
            chain: open.chain)
    }

    private func sync(_ file: any DiskFile) throws {
        counters.syncs.add(1, ordering: .relaxed)
        try file.sync()
    }

    // MARK: Groups

    /// Bytes that the group has so far.
    var groupBytes: Int { group.count }

    /// Begins a group of records.
    func beginGroup() throws {
        try beginFile()
        group.clear()
    }

    /// Adds a record to the group; nil takes sequence numbers only.
    func add(_ payload: [UInt8]?, sequences: UInt64) throws {
        let (end, overflow) = nextSequence.addingReportingOverflow(sequences)
        guard !overflow, end < UInt64.max else {
            throw EventLogError(
                .limitExceeded, "the sequence numbers of this log are used up; begin a new log", file: folder)
        }
        if let payload {
            guard payload.count <= WriteAheadLog.payloadBytes, let count = UInt32(exactly: sequences) else {
                throw EventLogError(
                    .limitExceeded,
                    "a record of \(payload.count) bytes and \(sequences) events; at most \(WriteAheadLog.payloadBytes) and \(UInt32.max) "
                        + "are allowed: split it")
            }
            precondition(
                count > 0, "a record with a payload takes at least one sequence number, which is its place in the log")
            guard case .open(let open) = state else { preconditionFailure("beginGroup comes before add") }
            group.add(payload, sequence: nextSequence, sequences: count, chain: open.chain, seed: seed)
        }
        nextSequence = end
    }

    /// Makes the group durable, or takes it back.
    ///
    /// - Parameter first: the next sequence number when the group began.
    func endGroup(first: UInt64) throws {
        if group.isEmpty { return }
        guard case .open(var open) = state else { preconditionFailure("beginGroup comes before endGroup") }
        do {
            try open.file.write(group.bytes)
            try sync(open.file)
        } catch {
            takeBack(open, first: first)
            throw error
        }
        open.length += group.count
        open.chain = group.chain
        open.endSequence = group.endSequence
        open.hasRecords = true
        state = .open(open)
        counters.bytes.add(group.count, ordering: .relaxed)
    }

    /// Cuts the file back to what is durable. The file is not used again: after a failed sync, or a write that was cut
    /// short, a new one is the only place that is known to be sound.
    private func takeBack(_ open: OpenFile, first: UInt64) {
        nextSequence = first
        try? open.file.close()
        do {
            try disk.truncate(open.place.path, to: open.length)
            state = .between(previous: link(after: open))
        } catch {
            state = .broken("\(error)")
        }
    }

    private static func broken(_ reason: String, _ folder: String) -> EventLogError {
        EventLogError(
            .io,
            "the write-ahead log refuses to go on, because a write failed and its traces could not be removed (\(reason)); "
                + "check the disk, then open the log again: nothing that was acknowledged is lost", file: folder)
    }

    static func closed(_ folder: String) -> EventLogError {
        EventLogError(.notWritable, "the write-ahead log has been closed; open the log again", file: folder)
    }
}

/// What other threads may ask about.
final class LogCounters: Sendable {
    /// Of all files of the log.
    let bytes = Atomic<Int>(0)
    let syncs = Atomic<Int>(0)
}

/// The frames of one group, one after another, in memory that is used again.
private final class GroupBuffer {
    /// A group beyond this many bytes gives its memory back.
    private static let kept = 16 << 20

    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    private(set) var count = 0
    /// The checksum of the last frame.
    private(set) var chain: UInt32 = 0
    /// Above the sequence numbers of the frames.
    private(set) var endSequence: UInt64 = 0

    deinit { memory.deallocate() }

    var isEmpty: Bool { count == 0 }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    func clear() {
        count = 0
        if memory.count > Self.kept { resize(1 << 20) }
    }

    /// - Parameter chain: the chain before the group; it is that of the frame before for all but the first.
    func add(_ payload: [UInt8], sequence: UInt64, sequences: UInt32, chain first: UInt32, seed: UInt32) {
        let end = count + LogFrame.headerBytes + payload.count
        if end > memory.count { resize(max(end, memory.count * 2)) }
        let frame = UnsafeMutableRawBufferPointer(rebasing: memory[count..<end])
        UnsafeMutableRawBufferPointer(rebasing: frame[LogFrame.headerBytes...]).copyBytes(from: payload)
        chain = LogFrame.seal(
            frame, sequence: sequence, sequences: sequences, distance: UInt32(count), chain: isEmpty ? first : chain,
            seed: seed)
        endSequence = sequence + UInt64(sequences)
        count = end
    }

    private func resize(_ capacity: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        larger.copyMemory(from: bytes)
        memory.deallocate()
        memory = larger
    }
}
