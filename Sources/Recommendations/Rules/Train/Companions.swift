import Foundation

/// What is needed with something: items that the same persons take at the same time or some days after.
package struct Companion: Sendable, Hashable, Codable {
    package var item: String
    /// Persons who took both.
    package var support: Int
    /// Of those who took the first, the share that took this one within the time.
    package var confidence: Double
    /// How many times as likely that is as for anybody.
    package var lift: Double
    /// Of those who took both within the time, the share that took this one after the first, or with it, rather than
    /// before it.
    package var after: Double
    /// The share that took both at the same moment: one basket.
    package var together: Double
    /// The median of the days between.
    package var medianDays: Double
}

package enum Companions {
    package struct Settings: Sendable, Hashable {
        package var withinDays = 30.0
        /// Pairs of fewer persons are chance.
        package var supportMin = 3
        package var count = 20
        /// Interactions weaker than this do not count.
        package var relevantFrom = 0.0

        package init() {}
    }

    /// What goes with an item, the surest first: by lift, held back where few persons say it.
    ///
    /// - Complexity: O(interactions)
    package static func of(_ item: String, in interactions: Interactions, _ settings: Settings = Settings())
        -> [Companion]
    {
        guard let own = interactions.items.firstIndex(of: item) else { return [] }
        let within = Int64(settings.withinDays * TrainScores.millisecondsPerDay)
        var owners = 0
        var holders = [Int](repeating: 0, count: interactions.items.count)
        var gaps: [Int: [Int64]] = [:]
        var before: [Int: Int] = [:]
        for person in interactions.persons.indices {
            let rows = interactions.rows(of: person).filter { interactions.counts($0, from: settings.relevantFrom) }
            var met: Set<Int> = []
            for row in rows { met.insert(Int(interactions.itemNumbers[row])) }
            for other in met { holders[other] += 1 }
            guard met.contains(own) else { continue }
            owners += 1
            for (other, gap) in nearest(rows, own, interactions) where abs(gap) <= within {
                if gap >= 0 { gaps[other, default: []].append(gap) } else { before[other, default: 0] += 1 }
            }
        }
        let persons = interactions.persons.count
        let found = gaps.compactMap { other, days -> (Companion, Double)? in
            let support = days.count
            let confidence = Double(support) / Double(owners)
            let lift = confidence / (Double(holders[other]) / Double(persons))
            guard support >= settings.supportMin, lift > 1 else { return nil }
            let sorted = days.sorted()
            let companion = Companion(
                item: interactions.items[other], support: support, confidence: confidence, lift: lift,
                after: Double(support) / Double(support + (before[other] ?? 0)),
                together: Double(days.count { $0 == 0 }) / Double(support),
                medianDays: Double(sorted[support / 2]) / TrainScores.millisecondsPerDay)
            return (companion, log(lift) * Double(support) / Double(support + 10))
        }
        return found.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.item < $1.0.item }.prefix(settings.count).map(\.0)
    }

    /// For each other item the smallest time from the person's first interaction with the own one to it that is not
    /// negative, or else the one nearest to 0.
    private static func nearest(_ rows: [Int], _ own: Int, _ interactions: Interactions) -> [Int: Int64] {
        guard let first = rows.first(where: { Int(interactions.itemNumbers[$0]) == own }) else { return [:] }
        let start = interactions.times[first]
        var gaps: [Int: Int64] = [:]
        for row in rows where Int(interactions.itemNumbers[row]) != own {
            let other = Int(interactions.itemNumbers[row])
            let gap = interactions.times[row] - start
            guard let known = gaps[other] else {
                gaps[other] = gap
                continue
            }
            if known < 0 ? (gap >= 0 || gap > known) : (gap >= 0 && gap < known) { gaps[other] = gap }
        }
        return gaps
    }
}
