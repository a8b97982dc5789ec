import Synchronization

@testable import EventLog

/// A disk in memory that holds one file, as far as reading and repairing a log needs it.
final class OneFileDisk: Disk {
    private let name: String
    private let content: Mutex<[UInt8]?>

    init(name: String, bytes: [UInt8]) {
        self.name = name
        content = Mutex(bytes)
    }

    private func unsupported(_ call: String) -> EventLogError { EventLogError(.io, "this disk cannot \(call)") }

    func makeFolder(_ path: String) throws {}
    func create(_ path: String) throws -> any DiskFile { throw unsupported("create") }
    func openForAppending(_ path: String) throws -> any DiskFile { throw unsupported("append") }
    func rename(_ from: String, to: String) throws { throw unsupported("rename") }
    func syncFolder(_ path: String) throws {}
    func rewrite(_ path: String, from offset: Int) throws {}
    func lock(_ path: String) throws -> any DiskLock { throw unsupported("lock") }
    func list(_ folder: String) throws -> [String] { content.withLock { $0 == nil ? [] : [name] } }
    func remove(_ path: String) throws { content.withLock { $0 = nil } }
    func size(_ path: String) throws -> Int? { content.withLock { $0?.count } }
    func map(_ path: String) throws -> MappedFile { MappedFile(copying: try read(path)) }

    func read(_ path: String) throws -> [UInt8] {
        guard let bytes = content.withLock({ $0 }) else {
            throw EventLogError(.notFound, "the file is gone", file: path)
        }
        return bytes
    }

    func truncate(_ path: String, to bytes: Int) throws {
        content.withLock { content in
            guard let count = content?.count, bytes < count else { return }
            content?.removeLast(count - bytes)
        }
    }
}
