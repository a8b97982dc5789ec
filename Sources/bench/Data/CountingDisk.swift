import EventLog
import Synchronization

/// The real disk, which also counts how often files are synced.
final class CountingDisk: Disk {
    private let disk = PosixDisk()
    private let counter = Counter()

    final class Counter: Sendable {
        let syncs = Atomic<Int>(0)
    }

    var syncs: Int { counter.syncs.load(ordering: .relaxed) }

    func makeFolder(_ path: String) throws { try disk.makeFolder(path) }
    func create(_ path: String) throws -> any DiskFile { CountingFile(try disk.create(path), counter) }
    func openForAppending(_ path: String) throws -> any DiskFile {
        CountingFile(try disk.openForAppending(path), counter)
    }
    func read(_ path: String) throws -> [UInt8] { try disk.read(path) }
    func map(_ path: String) throws -> MappedFile { try disk.map(path) }
    func rename(_ from: String, to: String) throws { try disk.rename(from, to: to) }
    func remove(_ path: String) throws { try disk.remove(path) }
    func list(_ folder: String) throws -> [String] { try disk.list(folder) }
    func syncFolder(_ path: String) throws {
        counter.syncs.add(1, ordering: .relaxed)
        try disk.syncFolder(path)
    }
    func truncate(_ path: String, to bytes: Int) throws { try disk.truncate(path, to: bytes) }
    func rewrite(_ path: String, from offset: Int) throws { try disk.rewrite(path, from: offset) }
    func size(_ path: String) throws -> Int? { try disk.size(path) }
    func lock(_ path: String) throws -> any DiskLock { try disk.lock(path) }
}

private final class CountingFile: DiskFile {
    private let file: any DiskFile
    private let counter: CountingDisk.Counter

    init(_ file: any DiskFile, _ counter: CountingDisk.Counter) {
        self.file = file
        self.counter = counter
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }
    func sync() throws {
        counter.syncs.add(1, ordering: .relaxed)
        try file.sync()
    }
    var length: Int { file.length }
    func close() throws { try file.close() }
}
