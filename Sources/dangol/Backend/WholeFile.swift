import EventLog

/// A file that is read whole, or standard input for `-`.
enum WholeFile {
    /// - Throws: `Failure` for a file that cannot be read or is too large.
    static func read(_ path: String, bytesMax: Int) throws -> [UInt8] {
        let source = try FileSource(path: path)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try piece.withUnsafeMutableBytes { try source.read(into: $0) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= bytesMax else {
                throw Failure(
                    .failure, code: "bad_file", "the file is larger than \(bytesMax >> 20) MB; split it")
            }
        }
    }
}
