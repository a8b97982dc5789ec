/// What a log consists of: the one file that is replaced, in one step, whenever segments or settings change.
///
/// The write-ahead log from `walStart` on, applied to the manifest, is the state of the log.
struct Manifest: Sendable {
    struct SegmentEntry: Sendable, Hashable {
        var file: String
        var rows: UInt64
        var bytes: UInt64
        /// When its latest event was received, in milliseconds: message ids older than the window need no look-up.
        var lastReceived: Int64
    }

    static let file = "MANIFEST"
    static let magic: UInt64 = 0x464e_4d4c_474e_4144  // "DANGLMNF" in little-endian bytes
    static let version: UInt32 = 2
    /// Magic, version, checksum of the rest, its length.
    static let headerBytes = 24

    var key: HashKey
    /// A random number that files of this log carry.
    var logID: UInt64
    /// Rises with every manifest.
    var generation: UInt64 = 0
    /// The next segment file's number.
    var nextFile: UInt64 = 1
    /// All records of the write-ahead log before this sequence number are in segments.
    var walStart: UInt64 = 0
    /// The newest file of the write-ahead log that is known to exist, by its first sequence number; nil before the
    /// first. Without it a log whose newest file was lost would pass for one that ended before.
    var walFile: UInt64?
    /// No event of a later write may have a smaller sequence number.
    var nextSequence: UInt64 = 0
    /// Milliseconds; 0 keeps events for ever.
    var retention: Int64 = 0
    var tables = NameTables()
    var redirects: [Merge] = []
    var deletions: [Identities.Deletion] = []
    var segments: [SegmentEntry] = []
    var marks: [SourceMark] = []

    init(key: HashKey, logID: UInt64) {
        self.key = key
        self.logID = logID
    }

    func encoded() -> [UInt8] {
        var body = ByteWriter()
        for value in [key.k0, key.k1, logID, generation, nextFile, walStart, nextSequence] { body.write(value) }
        body.write(retention)
        body.write(walFile ?? .max)
        for table in [tables.events, tables.properties] {
            body.write(UInt32(table.count))
            for name in table.names { body.write(name) }
        }
        body.write(UInt32(redirects.count))
        for redirect in redirects {
            body.write(redirect.alias)
            body.write(redirect.person)
        }
        body.write(UInt32(deletions.count))
        for deletion in deletions {
            for value in [deletion.hash, deletion.check, deletion.sequence] { body.write(value) }
        }
        body.write(UInt32(segments.count))
        for segment in segments {
            body.write(segment.file)
            body.write(segment.rows)
            body.write(segment.bytes)
            body.write(segment.lastReceived)
        }
        body.write(UInt32(marks.count))
        for mark in marks {
            for value in [mark.from.high, mark.from.low, mark.to.high, mark.to.low, mark.length, mark.lines] {
                body.write(value)
            }
        }
        var writer = ByteWriter(capacity: body.count + Manifest.headerBytes)
        writer.write(Manifest.magic)
        writer.write(Manifest.version)
        writer.write(body.bytes.withUnsafeBytes { Checksum.crc32c($0) })
        writer.write(UInt64(body.count))
        body.bytes.withUnsafeBytes { writer.write($0) }
        return writer.bytes
    }

    /// - Throws: `corrupt`, `unsupportedVersion`
    init(from bytes: UnsafeRawBufferPointer, file: String) throws {
        var header = ByteReader(bytes, subject: file)
        guard bytes.count >= Manifest.headerBytes, try header.read(UInt64.self) == Manifest.magic else {
            throw EventLogError(.corrupt, "is not a manifest: the first bytes are wrong", file: file)
        }
        let version: UInt32 = try header.read()
        let checksum: UInt32 = try header.read()
        let length: UInt64 = try header.read()
        guard version <= Manifest.version else {
            throw EventLogError(
                .unsupportedVersion, "was written in format \(version); this program reads up to \(Manifest.version)",
                file: file)
        }
        guard version >= 1, length == UInt64(header.remaining) else {
            throw EventLogError(.corrupt, "has the wrong length: it was cut or overwritten", file: file)
        }
        let body = try header.readBytes(Int(length))
        guard Checksum.crc32c(body) == checksum else {
            throw EventLogError(.corrupt, "does not match its checksum", file: file)
        }
        var reader = ByteReader(body, subject: file)
        key = HashKey(k0: try reader.read(), k1: try reader.read())
        logID = try reader.read()
        generation = try reader.read()
        nextFile = try reader.read()
        walStart = try reader.read()
        nextSequence = try reader.read()
        retention = try reader.read()
        // Version 1 did not have it.
        let newest: UInt64 = version >= 2 ? try reader.read() : .max
        walFile = newest == .max ? nil : newest
        for _ in 0..<(try reader.readCount(4)) { tables.events.add(try reader.readString()) }
        for _ in 0..<(try reader.readCount(4)) { tables.properties.add(try reader.readString()) }
        for _ in 0..<(try reader.readCount(8)) {
            redirects.append(Merge(alias: try reader.readString(), person: try reader.readString()))
        }
        for _ in 0..<(try reader.readCount(24)) {
            deletions.append(
                Identities.Deletion(hash: try reader.read(), check: try reader.read(), sequence: try reader.read()))
        }
        for _ in 0..<(try reader.readCount(28)) {
            segments.append(
                SegmentEntry(
                    file: try reader.readString(), rows: try reader.read(), bytes: try reader.read(),
                    lastReceived: try reader.read()))
        }
        for _ in 0..<(try reader.readCount(48)) {
            let from = SourceMark.Digest(high: try reader.read(), low: try reader.read())
            let to = SourceMark.Digest(high: try reader.read(), low: try reader.read())
            marks.append(SourceMark(from: from, to: to, length: try reader.read(), lines: try reader.read()))
        }
        try reader.check(reader.remaining == 0, "bytes after the end")
    }

    /// Names of segment files are plain: a manifest cannot point outside its folder.
    func checkFiles(_ file: String) throws {
        for segment in segments where !segment.file.hasPrefix("segment-") || segment.file.contains("/") {
            throw EventLogError(.corrupt, "names an impossible segment file", file: file)
        }
    }
}

extension ByteReader {
    /// A count of elements that take at least `size` bytes each.
    fileprivate mutating func readCount(_ size: Int) throws -> Int {
        let count = Int(try read(UInt32.self))
        try check(count <= remaining / size, "an impossible count")
        return count
    }
}

extension Manifest {
    static func load(_ folder: String, _ disk: any Disk) throws -> Manifest? {
        let path = folder + "/" + file
        guard try disk.size(path) != nil else { return nil }
        let manifest = try disk.read(path).withUnsafeBytes { try Manifest(from: $0, file: path) }
        try manifest.checkFiles(path)
        return manifest
    }

    /// Replaces the manifest. Durable on return; after a crash there is the old one or the new one.
    func store(_ folder: String, _ disk: any Disk) throws {
        let path = folder + "/" + Manifest.file
        let temporary = path + ".new"
        let file = try disk.create(temporary)
        try file.write(encoded())
        try file.sync()
        try file.close()
        try disk.rename(temporary, to: path)
        try disk.syncFolder(folder)
    }
}
