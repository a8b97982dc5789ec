/// Linear least squares with a ridge, one observation at a time: what the linear bandits believe.
///
/// It keeps the Cholesky factor L of the precision A = ridge · I + Σ w x xᵀ, so the mean, the uncertainty in any
/// direction and a draw from the posterior cost O(dimension²) each and nothing is ever inverted.
package struct RidgeRegression: Sendable, Hashable, Codable {
    package let dimension: Int
    /// Lower triangle by rows: row r begins at r (r + 1) / 2.
    private var factor: [Double]
    /// Σ w y x.
    private var moment: [Double]
    /// Σ w.
    package private(set) var weight = 0.0
    /// A⁻¹ moment, kept up to date.
    package private(set) var mean: [Double]

    /// - Parameter ridge: above 0; what is believed before the first observation.
    package init(dimension: Int, ridge: Double = 1) {
        precondition(dimension > 0 && ridge > 0, "a regression needs a dimension and a ridge above 0")
        self.dimension = dimension
        factor = [Double](repeating: 0, count: dimension * (dimension + 1) / 2)
        moment = [Double](repeating: 0, count: dimension)
        mean = moment
        for row in 0..<dimension { factor[row * (row + 1) / 2 + row] = ridge.squareRoot() }
    }

    /// Learns from an observation.
    ///
    /// - Parameters:
    ///   - x: of `dimension` numbers.
    ///   - weight: 0 or more.
    /// - Complexity: O(dimension²)
    package mutating func add(_ x: [Double], _ y: Double, weight: Double = 1) {
        precondition(x.count == dimension, "\(x.count) numbers for a regression of \(dimension)")
        guard weight > 0 else { return }
        self.weight += weight
        for index in x.indices { moment[index] += weight * y * x[index] }
        update(x.map { $0 * weight.squareRoot() })
        mean = solved()
    }

    /// An observation that was added turns out to be larger: the same as if it had been so from the start.
    ///
    /// - Parameter weight: as it was added.
    /// - Complexity: O(dimension²)
    package mutating func correct(_ x: [Double], by difference: Double, weight: Double = 1) {
        precondition(x.count == dimension, "\(x.count) numbers for a regression of \(dimension)")
        for index in x.indices { moment[index] += weight * difference * x[index] }
        mean = solved()
    }

    /// The factor of A + x xᵀ, by rotations (Golub and Van Loan, "Matrix Computations", 6.5.4).
    private mutating func update(_ vector: [Double]) {
        var x = vector
        for column in 0..<dimension where x[column] != 0 {
            let place = column * (column + 1) / 2 + column
            let old = factor[place]
            let new = (old * old + x[column] * x[column]).squareRoot()
            let (cosine, sine) = (new / old, x[column] / old)
            factor[place] = new
            for row in (column + 1)..<max(dimension, column + 1) {
                let below = row * (row + 1) / 2 + column
                factor[below] = (factor[below] + sine * x[row]) / cosine
                x[row] = cosine * x[row] - sine * factor[below]
            }
        }
    }

    private func solved() -> [Double] { backward(forward(moment)) }

    /// L⁻¹ b.
    private func forward(_ b: [Double]) -> [Double] {
        var x = b
        for row in 0..<dimension {
            let start = row * (row + 1) / 2
            var sum = x[row]
            for column in 0..<row { sum -= factor[start + column] * x[column] }
            x[row] = sum / factor[start + row]
        }
        return x
    }

    /// L⁻ᵀ b.
    private func backward(_ b: [Double]) -> [Double] {
        var x = b
        for row in stride(from: dimension - 1, through: 0, by: -1) {
            let start = row * (row + 1) / 2
            x[row] /= factor[start + row]
            for column in 0..<row { x[column] -= factor[start + column] * x[row] }
        }
        return x
    }

    /// What is expected at x.
    package func value(_ x: [Double]) -> Double {
        var sum = 0.0
        for index in 0..<dimension { sum += mean[index] * x[index] }
        return sum
    }

    /// L⁻¹ x: products of such vectors are covariances of values, in units of the noise's variance.
    package func whitened(_ x: [Double]) -> [Double] { forward(x) }

    /// xᵀ A⁻¹ x: the variance of the value at x, in units of the noise's variance.
    package func variance(_ x: [Double]) -> Double { forward(x).reduce(0) { $0 + $1 * $1 } }

    /// Coefficients drawn from the normal posterior N(mean, scale² A⁻¹).
    package func draw(scale: Double, _ random: inout RandomSource) -> [Double] {
        let noise = (0..<dimension).map { _ in random.normal() }
        return zip(mean, backward(noise)).map { $0 + scale * $1 }
    }
}
