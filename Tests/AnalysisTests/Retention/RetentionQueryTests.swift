import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct RetentionQueryTests {
    private func answer(_ json: String, _ events: [Event]) throws -> RetentionResult {
        let answer = try AnalysisService().run(
            try Query(json: Data(json.utf8)), on: Snapshot.inMemory(events), now: Limits.latestTime)
        guard case .retention(let result) = answer.result else {
            throw QueryError(.unknownKind, "kind", "not a retention")
        }
        return result
    }

    private func event(_ person: String, _ name: String, _ time: String) -> Event {
        Event(person: person, name: name, time: milliseconds(time))
    }

    @Test func threeDaysInARowAreKeptInEveryCell() throws {
        let events = (10...12).map { event("p", "A", "2024-06-\($0)T09:00:00Z") }
        let result = try answer(
            #"{"kind":"retention","targetEvent":"A","returnEvent":"A","period":"day","intervals":7,"type":"recurring","cumulative":false,"minimumOccurrences":1,"from":"2024-06-10","to":"2024-06-12","timeZone":"UTC"}"#,
            events)
        #expect(result.cohorts.map(\.start) == ["2024-06-10", "2024-06-11", "2024-06-12"])
        #expect(result.cohorts.map(\.size) == [1, 1, 1])
        #expect(result.cohorts.map(\.values) == [[1, 1, 1], [1, 1], [1]])
        #expect(result.labels == ["Day 0", "Day 1", "Day 2", "Day 3", "Day 4", "Day 5", "Day 6"])
    }

    @Test func encodesAsTheContractSays() throws {
        let result = try answer(
            #"{"kind":"retention","targetEvent":"A","from":"2024-06-10","to":"2024-06-12","timeZone":"UTC"}"#,
            (10...12).map { event("p", "A", "2024-06-\($0)T09:00:00Z") })
        let object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(QueryResult.retention(result)))
                as? [String: Any])
        let cohorts = try #require(object["cohorts"] as? [[String: Any]])
        #expect(cohorts[0]["start"] as? String == "2024-06-10")
        #expect(cohorts[0]["size"] as? Int == 1)
        #expect(cohorts[0]["values"] as? [Int] == [1, 1, 1])
    }

    @Test func theTypesDifferInWhichTargetsCount() throws {
        let events = [
            event("old", "A", "2024-05-01T00:00:00Z"), event("old", "A", "2024-06-10T01:00:00Z"),
            event("old", "A", "2024-06-11T01:00:00Z"), event("new", "A", "2024-06-10T05:00:00Z"),
            event("new", "A", "2024-06-12T05:00:00Z"),
        ]
        func sizes(_ type: String) throws -> [Int] {
            try answer(
                #"{"kind":"retention","targetEvent":"A","type":"\#(type)","from":"2024-06-10","to":"2024-06-12"}"#,
                events
            ).cohorts.map(\.size)
        }
        #expect(try sizes("recurring") == [2, 1, 1])
        #expect(try sizes("first_time") == [2, 0, 0])
        #expect(try sizes("first_ever") == [1, 0, 0])
    }

    @Test func rollingDaysAreCountedFromThePersonsOwnEvent() throws {
        let events = [
            event("p", "A", "2024-06-10T20:00:00Z"), event("p", "B", "2024-06-11T19:59:59Z"),
            event("q", "A", "2024-06-10T20:00:00Z"), event("q", "B", "2024-06-11T20:00:00Z"),
        ]
        let query =
            #"{"kind":"retention","targetEvent":"A","returnEvent":"B","from":"2024-06-10","to":"2024-06-12","windowMode":"#
        #expect(try answer(query + "\"calendar\"}", events).cohorts[0].values == [2, 2, 0])
        #expect(try answer(query + "\"rolling\"}", events).cohorts[0].values == [2, 1, 0])
    }

    @Test func onOrAfterFillsTheCellsBefore() throws {
        let events = [event("p", "A", "2024-06-10T00:00:00Z"), event("p", "A", "2024-06-13T00:00:00Z")]
        let query = #"{"kind":"retention","targetEvent":"A","from":"2024-06-10","to":"2024-06-14","cumulative":"#
        #expect(try answer(query + "false}", events).cohorts[0].values == [1, 0, 0, 1, 0])
        #expect(try answer(query + "true}", events).cohorts[0].values == [1, 1, 1, 1, 0])
    }

    @Test func peopleOfACellAreListed() throws {
        let events = ["c", "a", "b"].flatMap {
            [event($0, "A", "2024-06-10T00:00:00Z"), event($0, $0 == "a" ? "B" : "A", "2024-06-11T00:00:00Z")]
        }
        let result = try answer(
            #"{"kind":"retention","targetEvent":"A","from":"2024-06-10","to":"2024-06-14","people":{"cohort":"2024-06-10","interval":1}}"#,
            events)
        #expect(result.people == .init(cohort: "2024-06-10", interval: 1, count: 2, ids: ["b", "c"]))
        let limited = try answer(
            #"{"kind":"retention","targetEvent":"A","from":"2024-06-10","to":"2024-06-14","people":{"cohort":"2024-06-10","limit":2}}"#,
            events)
        #expect(limited.people?.count == 3 && limited.people?.ids.count == 2)
        #expect(throws: QueryError.self) {
            try answer(
                #"{"kind":"retention","targetEvent":"A","from":"2024-06-10","to":"2024-06-14","people":{"cohort":"2024-07-10"}}"#,
                events)
        }
    }

    @Test func completeValuesLeaveOutWhatMayStillGrow() throws {
        let events = [event("p", "A", "2024-06-10T00:00:00Z")]
        let weeks = try answer(
            #"{"kind":"retention","targetEvent":"A","period":"week","from":"2024-06-10","to":"2024-06-26"}"#, events)
        #expect(weeks.cohorts.map(\.values.count) == [3, 2, 1])
        #expect(weeks.cohorts.map(\.completeValues) == [2, 1, 0])
        let rolling = try answer(
            #"{"kind":"retention","targetEvent":"A","windowMode":"rolling","from":"2024-06-10","to":"2024-06-12"}"#,
            events)
        #expect(rolling.cohorts.map(\.values.count) == [3, 2, 1])
        #expect(rolling.cohorts.map(\.completeValues) == [2, 1, 0])
    }

    @Test(arguments: 0..<Seeds.count(500))
    func retentionAgreesWithItsDefinition(seed: Int) throws {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        let (target, isTarget) = EventSelector.random(&dice)
        let (back, isReturn) = EventSelector.random(&dice)
        var query = RetentionQuery(
            targetEvent: target, returnEvent: back, period: history.period, intervals: dice.roll(1...9),
            kind: dice.pick(RetentionQuery.Kind.allCases), cumulative: dice.chance(40),
            minimumOccurrences: dice.chance(70) ? 1 : 2,
            brackets: dice.chance(30) ? (0..<dice.roll(1...3)).map { _ in dice.roll(1...4) } : nil,
            windowMode: dice.pick(RetentionQuery.WindowMode.allCases), weekStart: history.weekStart,
            range: history.dates)
        var values: (@Sendable (Event, String) -> [BreakdownValue])?
        if dice.chance(50) {
            let (key, of) = BreakdownKey.random(&dice)
            query.breakdown = RankedBreakdown(key, limit: dice.roll(1...4))
            values = of
        }
        let grid = try #require(
            IntervalGrid(history.period, over: history.range, in: history.zone.zone, weekStart: history.weekStart))
        let slow = SlowRetention(
            grid: grid, kind: query.kind, brackets: query.brackets ?? Array(repeating: 1, count: query.intervals - 1),
            cumulative: query.cumulative, minimumOccurrences: query.minimumOccurrences,
            rollingLength: query.windowMode == .rolling ? RetentionPlan.rollingLength(history.period) : nil)
        let groups = slowGroups(
            history.histories.flatMap { person, events in
                events.filter { history.range.contains($0.time) && isTarget($0) }.flatMap { values?($0, person) ?? [] }
            }, limit: query.breakdown?.limit ?? 1)
        var counts: [[Int]: Int] = [:]
        for (person, events) in history.histories {
            let visits = events.map { event in
                SlowRetention.Visit(
                    time: event.time, isTarget: isTarget(event), isReturn: isReturn(event),
                    groups: (values?(event, person) ?? []).compactMap(groups.group).map { $0 + 1 })
            }
            for cell in slow.cells(visits) { counts[cell, default: 0] += 1 }
        }
        // Everybody at once, and person by person.
        guard case .retention(let result) = try history.answer(.retention(query), layout: seed).result else { return }
        check(result.cohorts, group: 0, counts, "seed \(seed) \(query)")
        #expect(result.breakdown?.map(\.breakdown) == (values == nil ? nil : groups.names), "seed \(seed)")
        for (index, group) in (result.breakdown ?? []).enumerated() {
            check(group.cohorts, group: index + 1, counts, "seed \(seed) \(group.breakdown) \(query)")
        }
        if values == nil, seed % 5 == 0 {
            var sizes = [Int](repeating: 0, count: grid.count)
            for (person, _) in history.histories {
                guard
                    case .retention(let own) = try history.answer(.retention(query), person: person, layout: seed)
                        .result
                else { return }
                for (index, cohort) in own.cohorts.enumerated() { sizes[index] += cohort.size }
            }
            #expect(sizes == result.cohorts.map(\.size), "seed \(seed)")
        }
    }

    private func check(
        _ cohorts: [RetentionResult.Cohort], group: Int, _ counts: [[Int]: Int], _ comment: String
    ) {
        for (index, cohort) in cohorts.enumerated() {
            #expect(cohort.size == counts[[group, index, 0]] ?? 0, "\(comment)")
            #expect(
                cohort.values == cohort.values.indices.map { counts[[group, index, $0]] ?? 0 },
                "\(comment) cohort \(index)")
            // Nothing is cut off.
            #expect(
                !counts.keys.contains { $0[0] == group && $0[1] == index && $0[2] >= cohort.values.count }, "\(comment)"
            )
        }
    }
}
