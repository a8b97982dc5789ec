import Foundation

/// Makes the files of an archive (`ArchivePages`) within a folder, from bytes as they come. Nothing is ever written
/// outside of the folder, whatever the bytes say.
package struct ArchiveReader {
    private let folder: String
    private var header: [UInt8] = []
    private var file: FileHandle?
    private var path = ""
    /// Bytes of the open file that are to come, and those that fill its last block.
    private var rest = 0
    private var padding = 0
    private var emptyBlocks = 0

    /// - Parameter folder: an empty one.
    package init(into folder: String) { self.folder = folder }

    /// Whether the archive has come to its end. What ends before is not whole.
    package var isWhole: Bool { emptyBlocks >= 2 }

    /// Takes further bytes.
    ///
    /// - Throws: `EngineError` with `io` for a file that cannot be written; `invalidArgument` for what is no archive,
    ///   or one with paths that lead elsewhere.
    package mutating func take(_ bytes: [UInt8]) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty, !isWhole {
            if rest > 0 {
                let piece = bytes.prefix(rest)
                do { try file?.write(contentsOf: piece) } catch { throw cannotWrite(error) }
                rest -= piece.count
                bytes = bytes.dropFirst(piece.count)
                if rest == 0 { try finish() }
            } else if padding > 0 {
                let skipped = min(padding, bytes.count)
                padding -= skipped
                bytes = bytes.dropFirst(skipped)
            } else {
                let piece = bytes.prefix(Archive.blockBytes - header.count)
                header += piece
                bytes = bytes.dropFirst(piece.count)
                if header.count == Archive.blockBytes { try begin() }
            }
        }
    }

    private mutating func begin() throws {
        defer { header = [] }
        if header.allSatisfy({ $0 == 0 }) {
            emptyBlocks += 1
            return
        }
        guard header[Archive.magic].starts(with: Array("ustar".utf8)), emptyBlocks == 0,
            ArchiveReader.octal(header[Archive.checksum]) == Archive.sum(header[...]),
            header[Archive.kind] == UInt8(ascii: "0"), let count = size
        else { throw Self.broken }
        let prefix = Self.text(header[Archive.prefix])
        path = (prefix.isEmpty ? "" : prefix + "/") + Self.text(header[Archive.name])
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else {
            throw EngineError(.invalidArgument, "the archive has a file '\(path.prefix(200))', which leads elsewhere")
        }
        let target = URL(fileURLWithPath: folder + "/" + path)
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            // A file of this name would be another of the same archive.
            try Data().write(to: target, options: .withoutOverwriting)
            file = try FileHandle(forWritingTo: target)
        } catch {
            throw cannotWrite(error)
        }
        rest = count
        padding = Archive.padding(count)
        if rest == 0 { try finish() }
    }

    private mutating func finish() throws {
        do {
            try file?.synchronize()
            try file?.close()
        } catch {
            throw cannotWrite(error)
        }
        file = nil
    }

    /// Nil for what is no number, or none that a file could have.
    private var size: Int? {
        let field = header[Archive.size]
        guard field.first == 0x80 else { return Self.octal(field) }
        guard field.dropFirst().prefix(4).allSatisfy({ $0 == 0 }) else { return nil }
        let number = field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        return number
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { $0 != 0 && $0 != 32 }
        guard !digits.isEmpty, digits.count <= 11, digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static let broken = EngineError(.invalidArgument, "what came is no archive, or was damaged on its way")

    private func cannotWrite(_ error: any Error) -> EngineError {
        EngineError(.io, "the file \(folder)/\(path) cannot be written: \(reason(error))")
    }
}
