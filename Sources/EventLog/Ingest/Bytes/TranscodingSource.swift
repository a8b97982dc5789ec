import Glibc

/// Turns text of another encoding into UTF-8 with the C library's `iconv`.
///
/// A byte that does not fit the encoding becomes 0xFF, which no UTF-8 holds, so that the line it is on, and only that
/// line, is rejected by the reader.
package final class TranscodingSource: ByteSource {
    private static let chunkBytes = 256 << 10

    private let source: any ByteSource
    // Owned: closed in deinit.
    private let converter: iconv_t
    private var input = [UInt8](repeating: 0, count: chunkBytes)
    private var inputRange = 0..<0
    private var inputEnded = false
    private var output = [UInt8](repeating: 0, count: chunkBytes)
    private var outputRange = 0..<0

    /// - Parameter encoding: a name that iconv knows, such as `cp949`, `euc-kr`, `utf-16` or `windows-1252`.
    /// - Throws: `ImportError` with code `encoding` when it does not.
    package init(_ source: any ByteSource, encoding: String, name: String) throws {
        let opened = iconv_open("UTF-8", encoding)
        guard let opened, opened != iconv_t(bitPattern: -1) else {
            throw ImportError(
                .encoding,
                "the encoding '\(encoding)' is unknown; try utf-8, cp949, euc-kr, utf-16, shift_jis or windows-1252",
                source: name)
        }
        self.source = source
        converter = opened
    }

    deinit { iconv_close(converter) }

    package var bytesRead: Int { source.bytesRead }
    package var totalBytes: Int? { source.totalBytes }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while outputRange.isEmpty {
            if inputRange.isEmpty, inputEnded { return 0 }
            // A rest that is too short for one character waits for the bytes that follow it.
            if !inputEnded, inputRange.count < 16 { try refill() }
            if !inputRange.isEmpty { convert() }
        }
        let count = min(buffer.count, outputRange.count)
        output.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[outputRange.prefix(count)]))
        }
        outputRange = (outputRange.lowerBound + count)..<outputRange.upperBound
        return count
    }

    private func refill() throws {
        let rest = inputRange.count
        input.withUnsafeMutableBytes { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[inputRange]))
        }
        let more = try input.withUnsafeMutableBytes {
            try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[rest...]))
        }
        inputRange = 0..<(rest + more)
        inputEnded = more == 0
    }

    /// Fills `output` from `input` as far as possible.
    private func convert() {
        var produced = 0
        let room = output.count
        output.withUnsafeMutableBytes { target in
            input.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    let start = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                else { return }
                var from: UnsafeMutablePointer<CChar>? = base + inputRange.lowerBound
                var fromLeft = inputRange.count
                var to: UnsafeMutablePointer<CChar>? = start
                var toLeft = room - 1
                let failed = iconv(converter, &from, &fromLeft, &to, &toLeft) == -1
                let reason = errno
                produced = room - 1 - toLeft
                inputRange = (inputRange.upperBound - fromLeft)..<inputRange.upperBound
                if failed, reason == EILSEQ || (reason == EINVAL && inputEnded), !inputRange.isEmpty {
                    target[produced] = 0xff
                    produced += 1
                    inputRange = (inputRange.lowerBound + 1)..<inputRange.upperBound
                }
            }
        }
        outputRange = 0..<produced
    }
}
