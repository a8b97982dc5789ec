import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

/// Trends from their definitions: sets and loops over all events, once for each cell.
struct SlowTrends {
    let history: RandomHistory
    let query: TrendsQuery
    let fits: [@Sendable (Event) -> Bool]
    let values: (@Sendable (Event, String) -> [BreakdownValue])?

    struct Line: Equatable {
        var breakdown: BreakdownValue?
        var points: [Double?]
        var total: Double?
    }

    private func seesWindow(_ days: Int, _ interval: Int, _ time: Int64) -> Bool {
        let end = history.periods[interval].times.upperBound
        if history.period == .hour { return time < end && time >= end - Int64(days) * 86_400_000 }
        let last = history.calendar.dayNumber(end - 1)
        return time < end && history.calendar.dayNumber(time) > last - days
    }

    private typealias Hit = (person: String, time: Int64, session: String, event: Event)

    private func groups() -> (names: [BreakdownValue], group: (BreakdownValue) -> Int?) {
        let windows = query.series.compactMap(\.math.windowDays)
        let ranked = history.histories.flatMap { person, events in
            events.filter { event in
                let inWindow = history.periods.indices.contains { interval in
                    windows.contains { seesWindow($0, interval, event.time) }
                }
                return (history.range.contains(event.time) || inWindow) && fits.contains { $0(event) }
            }.flatMap { event in values?(event, person) ?? [.missing] }
        }
        return slowGroups(ranked, limit: query.breakdown?.limit ?? 1)
    }

    func lines() -> [Line] {
        let groups = groups()
        return query.series.indices.flatMap { series in
            (values == nil ? [nil] : groups.names.indices.map { $0 }).map { group in
                line(series, group, groups.names, groups.group)
            }
        }
    }

    /// Who has an event that a point counts, sorted.
    func people(_ series: Int, _ group: Int?, _ interval: Int) -> [String] {
        let math = query.series[series].math
        let hits = hits(series, group, groups().group).filter { hit in
            if let days = math.windowDays { return seesWindow(days, interval, hit.time) }
            return history.period(of: hit.time) == interval
        }
        let counted = hits.filter { !math.needsProperty || !numbers(series, $0.event).isEmpty }
        return Set(counted.map(\.person)).sorted()
    }

    private func hits(_ series: Int, _ group: Int?, _ groupOf: (BreakdownValue) -> Int?) -> [Hit] {
        var hits: [Hit] = []
        for (person, events) in history.histories {
            var session = 0
            var last: Int64?
            var isFirst = true
            for event in events {
                // Sessions are cut among the events of the range.
                if let last, event.time - last > query.sessionTimeout.milliseconds || last < history.range.lowerBound {
                    session += 1
                }
                last = event.time
                guard fits[series](event) else { continue }
                let wasFirst = isFirst
                isFirst = false
                if query.series[series].math == .firstTime, !wasFirst { continue }
                if let group, let values, !values(event, person).contains(where: { groupOf($0) == group }) { continue }
                hits.append((person, event.time, "\(person)/\(session)", event))
            }
        }
        return hits
    }

    private func line(
        _ series: Int, _ group: Int?, _ names: [BreakdownValue], _ groupOf: (BreakdownValue) -> Int?
    ) -> Line {
        let hits = hits(series, group, groupOf)
        let math = query.series[series].math
        let points: [Double?] = history.periods.indices.map { interval -> Double? in
            if let days = math.windowDays {
                return Double(Set(hits.filter { seesWindow(days, interval, $0.time) }.map(\.person)).count)
            }
            return measure(series, hits.filter { history.period(of: $0.time) == interval })
        }
        let total =
            math.windowDays == nil ? measure(series, hits.filter { history.range.contains($0.time) }) : points.last!
        return Line(breakdown: group.map { names[$0] }, points: points, total: total)
    }

    private func numbers(_ series: Int, _ event: Event) -> [Double] {
        switch query.series[series].property.flatMap({ event[$0] }) {
        case .number(let number)?: [number]
        case .numbers(let list)?: list
        default: []
        }
    }

    private func measure(_ series: Int, _ hits: [Hit]) -> Double? {
        let people = Double(Set(hits.map(\.person)).count)
        let all = hits.flatMap { numbers(series, $0.event) }
        switch query.series[series].math {
        case .total, .firstTime: return Double(hits.count)
        case .dau: return people
        case .uniqueSessions: return Double(Set(hits.map(\.session)).count)
        case .sum: return all.reduce(0, +)
        case .avg: return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
        case .min: return all.min()
        case .max: return all.max()
        case .median: return slowQuantile(0.5, all)
        case .p90: return slowQuantile(0.9, all)
        case .p95: return slowQuantile(0.95, all)
        case .p99: return slowQuantile(0.99, all)
        case .averageCountPerActor: return people == 0 ? nil : Double(hits.count) / people
        case .averageSumPerActor:
            let people = Set(hits.filter { !numbers(series, $0.event).isEmpty }.map(\.person)).count
            return people == 0 ? nil : all.reduce(0, +) / Double(people)
        case .weeklyActive, .monthlyActive: return nil
        }
    }
}

@Suite struct TrendsQueryTests {
    private func random(_ seed: Int) throws -> (RandomHistory, TrendsQuery, SlowTrends) {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        var series: [TrendsQuery.Series] = []
        var fits: [@Sendable (Event) -> Bool] = []
        // What is counted from columns, without a look at the persons where events alone are counted.
        let plain = dice.chance(40)
        let plainMath: [TrendMath] = dice.chance(50) ? [.total] : [.total, .dau]
        for _ in 0..<dice.roll(1...4) {
            let (selector, test) = EventSelector.random(&dice, isFiltered: plain ? false : nil)
            let math = dice.pick(plain ? plainMath : TrendMath.allCases)
            series.append(
                .init(selector, math: math, property: math.needsProperty ? dice.pick(["v", "v", "prices", "no"]) : nil))
            fits.append(test)
        }
        var query = TrendsQuery(
            series: series, interval: history.period, weekStart: history.weekStart, range: history.dates)
        var values: (@Sendable (Event, String) -> [BreakdownValue])?
        if !plain, dice.chance(25) {
            query.filters = [.property("v", .isSet)]
            fits = fits.map { fits in { fits($0) && $0["v"] != nil } }
        }
        if !plain, dice.chance(50) {
            let (key, of) = BreakdownKey.random(&dice)
            query.breakdown = RankedBreakdown(key, limit: dice.roll(1...4))
            values = of
        }
        return (history, query, SlowTrends(history: history, query: query, fits: fits, values: values))
    }

    @Test(arguments: 0..<Seeds.count(600))
    func trendsAgreeWithTheirDefinitions(seed: Int) throws {
        let (history, query, slow) = try random(seed)
        let context = QueryContext(
            snapshot: try history.snapshot(seed), now: 0, traits: PlanTraits(), threads: seed % 3 + 1)
        var explanation = QueryExplanation()
        // A small limit makes some quantiles take several scans.
        let result = try query.run(in: context, &explanation, valueLimit: seed % 2 == 0 ? 12 : .max)
        let lines = result.series.map { SlowTrends.Line(breakdown: $0.breakdown, points: $0.points, total: $0.total) }
        #expect(lines == slow.lines(), "seed \(seed) \(history.zone.identifier) \(history.from) \(history.to) \(query)")
        if history.period != .hour { #expect(result.labels == history.periods.map(\.key), "seed \(seed)") }
    }

    @Test(arguments: 0..<Seeds.count(300))
    func thePeopleBehindAPointAreThoseWhoHaveAnEventThere(seed: Int) throws {
        var (history, query, slow) = try random(seed)
        let series = seed % query.series.count
        let interval = seed % history.periods.count
        let plain = try history.answer(.trends(query), layout: seed)
        guard case .trends(let before) = plain.result else { return }
        query.people = .init(
            series: SeriesName.name(series), label: before.labels[interval], breakdown: nil, limit: 1000)
        var group: Int?
        if query.breakdown != nil {
            let values = before.series.filter { $0.name == SeriesName.name(series) }.compactMap(\.breakdown)
            if values.isEmpty { return }
            group = seed % values.count
            // Two values may read the same, as a list's text and a text: then a name stands for the first.
            let name = values[group ?? 0].description
            group = values.firstIndex { $0.description == name }
            query.people?.breakdown = name
        }
        guard case .trends(let result) = try history.answer(.trends(query), layout: seed).result else { return }
        let expected = slow.people(series, group, interval)
        #expect(result.people?.ids == expected, "seed \(seed) \(query)")
        #expect(result.people?.count == expected.count, "seed \(seed)")
        #expect(result.series == before.series, "seed \(seed): asking for people changes no number")
    }

    @Test(arguments: 0..<Seeds.count(60))
    func theRangeBeforeIsWhatAQueryOverItAnswers(seed: Int) throws {
        var (history, query, _) = try random(seed)
        query.breakdown = nil
        query.compare = .previous
        let start = CivilDate(dayNumber: Int(milliseconds(history.from + "T00:00:00Z") / 86_400_000))
        let length = Int(milliseconds(history.to + "T00:00:00Z") / 86_400_000) - start.dayNumber + 1
        let wholeMonths = query.interval == .month && start.components.day == 1
        var earlier = query
        earlier.compare = .none
        let first = wholeMonths ? start.startOfMonth(adding: -history.periods.count) : start.adding(days: -length)
        earlier.range = DateRange(
            from: DayPoint(first.label), to: DayPoint(start.adding(days: -1).label), timeZone: history.zone)
        // A skipped date has no length of its own; the ranges then differ by design.
        if history.zone.identifier == "Pacific/Apia" { return }
        guard case .trends(let both) = try history.answer(.trends(query)).result,
            case .trends(let before) = try history.answer(.trends(earlier)).result
        else {
            Issue.record("no trends")
            return
        }
        #expect(both.previousLabels == before.labels, "seed \(seed)")
        for (left, right) in zip(both.series, before.series) {
            let count = left.points.count
            let padded = Array((right.points + Array(repeating: nil, count: count)).prefix(count))
            #expect(left.previous == .init(points: padded, total: right.total), "seed \(seed) \(query)")
        }
    }

    @Test(arguments: [
        ("day", "2024-06-03", "2024-06-04", "2023-06-05", "2023-06-06"),
        ("month", "2024-02-01", "2024-03-31", "2023-02-01", "2023-03-31"),
    ])
    func theYearBeforeStandsBesideWithTheSameDaysOfTheWeek(
        _ interval: String, _ from: String, _ to: String, _ earlierFrom: String, _ earlierTo: String
    ) throws {
        let events = (0..<800).map { day in
            Event(
                person: "u\(day % 5)", name: "A", time: milliseconds("2022-06-01T05:00:00Z") + Int64(day) * 86_400_000)
        }
        func ask(_ from: String, _ to: String, _ more: String) throws -> TrendsResult {
            let text =
                "{\"kind\":\"trends\",\"series\":[\"A\"],\"interval\":\"\(interval)\",\"from\":\"\(from)\",\"to\":\"\(to)\",\"timeZone\":\"Asia/Seoul\"\(more)}"
            guard case .trends(let result) = try Asker(events).ask(text).result else { throw Asker.WrongKind() }
            return result
        }
        let both = try ask(from, to, ",\"compare\":\"year\"")
        let before = try ask(earlierFrom, earlierTo, "")
        #expect(both.previousLabels == before.labels)
        #expect(both.series[0].previous?.points == before.series[0].points)
    }

    @Test func formulasSmoothingAndRunningSumsComeInThatOrder() throws {
        let day: Int64 = 86_400_000
        let start = milliseconds("2024-05-01T00:00:00Z")
        var events: [Event] = []
        for (index, counts) in [(4, 2), (6, 3), (1, 0), (8, 1)].enumerated() {
            for _ in 0..<counts.0 { events.append(Event(person: "p", name: "A", time: start + Int64(index) * day)) }
            for _ in 0..<counts.1 { events.append(Event(person: "p", name: "B", time: start + Int64(index) * day)) }
        }
        let snapshot = try Snapshot.inMemory(events)
        func points(_ extra: String) throws -> [Double?] {
            let json = #"{"kind":"trends","series":["A","B"],"from":"2024-05-01","to":"2024-05-04"\#(extra)}"#
            let answer = try AnalysisService().run(try Query(json: Data(json.utf8)), on: snapshot, now: 0)
            guard case .trends(let result) = answer.result else { return [] }
            return result.series[0].points
        }
        #expect(try points("") == [4, 6, 1, 8])
        #expect(try points(#","formula":"A/B""#) == [2, 2, nil, 8])
        #expect(try points(#","formula":"A/B","smoothing":2"#) == [2, 2, nil, 8])
        #expect(try points(#","smoothing":2"#) == [4, 5, 3.5, 4.5])
        #expect(try points(#","formula":"A/B","cumulative":true"#) == [2, 4, 4, 12])
    }

    /// A byte counts 255 people; more go through it one after another.
    @Test func manyPeopleInOneIntervalAreAllCounted() throws {
        let start = milliseconds("2024-05-01T00:00:00Z")
        let names = (0..<11).map { "E\($0)" }
        let events = (0..<700).flatMap { person in
            // Twice on the first day, once on the second.
            [1_000, 2_000, 86_400_000].flatMap { (after: Int64) in
                names.prefix(1 + person % 11).map { name in
                    Event(person: "p\(person)", name: name, time: start + after)
                }
            }
        }
        let series = names.map { "{\"event\":\"\($0)\",\"math\":\"dau\"}" } + ["{\"event\":\"E0\"}"]
        let json = """
            {"kind":"trends","series":[\(series.joined(separator: ","))],"from":"2024-05-01","to":"2024-05-03"}
            """
        for segments in [1, 2] {
            let snapshot = try Snapshot.inMemory(events, segmentCount: segments)
            let answer = try AnalysisService(threads: 2).run(Query(json: Data(json.utf8)), on: snapshot, now: 0)
            guard case .trends(let result) = answer.result else { return }
            for (number, line) in result.series.dropLast().enumerated() {
                let people = Double((0..<700).count { $0 % 11 >= number })
                #expect(line.points == [people, people, 0])
                #expect(line.total == people)
            }
            #expect(result.series[11].points == [1_400, 700, 0])
        }
    }

    @Test func unknownNamesAreNotedAndAnswerZero() throws {
        let snapshot = try Snapshot.inMemory([Event(person: "p", name: "Order", time: 0)])
        let query = try Query(
            json: Data(#"{"kind":"trends","series":[{"event":"Ordr"}],"from":"1970-01-01","to":"1970-01-01"}"#.utf8))
        let answer = try AnalysisService().run(query, on: snapshot, now: 0)
        guard case .trends(let result) = answer.result else { return }
        #expect(result.series[0].points == [0])
        #expect(answer.explanation.notes.contains { $0.contains("did you mean 'Order'") })
    }
}
