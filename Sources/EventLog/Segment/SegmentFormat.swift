/// Constants of the segment file. docs/EVENT-LOG-FORMAT.md describes the whole format.
enum SegmentFormat {
    static let magic: UInt64 = 0x4745_534c_474e_4144  // "DANGLSEG" in little-endian bytes
    static let version: UInt32 = 1
    /// Magic, version, four zero bytes.
    static let headerBytes = 16
    /// Footer length (8), footer checksum (4), version (4), magic (8).
    static let trailerBytes = 24
    /// A chunk is closed at the first person after this many rows.
    static let chunkRows = 262_144
    /// Event names that make up less than one row in this many get a list of their rows.
    static let postingsRarity = 128
}

/// What a section of a segment file holds.
enum SectionKind: UInt8 {
    case persons = 1
    case codes = 2
    case times = 3
    case sequences = 4
    case messages = 5
    case postings = 6
    case column = 7
    /// Of the whole segment: when events were received.
    case received = 8
    /// Of the whole segment: hashes of message ids, for de-duplication.
    case messageHashes = 9
    /// Of the whole segment: entries that live under another hash than their own.
    case rehomed = 10

    var label: String {
        switch self {
        case .persons: "persons"
        case .codes: "event names"
        case .times: "times"
        case .sequences: "sequence numbers"
        case .messages: "message ids"
        case .postings: "rows of rare events"
        case .column: "property column"
        case .received: "receive times"
        case .messageHashes: "message id hashes"
        case .rehomed: "merged persons"
        }
    }
}

/// Where a section is.
struct SectionLocation {
    var kind: SectionKind
    /// For columns: the property and its type.
    var property: UInt16 = 0
    var type: UInt8 = 0
    var offset: UInt64
    var length: UInt64
    var checksum: UInt32

    static let encodedBytes = 24

    func write(to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        writer.write(type)
        writer.write(property)
        writer.write(checksum)
        writer.write(offset)
        writer.write(length)
    }

    init(kind: SectionKind, property: UInt16 = 0, type: UInt8 = 0, offset: UInt64, length: UInt64, checksum: UInt32) {
        self.kind = kind
        self.property = property
        self.type = type
        self.offset = offset
        self.length = length
        self.checksum = checksum
    }

    init(from reader: inout ByteReader) throws {
        let kind: UInt8 = try reader.read()
        guard let kind = SectionKind(rawValue: kind) else {
            throw EventLogError(.corrupt, "\(reader.subject): an unknown kind of section, \(kind)")
        }
        self.kind = kind
        type = try reader.read()
        property = try reader.read()
        checksum = try reader.read()
        offset = try reader.read()
        length = try reader.read()
    }
}

/// What the footer says of a chunk: enough to decide whether any of it must be read.
struct ChunkDirectory {
    struct Code {
        var code: UInt16
        var count: UInt32
        var minTime: Int64
        var maxTime: Int64

        static let encodedBytes = 22
    }

    var rowCount: UInt32
    var personCount: UInt32
    var firstHome: UInt64
    var lastHome: UInt64
    var minTime: Int64
    var maxTime: Int64
    var minSequence: UInt64
    var maxSequence: UInt64
    /// The event names of the chunk, most frequent first: the index is the chunk's own code.
    var codes: [Code]
    var sections: [SectionLocation]

    /// Bytes of a row's code.
    var codeWidth: Int { codes.count <= 256 ? 1 : 2 }

    func write(to writer: inout ByteWriter) {
        writer.write(rowCount)
        writer.write(personCount)
        writer.write(firstHome)
        writer.write(lastHome)
        writer.write(minTime)
        writer.write(maxTime)
        writer.write(minSequence)
        writer.write(maxSequence)
        writer.write(UInt32(codes.count))
        for code in codes {
            writer.write(code.code)
            writer.write(code.count)
            writer.write(code.minTime)
            writer.write(code.maxTime)
        }
        writer.write(UInt32(sections.count))
        for section in sections { section.write(to: &writer) }
    }

    init(from reader: inout ByteReader) throws {
        rowCount = try reader.read()
        personCount = try reader.read()
        firstHome = try reader.read()
        lastHome = try reader.read()
        minTime = try reader.read()
        maxTime = try reader.read()
        minSequence = try reader.read()
        maxSequence = try reader.read()
        let codeCount = Int(try reader.read(UInt32.self))
        guard codeCount <= reader.remaining / Code.encodedBytes else {
            throw EventLogError(.corrupt, "\(reader.subject): an impossible number of event names")
        }
        codes = []
        codes.reserveCapacity(codeCount)
        for _ in 0..<codeCount {
            codes.append(
                Code(
                    code: try reader.read(), count: try reader.read(), minTime: try reader.read(),
                    maxTime: try reader.read()))
        }
        let sectionCount = Int(try reader.read(UInt32.self))
        guard sectionCount <= reader.remaining / SectionLocation.encodedBytes else {
            throw EventLogError(.corrupt, "\(reader.subject): an impossible number of sections")
        }
        sections = []
        sections.reserveCapacity(sectionCount)
        for _ in 0..<sectionCount { sections.append(try SectionLocation(from: &reader)) }
        guard rowCount > 0, personCount > 0, personCount <= rowCount else {
            throw EventLogError(.corrupt, "\(reader.subject): a chunk without rows")
        }
    }

    init(
        rowCount: Int, personCount: Int, firstHome: UInt64, lastHome: UInt64, minTime: Int64, maxTime: Int64,
        minSequence: UInt64, maxSequence: UInt64
    ) {
        self.rowCount = UInt32(rowCount)
        self.personCount = UInt32(personCount)
        self.firstHome = firstHome
        self.lastHome = lastHome
        self.minTime = minTime
        self.maxTime = maxTime
        self.minSequence = minSequence
        self.maxSequence = maxSequence
        codes = []
        sections = []
    }
}

/// When events were received: from `sequence` on until the next run's.
struct ReceivedRun: Hashable {
    var sequence: UInt64
    var time: Int64
}

/// What the footer of a segment says.
struct SegmentFooter {
    var rowCount: UInt64 = 0
    /// Entries; a person with merged ids has several.
    var entryCount: UInt64 = 0
    var minSequence: UInt64 = .max
    var maxSequence: UInt64 = 0
    var minTime: Int64 = .max
    var maxTime: Int64 = .min
    var chunks: [ChunkDirectory] = []
    /// Sections of the whole segment.
    var sections: [SectionLocation] = []

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(rowCount)
        writer.write(entryCount)
        writer.write(minSequence)
        writer.write(maxSequence)
        writer.write(minTime)
        writer.write(maxTime)
        writer.write(UInt32(sections.count))
        for section in sections { section.write(to: &writer) }
        writer.write(UInt32(chunks.count))
        for chunk in chunks { chunk.write(to: &writer) }
        return writer.bytes
    }

    init() {}

    init(from bytes: UnsafeRawBufferPointer, file: String) throws {
        var reader = ByteReader(bytes, subject: "\(file): footer")
        rowCount = try reader.read()
        entryCount = try reader.read()
        minSequence = try reader.read()
        maxSequence = try reader.read()
        minTime = try reader.read()
        maxTime = try reader.read()
        let sectionCount = Int(try reader.read(UInt32.self))
        guard sectionCount <= reader.remaining / SectionLocation.encodedBytes else {
            throw EventLogError(.corrupt, "an impossible number of sections", file: file)
        }
        for _ in 0..<sectionCount { sections.append(try SectionLocation(from: &reader)) }
        let chunkCount = Int(try reader.read(UInt32.self))
        guard chunkCount <= reader.remaining / 64 else {
            throw EventLogError(.corrupt, "an impossible number of chunks", file: file)
        }
        chunks.reserveCapacity(chunkCount)
        for _ in 0..<chunkCount { chunks.append(try ChunkDirectory(from: &reader)) }
    }
}
