import Synchronization

/// An immutable file of events, sorted by person and time, mapped into memory. Sections are checked against their
/// checksums when they are first used, so that opening costs nothing and no corrupt byte is ever interpreted.
final class Segment: Sendable {
    /// For errors: the file's name, or what it is when it is in memory.
    let name: String
    let footer: SegmentFooter
    private let file: MappedFile
    /// One bit for each section that has been verified, by its number in the file.
    private let verified: Mutex<Set<UInt64>>
    /// Where merged and deleted entries are, for the last state of identities that was asked for.
    let placement = Mutex<Placement?>(nil)

    var rowCount: Int { Int(footer.rowCount) }
    var byteCount: Int { file.bytes.count }

    /// - Parameter trusted: the bytes were made in this process and need no check.
    init(_ file: MappedFile, name: String, trusted: Bool = false) throws {
        self.file = file
        self.name = name
        self.trusted = trusted
        footer = try Segment.readFooter(file.bytes, name: name)
        verified = Mutex([])
        try checkLayout()
    }

    private let trusted: Bool

    private static func readFooter(_ bytes: UnsafeRawBufferPointer, name: String) throws -> SegmentFooter {
        let fixed = SegmentFormat.headerBytes + SegmentFormat.trailerBytes
        guard bytes.count >= fixed else {
            throw EventLogError(.corrupt, "is too short for a segment (\(bytes.count) bytes)", file: name)
        }
        var header = ByteReader(bytes, subject: name)
        guard try header.read(UInt64.self) == SegmentFormat.magic else {
            throw EventLogError(.corrupt, "is not a segment: the first bytes are wrong", file: name)
        }
        let version: UInt32 = try header.read()
        guard version <= SegmentFormat.version else {
            throw EventLogError(
                .unsupportedVersion,
                "was written in format \(version); this program reads up to \(SegmentFormat.version)",
                file: name)
        }
        let reserved: UInt32 = try header.read()
        var trailer = ByteReader(bytes, subject: name)
        try trailer.skip(bytes.count - SegmentFormat.trailerBytes)
        let length: UInt64 = try trailer.read()
        let checksum: UInt32 = try trailer.read()
        let again: UInt32 = try trailer.read()
        guard try trailer.read(UInt64.self) == SegmentFormat.magic, again == version, version >= 1, reserved == 0 else {
            throw EventLogError(.corrupt, "the end of the file is wrong: it was cut or overwritten", file: name)
        }
        guard length <= UInt64(bytes.count - fixed) else {
            throw EventLogError(.corrupt, "the footer is longer than the file", file: name)
        }
        let end = bytes.count - SegmentFormat.trailerBytes
        let raw = UnsafeRawBufferPointer(rebasing: bytes[(end - Int(length))..<end])
        guard Checksum.crc32c(raw) == checksum else {
            throw EventLogError(.corrupt, "the footer does not match its checksum", file: name)
        }
        return try SegmentFooter(from: raw, file: name)
    }

    /// Every section lies inside the file.
    private func checkLayout() throws {
        let all = footer.chunks.lazy.flatMap(\.sections) + footer.sections
        for section in all {
            let (end, overflow) = section.offset.addingReportingOverflow(section.length)
            guard !overflow, end <= UInt64(file.bytes.count), section.offset % 8 == 0 else {
                throw EventLogError(.corrupt, "\(section.kind.label): lies outside the file", file: name)
            }
        }
    }

    /// The bytes of a section, after comparing its checksum once.
    func verifiedBytes(_ section: SectionLocation) throws -> UnsafeRawBufferPointer {
        let start = Int(section.offset)
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + Int(section.length))])
        if trusted { return bytes }
        if verified.withLock({ $0.contains(section.offset) }) { return bytes }
        guard Checksum.section(bytes) == section.checksum else {
            throw EventLogError(
                .corrupt, "\(section.kind.label) at byte \(start) do not match their checksum", file: name)
        }
        verified.withLock { _ = $0.insert(section.offset) }
        return bytes
    }

    func section(_ kind: SectionKind, of chunk: Int) -> SectionLocation? {
        footer.chunks[chunk].sections.first { $0.kind == kind }
    }

    private func required(_ kind: SectionKind, of chunk: Int) throws -> UnsafeRawBufferPointer {
        guard let section = section(kind, of: chunk) else {
            throw EventLogError(.corrupt, "chunk \(chunk) has no \(kind.label)", file: name)
        }
        return try verifiedBytes(section)
    }

    func subject(_ part: String, _ chunk: Int) -> Subject { Subject(file: name, chunk: chunk, part: part) }
}

// MARK: - Parts of a chunk

extension Segment {
    func persons(_ chunk: Int) throws -> PersonsView {
        let directory = footer.chunks[chunk]
        return try PersonsView(
            try required(.persons, of: chunk), count: Int(directory.personCount), rowCount: directory.rowCount,
            subject: subject("persons", chunk))
    }

    /// The rows' own codes: indices of the chunk's `codes`.
    func codes(_ chunk: Int) throws -> CodesView {
        let directory = footer.chunks[chunk]
        let bytes = try required(.codes, of: chunk)
        guard bytes.count >= Int(directory.rowCount) * directory.codeWidth, let base = bytes.baseAddress else {
            throw EventLogError(.corrupt, "chunk \(chunk) has too few event names", file: name)
        }
        return CodesView(base: base, wide: directory.codeWidth == 2)
    }

    func times(_ chunk: Int) throws -> PackedIntegers { try packed(.times, chunk) }
    func sequences(_ chunk: Int) throws -> PackedIntegers { try packed(.sequences, chunk) }

    private func packed(_ kind: SectionKind, _ chunk: Int) throws -> PackedIntegers {
        var reader = ByteReader(try required(kind, of: chunk), subject: subject(kind.label, chunk))
        let parameters = try PackedParameters(from: &reader)
        return try reader.readPacked(parameters, count: Int(footer.chunks[chunk].rowCount))
    }

    func messageIDs(_ chunk: Int) throws -> MessageIDView? {
        guard let section = section(.messages, of: chunk) else { return nil }
        return try MessageIDView(
            try verifiedBytes(section), rowCount: Int(footer.chunks[chunk].rowCount),
            subject: subject("message ids", chunk))
    }

    /// The rows with the chunk's own code `code`, ascending, when the name is rare enough to have a list.
    func postings(_ chunk: Int, code: Int) throws -> UnsafeBufferPointer<UInt32>? {
        guard let section = section(.postings, of: chunk) else { return nil }
        let directory = footer.chunks[chunk]
        var reader = ByteReader(try verifiedBytes(section), subject: subject("rows of rare events", chunk))
        let first = Int(clamping: try reader.read(UInt64.self))
        guard first <= directory.codes.count else {
            throw EventLogError(.corrupt, "impossible lists of rows", file: name)
        }
        guard code >= first else { return nil }
        for index in first..<code { try reader.skip(Int(directory.codes[index].count) * 4) }
        let bytes = try reader.readBytes(Int(directory.codes[code].count) * 4)
        return bytes.bindMemory(to: UInt32.self)
    }

    /// The columns of one property.
    func columns(_ chunk: Int, property: UInt16) throws -> PropertyColumns {
        var views: [ColumnView] = []
        for section in footer.chunks[chunk].sections where section.kind == .column && section.property == property {
            views.append(try column(chunk, section))
        }
        return views.isEmpty ? .none : PropertyColumns(views: views)
    }

    func column(_ chunk: Int, _ section: SectionLocation) throws -> ColumnView {
        try ColumnView(
            section: try verifiedBytes(section), rowCount: Int(footer.chunks[chunk].rowCount),
            subject: subject("property column", chunk))
    }

    func receivedRuns() throws -> [ReceivedRun] {
        guard let section = footer.sections.first(where: { $0.kind == .received }) else { return [] }
        let bytes = try verifiedBytes(section)
        var reader = ByteReader(bytes, subject: "\(name): receive times")
        var runs: [ReceivedRun] = []
        while reader.remaining >= 16 { runs.append(ReceivedRun(sequence: try reader.read(), time: try reader.read())) }
        return runs
    }

    /// Hashes of the message ids in the segment, ascending.
    func messageHashes() throws -> UnsafeBufferPointer<UInt64> {
        guard let section = footer.sections.first(where: { $0.kind == .messageHashes }) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return try verifiedBytes(section).bindMemory(to: UInt64.self)
    }

    /// Entries that live under another hash than their own, by their own.
    func rehomed() throws -> [SegmentWriter.Rehomed] {
        guard let bytes = try rehomedBytes() else { return [] }
        return try (0..<bytes.count / SegmentWriter.Rehomed.size).map { try rehomed(bytes, $0) }
    }

    /// The same of the ids with one hash.
    ///
    /// - Complexity: O(log entries)
    func rehomed(hash: UInt64) throws -> [SegmentWriter.Rehomed] {
        guard let bytes = try rehomedBytes() else { return [] }
        let all = 0..<bytes.count / SegmentWriter.Rehomed.size
        let first = try all.partitioningIndex { try rehomed(bytes, $0).hash >= hash }
        return try all[first...].prefix { try rehomed(bytes, $0).hash == hash }.map { try rehomed(bytes, $0) }
    }

    private func rehomedBytes() throws -> UnsafeRawBufferPointer? {
        try footer.sections.first { $0.kind == .rehomed }.map(verifiedBytes)
    }

    private func rehomed(_ bytes: UnsafeRawBufferPointer, _ index: Int) throws -> SegmentWriter.Rehomed {
        let part = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(index * SegmentWriter.Rehomed.size))
        var reader = ByteReader(part, subject: "\(name): merged persons")
        let entry = SegmentWriter.Rehomed(
            hash: try reader.read(), chunk: try reader.read(), entry: try reader.read())
        guard entry.chunk < footer.chunks.count, entry.entry < footer.chunks[Int(entry.chunk)].personCount else {
            throw EventLogError(.corrupt, "merged persons point outside the file", file: name)
        }
        return entry
    }

    /// The chunks that can hold a home hash.
    func chunks(holding home: UInt64) -> Range<Int> {
        let first = footer.chunks.partitioningIndex { $0.lastHome >= home }
        var end = first
        while end < footer.chunks.count, footer.chunks[end].firstHome <= home { end += 1 }
        return first..<end
    }
}

extension RandomAccessCollection {
    /// The first index at which `isAfter` holds, when it holds for all later ones.
    func partitioningIndex(where isAfter: (Element) throws -> Bool) rethrows -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if try isAfter(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}

extension Range<Int> {
    /// `partitioningIndex` for an index that is likely near the beginning: looked for in steps that double.
    ///
    /// - Complexity: O(log(distance / step))
    @inline(__always)
    func galloping(step: Int = 1, where isAfter: (Int) -> Bool) -> Int {
        var (low, step) = (lowerBound, step)
        while low &+ step <= upperBound, !isAfter(low &+ step &- 1) {
            low &+= step
            step &*= 2
        }
        return (low..<Swift.min(low &+ step, upperBound)).partitioningIndex(where: isAfter)
    }
}
