/// The only place through which the log touches the file system, so that tests can simulate torn, reordered and
/// failing writes below it.
///
/// Every call throws `EventLogError`: `notFound` when a file that has to be there is absent, otherwise `io`, naming the
/// file, the call, the reason and what to do.
package protocol Disk: Sendable {
    /// Makes a folder with its parents; fine when it exists. The new entries are durable on return.
    func makeFolder(_ path: String) throws
    /// A new empty file for writing; an existing one is emptied. Its name is durable after `syncFolder`.
    func create(_ path: String) throws -> any DiskFile
    func openForAppending(_ path: String) throws -> any DiskFile
    /// The whole file, copied into memory. Safe beside a process that appends to the file or shortens it.
    func read(_ path: String) throws -> [UInt8]
    /// The file's bytes, read-only. The file must not be shortened while they are in use.
    func map(_ path: String) throws -> MappedFile
    /// Replaces `to` in one step. Durable after `syncFolder`.
    func rename(_ from: String, to: String) throws
    /// Removes a file; fine when it is absent. Durable after `syncFolder`.
    func remove(_ path: String) throws
    /// The names in a folder, sorted by their UTF-8 bytes; empty when the folder is absent.
    func list(_ folder: String) throws -> [String]
    /// Makes the creations, renames and removals in a folder durable.
    func syncFolder(_ path: String) throws
    /// Cuts a file to `bytes`, durable on return together with everything before.
    func truncate(_ path: String, to bytes: Int) throws
    /// Writes the bytes from `offset` on over themselves and syncs. What another process wrote and failed to sync can
    /// be read, but is marked as written although it is not on the disk; a sync alone would change nothing.
    func rewrite(_ path: String, from offset: Int) throws
    /// The length in bytes, or nil when the file is absent.
    func size(_ path: String) throws -> Int?
    /// Takes the exclusive lock that this file stands for, and writes this process's id into it.
    ///
    /// - Throws: `EventLogError` with code `locked`, naming the process that holds it.
    func lock(_ path: String) throws -> any DiskLock
}

/// A file that is being written, at its end.
package protocol DiskFile: AnyObject, Sendable {
    /// Writes all bytes or throws; then a part of them may be in the file.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Returns once everything written would survive a power loss. After a failure nobody knows which pages reached the
    /// disk, and a second try would report success without writing them again: the file refuses all further use.
    func sync() throws
    /// Bytes in the file.
    var length: Int { get }
    /// Closing again does nothing. Does not sync.
    func close() throws
}

/// A lock that is held until it is released or the process ends.
package protocol DiskLock: AnyObject, Sendable {
    func release()
}

extension DiskFile {
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}

/// The bytes of a file, valid as long as this object lives: whoever keeps a pointer into them keeps the object.
package final class MappedFile: @unchecked Sendable {
    // Unchecked: the pointer is to memory that nobody writes to and that lives until deinit.
    package let bytes: UnsafeRawBufferPointer
    private let release: @Sendable () -> Void

    /// Takes over memory; `release` gives it back.
    package init(owning bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void) {
        self.bytes = bytes
        self.release = release
    }

    package convenience init(copying source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
        copy.copyBytes(from: source)
        // The address as an integer, because a pointer may not be captured in a Sendable closure.
        let address = UInt(bitPattern: copy.baseAddress)
        self.init(owning: UnsafeRawBufferPointer(copy)) {
            UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
        }
    }

    deinit { release() }
}
