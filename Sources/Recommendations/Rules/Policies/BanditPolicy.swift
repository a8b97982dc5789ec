package import Statistics

/// One thing that can be chosen, as a policy sees it.
package struct BanditAction: Sendable, Hashable {
    /// What it is called in the state of policies that keep one for each action: an artwork, an item.
    package var id: String
    /// Of the person, the moment and the action together; empty for policies that look at nothing.
    package var features: [Double]
    /// Added to what the policy expects: below 0 for a picture that would replace the one the person knows.
    package var bonus: Double

    package init(_ id: String, features: [Double] = [], bonus: Double = 0) {
        self.id = id
        self.features = features
        self.bonus = bonus
    }
}

/// Chooses among actions, and learns from what came of it.
package protocol BanditPolicy: Sendable, Hashable, Codable {
    /// With what probability it would choose each action.
    ///
    /// - Parameters:
    ///   - actions: at least one, with different ids.
    ///   - random: for policies whose distribution is itself estimated by drawing.
    func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution

    /// - Parameters:
    ///   - reward: from 0 to 1.
    ///   - weight: how much the observation counts; old ones from before the policy count less.
    mutating func learn(_ action: BanditAction, reward: Double, weight: Double)

    /// What was learned turns out to have brought more, because its reward came late.
    ///
    /// - Parameters:
    ///   - difference: between the reward and the one that was learned.
    ///   - weight: as it was learned.
    mutating func correct(_ action: BanditAction, by difference: Double, weight: Double)
}

/// What was chosen, and how likely that was.
package struct BanditChoice: Sendable, Hashable {
    /// The index of the action.
    package var action: Int
    package var distribution: ActionDistribution
    package var propensity: Double { distribution.probabilities[action] }
}

extension BanditPolicy {
    /// - Parameter floor: the share of choices that are made uniformly at random.
    package func choose(
        _ actions: [BanditAction], floor: Double = 0, _ random: inout RandomSource
    ) -> BanditChoice {
        precondition(!actions.isEmpty, "there is nothing to choose from")
        var distribution = distribution(actions, &random)
        if floor > 0 { distribution = distribution.withFloor(floor) }
        return BanditChoice(action: distribution.draw(&random), distribution: distribution)
    }
}

package enum BanditLimits {
    /// Actions that a policy keeps numbers of; those that were not met for longest are forgotten.
    package static let actions = 50_000
    /// Features that a policy learns coefficients of: a choice costs O(actions × features²).
    package static let features = 128
    /// Decisions that wait for their reward, or may still get one.
    package static let waiting = 20_000
}
