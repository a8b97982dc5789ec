/// One decision of the past, as far as the value of another policy can be told from it.
package struct LoggedDecision: Sendable, Hashable {
    package var reward: Double
    /// With what probability what was done was chosen then; above 0.
    package var propensity: Double
    /// With what probability the other policy would have done the same.
    package var target: Double
    /// What a model expects of what was done, and of what the other policy would do on average; 0 without a model.
    package var modelReward: Double
    package var modelTarget: Double

    package init(
        reward: Double, propensity: Double, target: Double, modelReward: Double = 0, modelTarget: Double = 0
    ) {
        precondition(propensity > 0 && propensity <= 1, "a propensity lies above 0 and up to 1")
        self.reward = reward
        self.propensity = propensity
        self.target = target
        self.modelReward = modelReward
        self.modelTarget = modelTarget
    }

    /// How many of the other policy's decisions this one stands for.
    package var weight: Double { target / propensity }
}
