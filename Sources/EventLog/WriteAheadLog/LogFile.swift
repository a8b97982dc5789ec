/// The name and place of a file of a write-ahead log: `wal-` and the first sequence number in 16 hexadecimal digits.
struct LogFile: Sendable, Hashable {
    /// The end of the name while the header is written.
    static let unfinished = ".new"

    let firstSequence: UInt64
    let folder: String
    let path: String

    init(firstSequence: UInt64, folder: String) {
        self.firstSequence = firstSequence
        self.folder = folder
        let digits = String(firstSequence, radix: 16)
        path = "\(folder)/wal-\(String(repeating: "0", count: 16 - digits.count))\(digits).log"
    }

    /// The log files of a folder in the order of their sequence numbers; other files are left alone.
    static func list(_ folder: String, _ disk: any Disk) throws -> [LogFile] {
        try disk.list(folder).compactMap { name in
            guard name.utf8.count == 24, name.hasPrefix("wal-"), name.hasSuffix(".log") else { return nil }
            let digits = name.dropFirst(4).dropLast(4)
            guard digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
            return UInt64(digits, radix: 16).map { LogFile(firstSequence: $0, folder: folder) }
        }
    }

    func corrupt(at offset: Int, _ reason: String) -> EventLogError {
        EventLogError(
            .corrupt,
            "the write-ahead log is damaged at byte \(offset): \(reason); restore the log from a backup, and keep this file",
            file: path)
    }

    func newer(_ version: UInt32) -> EventLogError {
        EventLogError(
            .unsupportedVersion,
            "this file has version \(version) of the write-ahead log's format, and this program knows \(LogFileHeader.version); update Dangol",
            file: path)
    }
}

/// What the frames of one file come to: found before any of them is given out.
struct LogFileScan: Sendable {
    /// Where the valid frames end, in bytes.
    var end = LogFileHeader.byteCount
    /// Where the last group of records begins.
    var lastGroup = LogFileHeader.byteCount
    var records = 0
    /// Above the sequence numbers of all frames, and not below the file's first one.
    var endSequence: UInt64
    /// The checksum of the last frame, or of the header when there is none.
    var chain: UInt32
    var hasEndMark = false
    /// Why the frames end before the file does.
    var damage: Damage?

    enum Damage: Equatable {
        /// A crash can have left this: it is of the last group, which was never acknowledged.
        case tornTail(String)
        /// No crash leaves this. The offset is where it was found.
        case corrupt(at: Int, String)
    }

    /// Checks every frame of a file.
    ///
    /// - Complexity: O(bytes), and O(bytes left) once more when a frame is damaged.
    init(_ bytes: UnsafeRawBufferPointer, header: LogFileHeader, chain: UInt32, seed: UInt32) {
        endSequence = header.firstSequence
        self.chain = chain
        while end < bytes.count {
            if hasEndMark {
                damage = .corrupt(at: end, "\(bytes.count - end) bytes after the mark of a closed log")
                return
            }
            switch LogFrame.decode(bytes, at: end, seed: seed) {
            case .invalid(let reason):
                damage = Self.judge(bytes, from: end, reason, minimum: endSequence, seed: seed)
                return
            case .valid(let frame):
                if let reason = add(frame) {
                    damage = .corrupt(at: end, reason)
                    return
                }
            }
        }
    }

    /// The link that the next file's header holds.
    func link(from header: LogFileHeader) -> LogLink {
        LogLink(firstSequence: header.firstSequence, length: end, endSequence: endSequence, chain: chain)
    }

    /// Takes a valid frame in, or says why it does not belong here.
    private mutating func add(_ frame: LogFrame) -> String? {
        guard frame.chain == chain else { return "the record before this one is not the one that was written there" }
        guard frame.sequence >= endSequence, let frameEnd = frame.endSequence else {
            return "sequence number \(frame.sequence) after \(endSequence - 1)"
        }
        endSequence = frameEnd
        chain = frame.checksum
        lastGroup = end - frame.distance
        end += frame.byteCount
        if frame.isEndMark { hasEndMark = true } else { records += 1 }
        return nil
    }

    /// Tells a torn tail from damage in the middle: looks for a valid frame after a damaged one. One of the same group
    /// can be there after a crash, because the sectors of an unfinished write reach the disk in any order. One of a
    /// later group cannot, because it was written only when the damaged one had been synced.
    private static func judge(
        _ bytes: UnsafeRawBufferPointer, from offset: Int, _ reason: String, minimum: UInt64, seed: UInt32
    ) -> Damage {
        var place = offset + 1
        while place + LogFrame.headerBytes <= bytes.count {
            // The cheap checks come first, so that the checksum is computed next to never in vain.
            let fields = LogFrame.fields(bytes, at: place)
            if fields.byteCount <= bytes.count - place, fields.sequence >= minimum,
                fields.distance <= place - LogFileHeader.byteCount,
                case .valid(let frame) = LogFrame.decode(bytes, at: place, seed: seed)
            {
                if place - frame.distance > offset {
                    return .corrupt(
                        at: offset, "\(reason), but a record that was written after it is intact at byte \(place)")
                }
                place += frame.byteCount
            } else {
                place += 1
            }
        }
        return .tornTail(reason)
    }
}
