import EventLog
import Foundation
import Testing

@testable import Analysis

@Suite struct LifecycleQueryTests {
    @Test(arguments: 0..<300)
    func statesAgreeWithTheirDefinitions(seed: Int) throws {
        var dice = SeededDice(UInt64(seed))
        let history = try RandomHistory(&dice)
        let (selector, fits) = EventSelector.random(&dice)
        let query = LifecycleQuery(
            event: selector, interval: history.period, weekStart: history.weekStart,
            newness: dice.pick(LifecycleQuery.Newness.allCases), range: history.dates)
        // The first interval is whole, and the one before it counts.
        let grid = try #require(
            IntervalGrid(history.period, over: history.range, in: history.zone.zone, weekStart: history.weekStart))
        let start = grid.startingWhole.range.lowerBound
        let keys = history.periods.map(\.key)
        let before = history.calendar.label(history.period, start - 1)
        var slow = SlowLifecycle(intervals: keys.count)
        for (_, events) in history.histories {
            func interval(_ event: Event) -> Int {
                if event.time >= history.range.upperBound { return keys.count }
                let key = history.calendar.label(history.period, event.time)
                if let index = keys.firstIndex(of: key) { return index }
                return key == before ? -1 : -2
            }
            let known = events.filter { query.newness == .person || fits($0) }
            guard let first = known.first, events.contains(where: fits) else { continue }
            slow.count(
                Set(events.filter(fits).map(interval).filter { $0 >= -1 && $0 < keys.count }), first: interval(first))
        }
        guard case .lifecycle(let result) = try history.answer(.lifecycle(query), layout: seed).result else { return }
        let context = "seed \(seed) \(history.zone.identifier) \(history.from) \(history.to) \(query)"
        #expect(result.new == slow.new, "\(context)")
        #expect(result.returning == slow.returning, "\(context)")
        #expect(result.resurrecting == slow.resurrecting, "\(context)")
        #expect(result.dormant == slow.dormant, "\(context)")
        // Who was active in an interval returns in the next one or is dormant there.
        for index in result.new.indices.dropFirst() {
            let active = result.new[index - 1] + result.returning[index - 1] + result.resurrecting[index - 1]
            #expect(active == result.returning[index] + result.dormant[index], "\(context)")
        }
    }

    @Test func newnessByPersonLooksAtEveryEvent() throws {
        let day = milliseconds("2024-06-10T00:00:00Z")
        let snapshot = try Snapshot.inMemory([
            Event(person: "p", name: "Visit", time: day - 90 * 86_400_000),
            Event(person: "p", name: "Order", time: day),
        ])
        func run(_ newness: String) throws -> LifecycleResult? {
            let json =
                #"{"kind":"lifecycle","event":"Order","newness":"\#(newness)","from":"2024-06-10","to":"2024-06-11"}"#
            let answer = try AnalysisService().run(try Query(json: Data(json.utf8)), on: snapshot, now: 0)
            guard case .lifecycle(let result) = answer.result else { return nil }
            return result
        }
        let byEvent = try #require(try run("event"))
        #expect(byEvent.new == [1, 0] && byEvent.resurrecting == [0, 0] && byEvent.dormant == [0, 1])
        let byPerson = try #require(try run("person"))
        #expect(byPerson.new == [0, 0] && byPerson.resurrecting == [1, 0] && byPerson.dormant == [0, 1])
    }
}
