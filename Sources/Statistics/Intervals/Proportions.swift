import Foundation

/// An estimate and the interval that covers the true value with the given confidence.
package struct Interval: Sendable, Hashable {
    package var estimate: Double
    package var low: Double
    package var high: Double

    package init(estimate: Double, low: Double, high: Double) {
        self.estimate = estimate
        self.low = low
        self.high = high
    }
}

package enum Proportion {
    /// Wilson's score interval (1927), which keeps its coverage for small counts and rates near 0 or 1.
    ///
    /// - Parameter confidence: in (0, 1), for example 0.95.
    /// - Returns: nil when there were no trials.
    package static func interval(successes: Int, trials: Int, confidence: Double = 0.95) -> Interval? {
        precondition(
            successes >= 0 && successes <= trials, "\(successes) successes of \(trials) trials are impossible")
        if trials == 0 { return nil }
        let z = criticalValue(confidence)
        let n = Double(trials)
        let p = Double(successes) / n
        let scale = 1 + z * z / n
        let centre = (p + z * z / (2 * n)) / scale
        let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
        // At 0 and at n the bound is exactly 0 and 1; say so in spite of rounding.
        let low = successes == 0 ? 0 : max(0, centre - half)
        let high = successes == trials ? 1 : min(1, centre + half)
        return Interval(estimate: p, low: low, high: high)
    }

    /// The two-sided critical value of the standard normal: 1.96 for 0.95.
    package static func criticalValue(_ confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1, not \(confidence)")
        return -NormalDistribution.standard.quantile((1 - confidence) / 2)
    }
}

/// Counts of two groups with and without an outcome.
///
///               outcome   none
///     exposed      a        b
///     others       c        d
package struct TwoByTwo: Sendable, Hashable {
    package var a: Int
    package var b: Int
    package var c: Int
    package var d: Int

    package init(a: Int, b: Int, c: Int, d: Int) {
        precondition(min(a, b, c, d) >= 0, "counts cannot be negative: \(a), \(b), \(c), \(d)")
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    package var total: Int { a + b + c + d }

    /// The logarithm of the odds ratio and its standard error (Woolf, 1955), after adding 1/2 to every count (Haldane,
    /// 1956; Anscombe, 1956), so that empty cells give a finite answer and tables with and without them compare.
    package var logOddsRatio: (value: Double, standardError: Double) {
        let (a, b, c, d) = (Double(a) + 0.5, Double(b) + 0.5, Double(c) + 0.5, Double(d) + 0.5)
        return (log(a) + log(d) - log(b) - log(c), (1 / a + 1 / b + 1 / c + 1 / d).squareRoot())
    }

    /// The odds ratio with an interval on the logarithm: see `logOddsRatio`.
    package func oddsRatio(confidence: Double = 0.95) -> Interval {
        let (logRatio, error) = logOddsRatio
        let half = Proportion.criticalValue(confidence) * error
        return Interval(estimate: exp(logRatio), low: exp(logRatio - half), high: exp(logRatio + half))
    }

    /// Pearson's chi-square statistic without continuity correction, one degree of freedom; 0 when a margin is empty.
    package var chiSquare: Double {
        let (a, b, c, d) = (Double(a), Double(b), Double(c), Double(d))
        let margins = (a + b) * (c + d) * (a + c) * (b + d)
        if margins == 0 { return 0 }
        let determinant = a * d - b * c
        return (a + b + c + d) * determinant * determinant / margins
    }

    /// The probability of a table at least this uneven when exposure and outcome are independent.
    package var pValue: Double { PValue.chiSquare(chiSquare, degreesOfFreedom: 1) }
}
