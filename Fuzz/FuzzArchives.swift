import Foundation

@testable import Engine

/// An archive from elsewhere. Nothing is written outside of its folder, and the pieces in which it comes do not matter.
enum FuzzArchives: FuzzTarget {
    private static let folder = NSTemporaryDirectory() + "dangol-fuzz-\(ProcessInfo.processInfo.processIdentifier)"

    static func seeds() throws -> [[UInt8]] {
        let source = folder + "-source"
        defer { try? FileManager.default.removeItem(atPath: source) }
        try FileManager.default.createDirectory(atPath: source + "/deep", withIntermediateDirectories: true)
        try Data("hello".utf8).write(to: URL(fileURLWithPath: source + "/a"))
        try Data(repeating: 7, count: 600).write(to: URL(fileURLWithPath: source + "/deep/b"))
        var pages = try ArchivePages(of: source)
        var bytes: [UInt8] = []
        while let piece = try pages.next() { bytes += piece }
        return [bytes, Array(bytes.prefix(1100))]
    }

    static func run(_ bytes: [UInt8]) {
        // A sum that is right, or else nothing beyond it would ever be reached.
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count - 511, by: 512) where bytes[start + 257] == UInt8(ascii: "u") {
            let text = String(Archive.sum(bytes[start..<start + 512]), radix: 8)
            let field = Array((String(repeating: "0", count: 6 - text.count) + text).utf8) + [0, 32]
            bytes.replaceSubrange(start + 148..<start + 156, with: field)
        }
        let whole = unpack(bytes, pieces: max(1, bytes.count))
        Fuzz.expect(whole == unpack(bytes, pieces: 1 + bytes.count % 97), "the size of the pieces matters")
    }

    /// Paths and contents, and whether it came to its end.
    private static func unpack(_ bytes: [UInt8], pieces: Int) -> [String: Data] {
        let target = folder + "/in"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try? FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        var reader = ArchiveReader(into: target)
        var found: [String: Data] = [:]
        do {
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                try reader.take(Array(bytes[start..<min(start + pieces, bytes.count)]))
            }
            found["whole"] = Data([reader.isWhole ? 1 : 0])
        } catch let error as EngineError {
            found["error"] = Data("\(error.code)".utf8)
        } catch {
            Fuzz.expect(false, "reading an archive throws \(error)")
        }
        let outside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        Fuzz.expect(outside == ["in"], "something was written outside: \(outside)")
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: target)) ?? [] {
            found["in/" + path] = content(target + "/" + path)
        }
        return found
    }

    /// Foundation leaks memory when it reads a file without bytes, which is none of our faults.
    private static func content(_ path: String) -> Data {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard (attributes?[.size] as? NSNumber)?.intValue ?? 0 > 0 else { return Data() }
        return FileManager.default.contents(atPath: path) ?? Data()
    }
}
