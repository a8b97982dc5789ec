package import EventLog
import Synchronization

/// A decision with what came of it.
package struct DecisionExplanation: Sendable {
    package var decision: Decision
    /// Whom it was made for: the canonical id at this moment.
    package var person: String
    /// The placement as it was then; nil when it has been changed too often since, or was never defined.
    package var placement: StoredPlacement?
    /// Events that name the decision, and those that its placement's reward counts, in time order.
    package var feedback: [Feedback]

    package struct Feedback: Sendable, Hashable {
        package var event: Event
        /// What it is worth by the placement's reward; nil when it does not count.
        package var reward: Double?
    }

    /// The most that came of it; nil when nothing has yet.
    package var reward: Double? { feedback.compactMap(\.reward).max() }
}

extension DecisionService {
    /// Events that are shown of what came of one decision.
    private static let feedbackMax = 200

    /// What was decided, why, and what came of it.
    ///
    /// - Throws: `RecommendationError` with `notFound`; `EventLogError`.
    /// - Complexity: one person's history; when persons were merged since, a scan of decisions
    package func explanation(of id: DecisionID) throws -> DecisionExplanation {
        try? journal.flush()
        let snapshot = try history.snapshot()
        guard let person = try person(of: id, snapshot) else { throw Self.missing(id) }
        let events = try snapshot.history(of: person).map(\.event)
        guard let decision = events.lazy.compactMap({ Decision($0) }).first(where: { $0.id == id }) else {
            throw Self.missing(id)
        }
        let placement = try? placements.version(decision.policyVersion, of: decision.placement)
        var explanation = DecisionExplanation(
            decision: decision, person: person, placement: placement, feedback: [])
        explanation.feedback = Self.feedback(events, decision, placement?.placement.reward)
        return explanation
    }

    static func missing(_ id: some CustomStringConvertible) -> RecommendationError {
        RecommendationError(
            .notFound,
            "there is no decision '\(String(describing: id).prefix(64))': it may have been made for nobody in "
                + "particular, for somebody who was deleted, or before what the log still holds")
    }

    private static func feedback(
        _ events: [Event], _ decision: Decision, _ reward: RewardDefinition?
    ) -> [DecisionExplanation.Feedback] {
        let text = decision.id.description
        let items = decision.items.map(\.item) + [decision.choice?.subject].compactMap(\.self)
        var feedback: [DecisionExplanation.Feedback] = []
        for event in events where event.name != Vocabulary.decisionMade && event.time >= decision.time {
            let names = event.text(Vocabulary.decisionID) == text
            let isInTime = reward.map { event.time <= decision.time + $0.windowMilliseconds } ?? false
            var worth = isInTime ? reward?.reward(of: event, items: items) : nil
            // An event that names another decision is that one's.
            if !names, event.text(Vocabulary.decisionID) != nil { worth = nil }
            if names, event.name == Vocabulary.decisionRewarded { worth = min(1, max(0, event.number("reward") ?? 1)) }
            if names, event.name == Vocabulary.decisionClicked, reward == nil { worth = 1 }
            guard names || worth != nil else { continue }
            feedback.append(.init(event: event, reward: worth))
            if feedback.count == feedbackMax { break }
        }
        return feedback
    }

    /// Whom a decision was made for.
    private func person(of id: DecisionID, _ snapshot: Snapshot) throws -> String? {
        if let known = recent.withLock({ $0[id]?.person }) { return known }
        guard let made = snapshot.eventNames.number(of: Vocabulary.decisionMade),
            let property = snapshot.propertyNames.number(of: Vocabulary.decisionID)
        else { return nil }
        let selection = Selection(events: [made], times: id.time..<id.time + 1, properties: [property])
        var fold = FindDecision(id.description)
        try snapshot.visit(home: id.home, selection, &fold)
        if let found = fold.person { return found }
        // The person may have been merged into another since, under whose hash the rows lie now.
        return try snapshot.scan(selection) { FindDecision(id.description) }.folds.lazy.compactMap(\.person).first
    }

    // MARK: What came of it

    /// What somebody says came of a decision.
    package struct Outcome: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable { case shown, clicked, rewarded }

        package var kind: Kind
        /// The items that it is about; none is all of them.
        package var items: [String]
        /// From 0 to 1; for `rewarded` only.
        package var reward: Double?
        /// Makes a repetition harmless.
        package var messageID: String?

        package init(kind: Kind, items: [String] = [], reward: Double? = nil, messageID: String? = nil) {
            self.kind = kind
            self.items = items
            self.reward = reward
            self.messageID = messageID
        }
    }

    /// Writes down what came of a decision, as an event of the person whom it was made for.
    ///
    /// - Throws: `RecommendationError` with `notFound`, or with `invalid` for items that were not decided;
    ///   `EventLogError`.
    package func record(_ outcome: Outcome, of id: DecisionID) async throws {
        // What is learned is a fold over the log: a decision has to stand before what came of it.
        try journal.flush()
        let known = try known(id)
        let strangers = outcome.items.filter { !known.items.contains($0) }
        if let stranger = strangers.first {
            throw RecommendationError(.invalid, "'\(stranger.prefix(100))' is not among what was decided")
        }
        let items = outcome.items.isEmpty && outcome.kind == .shown ? known.items : outcome.items
        var properties: [Event.Property] = [
            .init(Vocabulary.decisionID, .string(id.description)), .init("placement", .string(known.placement)),
        ]
        if items.count == 1 {
            properties.append(.init("item", .string(items[0])))
        } else if items.count > 1 {
            properties.append(.init("item", .strings(items)))
        }
        if let reward = outcome.reward { properties.append(.init("reward", .number(reward))) }
        let name =
            switch outcome.kind {
            case .shown: Vocabulary.decisionShown
            case .clicked: Vocabulary.decisionClicked
            case .rewarded: Vocabulary.decisionRewarded
            }
        try await log.storeSoon([
            Event(
                person: known.person, name: name, time: now(), properties: properties,
                messageID: outcome.messageID.map { "decision:\(id):\($0)" })
        ])
    }

    private func known(_ id: DecisionID) throws -> RecentDecisions.Known {
        if let known = recent.withLock({ $0[id] }) { return known }
        let explained = try explanation(of: id)
        return RecentDecisions.Known(explained.decision, person: explained.person)
    }
}

extension RecentDecisions.Known {
    init(_ decision: Decision, person: String) {
        self.person = person
        placement = decision.placement
        items = decision.items.map(\.item) + (decision.choice.map { [$0.subject ?? $0.chosen] } ?? [])
    }
}

/// Finds the person whose decision has an id.
private struct FindDecision: PersonFold, Sendable {
    private let id: String
    private var columns: [PropertyColumns] = []
    private(set) var person: String?

    init(_ id: String) { self.id = id }

    mutating func enter(_ block: ScanBlock) {
        columns = (0..<block.sourceCount).map { block.column(0, source: $0) }
    }

    mutating func visit(_ view: borrowing PersonView) throws {
        guard person == nil else { return }
        for row in view.rows where columns[Int(row.source)].value(at: row.row) == .string(id) {
            person = view.id
            return
        }
    }
}
