package import Statistics

/// One of the policies, with what it has learned: a value that can be stored.
package enum LearnedPolicy: Sendable, Hashable, Codable {
    /// The first action, always.
    case fixed
    case random
    case epsilonGreedy(EpsilonGreedy)
    case thompson(BetaThompson)
    case linearThompson(LinearThompson)
    case logisticThompson(LogisticThompson)
    case linUCB(LinUCB)
    case squareCB(SquareCB)

    /// What is believed of each coefficient beforehand: a deviation of a tenth of the rewards' whole range.
    private static let ridge = 4.0

    /// A policy that has learned nothing.
    package init(_ settings: PolicySettings, dimension: Int = BanditLimits.features) {
        switch settings.kind {
        case .fixed: self = .fixed
        case .random: self = .random
        case .epsilonGreedy:
            // The floor explores; the policy itself is greedy.
            self = .epsilonGreedy(EpsilonGreedy(epsilon: 0, priorMean: 0.1, priorWeight: 10))
        case .thompson: self = .thompson(BetaThompson())
        case .linearThompson:
            self = .linearThompson(LinearThompson(dimension: dimension, scale: 0.25, ridge: Self.ridge, draws: 128))
        case .logisticThompson:
            self = .logisticThompson(LogisticThompson(dimension: dimension, precision: Self.ridge, draws: 128))
        case .linUCB: self = .linUCB(LinUCB(dimension: dimension, alpha: 0.25, ridge: Self.ridge))
        case .squareCB: self = .squareCB(SquareCB(dimension: dimension, ridge: Self.ridge))
        }
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        if actions.count == 1 { return .uniform(1) }
        switch self {
        case .fixed: return ActionDistribution(weights: actions.indices.map { $0 == 0 ? 1 : 0 })
        case .random: return .uniform(actions.count)
        case .epsilonGreedy(let policy): return policy.distribution(actions, &random)
        case .thompson(let policy): return policy.distribution(actions, &random)
        case .linearThompson(let policy): return policy.distribution(actions, &random)
        case .logisticThompson(let policy): return policy.distribution(actions, &random)
        case .linUCB(let policy): return policy.distribution(actions, &random)
        case .squareCB(let policy): return policy.distribution(actions, &random)
        }
    }

    /// What a policy with a regression expects of an action; nil of others.
    package func expected(_ action: BanditAction) -> Double? {
        switch self {
        case .fixed, .random, .epsilonGreedy, .thompson: nil
        case .linearThompson(let policy): policy.regression.value(action.features)
        case .logisticThompson(let policy): policy.regression.probability(action.features)
        case .linUCB(let policy): policy.regression.value(action.features)
        case .squareCB(let policy): policy.regression.value(action.features)
        }
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        apply(.reward(action, reward, weight))
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        apply(.correction(action, difference, weight))
    }

    private enum Lesson {
        case reward(BanditAction, Double, Double)
        case correction(BanditAction, Double, Double)

        func teach(_ policy: inout some BanditPolicy) {
            switch self {
            case .reward(let action, let reward, let weight): policy.learn(action, reward: reward, weight: weight)
            case .correction(let action, let difference, let weight):
                policy.correct(action, by: difference, weight: weight)
            }
        }
    }

    /// Each policy is taken out of `self` while it changes, so that nothing of it is copied.
    private mutating func apply(_ lesson: Lesson) {
        switch self {
        case .fixed, .random: return
        case .epsilonGreedy(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .epsilonGreedy(policy)
        case .thompson(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .thompson(policy)
        case .linearThompson(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .linearThompson(policy)
        case .logisticThompson(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .logisticThompson(policy)
        case .linUCB(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .linUCB(policy)
        case .squareCB(var policy):
            self = .fixed
            lesson.teach(&policy)
            self = .squareCB(policy)
        }
    }
}
