import EventLog

/// What can be done for somebody at a moment.
package enum MomentAction: String, Sendable, Hashable, Codable, CaseIterable {
    case nothing
    /// Delivery, returns, that the cart is kept: what takes doubts away and costs nothing.
    case reassurance
    /// Help to choose, or to find an answer.
    case guide
    /// Costs something, so it has a budget.
    case coupon

    /// How likely each was, in the order of `allCases`: what the moment calls for, but for the share of people for whom
    /// nothing is done.
    package static func chances(wanted: MomentAction, holdout: Double) -> [Double] {
        allCases.map { $0 == wanted ? (wanted == .nothing ? 1 : 1 - holdout) : $0 == .nothing ? holdout : 0 }
    }
}

/// A decision at a moment as it stands in the log.
package struct MomentRecord: Sendable, Hashable {
    package static let event = Vocabulary.decisionMade
    package static let placement = "moment"
    package static let policy = "moment"
    static let policyVersion = 1.0
    static let placementName = "placement"
    static let chosenName = "chosen"
    static let idName = "decision_id"
    static let rulesName = "rules"
    /// What would have been done without the holdout.
    static let wantedName = "context.wanted"
    /// What a coupon costs.
    static let costName = "context.cost"
    package static let holdoutRule = "holdout"

    package var time: Int64
    package var id: String
    package var chosen: MomentAction
    package var wanted: MomentAction
    package var isWithheld: Bool
    package var cost: Double
}

/// What was decided for somebody at a moment.
package struct MomentDecision: Sendable, Hashable {
    /// Nil when nothing was decided: actions are off, or there is no session.
    package var id: String?
    package var action: MomentAction
    /// What the moment calls for; another than `action` for who is held out.
    package var wanted: MomentAction
    /// The share of people for whom nothing is done.
    package var holdout = 0.0
    /// For a coupon: what to show.
    package var couponCode: String?
    /// Why, as words for programs: `cart_left`, `holdout`, `coupon_budget_spent`, and so on.
    package var reasons: [String]
    /// Whether it was decided before in this session.
    package var isRepeated: Bool
    package var reading: IntentReading?
}
