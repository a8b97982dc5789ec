import Foundation

/// The normal distribution.
package struct NormalDistribution: Sendable, Hashable {
    package let mean: Double
    package let deviation: Double

    package static let standard = NormalDistribution(mean: 0, deviation: 1)

    package init(mean: Double, deviation: Double) {
        precondition(deviation > 0, "a normal distribution needs a positive deviation, not \(deviation)")
        self.mean = mean
        self.deviation = deviation
    }

    package func density(_ x: Double) -> Double {
        let z = (x - mean) / deviation
        return exp(-0.5 * z * z) / (deviation * (2 * Double.pi).squareRoot())
    }

    /// P(X <= x)
    package func cumulative(_ x: Double) -> Double { 0.5 * erfc(-(x - mean) / (deviation * 2.0.squareRoot())) }

    /// P(X > x), accurate in the far tail where `1 - cumulative` would be 0.
    package func survival(_ x: Double) -> Double { 0.5 * erfc((x - mean) / (deviation * 2.0.squareRoot())) }

    /// The x with P(X <= x) = p, for p in [0, 1]: Acklam's rational approximation (2003, relative error 1.15e-9), then
    /// one step of Halley's method, which brings it to the precision of `erfc`.
    package func quantile(_ p: Double) -> Double {
        precondition(p >= 0 && p <= 1, "a probability lies from 0 to 1, not \(p)")
        if p == 0 { return -.infinity }
        if p == 1 { return .infinity }
        // The upper half mirrors the lower one, where the tail is exact.
        if p > 0.5 { return mean - deviation * Self.standardQuantile(1 - p) }
        return mean + deviation * Self.standardQuantile(p)
    }

    /// Horner's rule, the highest power's coefficient first.
    private static func polynomial(_ x: Double, _ coefficients: Double...) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    /// For p in (0, 0.5].
    private static func standardQuantile(_ p: Double) -> Double {
        if p == 0.5 { return 0 }
        var x: Double
        if p < 0.02425 {
            let q = (-2 * log(p)).squareRoot()
            let top =
                polynomial(
                    q, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734,
                    4.374664141464968, 2.938163982698783)
            let bottom =
                (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416)
                * q + 1
            x = top / bottom
        } else {
            let q = p - 0.5
            let r = q * q
            let top =
                (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
                    + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239) * q
            let bottom =
                ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
                    + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1
            x = top / bottom
        }
        let error = 0.5 * erfc(-x / 2.0.squareRoot()) - p
        let step = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
        if step.isFinite { x -= step / (1 + x * step / 2) }
        return x
    }
}

/// The distribution of e to the power of a normal variable.
package struct LogNormalDistribution: Sendable, Hashable {
    /// The normal distribution of the logarithm.
    package let logarithm: NormalDistribution

    package init(mean: Double, deviation: Double) {
        logarithm = NormalDistribution(mean: mean, deviation: deviation)
    }

    package func density(_ x: Double) -> Double { x > 0 ? logarithm.density(log(x)) / x : 0 }
    package func cumulative(_ x: Double) -> Double { x > 0 ? logarithm.cumulative(log(x)) : 0 }
    package func survival(_ x: Double) -> Double { x > 0 ? logarithm.survival(log(x)) : 1 }
    package func quantile(_ p: Double) -> Double { exp(logarithm.quantile(p)) }
    package var mean: Double { exp(logarithm.mean + logarithm.deviation * logarithm.deviation / 2) }
    package var median: Double { exp(logarithm.mean) }
}

/// How surprising a statistic would be if there were no effect.
package enum PValue {
    /// P(|Z| >= |z|) for a standard normal Z.
    package static func normalTwoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// P(Z >= z) for a standard normal Z.
    package static func normalUpper(_ z: Double) -> Double { NormalDistribution.standard.survival(z) }

    /// P(X >= statistic) for a chi-square with this many degrees of freedom.
    package static func chiSquare(_ statistic: Double, degreesOfFreedom: Double) -> Double {
        precondition(degreesOfFreedom > 0, "a chi-square needs degrees of freedom above 0, not \(degreesOfFreedom)")
        return statistic <= 0 ? 1 : IncompleteGamma.upper(degreesOfFreedom / 2, statistic / 2)
    }
}
