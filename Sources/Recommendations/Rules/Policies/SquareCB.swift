package import Statistics

/// Chooses by how far an action is expected to fall behind the best one (Foster and Rakhlin, 2020, "Beyond UCB: optimal
/// and efficient contextual bandits with regression oracles"): with K actions 1 / (K + gamma × gap), and the rest for
/// the best. The gap counts more the more was learned.
package struct SquareCB: BanditPolicy {
    /// How fast exploration ends: gamma = `pace` × the square root of what was observed.
    package var pace: Double
    package private(set) var regression: RidgeRegression

    package init(dimension: Int, pace: Double = 10, ridge: Double = 1) {
        self.pace = pace
        regression = RidgeRegression(dimension: dimension, ridge: ridge)
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        let values = actions.map { min(1, max(0, regression.value($0.features))) + $0.bonus }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        let gamma = pace * regression.weight.squareRoot()
        let count = Double(actions.count)
        var weights = values.map { 1 / (count + gamma * (values[best] - $0)) }
        weights[best] = 0
        weights[best] = 1 - weights.reduce(0, +)
        return ActionDistribution(weights: weights)
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        regression.add(action.features, reward, weight: weight)
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        regression.correct(action.features, by: difference, weight: weight)
    }
}
