// Segment files. The footer's checksum is put right first, so that what is behind it is reached; the sections' are not,
// so that what is read of them is always what was written, or refused.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = Array(UnsafeBufferPointer(start: start, count: count))
    FuzzSegment.mendFooter(&bytes)
    _ = try? FuzzSegment.readAll(bytes)
    return 0
}

enum FuzzSegment {
    /// A small segment with values of every type.
    static func make() throws -> [UInt8] {
        var batch = EventBatch(key: Fuzz.key)
        let values: [PropertyValue] = [
            .string("서울"), .number(1.5), .boolean(true), .time(5), .strings(["a", "b"]), .numbers([1, 2]),
            .booleans([true]), .times([1]),
        ]
        for index in 0..<40 {
            try batch.append(
                Event(
                    person: "p\(index % 7)", name: "e\(index % 3)", time: Int64(index % 5),
                    properties: [.init("x", values[index % 8]), .init("y", .number(Double(index)))],
                    messageID: index % 2 == 0 ? "m\(index)" : nil))
        }
        var tables = NameTables()
        let map = try tables.map(batch)
        let sealer = BatchSealer(
            batch: batch, codes: map.codes, properties: map.properties, sequences: (0..<40).map { Int64($0) })
        var bytes: [UInt8] = []
        var writer = try SegmentWriter(key: Fuzz.key) { bytes.append(contentsOf: $0) }
        try sealer.write(to: &writer, chunkRows: 16)
        _ = try writer.finish()
        return bytes
    }

    static func mendFooter(_ bytes: inout [UInt8]) {
        let end = bytes.count - SegmentFormat.trailerBytes
        guard end >= SegmentFormat.headerBytes else { return }
        let length = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: end, as: UInt64.self) }
        guard length <= UInt64(end - SegmentFormat.headerBytes) else { return }
        let checksum = bytes.withUnsafeBytes {
            Checksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[(end - Int(length))..<end]))
        }
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: checksum, toByteOffset: end + 8, as: UInt32.self) }
    }

    static func readAll(_ bytes: [UInt8]) throws {
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
