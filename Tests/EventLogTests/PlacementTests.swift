import RandomCases
import Testing

@testable import EventLog

@Suite("Where merged and deleted entries are")
struct PlacementTests {
    /// What a segment knows of one state is brought up to the next by the changes alone.
    @Test("is the same brought up by changes as worked out anew", arguments: 0..<Seeds.count(30))
    func changes(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) &* 104_729 &+ 1)
        let persons = Int.random(in: 3...40, using: &random)
        let events = (0..<400).map { number in
            Event(person: "p\(Int.random(in: 0..<persons, using: &random))", name: "e", time: Int64(number))
        }
        let snapshot = try Snapshot.inMemory(events, segmentCount: 2, chunkRows: 32)
        var identities = snapshot.identities
        var kept: [Identities] = []
        for step in 0..<Int.random(in: 10...1_500, using: &random) {
            change(&identities, persons, UInt64(step), &random)
            if Int.random(in: 0..<20, using: &random) == 0 { kept.append(identities) }
            // Not after every change, and now and then of a snapshot that somebody still holds.
            guard Int.random(in: 0..<8, using: &random) == 0 else { continue }
            let asked = Int.random(in: 0..<6, using: &random) == 0 ? kept.randomElement(using: &random) : nil
            let state = asked ?? identities
            for segment in snapshot.segments {
                let (got, expected) = (try segment.placement(for: state), try Placement(segment, state))
                #expect(got.version == state.version)
                #expect(got.absent == expected.absent, "seed \(seed), step \(step)")
                #expect(sorted(got.moved) == sorted(expected.moved), "seed \(seed), step \(step)")
                #expect(got.moved.map(\.home) == got.moved.map(\.home).sorted())
            }
        }
    }

    private func change(
        _ identities: inout Identities, _ persons: Int, _ step: UInt64, _ random: inout SeededRandom
    ) {
        let (one, two) = (
            "p\(Int.random(in: 0..<persons, using: &random))", "p\(Int.random(in: 0..<persons + 3, using: &random))"
        )
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<13: _ = identities.merge(one, into: two)
        case 13..<18: identities.split(one)
        case 18:
            let members = identities.members(of: identities.canonical(one))
            identities.delete(members.map { Identities.Deletion($0, before: 1_000 + step, key: identities.key) })
        default: identities.drop(identities.deletions)
        }
    }

    private func sorted(_ moved: [Placement.Moved]) -> [[UInt64]] {
        moved.map { [$0.home, UInt64($0.chunk), UInt64($0.entry)] }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// A merge used to copy the tables of all merges while a snapshot held them.
    @Test("a snapshot keeps the merges that it was taken with")
    func snapshots() {
        var identities = Identities(key: HashKey(k0: 1, k1: 2))
        var before: [Identities] = []
        for number in 0..<3_000 {
            before.append(identities)
            _ = identities.merge("a\(number)", into: "p\(number / 10)")
        }
        #expect(identities.mergeCount == 3_000)
        for number in stride(from: 0, to: 3_000, by: 250) {
            #expect(before[number].mergeCount == number)
            #expect(before[number].canonical("a\(number)") == "a\(number)")
            #expect(identities.canonical("a\(number)") == "p\(number / 10)")
        }
        #expect(identities.members(of: "p7") == ["p7"] + (70..<80).map { "a\($0)" })
    }
}
