import Foundation

/// The natural logarithm of the gamma function for x > 0 (Lanczos, 1964, with Godfrey's coefficients for g = 607/128, n
/// = 15). Relative error below 1e-14 away from the zeros at 1 and 2.
package func logGamma(_ x: Double) -> Double {
    precondition(x > 0, "logGamma needs a positive argument, not \(x)")
    if x.isInfinite { return .infinity }
    if x == 1 || x == 2 { return 0 }
    if x >= 20 { return stirling(x) }
    let coefficients = [
        0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174,
        -0.49191381609762019978, 0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4,
        0.15808870322491248884e-3, -0.21026444172410488319e-3, 0.21743961811521264320e-3, -0.16431810653676389022e-3,
        0.84418223983852743293e-4, -0.26190838401581408670e-4, 0.36899182659531622704e-5,
    ]
    // Below 1/2 the recurrence keeps the series in its accurate range.
    if x < 0.5 { return logGamma(x + 1) - log(x) }
    let z = x - 1
    var sum = coefficients[0]
    for index in 1..<coefficients.count { sum += coefficients[index] / (z + Double(index)) }
    let t = z + 607.0 / 128 + 0.5
    return (z + 0.5) * log(t) - t + 0.5 * log(2 * Double.pi) + log(sum)
}

/// Stirling's series for large x (Abramowitz and Stegun 6.1.41).
private func stirling(_ x: Double) -> Double {
    let r = 1 / (x * x)
    let series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
}

/// The regularised incomplete gamma functions for a > 0 and x >= 0.
package enum IncompleteGamma {
    /// P(a, x): from 0 at x = 0 up to 1.
    package static func lower(_ a: Double, _ x: Double) -> Double {
        check(a, x)
        if x == 0 { return 0 }
        if x.isInfinite { return 1 }
        return x < a + 1 ? series(a, x) : 1 - fraction(a, x)
    }

    /// Q(a, x) = 1 - P(a, x), without cancellation when it is tiny.
    package static func upper(_ a: Double, _ x: Double) -> Double {
        check(a, x)
        if x == 0 { return 1 }
        if x.isInfinite { return 0 }
        return x < a + 1 ? 1 - series(a, x) : fraction(a, x)
    }

    private static func check(_ a: Double, _ x: Double) {
        precondition(a > 0 && x >= 0, "the incomplete gamma function needs a > 0 and x >= 0, not \(a) and \(x)")
    }

    /// x^a e^-x / Gamma(a)
    private static func factor(_ a: Double, _ x: Double) -> Double { exp(a * log(x) - x - logGamma(a)) }

    /// DLMF 8.11.4: the power series, for x < a + 1.
    private static func series(_ a: Double, _ x: Double) -> Double {
        var term = 1 / a
        var sum = term
        var n = a
        // The terms fall once n > x; about 6 sqrt(a) more of them reach the last bit.
        while abs(term) > abs(sum) * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return min(1, sum * factor(a, x))
    }

    /// DLMF 8.9.2: the continued fraction by Lentz's method as modified by Thompson and Barnett (1986), for x >= a + 1.
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var h = d
        var i = 1.0
        while i < 100_000 {
            let an = -i * (i - a)
            b += 2
            d = an * d + b
            if abs(d) < tiny { d = tiny }
            c = b + an / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            let change = d * c
            h *= change
            if abs(change - 1) < 1e-16 { break }
            i += 1
        }
        return min(1, factor(a, x) * h)
    }
}
