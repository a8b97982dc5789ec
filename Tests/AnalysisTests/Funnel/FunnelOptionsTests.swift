import EventLog
import RandomCases
import Testing

@testable import Analysis

/// Whole funnel queries against a slow implementation over the events themselves: filters, breakdowns, units, values
/// held constant, trends. A failure prints its seed.
@Suite struct FunnelOptionsTests {
    /// One history that a funnel judges, told by the slow rules.
    private struct Slow {
        let query: FunnelQuery
        let history: RandomHistory
        let slow: SlowFunnel

        func mask(_ event: Event) -> UInt64 {
            func fits(_ selector: EventSelector) -> Bool {
                guard selector.events?.contains(event.name) ?? true else { return false }
                return selector.filters.isEmpty || event["c"] == .string("x")
            }
            var mask: UInt64 = 0
            for (index, step) in query.steps.enumerated() where fits(step.selector) { mask |= 1 << UInt64(index) }
            for (index, exclusion) in query.exclusions.enumerated() where fits(exclusion.selector) {
                mask |= 1 << UInt64(query.steps.count + index)
            }
            return mask
        }

        /// The histories of the units of a person.
        func units(_ events: [Event]) -> [[Event]] {
            switch query.aggregateBy {
            case .person: return [events]
            case .property(let name): return parts(events, name)
            case .session(let pause):
                var sessions: [[Event]] = []
                for event in events {
                    if let last = sessions.last?.last, event.time - last.time <= pause.milliseconds {
                        sessions[sessions.count - 1].append(event)
                    } else {
                        sessions.append([event])
                    }
                }
                return sessions
            }
        }

        private func parts(_ events: [Event], _ name: String) -> [[Event]] {
            Set(events.compactMap { $0[name] }).map { value in events.filter { $0[name] == value } }
        }

        func judge(_ events: [Event], _ entry: Range<Int64>, mask: (Event) -> UInt64) -> FunnelOutcome {
            let histories = query.holdConstant.map { parts(events, $0) } ?? [events]
            let outcomes = histories.map { own in
                slow.judge(own.map { FunnelEvent(time: $0.time, mask: mask($0)) }, entry: entry)
            }
            let most = outcomes.map { max($0.depth, $0.excludedDepth) }.max() ?? -1
            // Only whether it counts and how far it got: which of several values gives the times is tested elsewhere.
            return outcomes.first { $0.counts && $0.depth == most } ?? FunnelOutcome(stepCount: query.steps.count)
        }
    }

    @Test(arguments: 1...Seeds.count(250)) func wholeQueriesAgreeWithASlowImplementation(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 86_028_121)
        let history = try RandomHistory(&dice, periods: [.day, .week])
        var query = FunnelQuery(
            (0..<dice.roll(1...3)).map { _ in
                FunnelStep(
                    EventSelector(
                        dice.pick(["A", "B", "C"]),
                        filters: dice.chance(25) ? [.property("c", .equals, .string("x"))] : []))
            },
            order: dice.pick(FunnelOrder.allCases), window: TimeSpan(dice.pick(["20m", "30m", "2d", "14d"]))!,
            range: history.dates)
        if query.steps.count > 1, dice.chance(25) {
            query.exclusions = [FunnelExclusion(EventSelector(["C"]), fromStep: 0, toStep: 1)]
        }
        let extra = dice.roll(0...4)
        if extra == 0 { query.holdConstant = "c" }
        if extra == 1 { query.aggregateBy = .session(TimeSpan(minutes: 30)) }
        if extra == 2 { query.aggregateBy = .property("c") }
        if dice.chance(50) {
            let attribution: FunnelBreakdown.Attribution =
                dice.pick([
                    .firstTouch, .lastTouch, .allEvents, .step(query.order == .unordered ? 0 : query.steps.count - 1),
                ])
            query.breakdown = FunnelBreakdown(BreakdownKey(property: "c"), attribution: attribution, limit: 100)
        }
        if dice.chance(50) { query.trend = FunnelTrend(history.period, weekStart: history.weekStart) }
        try check(query, history, seed)
    }

    private func check(_ query: FunnelQuery, _ history: RandomHistory, _ seed: Int) throws {
        // Exclusions without the value join every part: that is not what the slow parts do.
        if !query.exclusions.isEmpty, query.holdConstant != nil || query.aggregateBy == .property("c") { return }
        let rule = SlowFunnel(
            order: query.order, optional: query.steps.map(\.optional), window: query.window.milliseconds,
            exclusions: query.exclusions.map { ($0.fromStep, $0.toStep) })
        let slow = Slow(query: query, history: history, slow: rule)
        var counts = Array(repeating: 0, count: query.steps.count)
        var groups: [BreakdownValue: [Int]] = [:]
        var trend = history.periods.map { _ in [0, 0] }
        for (_, events) in history.histories {
            let seen = events.filter {
                $0.time >= history.range.lowerBound && $0.time < history.range.upperBound + rule.window
            }
            for unit in slow.units(seen) {
                let outcome = slow.judge(unit, history.range, mask: slow.mask)
                add(outcome, to: &counts)
                for (value, outcome) in grouped(unit, outcome, slow) {
                    add(outcome, to: &groups[value, default: counts.map { _ in 0 }])
                }
                for (index, period) in history.periods.enumerated() where query.trend != nil {
                    let own = slow.judge(unit, period.times, mask: slow.mask)
                    if !own.counts { continue }
                    trend[index][0] += 1
                    if own.depth == query.steps.count - 1 { trend[index][1] += 1 }
                }
            }
        }
        let answer = try history.answer(.funnel(query), layout: seed)
        guard case .funnel(let result) = answer.result else { return }
        #expect(result.steps.map(\.count) == counts, "seed \(seed): \(query)")
        if query.trend != nil {
            #expect(result.trend?.map { [$0.entered, $0.converted] } == trend, "seed \(seed): \(query)")
        }
        if let breakdown = result.breakdown {
            let own = Dictionary(uniqueKeysWithValues: breakdown.map { ($0.value, $0.steps.map(\.count)) })
            #expect(own == groups.filter { $0.value[0] > 0 }, "seed \(seed): \(query)")
        }
    }

    private func add(_ outcome: FunnelOutcome, to counts: inout [Int]) {
        guard outcome.counts else { return }
        for step in 0...outcome.depth { counts[step] += 1 }
    }

    /// The outcomes of a unit under each value of the breakdown.
    private func grouped(_ events: [Event], _ outcome: FunnelOutcome, _ slow: Slow) -> [(BreakdownValue, FunnelOutcome)]
    {
        guard let breakdown = slow.query.breakdown else { return [] }
        func value(_ event: Event) -> BreakdownValue {
            if case .string(let text)? = event["c"] { .string(text) } else { .missing }
        }
        let steps = (UInt64(1) << UInt64(slow.query.steps.count)) - 1
        let touches = events.filter { slow.mask($0) & steps != 0 && value($0) != .missing }.map(value)
        switch breakdown.attribution {
        case .firstTouch: return [(touches.first ?? .missing, outcome)]
        case .lastTouch: return [(touches.last ?? .missing, outcome)]
        case .allEvents:
            return Set(events.map(value)).map { own in
                (own, slow.judge(events.filter { value($0) == own }, slow.history.range, mask: slow.mask))
            }
        case .step(let step):
            let bit = UInt64(1) << UInt64(step)
            let values = Set(events.filter { slow.mask($0) & bit != 0 }.map(value))
            return (values.isEmpty ? [.missing] : values).map { own in
                (
                    own,
                    slow.judge(events, slow.history.range) { value($0) == own ? slow.mask($0) : slow.mask($0) & ~bit }
                )
            }
        }
    }
}
