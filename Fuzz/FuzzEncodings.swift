@testable import EventLog

/// Conversion from other encodings, in pieces of any size. The first byte chooses the encoding.
enum FuzzEncodings: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts }

    static func run(_ bytes: [UInt8]) {
        let encodings = ["cp949", "euc-kr", "utf-16", "utf-16le", "utf-32", "shift_jis", "windows-1252"]
        guard let choice = bytes.first else { return }
        let bytes = Array(bytes.dropFirst())
        let encoding = encodings[Int(choice) % encodings.count]
        let whole = convert(bytes, encoding, chunk: .max)
        let pieces = convert(bytes, encoding, chunk: 1)
        Fuzz.expect(whole == pieces, "the size of the pieces matters in \(encoding)")
    }

    private static let texts: [[UInt8]] = [
        [0, 0xbc, 0xad, 0xbf, 0xef, 0x0a, 0x41], [1, 0xb0, 0xa1], [2, 0xff, 0xfe, 0x41, 0], [3, 0x3d, 0xd8, 0, 0xde],
        [4, 0, 0, 0xfe, 0xff, 0, 0, 0, 0x41],
        [5, 0x83, 0x65], [6, 0x80, 0xe9],
    ]

    private static func convert(_ bytes: [UInt8], _ encoding: String, chunk: Int) -> [UInt8]? {
        guard let source = try? TranscodingSource(MemorySource(bytes, chunk: chunk), encoding: encoding, name: "fuzz")
        else {
            return nil
        }
        return try? source.readHead(bytes.count * 8 + 16)
    }
}
