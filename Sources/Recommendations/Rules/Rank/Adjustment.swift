import Foundation

/// What rules add to an item's score, in deviations.
package struct Adjustment: Sendable {
    package let settings: RankingSettings
    package let now: Int64

    package init(_ settings: RankingSettings, now: Int64) {
        self.settings = settings
        self.now = now
    }

    /// How often an item may be shown without being taken before that counts against it.
    private static let patience = 2

    /// - Parameters:
    ///   - since: when the item became available; nil when nobody knows.
    ///   - ignored: how often the person was shown the item lately and left it.
    package func points(_ id: String, _ item: CandidateItem?, since: Int64? = nil, ignored: Int = 0) -> Double {
        var points = 0.0
        for boost in settings.boosts where boost.of.matches(id, item) { points += boost.by }
        if settings.freshness > 0, let since = since ?? item?.since {
            let days = max(0, Double(now - since)) / TrainScores.millisecondsPerDay
            points += settings.freshness * exp2(-days / settings.freshnessHalfLifeDays)
        }
        return points - settings.fatigue * Double(max(0, ignored - Self.patience))
    }

    /// Whether `points` can be anything but 0 without fatigue.
    package var isIdle: Bool { settings.boosts.isEmpty && settings.freshness == 0 }
}
