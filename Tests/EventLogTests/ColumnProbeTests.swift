import Testing

@testable import EventLog

/// All rows of a column at once against each by itself.
@Suite struct ColumnProbeTests {
    @Test(arguments: 0..<60) func bitsOfARangeAreThoseOfItsRows(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 86_028_121)
        let view = try column(&dice)
        let probe = ColumnProbe(view.column)
        try #require(probe.hasMembers == (view.column.integers.bits <= 8 || view.column.presence.isSparse))
        for _ in 0..<6 {
            let start = dice.roll(0...(view.rows - 1) / 64) * 64
            let rows = start..<dice.roll(start...view.rows)
            let wanted = Set((0..<dice.roll(0...3)).map { _ in dice.roll(0...view.column.dictionary.count) })
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
                #expect((present[place / 64] & bit != 0) == (code >= 0), "seed \(seed), row \(row)")
                if probe.hasMembers {
                    #expect((members[place / 64] & bit != 0) == wanted.contains(code), "seed \(seed), row \(row)")
                }
            }
        }
    }

    /// A column of texts, of which every row, many or few have one.
    private func column(_ dice: inout SeededRandom) throws -> (column: ColumnView, rows: Int) {
        let rows = dice.pick([1, 63, 64, 500, 4_096, 9_000])
        let texts = dice.pick([1, 2, 3, 20, 200, 300])
        let share = dice.pick([100, 100, 60, 2])
        var events: [Event] = []
        for row in 0..<rows {
            let has = row == 0 || dice.chance(share)
            let properties = has ? [Event.Property("p", .string("text \(dice.roll(1...texts))"))] : []
            events.append(Event(person: "p\(row % 7)", name: "A", time: Int64(row), properties: properties))
        }
        let snapshot = try Snapshot.inMemory(events)
        let property = try #require(snapshot.propertyNames.number(of: "p"))
        let columns = try #require(snapshot.segments.first).columns(0, property: property)
        return (try #require(columns.view(.string)), rows)
    }
}
