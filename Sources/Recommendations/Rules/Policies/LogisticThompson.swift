import Foundation
package import Statistics

/// A logistic regression that learns one observation at a time, with a normal belief about each coefficient (Chapelle
/// and Li, 2011, "An empirical evaluation of Thompson sampling", algorithm 3).
package struct OnlineLogistic: Sendable, Hashable, Codable {
    package private(set) var mean: [Double]
    /// One over the variance of each coefficient.
    package private(set) var precision: [Double]

    package init(dimension: Int, precision: Double = 1) {
        precondition(dimension > 0 && precision > 0, "a regression needs a dimension and a precision above 0")
        mean = [Double](repeating: 0, count: dimension)
        self.precision = [Double](repeating: precision, count: dimension)
    }

    package func probability(_ x: [Double]) -> Double {
        OnlineLogistic.logistic(zip(mean, x).reduce(0) { $0 + $1.0 * $1.1 })
    }

    static func logistic(_ z: Double) -> Double { z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)) }

    /// The mean moves along x / precision only, so the new maximum is a number's, found by Newton's method with
    /// bisection as its fence.
    ///
    /// - Parameter y: from 0 to 1.
    package mutating func add(_ x: [Double], _ y: Double, weight: Double = 1) {
        guard weight > 0 else { return }
        var (start, spread) = (0.0, 0.0)
        for index in x.indices {
            start += mean[index] * x[index]
            spread += x[index] * x[index] / precision[index]
        }
        guard spread > 0 else { return }
        // t solves t = weight (y - logistic(start + t spread)).
        var (low, high) = (-weight, weight)
        var t = 0.0
        for _ in 0..<60 {
            let p = OnlineLogistic.logistic(start + t * spread)
            let value = t - weight * (y - p)
            if abs(value) < 1e-12 { break }
            if value > 0 { high = t } else { low = t }
            let step = t - value / (1 + weight * p * (1 - p) * spread)
            t = step > low && step < high ? step : (low + high) / 2
        }
        let p = OnlineLogistic.logistic(start + t * spread)
        for index in x.indices {
            mean[index] += t * x[index] / precision[index]
            precision[index] += weight * x[index] * x[index] * p * (1 - p)
        }
    }
}

extension OnlineLogistic {
    /// An observation that is in the mean already turns out larger: one step of Newton's method along it, which leaves
    /// the precision as it is.
    package mutating func correct(_ x: [Double], by difference: Double, weight: Double = 1) {
        for index in x.indices where x[index] != 0 { mean[index] += weight * difference * x[index] / precision[index] }
    }
}

/// Thompson sampling with a logistic expectation: for rewards that are yes or no.
package struct LogisticThompson: BanditPolicy {
    package var draws: Int
    package private(set) var regression: OnlineLogistic

    package init(dimension: Int, precision: Double = 1, draws: Int = 64) {
        self.draws = draws
        regression = OnlineLogistic(dimension: dimension, precision: precision)
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        // A bonus is in units of probability; at the steepest a quarter of the logit's.
        ThompsonDraws.shares(
            means: actions.map { action in
                zip(regression.mean, action.features).reduce(4 * action.bonus) { $0 + $1.0 * $1.1 }
            },
            rows: actions.map { action in
                zip(regression.precision, action.features).map { $1 == 0 ? 0 : $1 / $0.squareRoot() }
            }, draws: draws, &random)
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        regression.add(action.features, reward, weight: weight)
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        regression.correct(action.features, by: difference, weight: weight)
    }
}
