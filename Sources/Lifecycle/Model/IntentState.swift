/// What somebody seems to be about at this moment. What each means and how it is found: docs/INTENT.md.
package enum IntentState: String, Sendable, Hashable, Codable, CaseIterable {
    case hesitating
    case comparing
    case aboutToBuy
    case aboutToLeave
    case lookingForHelp
    case browsing
}

/// How a session goes on from a moment. Exactly one comes about, so they can be learned from what happened.
package enum SessionOutcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// A purchase comes in this session.
    case buys
    /// Help is asked for in this session, and no purchase comes before.
    case asks
    /// Nothing more comes in this session, and something is in the cart.
    case leavesCart
    /// Nothing more comes in this session, and the cart is empty.
    case leaves
    /// Something comes, but neither a purchase nor a question.
    case goesOn
}

/// What is known of a person at a moment.
package struct IntentReading: Sendable, Hashable {
    package struct Chance: Sendable, Hashable {
        package var state: IntentState
        /// Calibrated; nil when no model has been trained, and for hesitating when there is nothing to hesitate over.
        package var probability: Double?
        /// Whether the rule of the state holds, or its probability is high enough.
        package var holds: Bool

        package init(_ state: IntentState, _ probability: Double?, holds: Bool) {
            self.state = state
            self.probability = probability
            self.holds = holds
        }
    }

    /// The one that counts: the first of those that hold, in the order of `states`.
    package var state: IntentState
    /// All of them, in the order in which one goes before another.
    package var states: [Chance]
    /// By outcome; nil when no model has been trained.
    package var outcomes: [SessionOutcome: Double]?
    package var session: SessionSummary
    /// The version of the model; nil without one.
    package var version: Int?

    package func probability(_ state: IntentState) -> Double? { states.first { $0.state == state }?.probability }
}

/// A session as people want to see it.
package struct SessionSummary: Sendable, Hashable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z, as all times here.
    package var start: Int64
    package var last: Int64
    package var idleSeconds: Double
    package var events: Int
    package var itemsViewed: Int
    package var searches: Int
    package var cartItems: Int
    package var hasBought: Bool
    package var lastRole: SessionRole
    /// What speaks for hesitating and for comparing: see `SessionEvidence`.
    package var signs: [SessionSign]
}
