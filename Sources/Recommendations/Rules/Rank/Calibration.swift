import Foundation

/// Lists that keep to the shares of a person's interests (Steck, 2018, "Calibrated recommendations"): who watched 70 %
/// romance and 30 % action is shown both, not romance alone.
package enum Calibration {
    /// Shares below count as a little, so that the divergence stays finite: alpha of the paper.
    private static let smoothing = 0.01

    /// The share of each category in weighted items, each item's weight divided among its categories.
    package static func shares(_ items: [(categories: [String], weight: Double)]) -> [String: Double] {
        var sums: [String: Double] = [:]
        for (categories, weight) in items where !categories.isEmpty && weight > 0 {
            for category in categories { sums[category, default: 0] += weight / Double(categories.count) }
        }
        let total = sums.values.reduce(0, +)
        return total > 0 ? sums.mapValues { $0 / total } : [:]
    }

    /// The Kullback-Leibler divergence of a list's shares from those of the history, 0 when they are the same.
    package static func divergence(history: [String: Double], list: [String: Double]) -> Double {
        history.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
            let shown = (1 - smoothing) * (list[entry.key] ?? 0) + smoothing * entry.value
            return entry.value > 0 ? sum + entry.value * log(entry.value / shown) : sum
        }
    }

    /// Picks items one after another, each the one with which (1 - weight) × sum of scores - weight × divergence of the
    /// list so far is greatest. The list is within 1 - 1/e of the best (the objective is submodular).
    ///
    /// - Parameter scores: brought to 0 ... 1 first.
    /// - Returns: indices of candidates.
    /// - Complexity: O(count × candidates × categories)
    package static func rank(
        _ scores: [Double], categories: [[String]], history: [String: Double], count: Int, weight: Double
    ) -> [Int] {
        let fit = Diversity.scaled(scores)
        var rest = Array(scores.indices)
        var picked: [Int] = []
        var sums: [String: Double] = [:]
        var total = 0.0
        while picked.count < count, !rest.isEmpty {
            var best = 0
            var bestValue = -Double.infinity
            for (place, candidate) in rest.enumerated() {
                var tried = sums
                add(categories[candidate], to: &tried)
                let sum = total + (categories[candidate].isEmpty ? 0 : 1)
                let list = sum > 0 ? tried.mapValues { $0 / sum } : [:]
                let value = (1 - weight) * fit[candidate] - weight * divergence(history: history, list: list)
                if value > bestValue { (best, bestValue) = (place, value) }
            }
            let chosen = rest.remove(at: best)
            picked.append(chosen)
            add(categories[chosen], to: &sums)
            total += categories[chosen].isEmpty ? 0 : 1
        }
        return picked
    }

    private static func add(_ categories: [String], to sums: inout [String: Double]) {
        for category in categories { sums[category, default: 0] += 1 / Double(categories.count) }
    }
}
