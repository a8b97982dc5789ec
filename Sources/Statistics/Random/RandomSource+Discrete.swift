import Foundation

extension RandomSource {
    /// Poisson with this mean. Small means multiply uniforms (Knuth); from 10 on, transformed rejection (Hörmann, 1993,
    /// "The transformed rejection method for generating Poisson random variables", algorithm PTRS).
    ///
    /// - Complexity: O(mean) below 10, O(1) above.
    package mutating func poisson(mean: Double) -> Int {
        precondition(mean >= 0 && mean < 1e15, "a Poisson needs a mean from 0 to 1e15, not \(mean)")
        if mean == 0 { return 0 }
        if mean < 10 {
            let limit = exp(-mean)
            var count = 0
            var product = uniform()
            while product > limit {
                count += 1
                product *= uniform()
            }
            return count
        }
        let logMean = log(mean)
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let vr = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = uniform() - 0.5
            let v = positiveUniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07, v <= vr { return Int(k) }
            if k < 0 || (us < 0.013 && v > us) { continue }
            if log(v) + log(inverseAlpha) - log(a / (us * us) + b) <= k * logMean - mean - logGamma(k + 1) {
                return Int(k)
            }
        }
    }

    /// Failures before the first success: 0, 1, 2, ... with mean (1 - p) / p. By inversion.
    package mutating func geometric(success probability: Double) -> Int {
        precondition(
            probability > 0 && probability <= 1, "a geometric needs a probability in (0, 1], not \(probability)")
        if probability == 1 { return 0 }
        let draw = (log(positiveUniform()) / log1p(-probability)).rounded(.down)
        return draw >= 0x1p62 ? 1 << 62 : Int(draw)
    }

    /// A rank from 1 to `count` with probability proportional to rank^-exponent, by rejection-inversion (Hörmann and
    /// Derflinger, 1996, "Rejection-inversion to generate variates from monotone discrete distributions").
    ///
    /// - Complexity: O(1) on average, without a table. For many draws over few ranks a `Categorical` is faster.
    package mutating func zipf(count: Int, exponent: Double) -> Int {
        precondition(
            count > 0 && exponent >= 0, "a Zipf needs ranks and an exponent from 0, not \(count) and \(exponent)")
        let low = zipfIntegral(1.5, exponent) - 1
        let high = zipfIntegral(Double(count) + 0.5, exponent)
        let cut = 2 - zipfInverse(zipfIntegral(2.5, exponent) - pow(2, -exponent), exponent)
        while true {
            let u = high + uniform() * (low - high)
            let x = zipfInverse(u, exponent)
            let k = min(max(x.rounded(), 1), Double(count))
            if k - x <= cut || u >= zipfIntegral(k + 0.5, exponent) - pow(k, -exponent) { return Int(k) }
        }
    }
}

/// The integral of t^-exponent from 1 to x.
private func zipfIntegral(_ x: Double, _ exponent: Double) -> Double {
    let logX = log(x)
    let t = (1 - exponent) * logX
    // expm1(t) / t, whose limit at 0 is 1.
    return (abs(t) > 1e-8 ? expm1(t) / t : 1 + t / 2) * logX
}

/// The inverse of `zipfIntegral`.
private func zipfInverse(_ integral: Double, _ exponent: Double) -> Double {
    let t = max(integral * (1 - exponent), -1)
    // log1p(t) / t, whose limit at 0 is 1.
    return exp((abs(t) > 1e-8 ? log1p(t) / t : 1 - t / 2) * integral)
}

/// Draws from 0 ..< weights.count in proportion to the weights, in constant time (Walker's alias method, set up as in
/// Vose, 1991, "A linear algorithm for generating random numbers with a given distribution").
package struct Categorical: Sendable, Hashable {
    private let keep: [Double]
    private let alias: [Int32]

    package var count: Int { keep.count }

    /// - Complexity: O(weights.count).
    package init(weights: [Double]) {
        let total = weights.reduce(0, +)
        precondition(
            !weights.isEmpty && weights.allSatisfy { $0 >= 0 } && total > 0 && total.isFinite,
            "weights must be finite, not negative, and not all zero")
        var scaled = weights.map { $0 / total * Double(weights.count) }
        var keep = [Double](repeating: 1, count: weights.count)
        var alias = (0..<Int32(weights.count)).map(\.self)
        var small = scaled.indices.filter { scaled[$0] < 1 }
        var large = scaled.indices.filter { scaled[$0] >= 1 }
        while let poor = small.last, let rich = large.last {
            small.removeLast()
            keep[poor] = scaled[poor]
            alias[poor] = Int32(rich)
            scaled[rich] -= 1 - scaled[poor]
            if scaled[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
        // Rounding can leave a column of weight 0 unpaired; it must never be drawn.
        let best = weights.indices.max { weights[$0] < weights[$1] } ?? 0
        for rest in small where weights[rest] == 0 {
            keep[rest] = 0
            alias[rest] = Int32(best)
        }
        self.keep = keep
        self.alias = alias
    }

    @inline(__always)
    package func draw(_ source: inout RandomSource) -> Int {
        let scaled = source.uniform() * Double(keep.count)
        let column = Int(scaled)
        return scaled - Double(column) < keep[column] ? column : Int(alias[column])
    }
}
