/// What was decided for a person at a placement, and everything that is needed to explain, replay and judge it.
package struct Decision: Sendable, Hashable {
    package struct Item: Sendable, Hashable {
        package var item: String
        package var score: Double
        /// How likely it was to get this place, given the places before.
        package var propensity: Double
        /// The model that said most for it, or the rule.
        package var source: String
        package var reason: Reason
        package var artwork: Artwork?

        package init(item: String, score: Double, propensity: Double = 1, source: String, reason: Reason) {
            self.item = item
            self.score = score
            self.propensity = propensity
            self.source = source
            self.reason = reason
        }
    }

    /// A row of a page: some of the items, in their order.
    package struct Row: Sendable, Hashable {
        /// `for-you`, `because:ITEM`, `trending`, `new`, `continue`.
        package var id: String
        package var items: Range<Int>

        package init(id: String, items: Range<Int>) {
            self.id = id
            self.items = items
        }
    }

    package struct Artwork: Sendable, Hashable {
        package var id: String
        package var url: String
        /// Nil when nothing was decided: the first that fits the language.
        package var decision: DecisionID?
    }

    /// One of several actions was chosen: a picture, a banner, an offer.
    package struct Choice: Sendable, Hashable {
        /// The item whose picture it is.
        package var subject: String?
        package var actions: [String]
        /// What each shows and how strongly, parallel to `actions`: others learn from it what pictures have in common.
        package var tags: [[String: Double]] = []
        /// Parallel to `actions`.
        package var probabilities: [Double]
        package var chosen: String
        package var reason: String
        /// What the policy looked at.
        package var features: [String: ContextValue]
        /// For a coupon: what to show. Not in the log.
        package var coupon: String?
    }

    package var id: DecisionID
    /// The person's id as it was given; nil when nobody knows who it is, and then nothing is logged.
    package var person: String?
    package var placement: String
    package var kind: Placement.Kind
    package var policy = "ranking"
    /// The version of the placement.
    package var policyVersion = 0
    package var model = ""
    package var modelVersion = ""
    package var items: [Item] = []
    package var rows: [Row] = []
    package var choice: Choice?
    package var rules: [String] = []
    /// How many items or actions were considered.
    package var candidates = 0
    package var isExploring = false
    package var fallback: Fallback?
    /// What went wrong on the way, in words for whoever runs the server.
    package var notes: [String] = []
    /// Whether whoever decided has written it to the log already.
    package var isWritten = false

    package init(id: DecisionID, person: String?, placement: String, kind: Placement.Kind) {
        self.id = id
        self.person = person
        self.placement = placement
        self.kind = kind
    }

    package var time: Int64 { id.time }
}
