import RandomCases
import Testing

@testable import Analysis

/// Every rule against `SlowFunnel`, on random small histories. A failure prints its seed and the history.
@Suite struct FunnelRulesTests {
    @Test(arguments: FunnelOrder.allCases)
    func everyRuleAgreesWithTheSlowOne(order: FunnelOrder) {
        for seed in UInt64(1)...Seeds.count(6_000) {
            var dice = SeededRandom(seed &* 1_000_003)
            check(order, overlaps: dice.chance(50), excludes: dice.chance(50), seed, &dice)
        }
    }

    @Test func theFastRuleAgreesWithTheSlowOne() {
        for seed in UInt64(1)...Seeds.count(10_000) {
            var dice = SeededRandom(seed &* 7_919)
            check(.ordered, overlaps: false, excludes: false, seed, &dice)
        }
    }

    private func check(
        _ order: FunnelOrder, overlaps: Bool, excludes: Bool, _ seed: UInt64, _ dice: inout SeededRandom
    ) {
        let count = dice.roll(1...4)
        var optional = Array(repeating: false, count: count)
        if order == .ordered, !overlaps, dice.chance(40) {
            for step in 1..<max(2, count) where step < count { optional[step] = dice.chance(40) }
        }
        let required = optional.indices.filter { !optional[$0] }
        var exclusions: [(from: Int, to: Int)] = []
        if excludes, required.count > 1 {
            for _ in 0..<dice.roll(1...2) {
                let from = dice.roll(0...required.count - 2)
                exclusions.append((required[from], required[dice.roll(from + 1...required.count - 1)]))
            }
        }
        let window = Int64(dice.roll(1...8))
        let slow = SlowFunnel(order: order, optional: optional, window: window, exclusions: exclusions)
        let shape = FunnelShape(optional: optional, order: order, window: window, exclusions: exclusions)
        var evaluator = FunnelEvaluator(shape)
        var outcome = FunnelOutcome(stepCount: count)
        for round in 0..<4 {
            let events = history(&dice, count, exclusions.count, overlaps: overlaps)
            let start = Int64(dice.roll(0...4))
            let entry = start..<start + Int64(dice.roll(1...12))
            events.withUnsafeBufferPointer { evaluator.evaluate($0, entry: entry, &outcome) }
            let expected = slow.judge(events, entry: entry)
            let isSame =
                order == .strict ? isEqualAtTheEnds(outcome, expected, required) : isEqual(outcome, expected)
            if isSame { continue }
            let text = events.map { "\($0.time):" + String($0.mask, radix: 2) }.joined(separator: " ")
            Issue.record(
                """
                seed \(seed), round \(round): \(order), optional \(optional), window \(window),
                exclusions \(exclusions), entry \(entry), \(text): got \(outcome), expected \(expected)
                """)
            return
        }
    }

    private func isEqual(_ outcome: FunnelOutcome, _ expected: FunnelOutcome) -> Bool {
        if outcome.counts != expected.counts { return false }
        return !expected.counts || (outcome.depth == expected.depth && outcome.times == expected.times)
    }

    /// Strict attempts that share their first and last event may differ in what they take of the instants at the ends.
    private func isEqualAtTheEnds(_ outcome: FunnelOutcome, _ expected: FunnelOutcome, _ required: [Int]) -> Bool {
        guard outcome.counts == expected.counts else { return false }
        if !expected.counts { return true }
        let last = required[expected.depth]
        return outcome.depth == expected.depth && outcome.times[0] == expected.times[0]
            && outcome.times[last] == expected.times[last]
    }

    private func history(
        _ dice: inout SeededRandom, _ steps: Int, _ exclusions: Int, overlaps: Bool
    ) -> [FunnelEvent] {
        var time: Int64 = 0
        var inInstant = 0
        return (0..<dice.roll(0...9)).map { _ in
            // The slow rule tries every order of an instant's events.
            let step = inInstant == 4 ? 1 : Int64(dice.pick([0, 0, 1, 1, 2, 4]))
            inInstant = step == 0 ? inInstant + 1 : 0
            time += step
            var mask: UInt64 = 0
            if dice.chance(85) { mask |= 1 << UInt64(dice.roll(0...steps - 1)) }
            if overlaps, dice.chance(50) { mask |= 1 << UInt64(dice.roll(0...steps - 1)) }
            if exclusions > 0, dice.chance(15) { mask |= 1 << UInt64(steps + dice.roll(0...exclusions - 1)) }
            if exclusions > 0, !overlaps, mask >> UInt64(steps) != 0 { mask &= ~((1 << UInt64(steps)) - 1) }
            return FunnelEvent(time: time, mask: mask)
        }
    }
}
