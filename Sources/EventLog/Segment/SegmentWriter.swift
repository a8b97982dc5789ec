/// Writes a segment, a chunk after another, to a file or to memory.
///
/// Chunks must come in ascending order of their homes. `finish` writes what concerns the whole segment and the footer.
struct SegmentWriter {
    /// Takes the bytes in order.
    private let sink: (UnsafeRawBufferPointer) throws -> Void
    private var offset: UInt64 = 0
    private(set) var footer = SegmentFooter()
    private var received: [ReceivedRun] = []
    private var messageHashes: [UInt64] = []
    private var rehomed: [Rehomed] = []

    /// An entry that lives under another hash than its own.
    struct Rehomed {
        /// In bytes, in the file.
        static let size = 16

        var hash: UInt64
        var chunk: UInt32
        var entry: UInt32
    }

    init(sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        self.sink = sink
        var header = ByteWriter()
        header.write(SegmentFormat.magic)
        header.write(SegmentFormat.version)
        header.write(UInt32(0))
        try emit(header.bytes)
    }

    mutating func addReceived(_ runs: [ReceivedRun]) { received += runs }

    /// - Complexity: O(bytes)
    mutating func write(_ chunk: EncodedChunk) throws {
        var directory = chunk.directory
        precondition(directory.firstHome >= footer.chunks.last?.lastHome ?? 0, "chunks come in order")
        let number = UInt32(footer.chunks.count)
        for entry in chunk.rehomed {
            rehomed.append(Rehomed(hash: entry.hash, chunk: number, entry: entry.entry))
        }
        for section in chunk.sections { directory.sections.append(try place(section)) }
        add(directory)
    }

    /// Takes over a chunk of another segment byte for byte.
    mutating func copy(_ chunk: Int, of segment: Segment) throws {
        var directory = segment.footer.chunks[chunk]
        let number = UInt32(footer.chunks.count)
        for entry in try segment.rehomed() where Int(entry.chunk) == chunk {
            rehomed.append(Rehomed(hash: entry.hash, chunk: number, entry: entry.entry))
        }
        for index in directory.sections.indices {
            let bytes = try segment.verifiedBytes(directory.sections[index])
            directory.sections[index].offset = offset
            try emit(bytes)
        }
        add(directory)
    }

    /// In any order.
    mutating func addMessageHashes(_ hashes: some Collection<UInt64>) { messageHashes.append(contentsOf: hashes) }

    /// - Returns: the length of the file.
    mutating func finish() throws -> UInt64 {
        var runs = ByteWriter()
        for run in received.sorted(by: { $0.sequence < $1.sequence }) {
            runs.write(run.sequence)
            runs.write(run.time)
        }
        var sections: [SectionLocation] = []
        sections.append(try place(EncodedSection(.received, runs.bytes)))
        if !messageHashes.isEmpty {
            if !messageHashes.isAscending { HashSort.sort(&messageHashes) { $0 } }
            var writer = ByteWriter(capacity: messageHashes.count * 8)
            writer.writeElements(messageHashes)
            sections.append(try place(EncodedSection(.messageHashes, writer.bytes)))
        }
        if !rehomed.isEmpty {
            rehomed.sort { $0.hash < $1.hash }
            var writer = ByteWriter()
            for entry in rehomed {
                writer.write(entry.hash)
                writer.write(entry.chunk)
                writer.write(entry.entry)
            }
            sections.append(try place(EncodedSection(.rehomed, writer.bytes)))
        }
        footer.sections = sections
        let encoded = footer.encoded()
        var trailer = ByteWriter()
        trailer.write(UInt64(encoded.count))
        trailer.write(encoded.withUnsafeBytes { Checksum.crc32c($0) })
        trailer.write(SegmentFormat.version)
        trailer.write(SegmentFormat.magic)
        try emit(encoded)
        try emit(trailer.bytes)
        return offset
    }
}

extension SegmentWriter {
    private mutating func add(_ directory: ChunkDirectory) {
        footer.rowCount += UInt64(directory.rowCount)
        footer.entryCount += UInt64(directory.personCount)
        footer.minSequence = min(footer.minSequence, directory.minSequence)
        footer.maxSequence = max(footer.maxSequence, directory.maxSequence)
        footer.minTime = min(footer.minTime, directory.minTime)
        footer.maxTime = max(footer.maxTime, directory.maxTime)
        footer.chunks.append(directory)
    }

    private mutating func emit(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try emit($0) }
    }

    private mutating func emit(_ bytes: UnsafeRawBufferPointer) throws {
        try sink(bytes)
        offset += UInt64(bytes.count)
    }

    private mutating func place(_ section: EncodedSection) throws -> SectionLocation {
        let location = SectionLocation(
            kind: section.kind, property: section.property, type: section.type, offset: offset,
            length: UInt64(section.bytes.count), checksum: section.checksum)
        try emit(section.bytes)
        return location
    }
}

extension [UInt64] {
    fileprivate var isAscending: Bool {
        withUnsafeBufferPointer { all in all.indices.dropFirst().allSatisfy { all[$0 - 1] <= all[$0] } }
    }
}
