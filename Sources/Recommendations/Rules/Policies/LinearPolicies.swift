package import Statistics

/// Chooses the best that an action could reasonably bring: expectation plus `alpha` deviations (Li et al., 2010, "A
/// contextual-bandit approach to personalized news article recommendation", with coefficients that all actions share).
package struct LinUCB: BanditPolicy {
    package var alpha: Double
    package private(set) var regression: RidgeRegression

    package init(dimension: Int, alpha: Double = 1, ridge: Double = 1) {
        self.alpha = alpha
        regression = RidgeRegression(dimension: dimension, ridge: ridge)
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        ActionDistribution(
            greedy: actions.map { action in
                regression.value(action.features) + alpha * regression.variance(action.features).squareRoot()
                    + action.bonus
            })
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        regression.add(action.features, reward, weight: weight)
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        regression.correct(action.features, by: difference, weight: weight)
    }
}

/// Thompson sampling with a linear expectation (Agrawal and Goyal, 2013, "Thompson sampling for contextual bandits with
/// linear payoffs"). Its probabilities are shares of draws from the posterior, and the choice is made by these shares.
package struct LinearThompson: BanditPolicy {
    /// The deviation of the reward's noise: how widely the posterior is drawn from.
    package var scale: Double
    /// Draws that make the shares.
    package var draws: Int
    package private(set) var regression: RidgeRegression

    package init(dimension: Int, scale: Double = 0.5, ridge: Double = 1, draws: Int = 64) {
        self.scale = scale
        self.draws = draws
        regression = RidgeRegression(dimension: dimension, ridge: ridge)
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        ThompsonDraws.shares(
            means: actions.map { regression.value($0.features) + $0.bonus },
            rows: actions.map { regression.whitened($0.features).map { scale * $0 } }, draws: draws, &random)
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        regression.add(action.features, reward, weight: weight)
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        regression.correct(action.features, by: difference, weight: weight)
    }
}
