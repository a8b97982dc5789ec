package import EventLog

extension Snapshot {
    /// What was decided at a placement and shown, with what came of it.
    ///
    /// - Parameters:
    ///   - reward: what counts as success; nil counts `Decision Rewarded`, and clicks as 1.
    ///   - features: of the context, beside tastes and what the person knew; nil is none at all.
    ///   - times: of the decisions, in milliseconds.
    ///   - limit: the newest so many.
    /// - Complexity: O(rows of decisions, feedback and the reward's event)
    package func trials(
        of placement: String, reward: RewardDefinition?, features: [String]?, times: Range<Int64>, limit: Int,
        threads: Int? = nil
    ) throws -> [BanditTrial] {
        let window = reward?.windowMilliseconds ?? 86_400_000
        var properties = [
            Vocabulary.decisionID, "placement", "subject", "actions", "action_tags", "probabilities", "chosen",
            "reward",
        ]
        if let features {
            let known = propertyNames.names.filter {
                $0.hasPrefix(Vocabulary.contextPrefix + ActionFeatures.tastePrefix)
            }
            properties += known.prefix(200)
            properties += ([BanditDecision.knownFeature] + features).map { Vocabulary.contextPrefix + $0 }
        }
        var events: Set<String> = [
            Vocabulary.decisionMade, Vocabulary.decisionShown, Vocabulary.decisionClicked, Vocabulary.decisionRewarded,
        ]
        if let reward {
            events.insert(reward.event)
            properties += [reward.item, reward.value].compactMap(\.self) + reward.filters.keys
        }
        let unique = Array(Set(properties)).sorted()
        let (end, overflows) = times.upperBound.addingReportingOverflow(window)
        let plan = EventPlan(
            self, events: events, properties: unique, times: times.lowerBound..<(overflows ? .max : end))
        let folds = try scan(plan.selection, threads: threads) { EventFold(plan) }.folds
        var book = TrialBook(placement: placement, reward: reward, times: times)
        for fold in folds { for event in fold.events { book.read(event) } }
        return book.trials(limit: limit)
    }
}

/// Joins decisions with what came of them, person after person.
private struct TrialBook {
    let placement: String
    let reward: RewardDefinition?
    let times: Range<Int64>
    private var decisions: [String: (decision: BanditDecision, reward: Double, isShown: Bool)] = [:]
    /// By person and subject.
    private var latest: [String: String] = [:]

    init(placement: String, reward: RewardDefinition?, times: Range<Int64>) {
        self.placement = placement
        self.reward = reward
        self.times = times
    }

    mutating func read(_ event: Event) {
        if let decision = BanditDecision(event) {
            guard decision.placement == placement, times.contains(decision.time) else { return }
            decisions[decision.id] = (decision, 0, false)
            latest[key(event.person, decision.subject)] = decision.id
        } else if let id = event.text(Vocabulary.decisionID) {
            guard decisions[id] != nil else { return }
            switch event.name {
            case Vocabulary.decisionShown: decisions[id]?.isShown = true
            case Vocabulary.decisionRewarded: note(id, event.number("reward") ?? 1)
            case Vocabulary.decisionClicked: note(id, reward == nil ? 1 : 0)
            default: if let worth = reward?.reward(of: event, items: []) { note(id, worth) }
            }
        } else if let reward, event.name == reward.event {
            let subjects: [String?] = reward.item.map { event[$0]?.asIDs ?? [] } ?? [nil]
            for id in subjects.compactMap({ latest[key(event.person, $0)] }) {
                guard let made = decisions[id]?.decision.time, event.time <= made + reward.windowMilliseconds,
                    let worth = reward.reward(of: event, items: [])
                else { continue }
                note(id, worth)
            }
        }
    }

    private mutating func note(_ id: String, _ worth: Double) {
        let before = decisions[id]?.reward ?? 0
        decisions[id]?.isShown = true
        decisions[id]?.reward = min(1, max(before, worth))
    }

    private func key(_ person: String, _ subject: String?) -> String { person + "\u{1F}" + (subject ?? "") }

    func trials(limit: Int) -> [BanditTrial] {
        decisions.values.filter(\.isShown).map { BanditTrial($0.decision, reward: $0.reward) }
            .sorted { ($0.decision.time, $0.decision.id) < ($1.decision.time, $1.decision.id) }.suffix(limit)
    }
}
