import Foundation

/// Scores of items that do not depend on a person's history.
enum TrainScores {
    static let millisecondsPerDay = 86_400_000.0
    /// Below a tenth of an interaction differences say nothing.
    private static let least = 0.1
    /// What `trending` says of an item that nobody chose.
    static let nothing = Float(log(least))

    /// The logarithm of how much everybody did with each item.
    static func popular(_ interactions: Interactions) -> [Float] {
        var sums = [Double](repeating: 0, count: interactions.items.count)
        for row in 0..<interactions.count where interactions.strengths[row] > 0 {
            sums[Int(interactions.itemNumbers[row])] += Double(interactions.strengths[row])
        }
        return sums.map { Float(log1p($0)) }
    }

    /// What is chosen these days, by group: each interaction loses half of its weight with every half-life. A group
    /// with few interactions of its own is filled up with everybody's, in their proportions.
    ///
    /// - Parameter now: ages count from here, in milliseconds since 1970-01-01T00:00:00Z.
    /// - Returns: by group, then by item: logarithms. The first is everybody.
    static func trending(_ settings: TrendingSettings, _ interactions: Interactions, now: Int64) -> [[Float]] {
        let itemCount = interactions.items.count
        let groupCount = interactions.groupNames.count
        var decayed = [[Double]](repeating: [Double](repeating: 0, count: itemCount), count: groupCount)
        for row in 0..<interactions.count where interactions.counts(row, from: settings.relevantFrom) {
            let age = max(0, Double(now - interactions.times[row])) / millisecondsPerDay
            let weight = exp2(-age / settings.halfLifeDays)
            let item = Int(interactions.itemNumbers[row])
            decayed[0][item] += weight
            let group = Int(interactions.groups[row])
            if group > 0 {
                decayed[group][item] += weight
            }
        }
        let all = decayed[0]
        let total = max(all.reduce(0, +), .leastNormalMagnitude)
        return decayed.enumerated().map { group, own in
            let ownTotal = own.reduce(0, +)
            return own.indices.map { item in
                let share =
                    group == 0
                    ? all[item]
                    : (own[item] + settings.groupPrior * all[item] / total) / (ownTotal + settings.groupPrior) * total
                return Float(log(least + share))
            }
        }
    }

    /// After so long an item is not new any more.
    private static let newMilliseconds: Int64 = 60 * 86_400_000

    /// Whether what is there since a time is new at another.
    static func isNew(_ since: Int64, at time: Int64) -> Bool { since <= time && time - since < newMilliseconds }

    /// How new each item is: 1 for this moment, half with every half-life; 0 when nobody knows.
    static func new(_ settings: NewSettings, since: [Int64?], now: Int64) -> [Float] {
        since.map { since in
            guard let since else { return 0 }
            return Float(exp2(-max(0, Double(now - since)) / millisecondsPerDay / settings.halfLifeDays))
        }
    }
}
