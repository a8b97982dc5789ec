package import EventLog

/// What the policies of a workspace's placements have learned: a fold over the log in its order.
///
/// For each placement the policy counts as begun with the version in which it was set; what was decided before counts
/// as far as its `warmStartDays` reach back.
package struct PolicyBook: Sendable, Hashable {
    /// A placement's policy and since when it is the one.
    package struct Origin: Sendable, Hashable, Codable {
        package var policy: PolicySettings
        package var reward: RewardDefinition?
        /// Of the placement: what was seen and taken before.
        package var impressions: ImpressionSource?
        /// The version of the placement in which it was set.
        package var version: Int
        /// When that was; milliseconds since 1970-01-01T00:00:00Z.
        package var time: Int64

        package init(
            policy: PolicySettings, reward: RewardDefinition?, impressions: ImpressionSource? = nil, version: Int,
            time: Int64
        ) {
            self.policy = policy
            self.reward = reward
            self.impressions = impressions
            self.version = version
            self.time = time
        }

        /// A reward comes within a day where nothing else was said.
        package var windowMilliseconds: Int64 { reward?.windowMilliseconds ?? 86_400_000 }

        /// When looks at pictures are learned from, before the policy's first choice; nil is never.
        var impressionTimes: Range<Int64>? {
            guard impressions != nil, policy.warmStartDays > 0 else { return nil }
            return time - Int64(policy.warmStartDays) * 86_400_000..<time
        }

        func counts(version: Int, time: Int64) -> Bool {
            version >= self.version
                || (policy.warmStartDays > 0
                    && time >= self.time - Int64(policy.warmStartDays) * 86_400_000)
        }
    }

    package struct Page: Sendable, Hashable, Codable {
        package var origin: Origin
        package var learner: PolicyLearner
        /// The latest decision about a subject for a person, for events that name the item and no decision. By a hash
        /// of both, so that nobody's id is kept.
        var latest = BoundedTable<String>(max: BanditLimits.waiting)
        /// Whether what was seen and taken before has been learned from.
        var hasImpressions = false

        init(origin: Origin) {
            self.origin = origin
            learner = PolicyLearner(origin.policy, windowMilliseconds: origin.windowMilliseconds)
        }
    }

    package private(set) var pages: [String: Page] = [:]

    package init() {}

    package init(pages: [String: Page]) { self.pages = pages }

    /// Begins anew where a policy has changed, and forgets those that are gone.
    ///
    /// - Returns: whether what is in the log already belongs to what has begun: it has to be read again.
    package mutating func setOrigins(_ origins: [String: Origin]) -> Bool {
        pages = pages.filter { origins[$0.key] != nil }
        var needsHistory = false
        for (name, origin) in origins where pages[name]?.origin != origin {
            pages[name] = Page(origin: origin)
            needsHistory = needsHistory || origin.policy.warmStartDays > 0
        }
        return needsHistory
    }

    /// Learns from what was seen and taken before the policy of a placement began.
    mutating func learn(_ trials: [BanditTrial], of placement: String) {
        for trial in trials { pages[placement]?.learner.learn(trial) }
        pages[placement]?.hasImpressions = true
    }

    /// The placements whose looks at pictures have still to be learned from.
    var awaitingImpressions: [(placement: String, origin: Origin)] {
        pages.filter { !$0.value.hasImpressions && $0.value.origin.impressionTimes != nil }
            .map { ($0.key, $0.value.origin) }.sorted { $0.0 < $1.0 }
    }

    /// Learns from an event of the log.
    package mutating func read(_ event: Event) {
        if event.name == Vocabulary.decisionMade {
            guard let decision = BanditDecision(event) else { return }
            let version = Int(event.number("policy_version") ?? 0)
            guard pages[decision.placement]?.origin.counts(version: version, time: decision.time) == true else {
                return
            }
            pages[decision.placement]?.learner.made(decision)
            let key = Self.key(event.person, decision.subject)
            pages[decision.placement]?.latest.change(key, default: "") { $0 = decision.id }
            return
        }
        let named = event.text(Vocabulary.decisionID)
        for (name, page) in pages {
            if let named {
                // A decision is one placement's; the others do not know it.
                guard page.learner.made(named) != nil else { continue }
                pages[name]?.learner.read(event, placement: name, reward: page.worth)
            } else if let reward = page.origin.reward, event.name == reward.event {
                for id in page.meant(by: event, reward) {
                    guard let worth = reward.reward(of: event, items: []) else { continue }
                    pages[name]?.learner.rewarded(id, worth, at: event.time)
                }
            }
        }
    }

    fileprivate static func key(_ person: String, _ subject: String?) -> String {
        let hash = (person + "\u{1F}" + (subject ?? "")).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0100_0000_01b3
        }
        return String(hash, radix: 36)
    }

    /// Which events it reads, with which properties.
    package var selection: TailSelection {
        let rewards = Dictionary(
            pages.values.compactMap(\.origin.reward).map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
        if pages.isEmpty { return TailSelection(events: { _ in false }) { _, _ in false } }
        let decisions: Set = [
            Vocabulary.decisionMade, Vocabulary.decisionShown, Vocabulary.decisionClicked, Vocabulary.decisionRewarded,
        ]
        return TailSelection {
            decisions.contains($0) || rewards[$0] != nil
        } wants: { event, property in
            switch event {
            case Vocabulary.decisionShown, Vocabulary.decisionClicked, Vocabulary.decisionRewarded:
                property == Vocabulary.decisionID || property == "reward"
            default: true
            }
        }
    }
}

extension PolicyBook.Page {
    /// What an event that names the decision is worth; nil when it does not count.
    func worth(_ event: Event) -> Double? {
        if event.name == Vocabulary.decisionClicked { return origin.reward == nil ? 1 : nil }
        return origin.reward?.reward(of: event, items: [])
    }

    /// The decisions that an event without a decision's id comes of: the latest about its items, within their window.
    func meant(by event: Event, _ reward: RewardDefinition) -> [String] {
        let subjects: [String?] = reward.item.map { event[$0]?.asIDs ?? [] } ?? [nil]
        return subjects.compactMap { latest[PolicyBook.key(event.person, $0)] }.filter { id in
            guard let made = learner.made(id) else { return false }
            return event.time >= made && event.time <= made + origin.windowMilliseconds
        }
    }
}
