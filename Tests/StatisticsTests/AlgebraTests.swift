import Testing

@testable import Statistics

struct SymmetricMatrixTests {
    /// A random positive definite matrix, as rows of doubles.
    private func positive(_ order: Int, _ random: inout RandomSource) -> [[Double]] {
        let rows = (0..<order).map { _ in (0..<order).map { _ in random.normal() } }
        return (0..<order).map { i in
            (0..<order).map { j in
                (0..<order).reduce(i == j ? Double(order) : 0) { $0 + rows[i][$1] * rows[j][$1] }
            }
        }
    }

    /// Gauss and Jordan, the slow obvious way.
    private func inverse(_ matrix: [[Double]]) -> [[Double]] {
        let order = matrix.count
        var rows = matrix.enumerated().map { i, row in row + (0..<order).map { $0 == i ? 1.0 : 0 } }
        for pivot in 0..<order {
            let scale = rows[pivot][pivot]
            rows[pivot] = rows[pivot].map { $0 / scale }
            for other in 0..<order where other != pivot {
                let factor = rows[other][pivot]
                for column in 0..<2 * order { rows[other][column] -= factor * rows[pivot][column] }
            }
        }
        return rows.map { Array($0[order...]) }
    }

    @Test(arguments: [1, 2, 5, 63, 64, 65, 97, 150])
    func theInverseIsThatOfGaussAndJordan(order: Int) throws {
        var random = RandomSource(seed: UInt64(order))
        let rows = positive(order, &random)
        var matrix = SymmetricMatrix(order: order)
        for i in 0..<order { for j in 0...i { matrix[i, j] = Float(rows[i][j]) } }
        var other = matrix
        #expect(try matrix.invert(threads: 1))
        #expect(try other.invert(threads: 3))
        let expected = inverse(rows)
        var worst = 0.0
        for i in 0..<order { for j in 0..<order { worst = max(worst, abs(Double(matrix[i, j]) - expected[i][j])) } }
        #expect(worst < 1e-5)
        for i in 0..<order { for j in 0...i { #expect(matrix[i, j] == other[i, j]) } }
    }

    @Test func aMatrixThatIsNotPositiveDefiniteIsNamedWithItsRow() {
        var matrix = SymmetricMatrix(order: 3)
        for i in 0..<3 { matrix[i, i] = 1 }
        matrix[2, 1] = 2
        #expect(throws: SymmetricMatrix.NotPositiveDefinite(row: 2)) { try matrix.invert() }
    }

    @Test func workThatIsStoppedSaysSo() throws {
        var matrix = SymmetricMatrix(order: 2)
        #expect(try !matrix.invert { _ in false })
    }
}

struct ImplicitRowsTests {
    @Test func conjugateGradientsFindTheRowThatSolvesTheNormalEquations() {
        var random = RandomSource(seed: 5)
        let rank = 7
        let factors = (0..<20 * rank).map { _ in Float(random.normal()) }
        let columns: [UInt32] = [3, 8, 19]
        let weights: [Float] = [2, 0.5, 4]
        let rows = ImplicitRows(factors: factors, rank: rank, regularization: 3)
        var x = [Float](repeating: 0, count: rank)
        columns.withUnsafeBufferPointer { columns in
            weights.withUnsafeBufferPointer { weights in
                x.withUnsafeMutableBufferPointer { rows.solve(columns: columns, weights: weights, steps: 30, into: $0) }
            }
        }
        func y(_ row: Int, _ i: Int) -> Double { Double(factors[row * rank + i]) }
        for i in 0..<rank {
            var left = 3 * Double(x[i])
            var right = 0.0
            for row in 0..<20 {
                let product = (0..<rank).reduce(0.0) { $0 + y(row, $1) * Double(x[$1]) }
                let weight = zip(columns, weights).first { $0.0 == UInt32(row) }.map { Double($0.1) } ?? 0
                left += (1 + weight) * y(row, i) * product
                if weight > 0 { right += (1 + weight) * y(row, i) }
            }
            #expect(abs(left - right) < 1e-3)
        }
    }

    @Test(arguments: [1, 15, 16, 17, 64, 100])
    func productsOfVectorsOfAnyLengthAreThoseOfALoop(count: Int) {
        var random = RandomSource(seed: UInt64(count))
        let x = (0..<count).map { _ in Float(random.normal()) }
        let y = (0..<3 * count).map { _ in Float(random.normal()) }
        let products = FloatRows.products(y, rank: count, with: x)
        for row in 0..<3 {
            let expected = (0..<count).reduce(0.0) { $0 + Double(x[$1]) * Double(y[row * count + $1]) }
            #expect(abs(Double(products[row]) - expected) < 1e-4)
        }
    }
}
