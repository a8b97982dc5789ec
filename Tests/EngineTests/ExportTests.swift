import EventLog
import Foundation
import People
import RandomCases
import Testing

@testable import Engine

@Suite("Exports")
struct ExportTests {
    /// A folder that goes with this object.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-export-\(UUID().uuidString)")
            .path

        func workspace(_ name: String) throws -> LiveWorkspace {
            try LiveWorkspace.open(try Workspace(data: path, name: name))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let persons = (0..<9).map { "사람 \"\($0)\"" }

    @Test("an export read into an empty workspace gives the same persons, and the same export")
    func roundTrip() async throws {
        for seed in UInt64(0)..<Seeds.count(8) {
            var random = SeededRandom(seed)
            let folder = Folder()
            let first = try folder.workspace("first")
            for time in 0..<Int64.random(in: 5...40, using: &random) {
                let (one, two) = (Self.person(&random), Self.person(&random))
                var properties: [Event.Property] = []
                var name = "E"
                switch Int.random(in: 0..<6, using: &random) {
                case 0: (name, properties) = (Vocabulary.identified, [Event.Property("city", .string("서울"))])
                case 1: properties = [Event.Property(Vocabulary.anonymousID, .string(two))]
                case 2: (name, properties) = (Vocabulary.aliased, [Event.Property(Vocabulary.previousID, .string(two))])
                case 3: try? await first.people.merge(one, into: two, by: "test")
                case 4: try? await first.people.split(one, by: "test")
                default: break
                }
                try await first.log.append([Event(person: one, name: name, time: time, properties: properties)])
                try first.catchUp()
            }
            let bytes = try Self.export(first.log)
            let file = folder.path + "/export.jsonl"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let second = try folder.workspace("second")
            var summary = ImportService.Summary()
            try ImportService(log: second.log).run(
                file, options: ImportOptions(.jsonLines), rejects: RejectFile(beside: file), summary: &summary)
            #expect(summary.rejected == 0, "seed \(seed)")
            try second.catchUp()
            for person in Self.persons {
                let (one, two) = (first.log.canonicalID(of: person), second.log.canonicalID(of: person))
                #expect(one == two, "seed \(seed), \(person)")
                let (expected, found) = (try first.log.history(of: person), try second.log.history(of: person))
                #expect(expected.map(\.event) == found.map(\.event), "seed \(seed), \(person)")
            }
            #expect(try Self.export(second.log) == bytes, "seed \(seed)")
            try first.close()
            try second.close()
        }
    }

    private static func export(_ log: EventLog) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try ExportService(log: log).export(.jsonLines) { bytes += $0 }
        return bytes
    }

    private static func person(_ random: inout SeededRandom) -> String { persons.randomElement(using: &random) ?? "" }
}
