@testable import EventLog

/// The manifest of a log. Its checksum is put right first.
enum FuzzManifest: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { [try make()] }

    static func run(_ bytes: [UInt8]) {
        var bytes = bytes
        mend(&bytes)
        guard let manifest = try? bytes.withUnsafeBytes({ try Manifest(from: $0, file: "fuzz") }) else { return }
        let again = manifest.encoded()
        let second = try? again.withUnsafeBytes { try Manifest(from: $0, file: "fuzz") }
        Fuzz.expect(second?.encoded() == again, "a manifest that was read and written reads differently")
    }

    private static func make() throws -> [UInt8] {
        var manifest = Manifest(key: Fuzz.key, logID: 7)
        _ = try manifest.tables.map(try Fuzz.batch(5))
        manifest.redirects = [Merge(alias: "a", person: "b")]
        manifest.deletions = [.init(hash: 1, check: 2, sequence: 3)]
        manifest.segments = [.init(file: "segment-1", rows: 5, bytes: 100, lastReceived: 9)]
        let place = SourceMark.Digest(high: 1, low: 2)
        manifest.marks = [SourceMark(from: place, to: place, length: 10, lines: 1)]
        return manifest.encoded()
    }

    private static func mend(_ bytes: inout [UInt8]) {
        guard bytes.count > Manifest.headerBytes else { return }
        bytes.withUnsafeMutableBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[Manifest.headerBytes...])
            bytes.storeBytes(of: Checksum.crc32c(body), toByteOffset: 12, as: UInt32.self)
            bytes.storeBytes(of: UInt64(body.count), toByteOffset: 16, as: UInt64.self)
        }
    }
}
