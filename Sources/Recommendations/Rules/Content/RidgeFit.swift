import Foundation

/// Weighted least squares with a ridge, over features that are there or not, and what leaving each row out says of it.
///
/// The residual of a row that the fit has not seen is e / (1 - h), with h its leverage, so leaving every row out costs
/// no further fits (Allen's PRESS, 1974). The ridge is the one of the grid with the smallest sum of those.
struct RidgeFit: Sendable {
    private let factor: [Double]
    private let dimension: Int
    let coefficients: [Double]
    let ridge: Double
    /// Of each row, as if it had been left out, with its leverage.
    let residuals: [(error: Double, leverage: Double)]
    /// 1 - the squares of those over the squares around the mean that is left out likewise; below 0 the features do
    /// worse than the mean.
    let explained: Double
    /// The same as a difference from row to row, in its standard errors: below 1.6 it may be chance.
    let advantage: Double

    /// - Parameters:
    ///   - rows: the features of each row, rising; feature 0 is the constant and must be in each.
    ///   - weights: above 0.
    /// - Returns: nil when there are too few rows, or the numbers break down.
    /// - Complexity: O(grid · (rows · dimension² + dimension³))
    init?(rows: [[Int]], dimension: Int, targets: [Double], weights: [Double], grid: [Double] = grid) {
        guard rows.count >= 3, rows.count == targets.count, rows.count == weights.count else { return nil }
        var best: RidgeFit?
        for ridge in grid {
            guard
                let fit = RidgeFit(rows, dimension, targets, weights, ridge: ridge),
                fit.explained > best?.explained ?? -.infinity
            else { continue }
            best = fit
        }
        guard let best else { return nil }
        self = best
    }

    static let grid = [0.5, 2, 8, 32, 128]

    private init?(_ rows: [[Int]], _ dimension: Int, _ targets: [Double], _ weights: [Double], ridge: Double) {
        // A = Σ w x xᵀ + ridge · I without the constant, as a lower triangle by rows.
        var matrix = [Double](repeating: 0, count: dimension * dimension)
        var moment = [Double](repeating: 0, count: dimension)
        for (row, features) in rows.enumerated() {
            for feature in features {
                moment[feature] += weights[row] * targets[row]
                for other in features where other <= feature { matrix[feature * dimension + other] += weights[row] }
            }
        }
        for feature in 1..<max(dimension, 1) { matrix[feature * dimension + feature] += ridge }
        guard Self.decompose(&matrix, dimension) else { return nil }
        var solution = moment
        Self.forward(matrix, dimension, &solution)
        Self.backward(matrix, dimension, &solution)
        let total = weights.reduce(0, +)
        let mean = zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        var (left, around) = (0.0, 0.0)
        var gains: [Double] = []
        var residuals: [(error: Double, leverage: Double)] = []
        for (row, features) in rows.enumerated() {
            let told = features.reduce(0) { $0 + solution[$1] }
            var x = [Double](repeating: 0, count: dimension)
            for feature in features { x[feature] = 1 }
            Self.forward(matrix, dimension, &x)
            let leverage = min(0.999, weights[row] * x.reduce(0) { $0 + $1 * $1 })
            let error = (targets[row] - told) / (1 - leverage)
            residuals.append((error, leverage))
            left += weights[row] * error * error
            let alone = (targets[row] - mean) / (1 - weights[row] / total)
            around += weights[row] * alone * alone
            gains.append(weights[row] * (alone * alone - error * error))
        }
        factor = matrix
        self.dimension = dimension
        coefficients = solution
        self.ridge = ridge
        self.residuals = residuals
        explained = around > 0 ? 1 - left / around : 0
        let gain = gains.reduce(0, +) / Double(gains.count)
        let spread = gains.reduce(0) { $0 + ($1 - gain) * ($1 - gain) } / Double(gains.count - 1)
        advantage = spread > 0 ? gain / (spread / Double(gains.count)).squareRoot() : 0
    }

    func value(_ features: [Int]) -> Double { features.reduce(0) { $0 + coefficients[$1] } }

    /// xᵀ A⁻¹ x: how unsure the value of these features is, in units of the noise's variance.
    func variance(_ features: [Int]) -> Double {
        var x = [Double](repeating: 0, count: dimension)
        for feature in features { x[feature] += 1 }
        Self.forward(factor, dimension, &x)
        return x.reduce(0) { $0 + $1 * $1 }
    }

    /// Cholesky's factor in place of the lower triangle.
    private static func decompose(_ a: inout [Double], _ n: Int) -> Bool {
        for row in 0..<n {
            for column in 0...row {
                var sum = a[row * n + column]
                for k in 0..<column { sum -= a[row * n + k] * a[column * n + k] }
                if row == column {
                    guard sum > 1e-12 else { return false }
                    a[row * n + row] = sum.squareRoot()
                } else {
                    a[row * n + column] = sum / a[column * n + column]
                }
            }
        }
        return true
    }

    private static func forward(_ l: [Double], _ n: Int, _ x: inout [Double]) {
        for row in 0..<n {
            var sum = x[row]
            for k in 0..<row where x[k] != 0 { sum -= l[row * n + k] * x[k] }
            x[row] = sum / l[row * n + row]
        }
    }

    private static func backward(_ l: [Double], _ n: Int, _ x: inout [Double]) {
        for row in stride(from: n - 1, through: 0, by: -1) {
            x[row] /= l[row * n + row]
            for k in 0..<row { x[k] -= l[row * n + k] * x[row] }
        }
    }
}
