import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct LifecycleQueryTests {
    @Test(arguments: 0..<Seeds.count(300))
    func statesAgreeWithTheirDefinitions(seed: Int) throws {
        var dice = SeededRandom(seed)
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

    /// Everybody's state in one interval, from the lists of people.
    @Test(arguments: 0..<Seeds.count(100))
    func thePeopleBehindAStateAreThoseWhoHaveIt(seed: Int) throws {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        let (selector, _) = EventSelector.random(&dice)
        var query = LifecycleQuery(
            event: selector, interval: history.period, weekStart: history.weekStart,
            newness: dice.pick(LifecycleQuery.Newness.allCases), range: history.dates)
        let interval = dice.roll(0...history.periods.count - 1)
        let persons = history.histories.map(\.person)
        for state in LifecycleQuery.State.allCases {
            query.people = nil
            func number(_ person: String?) throws -> Int {
                guard case .lifecycle(let result) = try history.answer(.lifecycle(query), person: person).result else {
                    return -1
                }
                switch state {
                case .new: return result.new[interval]
                case .returning: return result.returning[interval]
                case .resurrecting: return result.resurrecting[interval]
                case .dormant: return result.dormant[interval]
                }
            }
            let expected = try persons.filter { try number($0) == 1 }.sorted()
            guard case .lifecycle(let plain) = try history.answer(.lifecycle(query)).result else { return }
            query.people = .init(label: plain.labels[interval], state: state)
            guard case .lifecycle(let result) = try history.answer(.lifecycle(query), layout: seed).result else {
                return
            }
            #expect(result.people?.ids == expected && result.people?.count == expected.count, "seed \(seed) \(state)")
            query.people?.limit = 1
            guard case .lifecycle(let one) = try history.answer(.lifecycle(query), layout: seed).result else { return }
            #expect(one.people?.count == expected.count && one.people?.ids.count == min(1, expected.count))
            #expect(one.new == result.new, "asking for people changes no number")
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
