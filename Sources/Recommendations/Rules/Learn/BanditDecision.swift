/// One choice among actions, as the log has it: everything that a policy learns from, and by which others are judged.
package struct BanditDecision: Sendable, Hashable {
    package struct Action: Sendable, Hashable {
        package var id: String
        /// What it shows, and how strongly.
        package var tags: [String: Double]

        package init(_ id: String, tags: [String: Double] = [:]) {
            self.id = id
            self.tags = tags
        }
    }

    package var id: String
    package var person: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    package var placement: String
    /// The item whose picture was chosen; nil for banners and offers.
    package var subject: String?
    /// In the order in which they are preferred when nothing is known: the first is what everybody would be shown.
    package var actions: [Action]
    /// Parallel to the actions.
    package var probabilities: [Double]
    /// An index of the actions.
    package var chosen: Int
    package var context: [String: ContextValue]

    package init(
        id: String, person: String, time: Int64, placement: String, subject: String? = nil, actions: [Action],
        probabilities: [Double], chosen: Int, context: [String: ContextValue] = [:]
    ) {
        precondition(actions.indices.contains(chosen) && actions.count == probabilities.count, "a choice of nothing")
        self.id = id
        self.person = person
        self.time = time
        self.placement = placement
        self.subject = subject
        self.actions = actions
        self.probabilities = probabilities
        self.chosen = chosen
        self.context = context
    }

    package var propensity: Double { probabilities[chosen] }

    /// The action that the person was shown last for the subject, as the decision was told.
    package var known: String? {
        if case .text(let known)? = context[Self.knownFeature] { known } else { nil }
    }

    /// The feature that says which action the person knows.
    package static let knownFeature = "known"
}

/// A decision and what came of it.
package struct BanditTrial: Sendable, Hashable {
    package var decision: BanditDecision
    /// From 0 to 1.
    package var reward: Double

    package init(_ decision: BanditDecision, reward: Double) {
        self.decision = decision
        self.reward = reward
    }
}
