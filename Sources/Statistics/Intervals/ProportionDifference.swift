import Foundation

extension Proportion {
    /// How much higher a share is in one group than in another, with the interval of Newcombe (1998, method 10), which
    /// joins the two groups' score intervals and stays within -1 and 1.
    ///
    /// - Parameter confidence: in (0, 1), for example 0.95.
    /// - Returns: nil when a group has no trials.
    package static func difference(
        _ successes: Int, of trials: Int, minus others: Int, of otherTrials: Int, confidence: Double = 0.95
    ) -> Interval? {
        guard let first = interval(successes: successes, trials: trials, confidence: confidence),
            let second = interval(successes: others, trials: otherTrials, confidence: confidence)
        else { return nil }
        let difference = first.estimate - second.estimate
        let below = hypot(first.estimate - first.low, second.high - second.estimate)
        let above = hypot(first.high - first.estimate, second.estimate - second.low)
        return Interval(estimate: difference, low: difference - below, high: difference + above)
    }
}
