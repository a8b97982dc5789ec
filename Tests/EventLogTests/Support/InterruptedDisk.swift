import EventLog
import Synchronization

/// The real disk, which does something of the test's choice in between: just before it makes the next segment file.
final class InterruptedDisk: Disk {
    private let disk = PosixDisk()
    private let pending = Mutex<(@Sendable () -> Void)?>(nil)

    /// Runs `body` once, on the thread that makes the next segment file. Files that `body` makes do not count.
    func beforeNextSegment(_ body: @escaping @Sendable () -> Void) { pending.withLock { $0 = body } }

    func create(_ path: String) throws -> any DiskFile {
        if path.contains("/segment-") {
            let body = pending.withLock { pending in
                defer { pending = nil }
                return pending
            }
            body?()
        }
        return try disk.create(path)
    }

    func makeFolder(_ path: String) throws { try disk.makeFolder(path) }
    func openForAppending(_ path: String) throws -> any DiskFile { try disk.openForAppending(path) }
    func read(_ path: String) throws -> [UInt8] { try disk.read(path) }
    func map(_ path: String) throws -> MappedFile { try disk.map(path) }
    func rename(_ from: String, to: String) throws { try disk.rename(from, to: to) }
    func remove(_ path: String) throws { try disk.remove(path) }
    func list(_ folder: String) throws -> [String] { try disk.list(folder) }
    func syncFolder(_ path: String) throws { try disk.syncFolder(path) }
    func truncate(_ path: String, to bytes: Int) throws { try disk.truncate(path, to: bytes) }
    func rewrite(_ path: String, from offset: Int) throws { try disk.rewrite(path, from: offset) }
    func size(_ path: String) throws -> Int? { try disk.size(path) }
    func lock(_ path: String) throws -> any DiskLock { try disk.lock(path) }
}
