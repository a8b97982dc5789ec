import Foundation
import Statistics
import Testing

@testable import Recommendations

struct JudgementTests {
    /// Decisions by chance with a floor, for two groups that like different pictures.
    private func trials(_ count: Int, seed: UInt64) -> (
        trials: [BanditTrial], chosen: Double, first: Double, best: Double
    ) {
        var random = RandomSource(seed: seed)
        let actions = ["a", "b", "c"].map { BanditDecision.Action($0, tags: ["shows \($0)": 1]) }
        var (chosenSum, firstSum, bestSum) = (0.0, 0.0, 0.0)
        let trials = (0..<count).map { number in
            let group = random.index(below: 3)
            let truth = (0..<3).map { $0 == group ? 0.5 : 0.2 }
            let probabilities = ActionDistribution(greedy: truth).withFloor(0.4).probabilities
            var left = random.uniform()
            var chosen = 2
            for (action, probability) in probabilities.enumerated() {
                left -= probability
                if left < 0 {
                    chosen = action
                    break
                }
            }
            chosenSum += zip(probabilities, truth).reduce(0) { $0 + $1.0 * $1.1 }
            firstSum += truth[0]
            bestSum += 0.5
            return BanditTrial(
                BanditDecision(
                    id: "d\(number)", person: "p\(number % 400)", time: Int64(number), placement: "artwork",
                    subject: "t\(number % 3)", actions: actions, probabilities: probabilities, chosen: chosen,
                    context: ["group": .text("g\(group)")]), reward: random.chance(truth[chosen]) ? 1 : 0)
        }
        let n = Double(count)
        return (trials, chosenSum / n, firstSum / n, bestSum / n)
    }

    @Test("the lift's interval holds the true lift about as often as it says")
    func liftCoverage() {
        var held = 0
        let worlds = 60
        for seed in 1...UInt64(worlds) {
            let (trials, chosen, first, _) = trials(1_500, seed: seed)
            let line = Lift.make(trials).overall
            guard let lift = line.lift else { continue }
            #expect(line.isConclusive)
            if (lift.low...lift.high).contains(chosen / first - 1) { held += 1 }
        }
        // 57 of 60 are expected; fewer than 51 would come once in some thousand times.
        #expect(held >= 51, "\(held) of \(worlds)")
    }

    @Test("each subject has its line, and too little is not concluded from")
    func liftLines() {
        let (trials, _, _, _) = trials(900, seed: 4)
        let lift = Lift.make(trials, subjectsMax: 2)
        #expect(lift.subjects.count == 2 && lift.subjects[0].trials == 300)
        #expect(lift.subjects.allSatisfy { $0.subject != nil && $0.standard != nil })
        let few = Lift.make(Array(trials.prefix(20)))
        #expect(!few.overall.isConclusive)
        let none = Lift.make([])
        #expect(none.overall.trials == 0 && none.overall.lift == nil && none.subjects.isEmpty)
    }

    @Test("what-if tells a good policy from a bad one, within its intervals, without having seen them run")
    func whatIf() {
        let (trials, _, first, best) = trials(6_000, seed: 8)
        var learning = PolicySettings(.linUCB, exploration: 0)
        learning.features = ["group"]
        let good = WhatIf.judge(learning, by: trials)
        let fixed = WhatIf.judge(PolicySettings(.fixed), by: trials)
        #expect(good.report.refusal == nil && fixed.report.refusal == nil)
        func value(_ what: WhatIf, _ name: String) -> Interval? {
            what.report.lines.first { $0.estimator.name == name }?.value
        }
        for name in ["IPW", "SNIPW", "DR", "SNDR"] {
            guard let high = value(good, name), let low = value(fixed, name) else {
                Issue.record("\(name) is missing")
                continue
            }
            #expect(abs(high.estimate - best) < 0.05, "\(name) \(high)")
            #expect(abs(low.estimate - first) < 0.05, "\(name) \(low)")
            #expect(high.low > low.high, "\(name)")
        }
        #expect(good.shares.count == 3 && abs(good.shares.reduce(0) { $0 + $1.after } - 1) < 1e-9)
    }

    @Test("a policy that would do what was never done is refused")
    func refusal() {
        let (trials, _, _, _) = trials(800, seed: 3)
        let oneSided = trials.map { trial in
            var decision = trial.decision
            decision.chosen = 2
            decision.probabilities = [0, 0, 1]
            return BanditTrial(decision, reward: trial.reward)
        }
        let report = WhatIf.judge(PolicySettings(.fixed), by: oneSided).report
        #expect(report.refusal != nil)
        #expect(WhatIf.judge(PolicySettings(.random), by: []).report.refusal == .noDecisions)
    }
}

struct ThompsonDrawTests {
    @Test("shares of drawn values are those of drawn coefficients", arguments: 1...5)
    func sameAsCoefficients(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var policy = LinearThompson(dimension: 6, scale: 0.3, ridge: 1, draws: 20_000)
        let actions = (0..<4).map { number in
            BanditAction("a\(number)", features: (0..<6).map { _ in random.uniform(-1, 1) })
        }
        for _ in 0..<30 {
            policy.learn(actions[random.index(below: 4)], reward: random.uniform(), weight: 1)
        }
        let shares = policy.distribution(actions, &random).probabilities
        var wins = [Double](repeating: 0, count: 4)
        for _ in 0..<20_000 {
            let drawn = policy.regression.draw(scale: 0.3, &random)
            let values = actions.map { zip($0.features, drawn).reduce(0) { $0 + $1.0 * $1.1 } }
            wins[values.indices.max { values[$0] < values[$1] } ?? 0] += 1 / 20_000
        }
        for (share, win) in zip(shares, wins) { #expect(abs(share - win) < 0.02, "seed \(seed)") }
    }

    @Test("a corrected observation is one that had its value from the start", arguments: 1...5)
    func correction(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var (late, prompt) = (RidgeRegression(dimension: 4), RidgeRegression(dimension: 4))
        for _ in 0..<20 {
            let x = (0..<4).map { _ in random.normal() }
            let (y, weight) = (random.uniform(), random.uniform(0.1, 2))
            prompt.add(x, y, weight: weight)
            late.add(x, 0, weight: weight)
            late.correct(x, by: y, weight: weight)
        }
        for (a, b) in zip(late.mean, prompt.mean) { #expect(abs(a - b) < 1e-9, "seed \(seed)") }
    }
}
