import Foundation
import Recommendations
import Statistics
import Testing

struct OffPolicyTests {
    private let decisions = [
        LoggedDecision(reward: 1, propensity: 0.5, target: 1, modelReward: 0.6, modelTarget: 0.6),
        LoggedDecision(reward: 0, propensity: 0.25, target: 0.5, modelReward: 0.4, modelTarget: 0.5),
        LoggedDecision(reward: 1, propensity: 0.25, target: 0, modelReward: 0.2, modelTarget: 0.7),
    ]

    @Test("each estimator is what its definition says, by hand")
    func byHand() {
        func value(_ estimator: OffPolicyEstimator) -> Double { estimator.estimate(decisions) ?? .nan }
        // Weights 2, 2, 0; surprises 0.4, -0.4, 0.8.
        #expect(abs(value(.directMethod) - 1.8 / 3) < 1e-12)
        #expect(abs(value(.inversePropensity) - 2.0 / 3) < 1e-12)
        #expect(abs(value(.selfNormalized) - 0.5) < 1e-12)
        #expect(abs(value(.doublyRobust) - (1.8 + 0.8 - 0.8) / 3) < 1e-12)
        #expect(abs(value(.selfNormalizedDoublyRobust) - (0.6 + 0)) < 1e-12)
        #expect(abs(value(.switchDoublyRobust(threshold: 1)) - 0.6) < 1e-12)
        #expect(value(.switchDoublyRobust(threshold: .infinity)) == value(.doublyRobust))
        #expect(value(.shrunkDoublyRobust(lambda: .infinity)) == value(.doublyRobust))
        #expect(abs(value(.shrunkDoublyRobust(lambda: 1e-12)) - 0.6) < 1e-9)
        #expect(value(.replay) == 1)
        #expect(OffPolicyEstimator.inversePropensity.estimate([]) == nil)
    }

    /// Decisions of a policy that chooses among four actions by the context, whose true value is known, and a model
    /// that is wrong by `error`.
    private func world(_ count: Int, error: Double, seed: UInt64) -> (decisions: [LoggedDecision], truth: Double) {
        var random = RandomSource(seed: seed)
        var (decisions, truth) = ([LoggedDecision](), 0.0)
        for _ in 0..<count {
            let chances = (0..<4).map { _ in random.uniform(0.05, 0.6) }
            let logging = ActionDistribution(weights: chances.map { 0.2 + $0 })
            let target = ActionDistribution(greedy: chances).withFloor(0.2)
            let action = logging.draw(&random)
            let model = chances.map { $0 + error }
            truth += zip(target.probabilities, chances).reduce(0) { $0 + $1.0 * $1.1 }
            decisions.append(
                LoggedDecision(
                    reward: random.chance(chances[action]) ? 1 : 0, propensity: logging.probabilities[action],
                    target: target.probabilities[action], modelReward: model[action],
                    modelTarget: zip(target.probabilities, model).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        return (decisions, truth / Double(count))
    }

    @Test("estimators that promise it find the true value, also with a wrong model", arguments: 1...5)
    func unbiased(seed: UInt64) {
        let (decisions, truth) = world(20_000, error: 0.15, seed: seed)
        for estimator: OffPolicyEstimator in [
            .inversePropensity, .selfNormalized, .doublyRobust, .selfNormalizedDoublyRobust,
        ] {
            let value = estimator.estimate(decisions) ?? .nan
            #expect(abs(value - truth) < 0.025, "\(estimator.name), seed \(seed)")
        }
        let direct = OffPolicyEstimator.directMethod.estimate(decisions) ?? .nan
        #expect(abs(direct - truth - 0.15) < 0.01)
    }

    @Test("intervals hold the truth about as often as they say")
    func coverage() {
        var held = 0
        for seed in UInt64(1)...60 {
            let (decisions, truth) = world(400, error: 0, seed: seed)
            let value = OffPolicyEstimator.doublyRobust.estimate(
                decisions, confidence: 0.9, resamples: 200, seed: seed)
            if let value, value.low <= truth, truth <= value.high { held += 1 }
        }
        // 54 are expected; the binomial's 99.9 % lies within 43.
        #expect(held >= 43, "\(held) of 60")
    }

    @Test("tuning leaves weights whole when the model is wrong, and cuts them when it is right")
    func tuning() {
        let steps: [OffPolicyEstimator] = [1, 10, 1_000].map { .shrunkDoublyRobust(lambda: $0) }
        let wrong = world(20_000, error: 0.3, seed: 1).decisions
        #expect(OffPolicyEstimator.tuned(steps, wrong) == .shrunkDoublyRobust(lambda: 1_000))
    }

    @Test("a log that cannot tell is not asked to")
    func refusals() {
        var random = RandomSource(seed: 2)
        let rare = (0..<2_000).map { index in
            LoggedDecision(
                reward: random.chance(0.1) ? 1 : 0, propensity: index < 3 ? 0.001 : 0.9, target: index < 3 ? 1 : 0.01)
        }
        let few = OffPolicyReport.make(rare)
        #expect(few.effectiveDecisions < 10)
        guard case .fewEffectiveDecisions = few.refusal else {
            Issue.record("\(String(describing: few.refusal))")
            return
        }
        let never = (0..<2_000).map { _ in
            LoggedDecision(reward: 0, propensity: 0.5, target: 0.1)
        }
        guard case .unseenActions(let share) = OffPolicyReport.make(never).refusal else {
            Issue.record("nothing was refused")
            return
        }
        #expect(abs(share - 0.8) < 1e-9)
        #expect(OffPolicyReport.make([]).refusal == .noDecisions)
        #expect(OffPolicyReport.make(world(2_000, error: 0, seed: 1).decisions).refusal == nil)
    }
}
