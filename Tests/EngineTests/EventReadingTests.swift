import Analysis
import EventLog
import Foundation
import RandomCases
import Testing

@testable import Engine

/// What is read of many events at once, against reading them one by one.
@Suite("Reading events") struct EventReadingTests {
    private static func events(_ count: Int, _ random: inout SeededRandom) -> [Event] {
        (0..<count).map { number in
            var properties: [Event.Property] = [Event.Property("number", .number(Double(number)))]
            if Bool.random(using: &random) {
                properties.append(Event.Property("도시", .string(["서울", "부산"].randomElement(using: &random)!)))
            }
            if number % 3 == 0 { properties.append(Event.Property("list", .strings(["a", "b"]))) }
            return Event(
                person: "p\(Int.random(in: 0..<40, using: &random))",
                name: ["A", "B", "C"].randomElement(using: &random)!,
                time: Int64.random(in: 0..<100, using: &random) * 1_000, properties: properties)
        }
    }

    @Test(arguments: 0..<Seeds.count(20))
    func `Schemas of several names in one scan are those of each counted one by one`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let events = Self.events(Int.random(in: 0..<300, using: &random), &random)
        let snapshot = try Snapshot.inMemory(events, segmentCount: 2, chunkRows: 8)
        let schemas = try EventSchema.read(["A", "C", "A", "none"], from: snapshot)
        for name in ["A", "C"] {
            let own = events.filter { $0.name == name }
            guard !own.isEmpty else {
                #expect(schemas[name] == nil)
                continue
            }
            let schema = try #require(schemas[name])
            #expect(schema.count == own.count)
            for property in ["number", "도시", "list"] {
                let values = own.compactMap { $0[property] }
                let found = schema.properties.first { $0.name == property }
                #expect(found?.count ?? 0 == values.count, "seed \(seed), \(property)")
                #expect(found?.examples.allSatisfy { values.contains($0) } ?? true)
                #expect(found?.examples.count ?? 0 == min(3, Set(values).count))
            }
            #expect(try EventSchema.read(name, from: snapshot) == schema)
        }
        #expect(schemas.keys.allSatisfy { ["A", "C"].contains($0) })
    }

    @Test func `A sample tells the shares of a large log, and is the same each time`() throws {
        var random = SeededRandom(4)
        let events = Self.events(20_000, &random)
        let snapshot = try Snapshot.inMemory(events, chunkRows: 65_536)
        let whole = try EventSchema.read(["A", "B", "C"], from: snapshot)
        let sample = try EventSchema.read(["A", "B", "C"], from: snapshot, isSample: true)
        #expect(sample == (try EventSchema.read(["C", "A", "B"], from: snapshot, isSample: true)))
        for (name, schema) in whole {
            let some = try #require(sample[name])
            #expect(some.count < schema.count / 5 && some.count >= 500)
            for property in schema.properties {
                let share = Double(property.count) / Double(schema.count)
                let found = some.properties.first { $0.name == property.name && $0.type == property.type }
                // Twenty-two per thousand is a standard error of 500 drawn at one half.
                #expect(abs(share - Double(found?.count ?? 0) / Double(some.count)) < 0.09, "\(name) \(property.name)")
            }
        }
    }

    @Test(arguments: 0..<Seeds.count(20))
    func `The latest events that match are those of a sorted list`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let events = Self.events(4_000, &random)
        let snapshot = try Snapshot.inMemory(events, segmentCount: 3, chunkRows: 64)
        let limit = Int.random(in: 1...60, using: &random)
        let search = EventSearch(selector: EventSelector(["A", "B"]), range: DateRange(), limit: limit)
        let found = try search.run(on: snapshot, now: 200_000)
        let matching = events.filter { $0.name != "C" }
        #expect(found.matched == matching.count)
        // Events of one time may be any of those that there are.
        #expect(found.events.map(\.time) == Array(matching.map(\.time).sorted().suffix(limit)), "seed \(seed)")
        let all = matching.map(Self.inOrder)
        #expect(found.events.map(Self.inOrder).allSatisfy { all.contains($0) })
    }

    /// With the properties by name.
    private static func inOrder(_ event: Event) -> Event {
        var event = event
        event.properties.sort { $0.name < $1.name }
        return event
    }

    @Test func `The latest events are found behind the numbers of merges`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-tail-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = try EventLog.open(folder, for: .writing)
        try await log.append((0..<100).map { Event(person: "p\($0)", name: "A", time: Int64($0)) })
        try log.mergeAndWait((0..<50).map { Merge(alias: "x\($0)", person: "p\($0)") })
        let latest = try EventTail(log: log).latest(7)
        #expect(latest.map(\.event.time) == Array(93..<100))
        #expect(log.nextSequence > latest[6].sequence + 1)
        #expect(try EventTail(log: log).latest(1_000).count == 100)
        try log.close()
    }
}
