import Statistics

/// Shares of draws in which an action is the best.
enum ThompsonDraws {
    /// Draws values rather than coefficients: of K actions K numbers a draw, however many features there are.
    ///
    /// - Parameters:
    ///   - means: what is expected of each action.
    ///   - rows: for each action a vector; their products are the covariances of what is believed.
    /// - Complexity: O(actions² × (features + draws))
    static func shares(
        means: [Double], rows: [[Double]], draws: Int, _ random: inout RandomSource
    ) -> ActionDistribution {
        let factor = cholesky(rows)
        let count = means.count
        var wins = [Double](repeating: 0, count: count)
        var noise = [Double](repeating: 0, count: count)
        for _ in 0..<max(1, draws) {
            for place in 0..<count { noise[place] = random.normal() }
            var best = 0
            var bestValue = -Double.infinity
            for action in 0..<count {
                var value = means[action]
                for place in 0...action { value += factor[action * count + place] * noise[place] }
                if value > bestValue { (best, bestValue) = (action, value) }
            }
            wins[best] += 1
        }
        return ActionDistribution(weights: wins)
    }

    /// The lower factor of the rows' products, by rows. Actions that are alike make it singular: what is left of such a
    /// row by rounding counts as nothing.
    private static func cholesky(_ rows: [[Double]]) -> [Double] {
        let count = rows.count
        var factor = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                var sum = 0.0
                for place in rows[row].indices { sum += rows[row][place] * rows[column][place] }
                let own = sum
                for place in 0..<column { sum -= factor[row * count + place] * factor[column * count + place] }
                if row == column {
                    factor[row * count + row] = sum > 1e-12 * max(own, 1e-12) ? sum.squareRoot() : 0
                } else {
                    let diagonal = factor[column * count + column]
                    factor[row * count + column] = diagonal > 0 ? sum / diagonal : 0
                }
            }
        }
        return factor
    }
}
