import Glibc
import Synchronization

/// `flock` on a file that holds the process id of its owner. The kernel gives the lock back when the process ends,
/// however it ends; the file stays, because removing it would let two processes lock two files of one name.
final class PosixLock: DiskLock {
    /// Nil after the release.
    private let descriptor: Mutex<Int32?>

    /// Takes over the descriptor when it succeeds.
    init(path: String, descriptor: Int32) throws {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { throw Self.locked(path, descriptor) }
            throw PosixError.last("flock", path)
        }
        let text = Array("\(getpid())\n".utf8)
        try retrying("ftruncate", path) { Int(ftruncate(descriptor, 0)) }
        try text.withUnsafeBytes { text in
            _ = try retrying("pwrite", path) { pwrite(descriptor, text.baseAddress, text.count, 0) }
        }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            if let held = descriptor { Glibc.close(held) }
            descriptor = nil
        }
    }

    deinit { release() }

    private static func locked(_ path: String, _ descriptor: Int32) -> EventLogError {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)
        // The owner writes its id just after taking the lock, so the file may still be empty.
        let holder = Int32(text)
        let who: String
        if holder == getpid() {
            who = "this process has the log open for writing already; use that one or close it first"
        } else if let holder {
            who = "process \(holder) has the log open for writing; stop it or wait for it, or open the log for reading"
        } else {
            who = "another process has the log open for writing; stop it or wait for it, or open the log for reading"
        }
        return EventLogError(.locked, who, file: path)
    }
}
