import RandomCases
import Testing

@testable import EventLog

@Suite struct PersonsViewTests {
    /// The search guesses where a row's person is; it finds them wherever they are, however unlike persons are.
    @Test(arguments: 0..<30) func theEntryOfARowIsTheOneThatHoldsIt(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 15_485_867)
        var events: [Event] = []
        for person in 0..<dice.pick([1, 7, 8, 9, 10, 300]) {
            for row in 0..<dice.pick([1, 1, 2, 40, dice.chance(5) ? 2_000 : 3]) {
                events.append(Event(person: "p\(person)", name: "A", time: Int64(row)))
            }
        }
        let snapshot = try Snapshot.inMemory(events)
        // A view points into the memory of its segment, which lives as long as the snapshot.
        try withExtendedLifetime(snapshot) {
            let persons = try #require(snapshot.segments.first).persons(0)
            for entry in 0..<persons.count {
                for row in [persons.rows(entry).lowerBound, persons.rows(entry).upperBound - 1] {
                    for from in [0, entry / 2, max(0, entry - 9), max(0, entry - 8), max(0, entry - 1), entry] {
                        let found = persons.entry(ofRow: row, from: from)
                        #expect(found == entry, "seed \(seed), row \(row) from \(from)")
                    }
                }
            }
        }
    }
}
