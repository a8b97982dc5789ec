import Foundation
import RandomCases
import Testing

@testable import EventLog

@Suite("Merging segments")
struct MergeTests {
    private static let names = ["A", "B", "C"]

    /// An id of one of the kinds that have forms of their own: UUIDs, what only looks like one, anything else.
    private static func messageID(_ kind: Int, _ number: Int) -> String? {
        let digits = String(number + 100_000_000_000)
        switch kind {
        case 0: return nil
        case 1: return "0011aabb-4455-6677-89ef-\(digits)"
        case 2: return number % 50 == 0 ? "0011AABB-4455-6677-89ef-\(digits)" : "0011aabb-4455-6677-89ef-\(digits)"
        case 3: return number % 50 == 0 ? "0011aabb-4455-6677-89e-f\(digits)" : "0011aabb-4455-6677-89ef-\(digits)"
        default: return number % 3 == 0 ? nil : "m\(number)"
        }
    }

    private static func events(_ count: Int, _ random: inout SeededRandom) -> [Event] {
        let persons = Int.random(in: 1...60, using: &random)
        let kind = Int.random(in: 0...4, using: &random)
        // Every row, about half of them, and few enough to be listed.
        let rarity = ["always": 1, "often": 2, "seldom": 100]
        return (0..<count).map { number in
            var properties: [Event.Property] = []
            for (name, one) in rarity.sorted(by: { $0.key < $1.key })
            where Int.random(in: 0..<one, using: &random) == 0 {
                properties.append(.init(name, ScanTests.randomValue(&random)))
            }
            properties.append(.init("number", .number(Double(number) / 100)))
            return Event(
                person: "사람-\(Int.random(in: 0..<persons, using: &random))",
                name: names[Int.random(in: 0..<3, using: &random)],
                time: Int64(number / 4 * 10 + (number % 7 == 0 ? Int.random(in: 0..<900, using: &random) : 0)),
                properties: properties.sorted { $0.name < $1.name }, messageID: messageID(kind, number))
        }
    }

    @Test("the histories in a merged segment are those of all events", arguments: 0..<40)
    func merge(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) &* 7919)
        let key = Ingest.key
        let events = Self.events([1, 40, 700, 3000][seed % 4], &random)
        let minTime = seed % 3 == 0 ? Int64.random(in: 0..<3000, using: &random) : .min
        // Stretches of time, as an import brings them, or a share of everything.
        let count = Int.random(in: 1...5, using: &random)
        let isStriped = Bool.random(using: &random)
        var tables = NameTables()
        var segments: [Segment] = []
        for part in 0..<count {
            var batch = EventBatch(key: key)
            var sequences: [Int64] = []
            for (index, event) in events.enumerated()
            where (isStriped ? index % count : index * count / events.count) == part {
                try batch.append(event)
                sequences.append(Int64(index))
            }
            if batch.isEmpty { continue }
            let map = try tables.map(batch)
            segments.append(
                try Segment.inMemory(
                    BatchSealer(batch: batch, codes: map.codes, properties: map.properties, sequences: sequences),
                    name: "part \(part)", received: [], chunkRows: 200))
        }
        var results: [[UInt8]] = []
        for threads in [1, 3] {
            var bytes: [UInt8] = []
            var writer = try SegmentWriter { bytes.append(contentsOf: $0) }
            try SegmentMerger(
                segments: segments, identities: Identities(key: key), minTime: minTime, threads: threads
            ).write(to: &writer)
            _ = try writer.finish()
            results.append(bytes)
        }
        #expect(results[0] == results[1], "seed \(seed)")
        let merged = try Segment(MappedFile(copying: results[0]), name: "merged")
        let kept = events.filter { $0.time >= minTime }
        #expect(merged.rowCount == kept.count, "seed \(seed)")
        let snapshot = Snapshot(
            tables: tables, segments: [merged], identities: Identities(key: key), minTime: .min)
        for person in Set(events.map(\.person)) {
            let expected = kept.enumerated().filter { $0.element.person == person }
                .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
            #expect(try snapshot.history(of: person).map(\.event) == expected, "seed \(seed), \(person)")
        }
        let hashes = Array(try merged.messageHashes())
        #expect(hashes == events.compactMap { $0.messageID.map { key.hash($0) } }.sorted(), "seed \(seed)")
    }
}
