/// A section whose place in the file is not known yet.
struct EncodedSection: Sendable {
    let kind: SectionKind
    /// For columns: the property and its type.
    let property: UInt16
    let type: UInt8
    /// A multiple of eight of them.
    let bytes: [UInt8]
    let checksum: UInt32

    init(_ kind: SectionKind, _ bytes: consuming [UInt8], property: UInt16 = 0, type: UInt8 = 0) {
        self.kind = kind
        self.property = property
        self.type = type
        while bytes.count % 8 != 0 { bytes.append(0) }
        self.bytes = bytes
        checksum = self.bytes.withUnsafeBytes { Checksum.section($0) }
    }
}

/// A chunk in the form in which it is written: chunks, and the sections of one, may be encoded on several threads and
/// are then written in order.
struct EncodedChunk: Sendable {
    /// Without its sections.
    var directory: ChunkDirectory
    /// In the order of the file.
    var sections: [EncodedSection]
    /// Entries that live under another hash than their own.
    var rehomed: [(hash: UInt64, entry: UInt32)] = []
}

extension ChunkDraft {
    /// - Complexity: O(rows + values), in memory and time.
    func encoded() -> EncodedChunk {
        precondition(rowCount > 0 && rowEnds.last == UInt32(rowCount), "a chunk needs whole persons")
        var chunk = EncodedChunk(
            directory: ChunkDirectory(
                rowCount: rowCount, personCount: personCount, firstHome: homes[0],
                lastHome: homes[personCount - 1], minTime: times.min() ?? 0,
                maxTime: times.max() ?? 0, minSequence: UInt64(sequences.min() ?? 0),
                maxSequence: UInt64(sequences.max() ?? 0)),
            sections: [encodedPersons])
        for (entry, hash) in hashes.enumerated() where hash != homes[entry] {
            chunk.rehomed.append((hash, UInt32(entry)))
        }
        encodeCodes(into: &chunk)
        chunk.sections.append(EncodedSection(.times, ChunkDraft.packed(times)))
        chunk.sections.append(EncodedSection(.sequences, ChunkDraft.packed(sequences)))
        if let messages = messages.encoded(rowCount: rowCount) { chunk.sections.append(messages) }
        for column in columns {
            if let section = column.section(rowCount: rowCount) { chunk.sections.append(section) }
        }
        return chunk
    }

    /// Homes (when they differ from the hashes), hashes, row ends, ends and bytes of the ids.
    private var encodedPersons: EncodedSection {
        var writer = ByteWriter(capacity: personCount * 32 + idBytes.count)
        let hasHomes = homes != hashes
        writer.write(UInt64(hasHomes ? 1 : 0))
        writer.writeElements(homes)
        if hasHomes { writer.writeElements(hashes) }
        writer.writeElements(rowEnds)
        writer.align(8)
        let at = writer.count
        writer.pad(PackedParameters.encodedBytes)
        var offset: UInt64 = 0
        let parameters = writer.writePacked(idEnds, offset: &offset)
        writer.replace(at: at, with: parameters.minimum)
        writer.replace(at: at + 8, with: parameters.divisor)
        writer.replace(at: at + 16, with: UInt64(parameters.bits))
        idBytes.withUnsafeBytes { writer.write($0) }
        return EncodedSection(.persons, writer.bytes)
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

    /// The chunk's own codes, most frequent name first, and the rows of rare names.
    private func encodeCodes(into chunk: inout EncodedChunk) {
        var counts = [UInt32](repeating: 0, count: Int(codes.max() ?? 0) + 1)
        var first = [Int64](repeating: .max, count: counts.count)
        var last = [Int64](repeating: .min, count: counts.count)
        for (row, code) in codes.enumerated() {
            let (code, time) = (Int(code), times[row])
            counts[code] += 1
            if time < first[code] { first[code] = time }
            if time > last[code] { last[code] = time }
        }
        let present = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var local = [UInt16](repeating: 0, count: counts.count)
        for (index, code) in present.enumerated() { local[code] = UInt16(index) }
        chunk.directory.codes = present.map {
            ChunkDirectory.Code(code: UInt16($0), count: counts[$0], minTime: first[$0], maxTime: last[$0])
        }
        let (directory, width) = (chunk.directory.codes, chunk.directory.codeWidth)

        var writer = ByteWriter(capacity: rowCount * width + 64)
        if width == 1 {
            writer.writeElements(codes.map { UInt8(truncatingIfNeeded: local[Int($0)]) })
        } else {
            writer.writeElements(codes.map { local[Int($0)] })
        }
        // The membership kernel reads whole groups of 64 codes.
        writer.align(64 * width)
        chunk.sections.append(EncodedSection(.codes, writer.bytes))

        guard let firstRare = directory.firstIndex(where: { Int($0.count) * SegmentFormat.postingsRarity < rowCount })
        else { return }
        var lists = [[UInt32]](repeating: [], count: directory.count - firstRare)
        for (row, code) in codes.enumerated() {
            let own = Int(local[Int(code)])
            if own >= firstRare { lists[own - firstRare].append(UInt32(row)) }
        }
        var postings = ByteWriter()
        postings.write(UInt64(firstRare))
        for list in lists { postings.writeElements(list) }
        chunk.sections.append(EncodedSection(.postings, postings.bytes))
    }
}

extension BytesDraft {
    /// Message ids as a section; nil when there are none.
    func encoded(rowCount: Int) -> EncodedSection? {
        rows.isEmpty ? nil : EncodedSection(.messages, MessageIDCodec.encode(self, rowCount: rowCount))
    }
}

extension ColumnDraft {
    /// Nil when no row has a value.
    func section(rowCount: Int) -> EncodedSection? {
        rows.isEmpty
            ? nil
            : EncodedSection(.column, encoded(rowCount: rowCount), property: property, type: type.rawValue)
    }
}
