import Glibc

/// A stream of bytes that is read once, from front to back, by one thread.
package protocol ByteSource: AnyObject {
    /// Reads at least one byte into `buffer`, which is not empty, and says how many; 0 is the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
    /// Bytes of the outermost file that have been read, for progress.
    var bytesRead: Int { get }
    /// How many bytes there are in all, when that is known.
    var totalBytes: Int? { get }
}

/// Bytes in memory, handed out in pieces of a chosen size.
package final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private let chunk: Int
    private var offset = 0

    /// - Parameter chunk: the most bytes that one `read` gives.
    package init(_ bytes: [UInt8], chunk: Int = .max) {
        self.bytes = bytes
        self.chunk = max(1, chunk)
    }

    package convenience init(_ text: String, chunk: Int = .max) { self.init(Array(text.utf8), chunk: chunk) }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, chunk, bytes.count - offset)
        buffer.copyBytes(from: bytes[offset..<(offset + count)])
        offset += count
        return count
    }

    package var bytesRead: Int { offset }
    package var totalBytes: Int? { bytes.count }
}

/// A file, pipe or standard input.
package final class FileSource: ByteSource {
    private let descriptor: Int32
    private let name: String
    private let closes: Bool
    package private(set) var bytesRead = 0
    package let totalBytes: Int?

    /// - Parameter path: `-` is standard input.
    /// - Throws: `ImportError` with code `io`.
    package init(path: String) throws {
        if path == "-" {
            (descriptor, name, closes) = (0, "standard input", false)
        } else {
            let opened = open(path, O_RDONLY | O_CLOEXEC)
            guard opened >= 0 else {
                throw ImportError(.io, "cannot open the file: \(String(cString: strerror(errno)))", source: path)
            }
            (descriptor, name, closes) = (opened, path, true)
        }
        var status = stat()
        let known = fstat(descriptor, &status) == 0
        if known, status.st_mode & S_IFMT == S_IFDIR {
            if closes { close(descriptor) }
            throw ImportError(.io, "this is a folder; name the files in it", source: path)
        }
        totalBytes = known && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        if totalBytes != nil { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    deinit {
        if closes { close(descriptor) }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                bytesRead += count
                return count
            }
            if errno != EINTR {
                throw ImportError(
                    .io, "reading failed after \(bytesRead) bytes: \(String(cString: strerror(errno)))", source: name)
            }
        }
    }
}

/// Gives back bytes that were read ahead before going on with their source.
final class PeekedSource: ByteSource {
    private let source: any ByteSource
    private var head: [UInt8]
    private var offset = 0

    init(_ source: any ByteSource, head: [UInt8]) {
        self.source = source
        self.head = head
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset < head.count else { return try source.read(into: buffer) }
        let count = min(buffer.count, head.count - offset)
        buffer.copyBytes(from: head[offset..<(offset + count)])
        offset += count
        if offset == head.count { (head, offset) = ([], 0) }
        return count
    }

    var bytesRead: Int { source.bytesRead }
    var totalBytes: Int? { source.totalBytes }
}

extension ByteSource {
    /// Reads until there are `count` bytes or the source ends.
    func readHead(_ count: Int) throws -> [UInt8] {
        var head = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = try head.withUnsafeMutableBytes {
                try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if more == 0 { break }
            filled += more
        }
        head.removeLast(count - filled)
        return head
    }
}
