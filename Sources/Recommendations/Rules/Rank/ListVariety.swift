/// Rules about a list as a whole, in their order: calibration or diversity, then the cap, which has the last word.
struct ListVariety {
    let settings: RankingSettings
    /// What the catalogue says of an item.
    let item: (Int) -> CandidateItem?
    /// How alike two items are, from 0 to 1.
    let likeness: (Int, Int) -> Double

    /// Whether the order is only that of scores.
    static func isPlain(_ settings: RankingSettings) -> Bool {
        settings.diversity == 0 && settings.calibration == 0 && settings.perCategory == nil && settings.exploration == 0
    }

    /// - Parameters:
    ///   - order: items, best first.
    ///   - fit: their scores, parallel to `order`.
    func applied(to order: [Int], fit: [Double], _ history: History, count: Int) -> [Int] {
        var order = order
        let capped = settings.perCategory != nil || settings.exploration > 0
        let wanted = capped ? order.count : count
        if settings.calibration > 0 {
            let interests = Calibration.shares(
                history.entries.map { (item($0.item)?.categories ?? [], Double($0.strength)) })
            if !interests.isEmpty {
                let picked = Calibration.rank(
                    fit, categories: order.map { item($0)?.categories ?? [] }, history: interests,
                    count: wanted, weight: settings.calibration)
                order = picked.map { order[$0] }
            }
        } else if settings.diversity > 0 {
            let candidates = order
            let picked = Diversity.maximalMarginalRelevance(fit, count: wanted, weight: settings.diversity) {
                likeness(candidates[$0], candidates[$1])
            }
            order = picked.map { candidates[$0] }
        }
        if let limit = settings.perCategory {
            order = ListRules.capped(order, per: limit) { item($0)?.categories.last }
        }
        return order
    }
}
