import Foundation
package import Statistics

/// Ways to estimate what another policy would have brought, from decisions whose propensities are known.
///
/// Definitions as in Saito et al., 2021, "Open Bandit Dataset and Pipeline"; r is the reward, w the weight, q the
/// model's expectation of what was done, v that of the other policy.
package enum OffPolicyEstimator: Sendable, Hashable {
    /// The mean of v: as good as the model.
    case directMethod
    /// The mean of w r: unbiased, as wide as the weights.
    case inversePropensity
    /// Σ w r / Σ w: nearly unbiased, never outside the rewards.
    case selfNormalized
    /// The mean of v + w (r - q): right when either the model or the propensities are.
    case doublyRobust
    /// The mean of v + Σ w (r - q) / Σ w.
    case selfNormalizedDoublyRobust
    /// Doubly robust where w is at most `threshold`, the model elsewhere (Wang et al., 2017).
    case switchDoublyRobust(threshold: Double)
    /// Doubly robust with w replaced by lambda w / (w² + lambda), which is never large (Su et al., 2020).
    case shrunkDoublyRobust(lambda: Double)
    /// The mean of r where the other policy would surely have done the same (Li et al., 2011).
    case replay

    package var name: String {
        switch self {
        case .directMethod: "DM"
        case .inversePropensity: "IPW"
        case .selfNormalized: "SNIPW"
        case .doublyRobust: "DR"
        case .selfNormalizedDoublyRobust: "SNDR"
        case .switchDoublyRobust: "Switch-DR"
        case .shrunkDoublyRobust: "DRos"
        case .replay: "Replay"
        }
    }

    /// What each decision contributes; the estimate is their mean.
    ///
    /// - Returns: nil when none of them says anything.
    func contributions(_ decisions: [LoggedDecision]) -> [Double]? {
        switch self {
        case .directMethod: return decisions.map(\.modelTarget)
        case .inversePropensity: return decisions.map { $0.weight * $0.reward }
        case .doublyRobust: return decisions.map { $0.modelTarget + $0.weight * $0.surprise }
        case .switchDoublyRobust(let threshold):
            return decisions.map { $0.modelTarget + ($0.weight <= threshold ? $0.weight * $0.surprise : 0) }
        case .shrunkDoublyRobust(let lambda):
            return decisions.map { $0.modelTarget + OffPolicyEstimator.shrunk($0.weight, lambda) * $0.surprise }
        case .selfNormalized, .selfNormalizedDoublyRobust:
            let mean = decisions.reduce(0) { $0 + $1.weight } / Double(decisions.count)
            guard mean > 0 else { return nil }
            if self == .selfNormalized { return decisions.map { $0.weight * $0.reward / mean } }
            return decisions.map { $0.modelTarget + $0.weight * $0.surprise / mean }
        case .replay:
            let matched = decisions.filter { $0.target > 0.5 }.map(\.reward)
            return matched.isEmpty ? nil : matched
        }
    }

    static func shrunk(_ weight: Double, _ lambda: Double) -> Double {
        lambda.isInfinite ? weight : weight == 0 ? 0 : lambda * weight / (weight * weight + lambda)
    }

    /// - Returns: nil when the decisions say nothing about the other policy.
    package func estimate(_ decisions: [LoggedDecision]) -> Double? {
        guard !decisions.isEmpty, let parts = contributions(decisions) else { return nil }
        return parts.reduce(0, +) / Double(parts.count)
    }

    /// The same with the interval that the bootstrap gives (percentiles of means of resampled decisions).
    ///
    /// - Parameters:
    ///   - confidence: such as 0.95.
    ///   - resamples: how often.
    package func estimate(
        _ decisions: [LoggedDecision], confidence: Double, resamples: Int, seed: UInt64
    ) -> Interval? {
        guard let value = estimate(decisions) else { return nil }
        var random = RandomSource(seed: seed)
        var values: [Double] = []
        var sample = decisions
        for _ in 0..<resamples {
            for index in sample.indices { sample[index] = decisions[random.index(below: decisions.count)] }
            if let value = estimate(sample) { values.append(value) }
        }
        values.sort()
        guard let low = Quantile.ofSorted(values, (1 - confidence) / 2),
            let high = Quantile.ofSorted(values, (1 + confidence) / 2)
        else { return nil }
        return Interval(estimate: value, low: low, high: high)
    }
}

extension LoggedDecision {
    /// What came, beyond what the model expected.
    fileprivate var surprise: Double { reward - modelReward }
}

extension OffPolicyEstimator {
    /// Of several thresholds or lambdas the one whose estimated squared error is least: the variance of its estimate,
    /// and the square of a bound on what leaving weights out can bias it by (Su et al., 2020, section 5).
    package static func tuned(
        _ candidates: [OffPolicyEstimator], _ decisions: [LoggedDecision]
    ) -> OffPolicyEstimator? {
        let count = Double(decisions.count)
        func error(_ estimator: OffPolicyEstimator) -> Double {
            guard let parts = estimator.contributions(decisions), parts.count > 1 else { return .infinity }
            let variance = (Moments(parts).variance ?? .infinity) / count
            let bias = decisions.reduce(0) { sum, decision in
                let kept =
                    switch estimator {
                    case .switchDoublyRobust(let threshold): decision.weight <= threshold ? decision.weight : 0
                    case .shrunkDoublyRobust(let lambda): shrunk(decision.weight, lambda)
                    default: decision.weight
                    }
                return sum + (decision.weight - kept) * decision.surprise
            }
            return variance + (bias / count) * (bias / count)
        }
        return candidates.min { error($0) < error($1) }
    }
}
