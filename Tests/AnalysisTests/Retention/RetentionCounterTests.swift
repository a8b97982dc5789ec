import Foundation
import RandomCases
import Testing

@testable import Analysis

/// Retention from its definition, with sets and loops.
struct SlowRetention {
    struct Visit {
        var time: Int64
        var isTarget: Bool
        var isReturn: Bool
        /// The values of the breakdown, from 1.
        var groups: [Int] = []
    }

    var grid: IntervalGrid
    var kind: RetentionQuery.Kind
    var brackets: [Int]
    var cumulative: Bool
    var minimumOccurrences: Int
    var rollingLength: Int64?

    /// The group of everybody is 0. Cells in which a person counts, as (group, cohort, cell).
    func cells(_ visits: [Visit]) -> Set<[Int]> {
        var targets = visits.filter(\.isTarget)
        switch kind {
        case .recurring: break
        case .firstTime: targets = Array(targets.filter { grid.index(of: $0.time) != nil }.prefix(1))
        case .firstEver: targets = Array(targets.prefix(1))
        }
        var cells: Set<[Int]> = []
        for group in 0...9 {
            for cohort in 0..<grid.count {
                let members = targets.filter {
                    grid.index(of: $0.time) == cohort && (group == 0 || $0.groups.contains(group))
                }
                guard let first = members.first else { continue }
                cells.insert([group, cohort, 0])
                var reached = 0
                var offset = 1
                for (index, length) in brackets.enumerated() {
                    let occurrences = visits.filter { visit in
                        guard visit.isReturn, let period = grid.index(of: visit.time) else { return false }
                        if let rollingLength {
                            let start = first.time + Int64(offset) * rollingLength
                            return visit.time >= start && visit.time < start + Int64(length) * rollingLength
                        }
                        return period >= cohort + offset && period < cohort + offset + length
                    }
                    if occurrences.count >= minimumOccurrences {
                        reached = index + 1
                        if !cumulative { cells.insert([group, cohort, index + 1]) }
                    }
                    offset += length
                }
                if cumulative { for cell in 0...reached { cells.insert([group, cohort, cell]) } }
            }
        }
        return cells
    }
}

@Suite struct RetentionCounterTests {
    @Test(arguments: 0..<Seeds.count(400))
    func countsAgreeWithTheDefinition(seed: Int) throws {
        var dice = SeededRandom(seed)
        let period = dice.pick(Period.allCases)
        let zone = try #require(TimeZone(identifier: dice.pick(testZones)))
        let start = milliseconds("2024-01-01T00:00:00Z") + Int64(dice.roll(0...300)) * 86_400_000
        let hours = dice.roll(1...(period == .hour ? 150 : period == .day ? 24 * 90 : 24 * 200))
        let end = start + Int64(hours) * 3_600_000
        let grid = try #require(
            IntervalGrid(period, over: start..<end, in: zone, weekStart: dice.pick(WeekStart.allCases)))
        let bracketed = dice.chance(40)
        let intervals = dice.roll(1...12)
        let brackets =
            bracketed
            ? (0..<dice.roll(1...4)).map { _ in dice.roll(1...5) } : Array(repeating: 1, count: intervals - 1)
        let slow = SlowRetention(
            grid: grid, kind: dice.pick(RetentionQuery.Kind.allCases), brackets: brackets, cumulative: dice.chance(50),
            minimumOccurrences: dice.chance(60) ? 1 : dice.roll(2...3),
            rollingLength: dice.chance(40) ? RetentionPlan.rollingLength(period) : nil)
        let cells = RetentionCells(intervals: intervals, brackets: bracketed ? brackets : nil)
        let watched = RetentionPlan.Watched(
            group: dice.roll(0...3), cohort: dice.roll(0...grid.count - 1), cell: dice.roll(0...cells.count - 1))
        let plan = RetentionPlan(
            kind: slow.kind, cells: cells, periods: grid.count, cumulative: slow.cumulative,
            minimumOccurrences: slow.minimumOccurrences, rollingLength: slow.rollingLength, groups: 4, watched: watched)
        var counter = RetentionCounter(plan)
        var expected = [UInt32](repeating: 0, count: plan.tableCount)
        for _ in 0..<dice.roll(1...6) {
            let visits = self.visits(start - (end - start) / 4..<end, &dice)
            let own = slow.cells(visits)
            for cell in own { expected[(cell[0] * grid.count + cell[1]) * cells.count + cell[2]] += 1 }
            for visit in visits {
                let position = grid.index.position(of: visit.time)
                if visit.isTarget { counter.target(at: visit.time, period: position, groups: visit.groups) }
                if visit.isReturn { counter.returned(at: visit.time, period: position) }
            }
            #expect(counter.finish() == own.contains([watched.group, watched.cohort, watched.cell]), "seed \(seed)")
        }
        #expect(counter.table == expected, "seed \(seed) \(slow)")
    }

    private func visits(_ range: Range<Int64>, _ dice: inout SeededRandom) -> [SlowRetention.Visit] {
        (0..<dice.roll(0...40)).map { _ in
            SlowRetention.Visit(
                time: Int64.random(in: range, using: &dice), isTarget: dice.chance(40), isReturn: dice.chance(60),
                groups: dice.chance(20) ? [1, 3] : dice.chance(10) ? [] : [dice.roll(1...3)])
        }.sorted { $0.time < $1.time }
    }

    @Test func cellsAreVisibleAsFarAsTheRangeReaches() {
        let cells = RetentionCells(intervals: 7, brackets: nil)
        #expect((0..<3).map { cells.visible(cohort: $0, periods: 3) } == [3, 2, 1])
        #expect(cells.visible(cohort: 0, periods: 30) == 7)
        let brackets = RetentionCells(intervals: 0, brackets: [1, 3, 7])
        #expect(brackets.count == 4 && brackets.horizon == 12)
        #expect((0..<4).map { brackets.label($0, .day) } == ["Day 0", "Day 1", "Days 2-4", "Days 5-11"])
        #expect(brackets.visible(cohort: 0, periods: 3) == 3)
        #expect(brackets.visible(cohort: 0, periods: 5) == 3)
        #expect(brackets.visible(cohort: 0, periods: 6) == 4)
    }

    @Test func summariesWeighCohortsEquallyOrBySize() {
        func cohort(_ values: [Int]) -> RetentionResult.Cohort {
            .init(start: "", size: values[0], values: values, completeValues: values.count)
        }
        let summary = RetentionResult.Summary(
            [cohort([10, 5]), cohort([2, 2]), cohort([0, 0]), cohort([4])], cells: 3)
        #expect(summary.mean == [1, 0.75, nil])
        #expect(summary.median == [1, 0.75, nil])
        #expect(summary.weighted == [1, 7.0 / 12, nil])
        #expect(summary.totals == [16, 7, 0])
        #expect(summary.sizes == [16, 12, 0])
    }
}
