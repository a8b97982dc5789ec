package import Statistics

/// What a placement's policy has learned, and the decisions whose rewards it waits for.
///
/// A decision is a trial once it was shown (or rewarded, where nobody reports what was shown). It counts as nothing
/// when its window ends without a reward, as its reward when that comes; one that comes later still corrects what was
/// learned. Time is that of the events, so the same events in the same order leave the same learner, at any pace.
///
/// ```swift
/// var learner = PolicyLearner(settings, windowMilliseconds: day)
/// let choice = learner.choose(question, &random)
/// learner.made(decision); learner.shown(decision.id, at: time); learner.rewarded(decision.id, 0.4, at: later)
/// ```
package struct PolicyLearner: Sendable, Hashable, Codable {
    package let settings: PolicySettings
    /// How long a decision that was shown waits for its reward.
    package let windowMilliseconds: Int64
    package private(set) var policy: LearnedPolicy
    package private(set) var space: FeatureSpace
    package private(set) var counts = Counts()
    /// By action, and by subject.
    private var actions = BoundedTable<Rate>(max: BanditLimits.actions)
    private var subjects = BoundedTable<Rate>(max: BanditLimits.actions)
    private var overall = Rate()
    private var waiting = WaitingTrials()
    /// The newest time that any event has told.
    package private(set) var time: Int64 = .min

    /// What has been learned from, in numbers.
    package struct Counts: Sendable, Hashable, Codable {
        package var decisions = 0
        package var trials = 0
        /// Trials with a reward above 0.
        package var rewarded = 0
        /// Of these, those whose window had ended.
        package var late = 0
        package var reward = 0.0

        package init() {}
    }

    /// How often something was tried and what it brought.
    struct Rate: Sendable, Hashable, Codable {
        var trials = 0.0
        var reward = 0.0

        /// - Parameter weight: how many trials the belief beforehand is worth.
        func mean(prior: Double, weight: Double) -> Double { (reward + prior * weight) / (trials + weight) }
    }

    private static let priorTrials = 20.0
    private static let priorRewards = 5.0
    /// What is believed of a reward before there was any.
    private static let priorMean = 0.1

    package init(
        _ settings: PolicySettings, windowMilliseconds: Int64, dimension: Int = BanditLimits.features
    ) {
        self.settings = settings
        self.windowMilliseconds = windowMilliseconds
        policy = LearnedPolicy(settings, dimension: dimension)
        space = FeatureSpace(dimension: dimension)
    }

    // MARK: Choosing

    /// - Parameters:
    ///   - known: the action that the person was shown last for the subject: others lose the stability's penalty.
    ///   - random: the choice, and the estimate of distributions that are drawn.
    package func choose(
        _ actions: [BanditDecision.Action], subject: String? = nil, context: [String: ContextValue] = [:],
        known: String? = nil, _ random: inout RandomSource
    ) -> BanditChoice {
        let distribution = distribution(actions, subject: subject, context: context, known: known, &random)
        return BanditChoice(action: distribution.draw(&random), distribution: distribution)
    }

    package func distribution(
        _ actions: [BanditDecision.Action], subject: String? = nil, context: [String: ContextValue] = [:],
        known: String? = nil, _ random: inout RandomSource
    ) -> ActionDistribution {
        let candidates = candidates(actions, subject: subject, context: context, known: known)
        let own = policy.distribution(candidates, &random)
        if settings.kind == .fixed { return own }
        return own.withFloor(exploration(context))
    }

    /// What each action is expected to bring, from 0 to 1, by a policy that has a regression; by any other what the
    /// action brought so far.
    package func expected(
        _ actions: [BanditDecision.Action], subject: String? = nil, context: [String: ContextValue] = [:]
    ) -> [Double] {
        candidates(actions, subject: subject, context: context, known: nil).map { candidate in
            if let value = policy.expected(candidate) { return min(1, max(0, value)) }
            let mean = overall.mean(prior: Self.priorMean, weight: Self.priorTrials)
            return (self.actions[candidate.id] ?? Rate()).mean(prior: mean, weight: Self.priorTrials)
        }
    }

    /// The share of choices at random for somebody's segment.
    package func exploration(_ context: [String: ContextValue]) -> Double {
        guard let segment = settings.segment, let value = context[segment] else { return settings.exploration }
        let name =
            switch value {
            case .text(let text): text
            case .number(let number): ItemID.text(number)
            }
        return settings.segmentExploration[name] ?? settings.exploration
    }

    private func candidates(
        _ actions: [BanditDecision.Action], subject: String?, context: [String: ContextValue], known: String?
    ) -> [BanditAction] {
        let isKnown = known.map { id in actions.contains { $0.id == id } } ?? false
        let vectors =
            settings.kind.isContextual
            ? space.dense(actions.map { features($0, subject: subject, context: context) })
            : actions.map { _ in [] }
        return zip(actions, vectors).map { action, vector in
            BanditAction(
                Self.key(action.id, subject), features: vector,
                bonus: isKnown && action.id != known ? -settings.stability : 0)
        }
    }

    /// Pictures are named within their item.
    private static func key(_ action: String, _ subject: String?) -> String {
        subject.map { $0 + "\u{1F}" + action } ?? action
    }

    private func features(
        _ action: BanditDecision.Action, subject: String?, context: [String: ContextValue]
    ) -> [NamedFeature] {
        let mean = overall.mean(prior: Self.priorMean, weight: Self.priorTrials)
        // Where rewards are rare, more trials say as little.
        let weight = max(Self.priorTrials, Self.priorRewards / max(mean, 1e-3))
        let among = (subjects[subject ?? ""] ?? Rate()).mean(prior: mean, weight: weight)
        let own = (actions[Self.key(action.id, subject)] ?? Rate()).mean(prior: among, weight: weight)
        // Ratios, so that a coefficient means the same where rewards are rare.
        return ActionFeatures.features(
            tags: action.tags, context: context.filter { isFeature($0.key) }, own: own / max(among, 1e-3) - 1,
            subject: among / max(mean, 1e-3) - 1)
    }

    private func isFeature(_ name: String) -> Bool {
        name.hasPrefix(ActionFeatures.tastePrefix) || settings.features.contains(name)
    }

    // MARK: Learning

    package mutating func made(_ decision: BanditDecision) {
        advance(to: decision.time)
        counts.decisions += 1
        let action = decision.actions[decision.chosen]
        let vector =
            settings.kind.isContextual
            ? space.numbered(features(action, subject: decision.subject, context: decision.context)) : nil
        let trial = WaitingTrials.Trial(
            action: Self.key(action.id, decision.subject), subject: decision.subject ?? "", features: vector,
            made: decision.time)
        for old in waiting.add(decision.id, trial) where old.shown != nil && old.learned == nil { learn(old, 0) }
    }

    /// When a decision was made that may still be shown or rewarded; nil for one that the learner does not know.
    package func made(_ id: String) -> Int64? { waiting[id]?.made }

    package mutating func shown(_ id: String, at time: Int64) {
        advance(to: time)
        waiting.shown(id, at: time, due: time + windowMilliseconds)
    }

    /// - Parameter reward: from 0 to 1; of several the largest counts.
    package mutating func rewarded(_ id: String, _ reward: Double, at time: Int64) {
        advance(to: time)
        let reward = min(1, max(0, reward))
        guard reward.isFinite, let trial = waiting[id] else { return }
        if trial.shown == nil { waiting.shown(id, at: time, due: time + windowMilliseconds) }
        guard let learned = trial.learned else {
            guard reward > 0 else { return }
            learn(trial, reward)
            return waiting.learned(id, reward)
        }
        guard reward > learned else { return }
        correct(trial, from: learned, to: reward)
        waiting.learned(id, reward)
    }

    /// Ends the windows of what was shown long enough ago.
    package mutating func advance(to time: Int64) {
        self.time = max(self.time, time)
        while let (id, trial) = waiting.popDue(before: self.time) {
            learn(trial, 0)
            waiting.learned(id, 0)
        }
        waiting.forget(madeBefore: self.time - 4 * windowMilliseconds)
    }

    /// Learns from decisions of before the policy, whose rewards are known.
    ///
    /// - Parameter weight: how much each counts beside one of the policy's own.
    package mutating func learn(_ trial: BanditTrial, weight: Double = 1) {
        let action = trial.decision.actions[trial.decision.chosen]
        let vector =
            settings.kind.isContextual
            ? space.numbered(features(action, subject: trial.decision.subject, context: trial.decision.context)) : nil
        learn(
            WaitingTrials.Trial(
                action: Self.key(action.id, trial.decision.subject), subject: trial.decision.subject ?? "",
                features: vector, made: trial.decision.time), min(1, max(0, trial.reward)), weight: weight)
    }

    private mutating func learn(_ trial: WaitingTrials.Trial, _ reward: Double, weight: Double = 1) {
        policy.learn(action(trial), reward: reward, weight: weight)
        counts.trials += 1
        counts.rewarded += reward > 0 ? 1 : 0
        counts.reward += reward
        note(trial, trials: weight, reward: reward * weight)
    }

    private mutating func correct(_ trial: WaitingTrials.Trial, from old: Double, to new: Double) {
        policy.correct(action(trial), by: new - old, weight: 1)
        counts.rewarded += old > 0 ? 0 : 1
        counts.late += old > 0 ? 0 : 1
        counts.reward += new - old
        note(trial, trials: 0, reward: new - old)
    }

    private mutating func note(_ trial: WaitingTrials.Trial, trials: Double, reward: Double) {
        func add(_ rate: inout Rate) {
            rate.trials += trials
            rate.reward += reward
        }
        add(&overall)
        actions.change(trial.action, default: Rate(), add)
        subjects.change(trial.subject, default: Rate(), add)
    }

    private func action(_ trial: WaitingTrials.Trial) -> BanditAction {
        BanditAction(trial.action, features: trial.features?.dense(space.dimension) ?? [])
    }
}
