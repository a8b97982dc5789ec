import Glibc

/// The file system of the machine.
///
/// Files are readable by their owner and group only, because they hold what people did.
package struct PosixDisk: Disk {
    package init() {}

    package func makeFolder(_ path: String) throws {
        var missing: [String] = []
        var current = path
        while !current.isEmpty, current != "/", try !isFolder(current) {
            missing.append(current)
            current = parent(of: current)
        }
        for folder in missing.reversed() {
            if mkdir(folder, 0o750) != 0, errno != EEXIST { throw PosixError.last("mkdir", folder) }
            try syncFolder(parent(of: folder))
        }
    }

    package func create(_ path: String) throws -> any DiskFile {
        PosixFile(path: path, descriptor: try open(path, O_WRONLY | O_CREAT | O_TRUNC), length: 0)
    }

    package func openForAppending(_ path: String) throws -> any DiskFile {
        let descriptor = try open(path, O_WRONLY | O_APPEND)
        do {
            return PosixFile(path: path, descriptor: descriptor, length: try length(descriptor, path))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    package func read(_ path: String) throws -> [UInt8] {
        let descriptor = try open(path, O_RDONLY)
        defer { Glibc.close(descriptor) }
        // One byte more than the length, so that the end of a file that does not grow shows in the first call.
        var wanted = try length(descriptor, path) + 1
        var bytes: [UInt8] = []
        while true {
            var got = 0
            let piece = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                got = try retrying("read", path) { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
                count = got
            }
            if got == 0 { return bytes }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            wanted = max(65_536, wanted - got)
        }
    }

    package func map(_ path: String) throws -> MappedFile {
        let descriptor = try open(path, O_RDONLY)
        defer { Glibc.close(descriptor) }
        let length = try length(descriptor, path)
        if length == 0 { return MappedFile(copying: []) }
        guard let start = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw PosixError.last("mmap", path)
        }
        // The address as an integer, because a pointer may not be captured in a Sendable closure.
        let address = UInt(bitPattern: start)
        return MappedFile(owning: UnsafeRawBufferPointer(start: start, count: length)) {
            if let start = UnsafeMutableRawPointer(bitPattern: address) { munmap(start, length) }
        }
    }

    package func rename(_ from: String, to: String) throws {
        if Glibc.rename(from, to) != 0 { throw PosixError.last("rename", from) }
    }

    package func remove(_ path: String) throws {
        if unlink(path) != 0, errno != ENOENT { throw PosixError.last("unlink", path) }
    }

    package func list(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw PosixError.last("opendir", folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw PosixError.last("readdir", folder) }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func syncFolder(_ path: String) throws {
        let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
        defer { Glibc.close(descriptor) }
        try retrying("fsync", path) { Int(fsync(descriptor)) }
    }

    package func truncate(_ path: String, to bytes: Int) throws {
        let descriptor = try open(path, O_WRONLY)
        defer { Glibc.close(descriptor) }
        try retrying("ftruncate", path) { Int(ftruncate(descriptor, bytes)) }
        try retrying("fsync", path) { Int(fsync(descriptor)) }
    }

    package func rewrite(_ path: String, from offset: Int) throws {
        let descriptor = try open(path, O_RDWR)
        defer { Glibc.close(descriptor) }
        try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 4096) { buffer in
            var offset = offset
            while true {
                let got = try retrying("pread", path) { pread(descriptor, buffer.baseAddress, buffer.count, offset) }
                if got == 0 { break }
                var done = 0
                while done < got {
                    done += try retrying("pwrite", path) {
                        pwrite(descriptor, buffer.baseAddress?.advanced(by: done), got - done, offset + done)
                    }
                }
                offset += got
            }
        }
        try retrying("fsync", path) { Int(fsync(descriptor)) }
    }

    package func size(_ path: String) throws -> Int? {
        var status = stat()
        if stat(path, &status) == 0 { return Int(status.st_size) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw PosixError.last("stat", path)
    }

    package func lock(_ path: String) throws -> any DiskLock {
        let descriptor = try open(path, O_RDWR | O_CREAT)
        do {
            return try PosixLock(path: path, descriptor: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    // MARK: Inside

    private func open(_ path: String, _ flags: Int32) throws -> Int32 {
        Int32(try retrying("open", path) { Int(Glibc.open(path, flags | O_CLOEXEC, 0o640)) })
    }

    private func length(_ descriptor: Int32, _ path: String) throws -> Int {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw PosixError.last("fstat", path) }
        return Int(status.st_size)
    }

    private func isFolder(_ path: String) throws -> Bool {
        var status = stat()
        if stat(path, &status) != 0 {
            if errno == ENOENT { return false }
            throw PosixError.last("stat", path)
        }
        if status.st_mode & S_IFMT == S_IFDIR { return true }
        throw EventLogError(.io, "this is not a folder: name another place, or move this file away", file: path)
    }

    private func parent(of path: String) -> String {
        var parts = path[...]
        while parts.count > 1, parts.hasSuffix("/") { parts.removeLast() }
        guard let slash = parts.lastIndex(of: "/") else { return "." }
        return slash == parts.startIndex ? "/" : String(parts[..<slash])
    }
}
