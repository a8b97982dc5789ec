package import Statistics

/// Chooses what had the best average so far, and something at random with a small probability.
package struct EpsilonGreedy: BanditPolicy {
    /// From 0 to 1.
    package var epsilon: Double
    /// What an action is believed to bring before it was tried, and how many observations that is worth.
    package var priorMean: Double
    package var priorWeight: Double
    private var sums = BoundedTable<Sum>(max: BanditLimits.actions)

    private struct Sum: Codable, Hashable {
        var reward = 0.0
        var weight = 0.0
    }

    package init(epsilon: Double = 0.1, priorMean: Double = 0.5, priorWeight: Double = 1) {
        self.epsilon = epsilon
        self.priorMean = priorMean
        self.priorWeight = priorWeight
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        ActionDistribution(greedy: actions.map { mean($0.id) + $0.bonus }).withFloor(epsilon)
    }

    private func mean(_ id: String) -> Double {
        let sum = sums[id] ?? Sum()
        let weight = sum.weight + priorWeight
        return weight > 0 ? (sum.reward + priorMean * priorWeight) / weight : priorMean
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        sums.change(action.id, default: Sum()) { sum in
            sum.reward += reward * weight
            sum.weight += weight
        }
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        sums.change(action.id, default: Sum()) { $0.reward += difference * weight }
    }
}
