import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

/// Counting many people side by side against counting one after another.
@Suite struct CohortBitsTests {
    @Test(arguments: 0..<120)
    func countsOfManyPeopleAreThoseOfEachAddedUp(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 49_979_687)
        let start = milliseconds("2024-01-01T00:00:00Z")
        let days = dice.roll(1...120)
        let range = start..<start + Int64(days) * 86_400_000
        let grid = try #require(IntervalGrid(dice.pick([.day, .week, .month]), over: range, in: .gmt))
        let cells = RetentionCells(intervals: dice.roll(1...9), brackets: dice.chance(30) ? [2, 3] : nil)
        let watched = RetentionPlan.Watched(
            group: 0, cohort: dice.roll(0...grid.count - 1), cell: dice.roll(0...cells.count - 1))
        let plan = RetentionPlan(
            kind: dice.pick(RetentionQuery.Kind.allCases), cells: cells, periods: grid.count,
            cumulative: dice.chance(50), minimumOccurrences: 1, rollingLength: nil, groups: 1,
            watched: dice.chance(50) ? watched : nil)

        // Some people have more events than a run of persons holds.
        let people = dice.roll(1...300)
        let earliest = plan.kind == .firstEver ? start - 20 * 86_400_000 : start
        var events: [Event] = []
        for index in 0..<dice.roll(0...4_000) {
            events.append(
                Event(
                    person: "p\(dice.chance(20) ? 0 : dice.roll(1...people))", name: index % 3 == 0 ? "T" : "R",
                    time: Int64.random(in: earliest..<range.upperBound, using: &dice)))
        }
        var counter = RetentionCounter(plan)
        var expectedPeople: Set<String> = []
        for (person, own) in Dictionary(grouping: events, by: \.person) {
            for event in own.sorted(by: { $0.time < $1.time }) {
                let period = grid.index.position(of: event.time)
                if event.name == "T" {
                    counter.target(at: event.time, period: period)
                } else {
                    counter.returned(at: event.time, period: period)
                }
            }
            if counter.finish() { expectedPeople.insert(person) }
        }

        let snapshot = try Snapshot.inMemory(
            events, segmentCount: dice.roll(1...2), latest: dice.pick([0, 0, 5, 40]),
            chunkRows: dice.pick([64, 65_536]))
        var properties = PropertyList(snapshot.propertyNames)
        let classifier = try EventClassifier(
            [(EventSelector(["T"]), "targetEvent"), (EventSelector(["R"]), "returnEvent")], &properties,
            QueryContext(snapshot: snapshot, now: 0), ZoneName("UTC")!)
        let planes = ["T", "R"].map { EventSelector([$0]).codes(in: snapshot.eventNames) ?? [] }
        let selection = Selection(events: classifier.codes, planes: planes)
        let (folds, _) = try snapshot.scan(selection, threads: dice.roll(1...2)) {
            RetentionFold(plan, grid.index, classifier, groups: nil, peopleLimit: 1_000)
        }
        var table = [UInt32](repeating: 0, count: plan.tableCount)
        var sample = PeopleSample(limit: 1_000)
        for var fold in folds {
            for (cell, count) in fold.finish().enumerated() { table[cell] += count }
            sample.add(fold.people)
        }
        #expect(table == counter.table, "seed \(seed) \(plan)")
        #expect(Set(sample.ids) == expectedPeople, "seed \(seed) \(plan)")
        #expect(sample.count == expectedPeople.count, "seed \(seed)")
    }
}
