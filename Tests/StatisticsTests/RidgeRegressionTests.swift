import Foundation
import Statistics
import Testing

struct RidgeRegressionTests {
    /// Solves A x = b by elimination with pivots.
    private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (a, b) = (matrix, right)
        for column in a.indices {
            let pivot = (column..<a.count).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
            a.swapAt(column, pivot)
            b.swapAt(column, pivot)
            for row in (column + 1)..<max(a.count, column + 1) {
                let ratio = a[row][column] / a[column][column]
                for index in column..<a.count { a[row][index] -= ratio * a[column][index] }
                b[row] -= ratio * b[column]
            }
        }
        for row in a.indices.reversed() {
            for column in (row + 1)..<max(a.count, row + 1) { b[row] -= a[row][column] * b[column] }
            b[row] /= a[row][row]
        }
        return b
    }

    @Test("observations one by one give what all of them at once do", arguments: 1...20)
    func againstElimination(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let dimension = 1 + random.index(below: 8)
        let ridge = random.uniform(0.1, 3)
        var regression = RidgeRegression(dimension: dimension, ridge: ridge)
        var matrix = (0..<dimension).map { row in (0..<dimension).map { row == $0 ? ridge : 0.0 } }
        var right = [Double](repeating: 0, count: dimension)
        for _ in 0..<50 {
            let x = (0..<dimension).map { _ in random.chance(0.2) ? 0 : random.normal() }
            let (y, weight) = (random.normal(), random.uniform(0, 2))
            regression.add(x, y, weight: weight)
            for row in 0..<dimension {
                right[row] += weight * y * x[row]
                for column in 0..<dimension { matrix[row][column] += weight * x[row] * x[column] }
            }
        }
        let expected = solve(matrix, right)
        for (got, want) in zip(regression.mean, expected) { #expect(abs(got - want) < 1e-9, "seed \(seed)") }
        let x = (0..<dimension).map { _ in random.normal() }
        let variance = zip(x, solve(matrix, x)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(regression.variance(x) - variance) < 1e-9, "seed \(seed)")
        #expect(abs(regression.value(x) - zip(x, expected).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9)
    }

    @Test("draws have the mean and variance of the posterior")
    func draws() {
        var random = RandomSource(seed: 5)
        var regression = RidgeRegression(dimension: 3)
        for _ in 0..<10 { regression.add((0..<3).map { _ in random.normal() }, random.normal()) }
        let x = [1.0, -2, 0.5]
        var moments = Moments()
        for _ in 0..<20_000 {
            moments.add(zip(x, regression.draw(scale: 0.7, &random)).reduce(0) { $0 + $1.0 * $1.1 })
        }
        let variance = 0.49 * regression.variance(x)
        #expect(abs(moments.mean - regression.value(x)) < 5 * (variance / 20_000).squareRoot())
        #expect(abs((moments.variance ?? 0) / variance - 1) < 0.05)
    }
}

struct BetaDistributionTests {
    @Test("the distribution is the integral of the density", arguments: [(2.0, 3.0), (0.5, 0.5), (30, 800), (1000, 3)])
    func integral(parameters: (Double, Double)) {
        let beta = BetaDistribution(parameters.0, parameters.1)
        let x = beta.mean
        let steps = 200_000
        // The middle of each step; the ends may be infinite.
        let sum = (0..<steps).reduce(0.0) { $0 + beta.density((Double($1) + 0.5) * x / Double(steps)) }
        #expect(abs(sum * x / Double(steps) - beta.cumulative(x)) < 2e-3)
    }

    @Test("published values")
    func published() {
        // I_x(a, b) of whole numbers is a binomial tail: exact.
        #expect(abs(BetaDistribution(2, 3).cumulative(0.5) - 0.6875) < 1e-12)
        #expect(abs(BetaDistribution(1, 1).cumulative(0.3) - 0.3) < 1e-12)
        #expect(abs(BetaDistribution(5, 1).cumulative(0.9) - 0.59049) < 1e-12)
        #expect(BetaDistribution(3, 4).cumulative(0) == 0)
        #expect(BetaDistribution(3, 4).cumulative(1) == 1)
    }
}
