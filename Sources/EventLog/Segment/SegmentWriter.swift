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
    private let key: HashKey
    /// Whether the hashes of message ids are taken from the chunks; else they come by `addMessageHashes`.
    private let hashesMessages: Bool

    /// An entry that lives under another hash than its own.
    struct Rehomed {
        var hash: UInt64
        var chunk: UInt32
        var entry: UInt32
    }

    init(key: HashKey, hashesMessages: Bool = true, sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        self.key = key
        self.hashesMessages = hashesMessages
        self.sink = sink
        var header = ByteWriter()
        header.write(SegmentFormat.magic)
        header.write(SegmentFormat.version)
        header.write(UInt32(0))
        try emit(header.bytes)
    }

    mutating func addReceived(_ runs: [ReceivedRun]) { received += runs }

    /// - Complexity: O(rows + values), in memory and time.
    mutating func write(_ draft: ChunkDraft) throws {
        precondition(draft.rowCount > 0 && draft.rowEnds.last == UInt32(draft.rowCount), "a chunk needs whole persons")
        var directory = ChunkDirectory(
            rowCount: draft.rowCount, personCount: draft.personCount, firstHome: draft.homes[0],
            lastHome: draft.homes[draft.personCount - 1], minTime: draft.times.min() ?? 0,
            maxTime: draft.times.max() ?? 0, minSequence: UInt64(draft.sequences.min() ?? 0),
            maxSequence: UInt64(draft.sequences.max() ?? 0))
        precondition(directory.firstHome >= footer.chunks.last?.lastHome ?? 0, "chunks come in order")

        let number = UInt32(footer.chunks.count)
        for (entry, hash) in draft.hashes.enumerated() where hash != draft.homes[entry] {
            rehomed.append(Rehomed(hash: hash, chunk: number, entry: UInt32(entry)))
        }
        try section(.persons, SegmentWriter.persons(draft), into: &directory.sections)
        try writeCodes(draft, &directory)
        try section(.times, SegmentWriter.packed(draft.times), into: &directory.sections)
        try section(.sequences, SegmentWriter.packed(draft.sequences), into: &directory.sections)
        if !draft.messages.rows.isEmpty {
            try section(.messages, messages(draft), into: &directory.sections)
        }
        for column in draft.columns where !column.rows.isEmpty {
            try section(
                .column, column.encoded(rowCount: draft.rowCount), property: column.property,
                type: column.type.rawValue, into: &directory.sections)
        }
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

    mutating func addMessageHashes(_ hashes: UnsafeBufferPointer<UInt64>) { messageHashes.append(contentsOf: hashes) }

    /// - Returns: the length of the file.
    mutating func finish() throws -> UInt64 {
        var runs = ByteWriter()
        for run in received.sorted(by: { $0.sequence < $1.sequence }) {
            runs.write(run.sequence)
            runs.write(run.time)
        }
        var sections: [SectionLocation] = []
        try section(.received, runs.bytes, into: &sections)
        if !messageHashes.isEmpty {
            messageHashes.sort()
            var writer = ByteWriter()
            writer.writeElements(messageHashes)
            try section(.messageHashes, writer.bytes, into: &sections)
        }
        if !rehomed.isEmpty {
            rehomed.sort { $0.hash < $1.hash }
            var writer = ByteWriter()
            for entry in rehomed {
                writer.write(entry.hash)
                writer.write(entry.chunk)
                writer.write(entry.entry)
            }
            try section(.rehomed, writer.bytes, into: &sections)
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

    private mutating func section(
        _ kind: SectionKind, _ bytes: [UInt8], property: UInt16 = 0, type: UInt8 = 0,
        into sections: inout [SectionLocation]
    ) throws {
        var bytes = bytes
        while bytes.count % 8 != 0 { bytes.append(0) }
        let location = SectionLocation(
            kind: kind, property: property, type: type, offset: offset, length: UInt64(bytes.count),
            checksum: bytes.withUnsafeBytes { Checksum.section($0) })
        try emit(bytes)
        sections.append(location)
    }

    /// Homes (when they differ from the hashes), hashes, row ends, ends and bytes of the ids.
    private static func persons(_ draft: ChunkDraft) -> [UInt8] {
        var writer = ByteWriter(capacity: draft.personCount * 32 + draft.idBytes.count)
        let hasHomes = draft.homes != draft.hashes
        writer.write(UInt64(hasHomes ? 1 : 0))
        writer.writeElements(draft.homes)
        if hasHomes { writer.writeElements(draft.hashes) }
        writer.writeElements(draft.rowEnds)
        writer.align(8)
        let at = writer.count
        writer.pad(PackedParameters.encodedBytes)
        var offset: UInt64 = 0
        let parameters = writer.writePacked(draft.idEnds, offset: &offset)
        writer.replace(at: at, with: parameters.minimum)
        writer.replace(at: at + 8, with: parameters.divisor)
        writer.replace(at: at + 16, with: UInt64(parameters.bits))
        draft.idBytes.withUnsafeBytes { writer.write($0) }
        return writer.bytes
    }

    /// Packing parameters, then the packed values.
    private static func packed(_ values: [Int64]) -> [UInt8] {
        values.withUnsafeBufferPointer { values in
            let parameters = PackedParameters(packing: values)
            var writer = ByteWriter(capacity: values.count * parameters.bits / 8 + 64)
            parameters.write(to: &writer)
            parameters.pack(values).withUnsafeBytes { writer.write($0) }
            return writer.bytes
        }
    }

    private mutating func messages(_ draft: ChunkDraft) -> [UInt8] {
        let messages = draft.messages
        if hashesMessages {
            messages.bytes.withUnsafeBytes { bytes in
                var start = 0
                for end in messages.ends {
                    messageHashes.append(key.hash(UnsafeRawBufferPointer(rebasing: bytes[start..<Int(end)])))
                    start = Int(end)
                }
            }
        }
        return MessageIDCodec.encode(messages, rowCount: draft.rowCount)
    }

    /// The chunk's own codes, most frequent name first, and the rows of rare names.
    private mutating func writeCodes(_ draft: ChunkDraft, _ directory: inout ChunkDirectory) throws {
        var counts = [UInt32](repeating: 0, count: Int(draft.codes.max() ?? 0) + 1)
        var first = [Int64](repeating: .max, count: counts.count)
        var last = [Int64](repeating: .min, count: counts.count)
        for (row, code) in draft.codes.enumerated() {
            let (code, time) = (Int(code), draft.times[row])
            counts[code] += 1
            if time < first[code] { first[code] = time }
            if time > last[code] { last[code] = time }
        }
        let present = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var local = [UInt16](repeating: 0, count: counts.count)
        for (index, code) in present.enumerated() { local[code] = UInt16(index) }
        directory.codes = present.map {
            ChunkDirectory.Code(code: UInt16($0), count: counts[$0], minTime: first[$0], maxTime: last[$0])
        }

        var writer = ByteWriter(capacity: draft.rowCount * directory.codeWidth + 64)
        if directory.codeWidth == 1 {
            writer.writeElements(draft.codes.map { UInt8(truncatingIfNeeded: local[Int($0)]) })
        } else {
            writer.writeElements(draft.codes.map { local[Int($0)] })
        }
        // The membership kernel reads whole groups of 64 codes.
        writer.align(64 * directory.codeWidth)
        try section(.codes, writer.bytes, into: &directory.sections)

        let firstRare = directory.codes.firstIndex { Int($0.count) * SegmentFormat.postingsRarity < draft.rowCount }
        guard let firstRare else { return }
        var lists = [[UInt32]](repeating: [], count: directory.codes.count - firstRare)
        for (row, code) in draft.codes.enumerated() {
            let own = Int(local[Int(code)])
            if own >= firstRare { lists[own - firstRare].append(UInt32(row)) }
        }
        var postings = ByteWriter()
        postings.write(UInt64(firstRare))
        for list in lists { postings.writeElements(list) }
        try section(.postings, postings.bytes, into: &directory.sections)
    }
}
