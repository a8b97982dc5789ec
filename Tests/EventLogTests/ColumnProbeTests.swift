import RandomCases
import Testing

@testable import EventLog

/// All rows of a column at once against each by itself.
@Suite struct ColumnProbeTests {
    @Test(arguments: 0..<60) func bitsOfARangeAreThoseOfItsRows(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 86_028_121)
        let rows = dice.pick([1, 63, 64, 500, 4_096, 9_000])
        let snapshot = try texts(rows, &dice)
        // A view points into the memory of its segment, which lives as long as the snapshot.
        try withExtendedLifetime(snapshot) {
            let property = try #require(snapshot.propertyNames.number(of: "p"))
            let columns = try #require(snapshot.segments.first).columns(0, property: property)
            try check(ColumnProbe(try #require(columns.view(.string))), rowCount: rows, "seed \(seed)", &dice)
        }
    }

    private func check(_ probe: ColumnProbe, rowCount: Int, _ seed: Comment, _ dice: inout SeededRandom) throws {
        let view = probe.view
        try #require(probe.hasMembers == (view.integers.bits <= 8 || view.presence.isSparse), seed)
        for _ in 0..<6 {
            let start = dice.roll(0...(rowCount - 1) / 64) * 64
            let rows = start..<dice.roll(start...rowCount)
            let wanted = Set((0..<dice.roll(0...3)).map { _ in dice.roll(0...view.dictionary.count) })
            let size = (rows.count + 63) / 64
            var (members, present) = ([UInt64](repeating: .max, count: size), [UInt64](repeating: .max, count: size))
            if probe.hasMembers {
                members.withUnsafeMutableBufferPointer { words in
                    if let base = words.baseAddress { probe.members(rows, into: base, where: wanted.contains) }
                }
            }
            present.withUnsafeMutableBufferPointer { words in
                if let base = words.baseAddress { probe.present(rows, into: base) }
            }
            for (place, row) in rows.enumerated() {
                let bit = UInt64(1) << UInt64(place % 64)
                let code = probe.code(at: UInt32(row))
                #expect((present[place / 64] & bit != 0) == (code >= 0), "\(seed), row \(row)")
                if probe.hasMembers {
                    #expect((members[place / 64] & bit != 0) == wanted.contains(code), "\(seed), row \(row)")
                }
            }
        }
    }

    /// A log with a column of texts, of which every row, many or few have one.
    private func texts(_ rows: Int, _ dice: inout SeededRandom) throws -> Snapshot {
        let texts = dice.pick([1, 2, 3, 20, 200, 300])
        let share = dice.pick([100, 100, 60, 2])
        var events: [Event] = []
        for row in 0..<rows {
            let has = row == 0 || dice.chance(share)
            let properties = has ? [Event.Property("p", .string("text \(dice.roll(1...texts))"))] : []
            events.append(Event(person: "p\(row % 7)", name: "A", time: Int64(row), properties: properties))
        }
        return try Snapshot.inMemory(events)
    }
}
