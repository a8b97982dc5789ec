/// What a replay found.
package struct ReplayReport: Sendable, Hashable {
    package var files = 0
    package var records = 0
    /// Bytes of the files that were read, without torn ones.
    package var bytes = 0
    /// Bytes at the end of the last file that a crash left incomplete. They were never acknowledged.
    package var tornBytes = 0
    /// The file that `tornBytes` are of.
    package var tornFile: String?
    /// The last file, and its length as it was read, with what is torn.
    package var lastFile: String?
    package var lastFileBytes = 0
    /// One above the last sequence number in the log, or where the replay began when that is more.
    package var nextSequence: UInt64

    package init(nextSequence: UInt64) {
        self.nextSequence = nextSequence
    }
}

extension WriteAheadLog {
    /// Gives out the records from `sequence` on, in order. Nothing is given out of a file that is damaged.
    ///
    /// A writer passes `repair: true`: a torn tail is cut off. A reader beside a writer passes false: a torn tail is
    /// then just the end so far. Files may vanish under such a reader, when the writer has moved their records
    /// elsewhere: upon an error it looks whether `sequence` has moved on meanwhile, and begins again from there.
    ///
    /// - Parameter newest: the first sequence number of a file that has to be there, when that is known.
    /// - Throws: `EventLogError` with code `corrupt` when a record is damaged or missing that is not a torn tail;
    ///   `unsupportedVersion`; `io`; whatever `body` throws.
    package static func replay(
        folder: String, disk: any Disk, logID: UInt64, from sequence: UInt64, newest: UInt64? = nil, repair: Bool,
        _ body: (_ firstSequence: UInt64, _ payload: UnsafeRawBufferPointer) throws -> Void
    ) throws -> ReplayReport {
        var replay = LogReplay(
            disk: disk, logID: logID, from: sequence, seed: LogFrame.seed(logID: logID),
            report: ReplayReport(nextSequence: sequence))
        let files = try LogFile.list(folder, disk)
        guard sequence == 0 || !files.isEmpty else {
            // A rotation gave this number, and since then there has always been a file.
            throw EventLogError(
                .corrupt,
                "the files of the write-ahead log from sequence number \(sequence) on are missing; restore them from a backup",
                file: folder)
        }
        if let newest, !files.contains(where: { $0.firstSequence == newest }) {
            throw LogFile(firstSequence: newest, folder: folder).corrupt(
                at: 0, "the file is missing, and all records from sequence number \(newest) on with it")
        }
        // Older files may still be there, when a crash has undone their removal.
        let first = files.lastIndex { $0.firstSequence <= sequence } ?? 0
        for index in files.indices.dropFirst(first) {
            let isLast = index == files.count - 1
            let torn = try replay.read(files[index], isLast: isLast, body)
            if let torn, repair { try disk.truncate(files[index].path, to: torn) }
        }
        return replay.report
    }
}

/// The state of a replay between two files.
private struct LogReplay {
    let disk: any Disk
    let logID: UInt64
    let from: UInt64
    let seed: UInt32
    var report: ReplayReport
    /// The file before and what the next file should say about it.
    var before: (file: LogFile, link: LogLink)?

    /// Reads one file. Returns its length without its torn tail when it has one.
    mutating func read(
        _ file: LogFile, isLast: Bool, _ body: (UInt64, UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int? {
        try disk.read(file.path).withUnsafeBytes { bytes in
            let (header, chain) = try open(file, bytes)
            try checkLink(file, header)
            let scan = LogFileScan(bytes, header: header, chain: chain, seed: seed)
            switch scan.damage {
            case nil: break
            case .tornTail(let reason) where !isLast:
                throw file.corrupt(at: scan.end, "\(reason), and a later file exists")
            case .tornTail:
                report.tornBytes = bytes.count - scan.end
                report.tornFile = file.path
            case .corrupt(let offset, let reason):
                throw file.corrupt(at: offset, reason)
            }
            before = (file, scan.link(from: header))
            report.lastFile = file.path
            report.lastFileBytes = bytes.count
            report.files += 1
            report.bytes += scan.end
            report.nextSequence = max(report.nextSequence, scan.endSequence)
            try giveOut(bytes, upTo: scan.end, body)
            return scan.damage == nil ? nil : scan.end
        }
    }

    private func open(_ file: LogFile, _ bytes: UnsafeRawBufferPointer) throws -> (LogFileHeader, chain: UInt32) {
        switch LogFileHeader.decode(bytes) {
        case .newer(let version): throw file.newer(version)
        case .valid(let header, let chain):
            guard header.logID == logID else {
                throw file.corrupt(at: 16, "it belongs to another log (\(header.logID) instead of \(logID))")
            }
            guard header.firstSequence == file.firstSequence else {
                throw file.corrupt(at: 24, "it begins with sequence number \(header.firstSequence), unlike its name")
            }
            return (header, chain)
        case .invalid:
            // No crash leaves this, because a file gets its name after its header has been synced.
            throw file.corrupt(at: 0, "its header does not match its checksum")
        }
    }

    /// Compares what the header says about the file before with that file.
    private func checkLink(_ file: LogFile, _ header: LogFileHeader) throws {
        // When all records before are older than asked for, it does not matter which of their files are left.
        let needed = max(header.previous?.endSequence ?? 0, before?.link.endSequence ?? 0)
        guard needed > from else { return }
        guard let link = header.previous else {
            throw file.corrupt(at: 32, "it is the first file of a log, but others come before it")
        }
        guard let before, before.file.firstSequence == link.firstSequence else {
            let missing = LogFile(firstSequence: link.firstSequence, folder: file.folder)
            throw missing.corrupt(at: 0, "the file is missing, and records up to sequence number \(needed - 1) with it")
        }
        if before.link != link {
            throw before.file.corrupt(
                at: min(before.link.length, link.length),
                "it has \(before.link.length) bytes up to sequence number \(before.link.endSequence), but had \(link.length) "
                    + "up to \(link.endSequence) when it was complete")
        }
    }

    private mutating func giveOut(
        _ bytes: UnsafeRawBufferPointer, upTo end: Int, _ body: (UInt64, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var offset = LogFileHeader.byteCount
        while offset < end {
            let frame = LogFrame.fields(bytes, at: offset)
            let payload = offset + LogFrame.headerBytes
            offset += frame.byteCount
            guard !frame.isEndMark, let frameEnd = frame.endSequence, frameEnd > from else { continue }
            report.records += 1
            try body(frame.sequence, UnsafeRawBufferPointer(rebasing: bytes[payload..<offset]))
        }
    }
}
