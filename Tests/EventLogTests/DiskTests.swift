import ChildProcess
import EventLog
import Foundation
import Testing

@Suite struct DiskTests {
    let disk = PosixDisk()
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func filesAreWrittenReadRenamedAndRemoved() throws {
        let path = "\(folder.path)/a/b/c.bin"
        try disk.makeFolder("\(folder.path)/a/b")
        try disk.makeFolder("\(folder.path)/a/b")
        let file = try disk.create(path)
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        try file.write(bytes)
        try file.write([])
        try file.sync()
        #expect(file.length == bytes.count)
        try file.close()
        try file.close()
        #expect(throws: EventLogError.self) { try file.write([1]) }
        let more = try disk.openForAppending(path)
        #expect(more.length == bytes.count)
        try more.write([7, 8])
        try more.close()
        #expect(try disk.read(path) == bytes + [7, 8])
        #expect(try mapped(path) == bytes + [7, 8])
        try disk.rewrite(path, from: 5)
        #expect(try disk.read(path) == bytes + [7, 8])
        try disk.truncate(path, to: 3)
        #expect(try disk.size(path) == 3)
        try disk.rename(path, to: "\(folder.path)/a/b/d.bin")
        try disk.syncFolder("\(folder.path)/a/b")
        #expect(try disk.size(path) == nil)
        #expect(try disk.list("\(folder.path)/a/b") == ["d.bin"])
        try disk.remove("\(folder.path)/a/b/d.bin")
        try disk.remove("\(folder.path)/a/b/d.bin")
        #expect(try disk.list("\(folder.path)/a/b") == [])
        #expect(try disk.list("\(folder.path)/absent") == [])
        #expect(try Array(disk.create(path).length.description.utf8) == [48])
        #expect(try mapped(path) == [])
        #expect(try disk.read(path) == [])
    }

    @Test func aMapOutlivesTheNameOfItsFile() throws {
        let path = "\(folder.path)/segment"
        let file = try disk.create(path)
        try file.write([1, 2, 3])
        try file.close()
        let map = try disk.map(path)
        try disk.remove(path)
        withExtendedLifetime(map) { #expect(Array(map.bytes) == [1, 2, 3]) }
        let copy = MappedFile(copying: [4, 5])
        withExtendedLifetime(copy) { #expect(Array(copy.bytes) == [4, 5]) }
    }

    private func mapped(_ path: String) throws -> [UInt8] {
        let map = try disk.map(path)
        return withExtendedLifetime(map) { Array(map.bytes) }
    }

    @Test func namesAreSortedByTheirBytes() throws {
        for name in ["b", "a", "Z", "é", "10", "9"] { try disk.create("\(folder.path)/\(name)").close() }
        #expect(try disk.list(folder.path) == ["10", "9", "Z", "a", "b", "é"])
    }

    @Test func errorsNameTheFileTheCallAndWhatToDo() throws {
        let path = "\(folder.path)/absent"
        let absent = #expect(throws: EventLogError.self) { try disk.read(path) }
        #expect(absent?.code == .notFound)
        #expect(absent?.file == path)
        #expect(throws: EventLogError.self) { try disk.map(path) }
        #expect(throws: EventLogError.self) { try disk.openForAppending(path) }
        #expect(throws: EventLogError.self) { try disk.truncate(path, to: 0) }
        #expect(throws: EventLogError.self) { try disk.rename(path, to: "\(path)2") }
        // Every write to this device finds the disk full.
        let full = #expect(throws: EventLogError.self) { try disk.openForAppending("/dev/full").write([1]) }
        #expect(full?.code == .io)
        #expect(full?.file == "/dev/full")
        #expect(full?.message.contains("write failed: No space left on device") == true)
        #expect(full?.message.contains("free some space") == true)
        try disk.create("\(folder.path)/file").close()
        let notFolder = #expect(throws: EventLogError.self) { try disk.makeFolder("\(folder.path)/file/x") }
        #expect(notFolder?.code == .io)
    }

    @Test func aFailedSyncPoisonsTheFile() throws {
        // A character device cannot be synced.
        let file = try disk.openForAppending("/dev/null")
        try file.write([1])
        let first = #expect(throws: EventLogError.self) { try file.sync() }
        #expect(first?.message.contains("fdatasync failed") == true)
        let second = #expect(throws: EventLogError.self) { try file.sync() }
        #expect(second?.message.contains("earlier sync") == true)
        #expect(throws: EventLogError.self) { try file.write([1]) }
        try file.close()
    }

    @Test func aLockIsHeldOnce() throws {
        let path = "\(folder.path)/lock"
        let lock = try disk.lock(path)
        let error = #expect(throws: EventLogError.self) { try disk.lock(path) }
        #expect(error?.code == .locked)
        #expect(error?.file == path)
        #expect(error?.message.contains("this process") == true)
        #expect(
            String(decoding: try disk.read(path), as: UTF8.self) == "\(ProcessInfo.processInfo.processIdentifier)\n")
        lock.release()
        lock.release()
        try disk.lock(path).release()
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/flock"), "needs flock of util-linux"))
    func theLockOfAnotherProcessNamesIt() throws {
        let path = "\(folder.path)/lock"
        let input = Pipe()
        let output = Pipe()
        let other = try ChildProcess(
            "/usr/bin/flock", [path, "/bin/sh", "-c", "echo $$ > \"$0\"; echo $$; read line", path],
            input: input.fileHandleForReading.fileDescriptor, output: output.fileHandleForWriting.fileDescriptor)
        let holder = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let error = #expect(throws: EventLogError.self) { try disk.lock(path) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("process \(holder) has the log open") == true, "\(String(describing: error))")
        // The lock goes with its process.
        input.fileHandleForWriting.closeFile()
        other.wait()
        try disk.lock(path).release()
    }
}
