package import Statistics

/// With what probability each action is chosen. What is logged with a decision is taken from here, so the propensity
/// of what was done is exact, whatever the policy.
package struct ActionDistribution: Sendable, Hashable {
    /// One for each action; they sum to 1.
    package private(set) var probabilities: [Double]

    /// - Parameter weights: 0 or more, not all 0.
    package init(weights: [Double]) {
        let sum = weights.reduce(0, +)
        precondition(sum > 0 && sum.isFinite, "a distribution needs weights with a positive sum")
        probabilities = weights.map { $0 / sum }
    }

    /// Everything on the best; equal ones share it.
    package init(greedy values: [Double]) {
        let best = values.max() ?? 0
        self.init(weights: values.map { $0 == best ? 1 : 0 })
    }

    package static func uniform(_ count: Int) -> ActionDistribution {
        ActionDistribution(weights: [Double](repeating: 1, count: count))
    }

    /// Mixes in a uniform choice, so that no action's probability is below `share` / count: without a floor nothing can
    /// be learned later about what the policy does not like today.
    ///
    /// - Parameter share: from 0 to 1.
    package func withFloor(_ share: Double) -> ActionDistribution {
        let uniform = share / Double(probabilities.count)
        return ActionDistribution(weights: probabilities.map { (1 - share) * $0 + uniform })
    }

    package func draw(_ random: inout RandomSource) -> Int {
        var left = random.uniform()
        for (action, probability) in probabilities.enumerated() {
            left -= probability
            if left < 0 { return action }
        }
        // Rounding: the last that can be chosen.
        return probabilities.lastIndex { $0 > 0 } ?? 0
    }
}
