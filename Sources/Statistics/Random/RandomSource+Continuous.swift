import Foundation

extension RandomSource {
    /// Uniform in [0, 1), a multiple of 2^-53.
    @inline(__always)
    package mutating func uniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// Uniform in (0, 1]: safe under a logarithm.
    @inline(__always)
    package mutating func positiveUniform() -> Double {
        Double((next() &>> 11) &+ 1) * 0x1p-53
    }

    /// Uniform in [low, high).
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * uniform()
    }

    /// Uniform in 0 ..< `count`, without bias (Lemire, 2019, "Fast random integer generation in an interval").
    @inline(__always)
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0, "an index below \(count) does not exist")
        let bound = UInt64(count)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// True with this probability.
    @inline(__always)
    package mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

    /// Normal, by the polar method (Marsaglia and Bray, 1964). The second deviate of each pair is not kept, so that a
    /// source is nothing but its generator's state.
    package mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            if square > 0, square < 1 { return mean + deviation * x * (-2 * log(square) / square).squareRoot() }
        }
    }

    /// e to the power of a normal with this mean and deviation (of the logarithm).
    package mutating func logNormal(mean: Double, deviation: Double) -> Double {
        exp(normal(mean: mean, deviation: deviation))
    }

    /// Exponential with this rate; the mean is 1 / rate.
    package mutating func exponential(rate: Double = 1) -> Double {
        precondition(rate > 0, "an exponential needs a positive rate, not \(rate)")
        return -log(positiveUniform()) / rate
    }

    /// Gamma with mean shape * scale (Marsaglia and Tsang, 2000, "A simple method for generating gamma variables").
    package mutating func gamma(shape: Double, scale: Double = 1) -> Double {
        precondition(shape > 0 && scale > 0, "a gamma needs a positive shape and scale, not \(shape) and \(scale)")
        if shape < 1 {
            // In logarithms: for a tiny shape the power alone would underflow before the scale is applied.
            let boosted = gamma(shape: shape + 1)
            return exp(log(boosted) + log(positiveUniform()) / shape) * scale
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            if root <= 0 { continue }
            let v = root * root * root
            let u = positiveUniform()
            if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v * scale }
        }
    }

    /// Beta with mean a / (a + b).
    package mutating func beta(_ a: Double, _ b: Double) -> Double {
        precondition(a > 0 && b > 0, "a beta needs positive parameters, not \(a) and \(b)")
        if a <= 1 && b <= 1 {
            // Jöhnk, 1964, in logarithms, so that small parameters do not end as 0 / 0.
            while true {
                let x = log(positiveUniform()) / a
                let y = log(positiveUniform()) / b
                let larger = max(x, y)
                let sum = larger + log(exp(x - larger) + exp(y - larger))
                if sum <= 0 { return exp(x - sum) }
            }
        }
        let x = gamma(shape: a)
        let y = gamma(shape: b)
        return x / (x + y)
    }
}
