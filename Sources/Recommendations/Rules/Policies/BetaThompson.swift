import Foundation
package import Statistics

/// Chooses each action as often as it is likely to be the best one (Thompson, 1933), with a beta distribution of the
/// rate of each.
///
/// The probabilities are integrated, not drawn: ∫ fᵢ(x) Πⱼ Fⱼ(x) dx over a grid that follows the distributions.
package struct BetaThompson: BanditPolicy {
    /// Successes and failures that are believed in before anything was seen.
    package var priorAlpha: Double
    package var priorBeta: Double
    private var counts = BoundedTable<Count>(max: BanditLimits.actions)

    private struct Count: Codable, Hashable {
        var successes = 0.0
        var failures = 0.0
    }

    package init(priorAlpha: Double = 1, priorBeta: Double = 1) {
        precondition(priorAlpha > 0 && priorBeta > 0, "a prior needs positive parameters")
        self.priorAlpha = priorAlpha
        self.priorBeta = priorBeta
    }

    package func posterior(_ id: String) -> BetaDistribution {
        let count = counts[id] ?? Count()
        return BetaDistribution(priorAlpha + count.successes, priorBeta + count.failures)
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        counts.change(action.id, default: Count()) { count in
            count.successes += reward * weight
            count.failures += (1 - reward) * weight
        }
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        counts.change(action.id, default: Count()) { count in
            count.successes += difference * weight
            // What was forgotten meanwhile begins anew, and cannot have failed less than never.
            count.failures = max(0, count.failures - difference * weight)
        }
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        if actions.count == 1 { return .uniform(1) }
        return ActionDistribution(
            weights: BetaThompson.probabilitiesOfBeingBest(
                actions.map { (posterior($0.id), $0.bonus) }))
    }

    /// How likely each rate, moved by its bonus, is the largest.
    ///
    /// - Complexity: O(rates × grid)
    static func probabilitiesOfBeingBest(_ rates: [(rate: BetaDistribution, bonus: Double)]) -> [Double] {
        let grid = self.grid(rates)
        // Of each rate the mass between the points, and below the middle between them.
        let below = rates.map { rate in grid.map { rate.rate.cumulative($0 - rate.bonus) } }
        var result = [Double](repeating: 0, count: rates.count)
        for step in 1..<grid.count {
            let middles = below.map { max(($0[step - 1] + $0[step]) / 2, 1e-300) }
            let all = middles.reduce(0) { $0 + log($1) }
            for index in rates.indices {
                let mass = below[index][step] - below[index][step - 1]
                if mass > 0 { result[index] += mass * exp(all - log(middles[index])) }
            }
        }
        return result.reduce(0, +) > 0 ? result : rates.map { $0.rate.mean }
    }

    /// Points that are dense where any of the rates has its mass.
    private static func grid(_ rates: [(rate: BetaDistribution, bonus: Double)]) -> [Double] {
        let offsets: [Double] = stride(from: -8.0, through: 8.0, by: 0.25).map { $0 }
        var points = Set<Double>()
        let low = rates.map(\.bonus).min() ?? 0
        let high = 1 + (rates.map(\.bonus).max() ?? 0)
        for step in 0...64 { points.insert(low + (high - low) * Double(step) / 64) }
        // Of many actions those that can win matter, and the most uncertain ones among them.
        let candidates = rates.sorted { upper($0) > upper($1) }.prefix(12)
        for (rate, bonus) in candidates {
            let deviation = rate.variance.squareRoot()
            for offset in offsets {
                let x = rate.mean + offset * deviation
                if x > 0, x < 1 { points.insert(x + bonus) }
            }
        }
        return points.sorted()
    }

    private static func upper(_ rate: (rate: BetaDistribution, bonus: Double)) -> Double {
        rate.rate.mean + 3 * rate.rate.variance.squareRoot() + rate.bonus
    }
}
