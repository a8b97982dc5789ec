import Foundation
import Statistics

/// How long it takes until something is bought again: log-normal times, and a share of buyers who never do.
///
/// Who has not bought again yet may still do so: the share that does comes from the likelihood of a cure model (Boag,
/// 1949), in which somebody who has waited for `t` contributes 1 - share · F(t).
package struct Cycle: Sendable, Hashable {
    /// Mean and deviation of the logarithm of the days.
    package var logMean: Double
    package var logDeviation: Double
    /// Of the buyers, those who buy again.
    package var share: Double
    /// How many times between two purchases it rests on.
    package var gaps: Double

    package var medianDays: Double { exp(logMean) }

    package init(logMean: Double, logDeviation: Double, share: Double, gaps: Double) {
        self.logMean = logMean
        self.logDeviation = logDeviation
        self.share = share
        self.gaps = gaps
    }

    /// The share of those who buy again that has done so after some days.
    package func reached(days: Double) -> Double {
        guard days > 0 else { return 0 }
        return NormalDistribution.standard.cumulative((log(days) - logMean) / logDeviation)
    }

    /// The chance of buying within the next days, of somebody who has not for `waited` days.
    package func chance(waited: Double, within days: Double) -> Double {
        let (now, then) = (reached(days: waited), reached(days: waited + days))
        let left = 1 - share * now
        return left > 1e-12 ? min(1, share * (then - now) / left) : 0
    }
}

/// What was bought, and bought again, of an item or a category.
struct CycleCounts: Sendable, Hashable {
    /// By logarithms of the days between two purchases (y) and of how many were bought the first time (x).
    private(set) var n = 0.0
    private(set) var y = 0.0, yy = 0.0, x = 0.0, xx = 0.0, xy = 0.0
    /// By weeks: purchases after which none came, by how long they have waited.
    private(set) var waiting: [UInt32] = []
    static let weeksMax = 156

    mutating func addGap(days: Double, quantity: Double) {
        let (logDays, logQuantity) = (log(max(days, 0.5)), log(max(1, quantity)))
        n += 1
        y += logDays
        yy += logDays * logDays
        x += logQuantity
        xx += logQuantity * logQuantity
        xy += logDays * logQuantity
    }

    mutating func addWaiting(days: Double) {
        let week = min(Self.weeksMax, max(0, Int(days / 7)))
        while waiting.count <= week { waiting.append(0) }
        waiting[week] += 1
    }

    mutating func add(_ other: CycleCounts) {
        n += other.n
        y += other.y
        yy += other.yy
        x += other.x
        xx += other.xx
        xy += other.xy
        while waiting.count < other.waiting.count { waiting.append(0) }
        for (week, count) in other.waiting.enumerated() { waiting[week] += count }
    }

    /// Sums around the means, for a slope within categories.
    var slopeSums: (xy: Double, xx: Double) {
        n > 0 ? (xy - x * y / n, xx - x * x / n) : (0, 0)
    }

    /// - Parameters:
    ///   - slope: how the logarithm of the days grows with that of the quantity.
    ///   - above: what is believed before, worth `weight` gaps.
    func cycle(slope: Double, above: Cycle, weight: Double = 10) -> Cycle {
        let total = n + weight
        let mean = (y - slope * x + weight * above.logMean) / total
        let squares = yy - 2 * slope * xy + slope * slope * xx
        let spread = squares - 2 * mean * (y - slope * x) + n * mean * mean
        let difference = above.logMean - mean
        let variance =
            (max(0, spread) + weight * (above.logDeviation * above.logDeviation + difference * difference)) / total
        var cycle = Cycle(
            logMean: mean, logDeviation: min(2, max(0.15, variance.squareRoot())), share: above.share, gaps: n)
        cycle.share = share(cycle, above: above.share, weight: weight)
        return cycle
    }

    /// The share that maximises the likelihood, with `weight` more buyers of whom the share above buys again.
    private func share(_ cycle: Cycle, above: Double, weight: Double) -> Double {
        let reached = waiting.indices.map { cycle.reached(days: Double($0) * 7 + 3.5) }
        func slope(_ share: Double) -> Double {
            var sum = (n + weight * above) / share - weight * (1 - above) / (1 - share)
            for (week, count) in waiting.enumerated() where count > 0 {
                sum -= Double(count) * reached[week] / (1 - share * reached[week])
            }
            return sum
        }
        var (low, high) = (0.001, 0.999)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if slope(middle) > 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// One item that a person buys again and again.
package struct ReorderItem: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, Codable, CaseIterable { case early, due, overdue }

    package var item: String
    package var category: String?
    /// The chance that the person buys it within the horizon.
    package var score: Double
    package var purchases: Int
    package var daysSince: Double
    /// After which half of such purchases are made again.
    package var cycleDays: Double
    package var state: State
    /// How many the person bought the last time.
    package var quantity: Double
}

enum Reorder {
    /// How many gaps of one's own count as much as all others'.
    static let ownStrength = 2.0

    /// - Parameters:
    ///   - purchases: of one item by one person, in time order: day and quantity.
    ///   - cycle: of the item, as everybody buys it.
    /// - Returns: nil when nothing was bought.
    static func judge(
        _ item: String, category: String?, purchases: [(day: Double, quantity: Double)], cycle: Cycle, slope: Double,
        today: Double, within days: Double
    ) -> ReorderItem? {
        guard let last = purchases.last else { return nil }
        let own = zip(purchases, purchases.dropFirst()).map { before, after in
            log(max(0.5, after.day - before.day)) - slope * log(max(1, before.quantity))
        }
        let n = Double(own.count)
        var mine = cycle
        let mean = (own.reduce(0, +) + ownStrength * cycle.logMean) / (n + ownStrength)
        mine.logMean = mean + slope * log(max(1, last.quantity))
        // Persons differ: what is known of one's own cycle narrows the spread of everybody's.
        mine.logDeviation = max(0.2, cycle.logDeviation * (1 / (1 + n / (ownStrength * 2)) + 0.25).squareRoot())
        mine.logDeviation = min(mine.logDeviation, cycle.logDeviation)
        mine.share = (cycle.share * ownStrength + n) / (ownStrength + n)
        let waited = max(0, today - last.day)
        let reached = mine.reached(days: waited)
        return ReorderItem(
            item: item, category: category, score: mine.chance(waited: waited, within: days),
            purchases: purchases.count, daysSince: waited, cycleDays: mine.medianDays,
            state: reached < 0.2 ? .early : reached < 0.8 ? .due : .overdue, quantity: last.quantity)
    }
}

extension ReorderItem {
    package var reason: Wording {
        let (cycle, since) = (max(1, Int(cycleDays.rounded())), Int(daysSince))
        return purchases > 1
            ? Wording(
                state.rawValue,
                en: "bought \(purchases) times, about every \(cycle) days; the last time \(since) days ago",
                ko: "지금까지 \(purchases)번, 약 \(cycle)일마다 샀고 마지막으로 산 지 \(since)일 지났습니다")
            : Wording(
                state.rawValue, en: "others buy it again after about \(cycle) days; bought \(since) days ago",
                ko: "다른 고객은 약 \(cycle)일 뒤에 다시 사며, 산 지 \(since)일 지났습니다")
    }
}
