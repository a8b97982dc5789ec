import Foundation

/// How far probabilities are what they say: of the moments that were given 30 %, did it come about in 30 %?
///
/// Brier's score (1950) and the log loss stand beside those of who always says the base rate; lower is better, and what
/// is not below the base rate's is worth nothing.
package struct Reliability: Sendable, Hashable, Codable {
    /// Predictions that are near each other, as many in each bin.
    package struct Bin: Sendable, Hashable, Codable {
        package var count: Int
        /// The mean of what was predicted.
        package var predicted: Double
        /// The share of what came about, with Wilson's interval of 95 %.
        package var observed: Double
        package var low: Double
        package var high: Double
    }

    package var count: Int
    /// The share of the outcome.
    package var baseRate: Double
    package var brier: Double
    package var baseBrier: Double
    /// In nats.
    package var logLoss: Double
    package var baseLogLoss: Double
    /// The mean distance of predicted and observed over the bins, weighted by their counts: the expected calibration
    /// error (Naeini and others, 2015, with bins of equal counts).
    package var calibrationError: Double
    package var bins: [Bin]

    /// - Parameters:
    ///   - probabilities: from 0 to 1.
    ///   - outcomes: by probability, whether it came about.
    ///   - baseRate: what the one who knows only a rate says; nil: that of these outcomes.
    /// - Returns: nil without predictions.
    /// - Complexity: O(n log n)
    package init?(probabilities: [Double], outcomes: [Bool], binCount: Int = 10, baseRate: Double? = nil) {
        precondition(probabilities.count == outcomes.count && binCount > 0, "predictions and outcomes do not fit")
        guard !probabilities.isEmpty else { return nil }
        count = outcomes.count
        let hits = outcomes.count { $0 }
        self.baseRate = Double(hits) / Double(count)
        let base = baseRate ?? self.baseRate
        brier = 0
        baseBrier = 0
        logLoss = 0
        baseLogLoss = 0
        for (probability, outcome) in zip(probabilities, outcomes) {
            let truth = outcome ? 1.0 : 0
            brier += (probability - truth) * (probability - truth)
            baseBrier += (base - truth) * (base - truth)
            logLoss += Self.loss(probability, outcome)
            baseLogLoss += Self.loss(base, outcome)
        }
        brier /= Double(count)
        baseBrier /= Double(count)
        logLoss /= Double(count)
        baseLogLoss /= Double(count)
        let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
        bins = []
        calibrationError = 0
        for number in 0..<binCount {
            let part = order[number * count / binCount..<(number + 1) * count / binCount]
            let hits = part.count { outcomes[$0] }
            guard let interval = Proportion.interval(successes: hits, trials: part.count) else { continue }
            let mean = part.reduce(0) { $0 + probabilities[$1] } / Double(part.count)
            bins.append(
                Bin(
                    count: part.count, predicted: mean, observed: interval.estimate, low: interval.low,
                    high: interval.high))
            calibrationError += abs(mean - interval.estimate) * Double(part.count) / Double(count)
        }
    }

    /// The share of the base rate's Brier score that is gone: 1 is perfect, 0 no better than the base rate.
    package var skill: Double { baseBrier > 0 ? 1 - brier / baseBrier : 0 }

    private static func loss(_ probability: Double, _ outcome: Bool) -> Double {
        -log(max(outcome ? probability : 1 - probability, 1e-12))
    }
}
