import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct StickinessQueryTests {
    @Test(arguments: 0..<Seeds.count(200))
    func stickinessAgreesWithItsDefinition(seed: Int) throws {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        let series = (0..<dice.roll(1...3)).map { _ in EventSelector.random(&dice) }
        let query = StickinessQuery(
            series: series.map(\.selector), interval: history.period, weekStart: history.weekStart,
            math: dice.pick(StickinessQuery.Math.allCases), cumulative: dice.chance(50),
            minimumOccurrences: dice.chance(60) ? 1 : 2, range: history.dates)
        guard case .stickiness(let result) = try history.answer(.stickiness(query), layout: seed).result else { return }
        #expect(result.labels.count == history.periods.count)
        for (index, (_, fits)) in series.enumerated() {
            // For each person with an active interval: how many, and how many events.
            let people = history.histories.compactMap { _, events -> (active: Int, events: Int)? in
                let own = events.filter { history.range.contains($0.time) && fits($0) }
                let perInterval = Dictionary(grouping: own) { history.period(of: $0.time) }
                let active = perInterval.values.count { $0.count >= query.minimumOccurrences }
                return active == 0 ? nil : (active, own.count)
            }
            let values: [Double?] = (1...history.periods.count).map { number in
                let chosen = people.filter { query.cumulative ? $0.active >= number : $0.active == number }
                let events = Double(chosen.reduce(0) { $0 + $1.events })
                switch query.math {
                case .dau: return Double(chosen.count)
                case .total: return events
                case .averageCountPerActor: return chosen.isEmpty ? nil : events / Double(chosen.count)
                }
            }
            #expect(result.series[index].values == values, "seed \(seed) \(query)")
            #expect(result.series[index].people == people.count, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<Seeds.count(100))
    func thePeopleBehindANumberAreThoseWhoCameSoOften(seed: Int) throws {
        var dice = SeededRandom(seed)
        let history = try RandomHistory(&dice)
        let series = (0..<dice.roll(1...3)).map { _ in EventSelector.random(&dice) }
        var query = StickinessQuery(
            series: series.map(\.selector), interval: history.period, weekStart: history.weekStart,
            cumulative: dice.chance(50), minimumOccurrences: dice.chance(60) ? 1 : 2, range: history.dates)
        let chosen = dice.roll(0...series.count - 1)
        query.people = .init(
            series: ["A", "B", "C"][chosen], intervals: dice.roll(1...min(3, history.periods.count)))
        guard case .stickiness(let result) = try history.answer(.stickiness(query), layout: seed).result else { return }
        let wanted = query.people?.intervals ?? 0
        let expected = history.histories.filter { _, events in
            let own = events.filter { history.range.contains($0.time) && series[chosen].fits($0) }
            let perInterval = Dictionary(grouping: own) { history.period(of: $0.time) }
            let active = perInterval.values.count { $0.count >= query.minimumOccurrences }
            return query.cumulative ? active >= wanted : active == wanted
        }.map(\.person).sorted()
        #expect(result.people?.ids == expected, "seed \(seed) \(query)")
        #expect(result.series[chosen].values[wanted - 1] == Double(expected.count), "seed \(seed)")
    }

    @Test func labelsCountInTheInterval() throws {
        let json = #"{"kind":"stickiness","series":["A"],"interval":"week","from":"2024-06-10","to":"2024-06-23"}"#
        let answer = try AnalysisService().run(
            try Query(json: Data(json.utf8)), on: Snapshot.inMemory([]), now: 0)
        guard case .stickiness(let result) = answer.result else { return }
        #expect(result.labels == ["1 week", "2 weeks"])
        #expect(result.series[0].values == [0, 0])
        #expect(result.series[0].averageIntervals == nil)
    }
}
