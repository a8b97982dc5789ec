/// One place of a list.
package struct Recommendation: Sendable, Hashable, Codable {
    package var item: String
    /// In deviations above the average item, rules included.
    package var score: Double
    package var reason: Reason
    /// How likely the item was to get this place, given the places before.
    package var propensity: Double

    package init(item: String, score: Double, reason: Reason, propensity: Double = 1) {
        self.item = item
        self.score = score
        self.reason = reason
        self.propensity = propensity
    }
}
