/// What is to be chosen: one picture of an item, one banner of several.
package struct ActionQuestion: Sendable {
    package struct Action: Sendable, Hashable {
        package var id: String
        /// What it shows or is about and how strongly, from 0 to 1.
        package var tags: [String: Double]

        package init(_ id: String, tags: [String: Double] = [:]) {
            self.id = id
            self.tags = tags
        }
    }

    package var placement: StoredPlacement
    /// The item whose picture is chosen; nil for banners, offers and messages.
    package var subject: String?
    /// At least one, with different ids, in the order in which they are preferred when nothing is known.
    package var actions: [Action]
    /// Any id of the person; nil when nobody knows who it is.
    package var person: String?
    package var context: DecisionContext
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var now: Int64
    /// Chance of its own for each question.
    package var seed: UInt64

    package init(
        placement: StoredPlacement, subject: String?, actions: [Action], person: String?, context: DecisionContext,
        now: Int64, seed: UInt64
    ) {
        self.placement = placement
        self.subject = subject
        self.actions = actions
        self.person = person
        self.context = context
        self.now = now
        self.seed = seed
    }
}

/// What was chosen, and how likely each action was.
package struct ActionChoice: Sendable, Hashable {
    /// An index of the question's actions.
    package var chosen: Int
    /// Parallel to the question's actions; they sum to 1.
    package var probabilities: [Double]
    /// Machine-readable: `policy`, `exploration`, `first`, `stability`.
    package var reason: String
    package var isExploring: Bool
    /// The policy's own words for itself: `thompson`.
    package var policy: String
    /// What the policy looked at; logged as `context.NAME`, so that others can be judged by the same.
    package var features: [String: ContextValue]

    package init(
        chosen: Int, probabilities: [Double], reason: String, isExploring: Bool = false, policy: String = "fixed",
        features: [String: ContextValue] = [:]
    ) {
        self.chosen = chosen
        self.probabilities = probabilities
        self.reason = reason
        self.isExploring = isExploring
        self.policy = policy
        self.features = features
    }
}

/// Chooses one of several actions for a person. Asked while a page waits: it must answer within microseconds, from
/// memory, and must not fail. Called from several threads.
package protocol ActionChooser: Sendable {
    func choose(_ question: ActionQuestion) -> ActionChoice
}

/// Always the first.
package struct FirstAction: ActionChooser {
    package init() {}

    package func choose(_ question: ActionQuestion) -> ActionChoice {
        var probabilities = [Double](repeating: 0, count: question.actions.count)
        probabilities[0] = 1
        return ActionChoice(chosen: 0, probabilities: probabilities, reason: "first")
    }
}
