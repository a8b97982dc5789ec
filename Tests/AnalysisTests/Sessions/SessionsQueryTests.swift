import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct SessionsQueryTests {
    private struct SlowSession {
        var person: String
        var events: [Event]
        var length: Double { Double(events.last!.time - events[0].time) }
    }

    @Test func sessionsAreCutByInactivityAndNotByMidnight() throws {
        let start = milliseconds("2024-06-10T23:50:00Z")
        let minute: Int64 = 60_000
        func event(_ minutes: Int64, _ name: String = "A") -> Event {
            Event(person: "p", name: name, time: start + minutes * minute)
        }
        let events =
            [event(0), event(20), event(50), event(80), event(110, "B") /* 30 after: the same */]
            + [Event(person: "p", name: "B", time: start + 140 * minute + 1)]
        let json = #"{"kind":"sessions","from":"2024-06-10","to":"2024-06-11","breakdown":{"entryEvent":true}}"#
        let answer = try AnalysisService().run(
            try Query(json: Data(json.utf8)), on: Snapshot.inMemory(events), now: 0)
        guard case .sessions(let result) = answer.result else { return }
        #expect(result.points.map(\.sessions) == [1, 1])
        #expect(result.points[0].averageSeconds == 110 * 60 && result.points[0].eventsPerSession == 5)
        #expect(result.points[1].bounceRate == 1 && result.points[1].medianSeconds == 0)
        #expect(result.total.sessions == 2 && result.total.people == 1 && result.total.events == 6)
        #expect(result.total.medianSeconds == 3_300)
        #expect(result.breakdown?.map(\.breakdown) == [.string("A"), .string("B")])
    }

    @Test(arguments: 0..<Seeds.count(300))
    func sessionsAgreeWithTheirDefinition(seed: Int) throws {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        let (selector, fits) = EventSelector.random(&dice)
        var query = SessionsQuery(
            event: selector, timeout: dice.pick([TimeSpan(minutes: 30), TimeSpan(minutes: 20), TimeSpan(days: 1)]),
            interval: history.period, weekStart: history.weekStart, range: history.dates)
        var values: (@Sendable (Event, String) -> [BreakdownValue])?
        switch dice.roll(0...2) {
        case 0:
            query.breakdown = .entryEvent(limit: dice.roll(1...3))
            values = { event, _ in [.string(event.name)] }
        case 1:
            let (key, of) = BreakdownKey.random(&dice)
            query.breakdown = .value(RankedBreakdown(key, limit: dice.roll(1...3)))
            values = of
        default: break
        }
        var sessions: [SlowSession] = []
        for (person, events) in history.histories {
            var last: Int64?
            for event in events where fits(event) {
                if let last, event.time - last <= query.timeout.milliseconds {
                    sessions[sessions.count - 1].events.append(event)
                } else {
                    sessions.append(SlowSession(person: person, events: [event]))
                }
                last = event.time
            }
        }
        sessions = sessions.filter { history.range.contains($0.events[0].time) }

        let context = QueryContext(
            snapshot: try history.snapshot(seed), now: 0, traits: PlanTraits(), threads: 1 + seed % 2)
        var explanation = QueryExplanation()
        let result = try query.run(in: context, &explanation, valueLimit: seed % 2 == 0 ? 6 : .max)
        let comment = "seed \(seed) \(query)"
        check(result.total, result.points, sessions, history, comment)
        guard let values else {
            #expect(result.breakdown == nil)
            return
        }
        let limit: Int
        switch query.breakdown! {
        case .entryEvent(let count): limit = count
        case .value(let breakdown): limit = breakdown.limit
        }
        let groups = slowGroups(sessions.flatMap { values($0.events[0], $0.person) }, limit: limit)
        #expect(result.breakdown?.map(\.breakdown) == groups.names, "\(comment)")
        for (index, group) in (result.breakdown ?? []).enumerated() {
            let own = sessions.filter { values($0.events[0], $0.person).contains { groups.group($0) == index } }
            check(group.total, group.points, own, history, "\(comment) \(group.breakdown)")
        }
    }

    private func check(
        _ total: SessionsResult.Summary, _ points: [SessionsResult.Summary], _ sessions: [SlowSession],
        _ history: RandomHistory, _ comment: String
    ) {
        check(total, sessions, comment)
        for (index, point) in points.enumerated() {
            check(
                point, sessions.filter { history.period(of: $0.events[0].time) == index }, "\(comment) point \(index)")
        }
    }

    private func check(_ summary: SessionsResult.Summary, _ sessions: [SlowSession], _ comment: String) {
        let lengths = sessions.map(\.length)
        let count = Double(sessions.count)
        let events = sessions.reduce(0) { $0 + $1.events.count }
        let expected = SessionsResult.Summary(
            sessions: sessions.count, people: Set(sessions.map(\.person)).count, events: events,
            averageSeconds: count == 0 ? nil : lengths.reduce(0, +) / 1000 / count,
            medianSeconds: slowQuantile(0.5, lengths).map { $0 / 1000 },
            p90Seconds: slowQuantile(0.9, lengths).map { $0 / 1000 },
            p95Seconds: slowQuantile(0.95, lengths).map { $0 / 1000 },
            p99Seconds: slowQuantile(0.99, lengths).map { $0 / 1000 },
            eventsPerSession: count == 0 ? nil : Double(events) / count,
            bounceRate: count == 0 ? nil : Double(sessions.count { $0.events.count == 1 }) / count)
        #expect(summary == expected, "\(comment)")
    }
}
