@testable import EventLog

/// Segment files. The footer's checksum is put right first, so that what is behind it is reached; the sections' are
/// not, so that what is read of them is always what was written, or refused.
enum FuzzSegment: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { [try make()] }

    static func run(_ bytes: [UInt8]) {
        var bytes = bytes
        mendFooter(&bytes)
        _ = try? readAll(bytes)
    }

    /// A small segment with values of every type.
    private static func make() throws -> [UInt8] {
        let batch = try Fuzz.batch(40)
        var tables = NameTables()
        let map = try tables.map(batch)
        let sealer = BatchSealer(
            batch: batch, codes: map.codes, properties: map.properties, sequences: (0..<40).map { Int64($0) })
        var bytes: [UInt8] = []
        var writer = try SegmentWriter { bytes.append(contentsOf: $0) }
        try sealer.write(to: &writer, chunkRows: 16)
        _ = try writer.finish()
        return bytes
    }

    private static func mendFooter(_ bytes: inout [UInt8]) {
        let end = bytes.count - SegmentFormat.trailerBytes
        guard end >= SegmentFormat.headerBytes else { return }
        let length = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: end, as: UInt64.self) }
        guard length <= UInt64(end - SegmentFormat.headerBytes) else { return }
        let checksum = bytes.withUnsafeBytes {
            Checksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[(end - Int(length))..<end]))
        }
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: checksum, toByteOffset: end + 8, as: UInt32.self) }
    }

    private static func readAll(_ bytes: [UInt8]) throws {
        let segment = try Segment(MappedFile(copying: bytes), name: "fuzz")
        var tables = NameTables()
        for index in 0..<16 {
            _ = tables.events.add("e\(index)")
            _ = tables.properties.add("p\(index)")
        }
        _ = try? segment.messageHashes()
        _ = try? segment.rehomed()
        for chunk in segment.footer.chunks.indices {
            guard segment.footer.chunks[chunk].codes.allSatisfy({ Int($0.code) < tables.events.count }),
                segment.footer.chunks[chunk].sections.allSatisfy({ Int($0.property) < tables.properties.count })
            else { continue }
            guard let reader = try? ChunkReader(segment, chunk, tables: tables) else { continue }
            for row in 0..<min(1000, Int(segment.footer.chunks[chunk].rowCount)) { _ = reader.event(row) }
        }
    }
}
