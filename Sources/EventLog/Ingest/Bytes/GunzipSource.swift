import CEventLog

/// Decompresses a gzip stream of one or more members (RFC 1952). Damage is an error that says how much was good.
package final class GunzipSource: ByteSource {
    private static let chunkBytes = 256 << 10

    private let source: any ByteSource
    private let name: String
    // Owned: freed in deinit.
    private let stream: OpaquePointer
    private var input = [UInt8](repeating: 0, count: chunkBytes)
    private var inputRange = 0..<0
    private var inputEnded = false
    /// Between two members, where the stream may end.
    private var betweenMembers = true
    private var members = 0
    private var consumed = 0
    private var produced = 0

    /// - Parameter name: what errors call the source.
    package init(_ source: any ByteSource, name: String) throws {
        guard let stream = ceventlog_inflate_make() else {
            throw ImportError(.io, "there is not enough memory to decompress", source: name)
        }
        self.source = source
        self.name = name
        self.stream = stream
    }

    deinit { ceventlog_inflate_free(stream) }

    package var bytesRead: Int { source.bytesRead }
    package var totalBytes: Int? { source.totalBytes }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if inputRange.isEmpty, !inputEnded { try refill() }
            if betweenMembers {
                if try skipPadding() { return 0 }
                if inputRange.isEmpty { continue }
                if members > 0, ceventlog_inflate_reset(stream) != CEVENTLOG_INFLATE_OK {
                    throw ImportError(.io, "there is not enough memory to decompress", source: name)
                }
                betweenMembers = false
            }
            if inputRange.isEmpty, inputEnded { throw damage("the compressed data ends early") }
            let count = try inflate(into: buffer)
            if count > 0 { return count }
        }
    }

    private func refill() throws {
        let count = try input.withUnsafeMutableBytes { try source.read(into: $0) }
        inputRange = 0..<count
        inputEnded = count == 0
    }

    /// Passes over zeros between and after members, which `tar` and tapes leave. Returns whether the stream has ended.
    private func skipPadding() throws -> Bool {
        if members > 0 {
            while let first = inputRange.first, input[first] == 0 {
                inputRange = (first + 1)..<inputRange.upperBound
                consumed += 1
            }
        }
        return inputRange.isEmpty && inputEnded
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var used = 0
        var made = 0
        let result = input.withUnsafeBufferPointer { input in
            ceventlog_inflate_run(
                stream, input.baseAddress.map { $0 + inputRange.lowerBound }, inputRange.count,
                buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count, &used, &made)
        }
        inputRange = (inputRange.lowerBound + used)..<inputRange.upperBound
        consumed += used
        produced += made
        switch Int(result) {
        case Int(CEVENTLOG_INFLATE_OK): break
        case Int(CEVENTLOG_INFLATE_MEMBER_END):
            betweenMembers = true
            members += 1
        case Int(CEVENTLOG_INFLATE_MEMORY):
            throw ImportError(.io, "there is not enough memory to decompress", source: name)
        default:
            let detail = String(cString: ceventlog_inflate_message(stream))
            throw damage("the compressed data is damaged" + (detail.isEmpty ? "" : " (\(detail))"))
        }
        return made
    }

    private func damage(_ what: String) -> ImportError {
        ImportError(
            .corruptGzip,
            "\(what) after \(consumed) good compressed bytes, which gave \(produced) bytes of text; get the "
                + "file again from where it came",
            source: name)
    }
}
