import EventLog
import Testing

@testable import Analysis

/// Figures of a whole range, against their definitions over everybody's list of events.
@Suite struct RangeFiguresTests {
    /// A random history in which some events are nobody's deed, and two ranges that follow each other.
    struct Case {
        var history: RandomHistory
        var before: Range<Int64>
        var range: Range<Int64>
        /// Everybody's deeds in the order of time.
        var deeds: [(person: String, events: [Event])]

        init(_ dice: inout SeededDice) throws {
            history = try RandomHistory(&dice)
            let others = ["Audience Entered", "Audience Left", "Item Price Changed"]
            for index in history.events.indices where dice.chance(15) { history.events[index].name = dice.pick(others) }
            // Bounds that meet the times of events more often than chance would have it.
            let times = history.events.map(\.time) + [history.range.lowerBound, history.range.upperBound]
            var bounds: Set<Int64> = []
            while bounds.count < 3 { bounds.insert(dice.pick(times) + Int64(dice.roll(-1...1))) }
            let sorted = bounds.sorted()
            (before, range) = (sorted[0]..<sorted[1], sorted[1]..<sorted[2])
            deeds = history.histories.map { person, events in
                (person, events.filter { !others.contains($0.name) })
            }
        }
    }

    @Test(arguments: 0..<Seeds.count(300))
    func statesOverARangeAgreeWithTheirDefinitions(seed: Int) throws {
        var dice = SeededDice(UInt64(seed))
        let given = try Case(&dice)
        let length = given.before.upperBound - given.before.lowerBound
        let earlier = given.before.lowerBound - length..<given.before.lowerBound
        func counts(_ here: Range<Int64>, after before: Range<Int64>) -> RangeLifecycle.Counts {
            var counts = RangeLifecycle.Counts(new: 0, returning: 0, resurrecting: 0, dormant: 0)
            for (_, events) in given.deeds {
                let isActive = events.contains { here.contains($0.time) }
                let wasActive = events.contains { before.contains($0.time) }
                let isNew = events.first.map { here.contains($0.time) } ?? false
                switch (isActive, isNew, wasActive) {
                case (true, true, _): counts.new += 1
                case (true, false, true): counts.returning += 1
                case (true, false, false): counts.resurrecting += 1
                case (false, _, true): counts.dormant += 1
                case (false, _, false): break
                }
            }
            return counts
        }
        let result = try RangeLifecycle.read(
            given.range, before: given.before, on: given.history.snapshot(seed), threads: 1 + seed % 2)
        #expect(result.range == counts(given.range, after: given.before), "seed \(seed)")
        #expect(result.before == counts(given.before, after: earlier), "seed \(seed)")
    }

    @Test(arguments: 0..<Seeds.count(300))
    func countsOfNamesAgreeWithCountingOneByOne(seed: Int) throws {
        var dice = SeededDice(UInt64(seed))
        let given = try Case(&dice)
        var names: [String: EventCounts.Name] = [:]
        for event in given.deeds.flatMap(\.events) where given.range.contains(event.time) {
            var name = names[event.name] ?? EventCounts.Name(name: event.name, count: 0, lastTime: event.time)
            name.count += 1
            name.lastTime = max(name.lastTime, event.time)
            names[event.name] = name
        }
        // The most frequent first, those of one frequency by name.
        let expected = names.values.sorted { $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count }
        let result = try EventCounts.read(given.range, on: given.history.snapshot(seed), threads: 1 + seed % 2)
        #expect(result.names == expected, "seed \(seed)")
    }

    @Test func nobodyIsAnythingWhenNothingHasHappened() throws {
        let snapshot = try Snapshot.inMemory([])
        let nothing = RangeLifecycle.Counts(new: 0, returning: 0, resurrecting: 0, dormant: 0)
        let result = try RangeLifecycle.read(10..<20, before: 5..<10, on: snapshot)
        #expect(result == RangeLifecycle(range: nothing, before: nothing))
        #expect(try EventCounts.read(0..<20, on: snapshot).names.isEmpty)
    }
}
