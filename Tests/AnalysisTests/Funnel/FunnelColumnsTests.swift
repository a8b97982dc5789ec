import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

/// A log of one segment answers from columns, one of several from rows, and one with some events apart from both: the
/// answers are the same.
@Suite struct FunnelColumnsTests {
    private static let start = milliseconds("2024-05-10T00:00:00Z")

    @Test func columnsAndRowsGiveTheSameAnswer() throws {
        for seed in UInt64(1)...Seeds.count(400) {
            var dice = SeededRandom(seed &* 15_485_863)
            let events = history(&dice)
            let json = query(&dice)
            var merges: [Merge] = []
            if dice.chance(20) { merges = [Merge(alias: "p1", person: "p0")] }
            let rows = try Snapshot.inMemory(events, merges: merges, segmentCount: 3)
            let columns = try Snapshot.inMemory(
                events, merges: merges, latest: dice.chance(50) ? dice.roll(1...90) : 0,
                chunkRows: dice.pick([16, 128, 65_536]))
            let threads = dice.roll(1...2)
            let (expected, got) = (try ask(json, rows, threads), try ask(json, columns, threads))
            #expect(got == expected, "seed \(seed): \(json)")
            if got != expected { return }
        }
    }

    private func ask(_ json: String, _ snapshot: Snapshot, _ threads: Int) throws -> QueryResult {
        try AnalysisService(threads: threads).run(
            Query(json: Data(json.utf8)), on: snapshot, now: milliseconds("2024-06-15T12:00:00Z")
        ).result
    }

    /// Sessions over some days with many events of one instant.
    private func history(_ dice: inout SeededRandom) -> [Event] {
        var events: [Event] = []
        for person in 0..<dice.roll(1...12) {
            var time = Self.start + Int64(dice.roll(0...72)) * 3_600_000
            // Up to 64 rows of a person are a word, up to 128 two; more are looked at where they lie.
            let rows = dice.pick([dice.roll(0...70), dice.roll(0...70), 63, 64, 65, 127, 128, 129, dice.roll(0...300)])
            for _ in 0..<rows {
                time += Int64(dice.pick([0, 0, 1, 60_000, 1_800_000, 7_200_000, 86_400_000 / 2]))
                var properties: [Event.Property] = []
                if dice.chance(70) { properties.append(.init("city", .string(dice.pick(["x", "y", "z"])))) }
                if dice.chance(60) { properties.append(.init("n", .number(Double(dice.roll(0...9))))) }
                events.append(
                    Event(
                        person: "p\(person)", name: dice.pick(["A", "A", "A", "B", "B", "C", "D", "x", "x"]),
                        time: time,
                        properties: properties))
            }
        }
        return events
    }

    private func query(_ dice: inout SeededRandom) -> String {
        let names = ["A", "B", "C", "D"].prefix(dice.roll(1...4))
        let isFiltered = dice.chance(40)
        let steps = names.map { name -> String in
            let filter = dice.pick([
                "{\"property\":\"city\",\"value\":\"x\"}", "{\"property\":\"n\",\"op\":\"gte\",\"value\":4}",
                "{\"property\":\"city\",\"op\":\"is_set\"}",
            ])
            let filters = isFiltered && dice.chance(60) ? ",\"filters\":[\(filter)]" : ""
            return "{\"event\":\"\(name)\"\(filters)}"
        }
        var fields = ["\"kind\":\"funnel\"", "\"steps\":[\(steps.joined(separator: ","))]"]
        fields.append("\"window\":\"\(dice.pick(["1m", "1h", "12h", "3d", "14d"]))\"")
        if dice.chance(60) {
            fields.append("\"from\":\"2024-05-1\(dice.roll(0...3))\",\"to\":\"2024-05-1\(dice.roll(3...8))\"")
        }
        if dice.chance(40) {
            let attribution = dice.pick(["first_touch", "last_touch"])
            fields.append("\"breakdown\":{\"property\":\"city\",\"attribution\":\"\(attribution)\",\"limit\":2}")
        }
        if isFiltered, dice.chance(20) { fields.append("\"filters\":[{\"property\":\"n\",\"op\":\"lt\",\"value\":8}]") }
        if names.count > 1, dice.chance(30) { fields.append("\"timeToConvert\":true") }
        if dice.chance(30) {
            fields.append("\"people\":{\"step\":\(names.count - 1),\"outcome\":\"converted\",\"limit\":3}")
        }
        return "{\(fields.joined(separator: ","))}"
    }
}
