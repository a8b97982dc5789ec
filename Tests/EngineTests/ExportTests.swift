import EventLog
import Foundation
import Testing

@testable import Engine

@Suite("Exports")
struct ExportTests {
    /// A folder that goes with this object.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-export-\(UUID().uuidString)")
            .path

        func log(_ name: String) throws -> EventLog {
            try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
            return try EventLog.open(path + "/" + name, for: .writing)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func export(_ log: EventLog) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try ExportService(log: log).export(.jsonLines) { bytes += $0 }
        return bytes
    }

    private static let persons = (0..<9).map { "사람 \"\($0)\"" }

    @Test("an export read into an empty log gives the same persons, now and after splits")
    func roundTrip() async throws {
        for seed in UInt64(0)..<Seeds.count(25) {
            var random = SplitMix(state: seed)
            let folder = Folder()
            let log = try folder.log("first")
            // An import refuses an empty file.
            try await log.append([Event(person: Self.person(&random), name: "E", time: 0)])
            var time: Int64 = 0
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let (one, two) = (Self.person(&random), Self.person(&random))
                let merged = Set(try log.snapshot().merges.map(\.alias))
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    time += 1
                    try await log.append([Event(person: one, name: "E", time: time)])
                case 1 where merged.contains(one): try await log.split(one)
                default: if one != two { try await log.merge(one, into: two) }
                }
            }
            let bytes = try Self.export(log)
            let file = folder.path + "/export.jsonl"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let copy = try folder.log("second")
            var summary = ImportService.Summary()
            try ImportService(log: copy).run(
                file, options: ImportOptions(.jsonLines), rejects: RejectFile(beside: file), summary: &summary)
            #expect(summary.rejected == 0 && summary.mergesRefused == 0, "seed \(seed)")
            try Self.compare(log, copy, seed)
            #expect(try Self.export(copy) == bytes, "seed \(seed)")
            // A split takes the same ids out of both.
            for alias in try log.snapshot().merges.map(\.alias) where Bool.random(using: &random) {
                try await log.split(alias)
                try await copy.split(alias)
                try Self.compare(log, copy, seed)
            }
            try log.close()
            try copy.close()
        }
    }

    private static func person(_ random: inout SplitMix) -> String { persons.randomElement(using: &random) ?? "" }

    private static func compare(_ log: EventLog, _ copy: EventLog, _ seed: UInt64) throws {
        let (one, two) = (try log.snapshot(), try copy.snapshot())
        #expect(one.merges == two.merges, "seed \(seed)")
        for person in persons {
            #expect(one.canonicalID(of: person) == two.canonicalID(of: person), "seed \(seed), \(person)")
            let (expected, found) = (try one.history(of: person), try two.history(of: person))
            #expect(expected.map(\.event) == found.map(\.event), "seed \(seed), \(person)")
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
