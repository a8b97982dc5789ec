import Foundation
import RandomCases
import Testing

@testable import Engine

/// Folders as one stream, and back.
struct ArchiveTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)")

    private func folder(_ name: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func files(in path: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            if let data = FileManager.default.contents(atPath: path + "/" + name) { found[name] = data }
        }
        return found
    }

    private func archive(_ path: String) throws -> [UInt8] {
        var pages = try ArchivePages(of: path)
        var bytes: [UInt8] = []
        while let piece = try pages.next() { bytes += piece }
        return bytes
    }

    @Test(arguments: 0..<Seeds.count(40))
    func whatWasPackedIsUnpackedWhateverThePieces(seed: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SeededRandom(seed)
        let source = try folder("source")
        let long = String(repeating: "가", count: 25)
        let names = ["a", "events/0001.seg", "events/wal/1", "models/\(long)/\(long)/version.bin", "빈 파일"]
        // Around the bounds of blocks, and one that needs several pieces.
        let counts = [0, 1, 511, 512, 513, 1024, 300_000]
        for name in names {
            let file = URL(fileURLWithPath: source + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let count = counts[Int.random(in: 0..<counts.count, using: &random)]
            try Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }).write(to: file)
        }
        let bytes = try archive(source)
        let target = try folder("target")
        var reader = ArchiveReader(into: target)
        var place = 0
        while place < bytes.count {
            let longest = [3, 700, 100_000][Int.random(in: 0..<3, using: &random)]
            let count = min(bytes.count - place, Int.random(in: 1...longest, using: &random))
            try reader.take(Array(bytes[place..<place + count]))
            place += count
        }
        #expect(reader.isWhole)
        #expect(try files(in: target) == files(in: source), "seed \(seed)")
    }

    /// The format is everybody's: what tar makes of it is the same.
    @Test func tarUnpacksIt() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = try folder("source")
        try Data("하나".utf8).write(to: URL(fileURLWithPath: source + "/one"))
        _ = try folder("source/deep")
        try Data(repeating: 7, count: 5_000).write(to: URL(fileURLWithPath: source + "/deep/two"))
        let file = folder.appendingPathComponent("all.tar")
        try Data(try archive(source)).write(to: file)
        let target = try folder("target")
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xf", file.path, "-C", target]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        #expect(try files(in: target) == files(in: source))
    }

    private func header(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        let source = try folder("source")
        try Data("x".utf8).write(to: URL(fileURLWithPath: source + "/name"))
        var bytes = try archive(source)
        change(&bytes)
        // A sum that is right, so that what is refused is refused for itself.
        let sum = Archive.sum(bytes[..<512])
        let text = String(sum, radix: 8)
        bytes.replaceSubrange(
            148..<156, with: Array((String(repeating: "0", count: 6 - text.count) + text).utf8) + [0, 32])
        return bytes
    }

    @Test(arguments: ["../name", "/name", "a/../../b", "a//b", "./a", "."])
    func aPathThatLeadsElsewhereIsRefused(_ path: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = try header { bytes in
            bytes.replaceSubrange(0..<100, with: Array(path.utf8) + [UInt8](repeating: 0, count: 100 - path.utf8.count))
        }
        var reader = ArchiveReader(into: try folder("target"))
        #expect(throws: EngineError.self) { try reader.take(bytes) }
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == [
                "source", "source/name", "target",
            ])
    }

    @Test(arguments: [(156, UInt8(ascii: "2")), (257, 0), (124, 0x80), (125, UInt8(ascii: "9"))])
    func whatIsNoFileOfAnArchiveIsRefused(_ place: Int, _ byte: UInt8) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = try header { $0[place] = byte }
        var reader = ArchiveReader(into: try folder("target"))
        #expect(throws: EngineError.self) { try reader.take(bytes) }
    }

    @Test func anArchiveThatEndsEarlyIsNotWhole() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = try header { _ in }
        for count in [0, 511, 512, 513, 1024, bytes.count - 1] {
            var reader = ArchiveReader(into: try folder("target-\(count)"))
            try reader.take(Array(bytes[..<count]))
            #expect(!reader.isWhole, "\(count)")
        }
    }
}
