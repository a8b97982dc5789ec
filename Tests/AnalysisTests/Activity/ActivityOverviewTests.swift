import EventLog
import RandomCases
import Testing

@testable import Analysis

/// What came in and who was there, against the definitions over everybody's list of events, and beside the questions
/// that give the same numbers one at a time.
@Suite struct ActivityOverviewTests {
    private struct Case {
        var history: RandomHistory
        var days: DateRange
        var before: DateRange
        var range: Range<Int64>
        var rangeBefore: Range<Int64>
        /// Everybody's deeds in the order of time: some events of a history are nobody's.
        var deeds: [(person: String, events: [Event])]

        init(_ dice: inout SeededRandom) throws {
            var history = try RandomHistory(&dice, periods: [.day])
            let others = ["Audience Entered", "Audience Left", "Item Price Changed"]
            for index in history.events.indices where dice.chance(15) { history.events[index].name = dice.pick(others) }
            let zone = history.zone
            let last = Int(milliseconds(history.to + "T00:00:00Z") / 86_400_000)
            let count = dice.roll(1...12)
            func dates(_ first: Int, _ last: Int) -> DateRange {
                DateRange(
                    from: DayPoint(CivilDate(dayNumber: first).label), to: DayPoint(CivilDate(dayNumber: last).label),
                    timeZone: zone)
            }
            self.history = history
            days = dates(last - count + 1, last)
            before = dates(last - 2 * count + 1, last - count)
            range = try days.resolve(now: 0, data: nil)
            rangeBefore = try before.resolve(now: 0, data: nil)
            deeds = history.histories.map { person, events in
                (person, events.filter { !others.contains($0.name) })
            }
        }

        func overview(_ seed: Int) throws -> ActivityOverview {
            try ActivityOverview.read(
                days, before: before, on: history.snapshot(seed), now: Limits.latestTime, threads: 1 + seed % 2)
        }
    }

    @Test(arguments: 0..<Seeds.count(300))
    func peopleByStateAgreeWithTheDefinitions(seed: Int) throws {
        var dice = SeededRandom(seed)
        let given = try Case(&dice)
        func people(_ here: Range<Int64>, after before: Range<Int64>) -> ActivityOverview.People {
            var people = ActivityOverview.People(new: 0, returning: 0, resurrecting: 0, dormant: 0)
            for (_, events) in given.deeds {
                let isActive = events.contains { here.contains($0.time) }
                let wasActive = events.contains { before.contains($0.time) }
                let isNew = events.first.map { here.contains($0.time) } ?? false
                switch (isActive, isNew, wasActive) {
                case (true, true, _): people.new += 1
                case (true, false, true): people.returning += 1
                case (true, false, false): people.resurrecting += 1
                case (false, _, true): people.dormant += 1
                case (false, _, false): break
                }
            }
            return people
        }
        let result = try given.overview(seed)
        let start = given.rangeBefore.lowerBound
        let earlier = start - (given.range.lowerBound - start)..<start
        #expect(result.people == people(given.range, after: given.rangeBefore), "seed \(seed)")
        #expect(result.peopleBefore == people(given.rangeBefore, after: earlier), "seed \(seed)")
    }

    @Test(arguments: 0..<Seeds.count(300))
    func numbersByDayAreThoseOfTheQuestions(seed: Int) throws {
        var dice = SeededRandom(seed)
        let given = try Case(&dice)
        let result = try given.overview(seed)
        let lifecycle = try given.history.answer(.lifecycle(LifecycleQuery(range: given.days)), layout: seed).result
        #expect(lifecycle == .lifecycle(result.lifecycle), "seed \(seed)")
        let any = EventSelector(nil)
        let query = TrendsQuery(series: [.init(any, math: .total), .init(any, math: .dau)], range: given.days)
        guard case .trends(let trends) = try given.history.answer(.trends(query), layout: seed).result else {
            Issue.record("a trends query has a trends answer")
            return
        }
        #expect(
            trends.series.map { $0.points.map { $0 ?? 0 } }
                == [result.events, result.active].map { $0.map(Double.init) })
        let before = given.deeds.flatMap(\.events).count { given.rangeBefore.contains($0.time) }
        #expect(result.eventsBefore == before, "seed \(seed)")
    }

    @Test(arguments: 0..<Seeds.count(300))
    func countsOfNamesAgreeWithCountingOneByOne(seed: Int) throws {
        var dice = SeededRandom(seed)
        let given = try Case(&dice)
        var names: [String: ActivityOverview.Name] = [:]
        for event in given.deeds.flatMap(\.events) where given.range.contains(event.time) {
            var name = names[event.name] ?? ActivityOverview.Name(name: event.name, count: 0, lastTime: event.time)
            name.count += 1
            name.lastTime = max(name.lastTime, event.time)
            names[event.name] = name
        }
        // The most frequent first, those of one frequency by name.
        let expected = names.values.sorted { $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count }
        #expect(try given.overview(seed).names == expected, "seed \(seed)")
    }

    @Test func nobodyIsAnythingWhenNothingHasHappened() throws {
        let days = DateRange(from: DayPoint("2024-05-08"), to: DayPoint("2024-05-14"), timeZone: .utc)
        let before = DateRange(from: DayPoint("2024-05-01"), to: DayPoint("2024-05-07"), timeZone: .utc)
        let result = try ActivityOverview.read(
            days, before: before, on: try Snapshot.inMemory([]), now: milliseconds("2024-05-20T00:00:00Z"))
        let nobody = ActivityOverview.People(new: 0, returning: 0, resurrecting: 0, dormant: 0)
        #expect(result.people == nobody)
        #expect(result.peopleBefore == nobody)
        #expect(result.events == [0, 0, 0, 0, 0, 0, 0])
        #expect(result.names.isEmpty)
    }
}
