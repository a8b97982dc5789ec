import Foundation
import Statistics

/// How likely each of several uncertain rates is the largest: ∫ fᵢ(x) Πⱼ Fⱼ(x) dx.
///
/// Densities are cheap and distributions are not, so the distributions are integrated along: in panels whose bounds
/// follow the rates, with Gauss's three points in each, which give the distributions at the points as well (the
/// coefficients are those of Gauss collocation, order 6: Butcher, 1964). A choice among eight takes some ten
/// microseconds; a test holds it against a grid that is finer by far.
enum BestChances {
    struct Rate: Sendable {
        var rate: BetaDistribution
        /// Added to what is drawn.
        var bonus: Double
    }

    private static let root = 15.0.squareRoot()
    private static let nodes = [0.5 - root / 10, 0.5, 0.5 + root / 10]
    private static let weights = [5.0 / 18, 4.0 / 9, 5.0 / 18]
    /// By point: the weights of the points' densities in the distribution there.
    private static let within = [
        [5.0 / 36, 2.0 / 9 - root / 15, 5.0 / 36 - root / 30],
        [5.0 / 36 + root / 24, 2.0 / 9, 5.0 / 36 - root / 24],
        [5.0 / 36 + root / 30, 2.0 / 9 + root / 15, 5.0 / 36],
    ]
    /// Bounds of panels in deviations from each mean: dense where the mass is, and as far as skewed tails reach.
    private static let offsets = [
        -30.0, -16, -9, -6, -4.5, -3.4, -2.6, -1.9, -1.2, -0.6, 0, 0.6, 1.2, 1.9, 2.6, 3.4, 4.5, 6, 9, 16, 30,
    ]
    private static let evenPanels = 12
    /// Of many rates those that can win have panels of their own.
    private static let followed = 8

    /// - Returns: weights that sum to about 1.
    /// - Complexity: O(rates × panels), with at most 190 panels
    static func of(_ rates: [Rate]) -> [Double] {
        // A density that grows without bound at an end cannot be integrated so.
        guard rates.allSatisfy({ $0.rate.alpha >= 1 && $0.rate.beta >= 1 }) else { return byGrid(rates) }
        let bounds = self.bounds(rates)
        guard let start = bounds.first, bounds.count > 1 else { return byGrid(rates) }
        let count = rates.count
        var below = rates.map { $0.rate.cumulative(start - $0.bonus) }
        var densities = [Double](repeating: 0, count: 3 * count)
        var result = [Double](repeating: 0, count: count)
        for (left, right) in zip(bounds, bounds.dropFirst()) {
            let width = right - left
            for (node, place) in nodes.enumerated() {
                for (index, rate) in rates.enumerated() {
                    densities[node * count + index] = rate.rate.density(left + place * width - rate.bonus)
                }
            }
            for node in 0..<3 {
                var all = 1.0
                var zeros = 0
                for index in 0..<count {
                    let own = at(node, index, below, densities, width, count)
                    if own > 0 { all *= own } else { zeros += 1 }
                }
                if zeros > 1 { continue }
                for index in 0..<count where densities[node * count + index] > 0 {
                    let own = at(node, index, below, densities, width, count)
                    let others = own > 0 ? (zeros == 0 ? all / own : 0) : all
                    result[index] += weights[node] * width * densities[node * count + index] * others
                }
            }
            for index in 0..<count {
                for node in 0..<3 { below[index] += weights[node] * width * densities[node * count + index] }
            }
        }
        let sum = result.reduce(0, +)
        return sum > 0.5 && sum < 2 ? result : byGrid(rates)
    }

    /// The distribution of a rate at a point of a panel.
    @inline(__always)
    private static func at(
        _ node: Int, _ index: Int, _ below: [Double], _ densities: [Double], _ width: Double, _ count: Int
    ) -> Double {
        let row = within[node]
        return below[index] + width
            * (row[0] * densities[index] + row[1] * densities[count + index] + row[2] * densities[2 * count + index])
    }

    /// From where one rate surely is to where none can be, ascending.
    private static func bounds(_ rates: [Rate]) -> [Double] {
        func deviation(_ rate: Rate) -> Double { rate.rate.variance.squareRoot() }
        let low = rates.map { max(0, $0.rate.mean - 30 * deviation($0)) + $0.bonus }.max() ?? 0
        let high = rates.map { min(1, $0.rate.mean + 30 * deviation($0)) + $0.bonus }.max() ?? 1
        guard high > low else { return [] }
        var points = (0...evenPanels).map { low + (high - low) * Double($0) / Double(evenPanels) }
        let likely = rates.sorted { a, b in
            a.rate.mean + 3 * deviation(a) + a.bonus > b.rate.mean + 3 * deviation(b) + b.bonus
        }.prefix(followed)
        for rate in likely {
            let deviation = deviation(rate)
            for offset in offsets {
                let point = rate.rate.mean + offset * deviation
                // Where a density begins or ends it has a corner.
                points.append(min(1, max(0, point)) + rate.bonus)
            }
        }
        let sorted = points.filter { $0 >= low && $0 <= high }.sorted()
        let least = (high - low) * 1e-9
        var result: [Double] = []
        for point in sorted where result.last.map({ point - $0 > least }) ?? true { result.append(point) }
        return result
    }

    // MARK: By a grid

    /// The same by sums over a grid, with the distributions exactly: slow, for any parameters.
    ///
    /// - Parameter refinement: how many times finer than usual.
    /// - Complexity: O(rates × grid)
    static func byGrid(_ rates: [Rate], refinement: Int = 1) -> [Double] {
        let grid = self.grid(rates, refinement)
        // Of each rate the mass between the points, and below the middle between them.
        let below = rates.map { rate in grid.map { rate.rate.cumulative($0 - rate.bonus) } }
        var result = [Double](repeating: 0, count: rates.count)
        for step in 1..<grid.count {
            let middles = below.map { max(($0[step - 1] + $0[step]) / 2, 1e-300) }
            let all = middles.reduce(0) { $0 + log($1) }
            for index in rates.indices {
                let mass = below[index][step] - below[index][step - 1]
                if mass > 0 { result[index] += mass * exp(all - log(middles[index])) }
            }
        }
        return result.reduce(0, +) > 0 ? result : rates.map(\.rate.mean)
    }

    /// Points that are dense where any of the rates has its mass.
    private static func grid(_ rates: [Rate], _ refinement: Int) -> [Double] {
        let low = rates.map(\.bonus).min() ?? 0
        let high = 1 + (rates.map(\.bonus).max() ?? 0)
        var points = Set((0...64 * refinement).map { low + (high - low) * Double($0) / Double(64 * refinement) })
        // Of many actions those that can win matter, and the most uncertain ones among them.
        for rate in rates.sorted(by: { upper($0) > upper($1) }).prefix(12) {
            let deviation = rate.rate.variance.squareRoot()
            for step in -32 * refinement...32 * refinement {
                let x = rate.rate.mean + Double(step) / Double(4 * refinement) * deviation
                if x > 0, x < 1 { points.insert(x + rate.bonus) }
            }
        }
        return points.sorted()
    }

    private static func upper(_ rate: Rate) -> Double {
        rate.rate.mean + 3 * rate.rate.variance.squareRoot() + rate.bonus
    }
}
