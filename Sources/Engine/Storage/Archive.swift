import Foundation

/// Folders as one stream of bytes: the POSIX archive format (ustar), which `tar` reads too. Holds files alone, named by
/// their paths within the folder; folders follow from those.
///
/// The format: <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06>.
enum Archive {
    static let blockBytes = 512
    /// Where in a block each field lies.
    static let name = 0..<100
    static let size = 124..<136
    static let checksum = 148..<156
    static let kind = 156
    static let magic = 257..<265
    static let prefix = 345..<500

    /// How many bytes follow `count` bytes up to the end of a block.
    static func padding(_ count: Int) -> Int { (blockBytes - count % blockBytes) % blockBytes }

    /// The sum of a header's bytes, with the field of the sum as blanks.
    static func sum(_ header: ArraySlice<UInt8>) -> Int {
        var total = 0
        for (place, byte) in header.enumerated() {
            total += checksum.contains(place) ? 32 : Int(byte)
        }
        return total
    }
}

/// Reads a folder as an archive, piece by piece.
package struct ArchivePages: Sendable {
    private static let pieceBytes = 1 << 18
    private let folder: String
    private var paths: ArraySlice<String>
    private var isAtEnd = false
    private var open: OpenFile?

    private struct OpenFile: Sendable {
        var path: String
        var offset: Int
        var count: Int
    }

    /// - Parameter folder: nobody changes it meanwhile.
    /// - Throws: `EngineError` with `io`.
    package init(of folder: String) throws {
        self.folder = folder
        guard let walk = FileManager.default.enumerator(atPath: folder) else {
            throw EngineError(.io, "the folder \(folder) cannot be read")
        }
        var found: [String] = []
        for case let path as String in walk {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
            if !isFolder.boolValue { found.append(path) }
        }
        paths = found.sorted()[...]
    }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `EngineError` with `io` for a file that cannot be read or whose path is too long.
    package mutating func next() throws -> [UInt8]? {
        if let file = open { return try content(file) }
        if let path = paths.popFirst() { return try begin(path) }
        if isAtEnd { return nil }
        isAtEnd = true
        return [UInt8](repeating: 0, count: 2 * Archive.blockBytes)
    }

    private mutating func begin(_ path: String) throws -> [UInt8] {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)
            let count = (attributes[.size] as? NSNumber)?.intValue ?? 0
            if count > 0 { open = OpenFile(path: path, offset: 0, count: count) }
            return try ArchivePages.header(path, count: count)
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.io, "the file \(path) cannot be read: \(reason(error))")
        }
    }

    private mutating func content(_ file: OpenFile) throws -> [UInt8] {
        let wanted = min(Self.pieceBytes, file.count - file.offset)
        var bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder + "/" + file.path))
            defer { try? handle.close() }
            try handle.seek(toOffset: UInt64(file.offset))
            bytes = Array(try handle.read(upToCount: wanted) ?? Data())
        } catch {
            throw EngineError(.io, "the file \(file.path) cannot be read: \(reason(error))")
        }
        guard bytes.count == wanted else { throw EngineError(.io, "the file \(file.path) was cut while it was read") }
        let offset = file.offset + wanted
        open = offset < file.count ? OpenFile(path: file.path, offset: offset, count: file.count) : nil
        if open == nil { bytes += [UInt8](repeating: 0, count: Archive.padding(file.count)) }
        return bytes
    }

    private static func header(_ path: String, count: Int) throws -> [UInt8] {
        var block = [UInt8](repeating: 0, count: Archive.blockBytes)
        func set(_ field: Range<Int>, _ bytes: some Collection<UInt8>) {
            block.replaceSubrange(field.lowerBound..<field.lowerBound + bytes.count, with: bytes)
        }
        func octal(_ number: Int, _ digits: Int) -> [UInt8] {
            let text = String(number, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
        }
        let (prefix, name) = try split(path)
        set(Archive.name, name)
        set(Archive.prefix, prefix)
        set(100..<107, octal(0o600, 7))
        set(108..<115, octal(0, 7))
        set(116..<123, octal(0, 7))
        set(136..<147, octal(0, 11))
        if count < 1 << 33 {
            set(Archive.size, octal(count, 11))
        } else {
            // Larger than eleven octal digits: the number itself, with the highest bit set.
            set(Archive.size, [0x80, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) })
        }
        block[Archive.kind] = UInt8(ascii: "0")
        set(Archive.magic, Array("ustar\u{0}00".utf8))
        set(Archive.checksum, octal(Archive.sum(block[...]), 6) + [0, 32])
        return block
    }

    /// A long path goes into two fields, which are joined by a slash.
    private static func split(_ path: String) throws -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>) {
        let bytes = Array(path.utf8)
        if bytes.count <= Archive.name.count { return ([], bytes[...]) }
        for place in bytes.indices where bytes[place] == UInt8(ascii: "/") {
            if place <= Archive.prefix.count, bytes.count - place - 1 <= Archive.name.count {
                return (bytes[..<place], bytes[(place + 1)...])
            }
        }
        throw EngineError(.io, "the path \(path) is too long for an archive")
    }
}
