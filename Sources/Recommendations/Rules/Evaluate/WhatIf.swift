import Statistics

/// What another policy would have brought, from decisions that the policy in force made.
///
/// The other policy learns as it would have: from the trials of one half of the persons, in the order of time, to be
/// judged on those of the other half, and the other way round. So it never chooses for somebody whose answer it knows.
package struct WhatIf: Sendable {
    package var report: OffPolicyReport
    /// How the policies would choose: for each action id (at most `actionsMax`, the most frequent ones) the share of
    /// decisions, as it was and as it would be.
    package var shares: [Share]

    package struct Share: Sendable, Hashable {
        package var action: String
        package var before: Double
        package var after: Double
    }

    /// The newest trials that are looked at.
    package static let trialsMax = 20_000
    private static let actionsMax = 20

    /// - Parameter seed: of everything that is drawn.
    /// - Complexity: O(trials × (actions × features² + resamples × estimators))
    package static func judge(
        _ settings: PolicySettings, by trials: [BanditTrial], rules: OffPolicyRules = OffPolicyRules(),
        seed: UInt64 = 1
    ) -> WhatIf {
        let trials = trials.sorted { ($0.decision.time, $0.decision.id) < ($1.decision.time, $1.decision.id) }
            .suffix(trialsMax)
        var logged: [LoggedDecision] = []
        var before: [String: Double] = [:]
        var after: [String: Double] = [:]
        for fold in 0..<2 {
            let judge = HalfJudge(settings, learningFrom: trials.filter { half($0.decision.person) != fold })
            var random = RandomSource(seed: seed, stream: UInt64(fold))
            for trial in trials where half(trial.decision.person) == fold {
                let (decision, target) = judge.judge(trial, &random)
                logged.append(decision)
                before[trial.decision.actions[trial.decision.chosen].id, default: 0] += 1
                for (action, probability) in zip(trial.decision.actions, target) {
                    after[action.id, default: 0] += probability
                }
            }
        }
        let count = Double(max(1, logged.count))
        let names = Set(before.keys).union(after.keys)
        let shares = names.map {
            Share(action: $0, before: (before[$0] ?? 0) / count, after: (after[$0] ?? 0) / count)
        }.sorted { (max($1.before, $1.after), $0.action) < (max($0.before, $0.after), $1.action) }
        return WhatIf(
            report: OffPolicyReport.make(logged, rules: rules, seed: seed), shares: Array(shares.prefix(actionsMax)))
    }

    /// The same half for a person in every process.
    private static func half(_ person: String) -> Int {
        Int(person.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 } >> 33 & 1)
    }
}

/// A policy and a model of rewards, both learned from one half of the trials.
private struct HalfJudge {
    private let learner: PolicyLearner
    /// Expects rewards by the features of a policy that looks at everything.
    private let model: PolicyLearner

    init(_ settings: PolicySettings, learningFrom trials: [BanditTrial]) {
        var learner = PolicyLearner(settings, windowMilliseconds: 0)
        var everything = PolicySettings(.squareCB)
        everything.features =
            settings.features.isEmpty
            ? Array(Set(trials.prefix(1_000).flatMap(\.decision.context.keys)).sorted().prefix(50)) : settings.features
        var model = PolicyLearner(everything, windowMilliseconds: 0)
        for trial in trials {
            learner.learn(trial)
            model.learn(trial)
        }
        self.learner = learner
        self.model = model
    }

    func judge(_ trial: BanditTrial, _ random: inout RandomSource) -> (LoggedDecision, target: [Double]) {
        let decision = trial.decision
        let target = learner.distribution(
            decision.actions, subject: decision.subject, context: decision.context, known: decision.known, &random
        ).probabilities
        let expected = model.expected(decision.actions, subject: decision.subject, context: decision.context)
        let mean = zip(target, expected).reduce(0) { $0 + $1.0 * $1.1 }
        return (
            LoggedDecision(
                reward: trial.reward, propensity: decision.propensity, target: target[decision.chosen],
                modelReward: expected[decision.chosen], modelTarget: mean),
            target
        )
    }
}
