import CStatistics
import Foundation

/// Multinomial logistic regression with a ridge: the probabilities of some outcomes of which one comes about.
///
/// Features are brought to mean 0 and deviation 1 by what they were in training, so the ridge treats all alike; the
/// intercepts are not held back. The same rows give the same coefficients on any number of threads.
package struct LogisticRegression: Sendable, Hashable, Codable {
    package let outcomes: Int
    package let dimension: Int
    /// By outcome: a weight for each standardized feature, then the intercept.
    package private(set) var coefficients: [Double]
    package private(set) var means: [Double]
    /// Above 0; 1 for a feature that never changed.
    package private(set) var deviations: [Double]

    /// Standardized features beyond this many deviations count as this many: one odd value decides nothing alone.
    private static let extreme = 8.0
    /// Rows that are summed in single precision before they are added up in double.
    private static let blockRows = 1_024

    /// Learns from rows of features and what came about.
    ///
    /// - Parameters:
    ///   - rows: row after row, `dimension` finite numbers each.
    ///   - labels: by row, from 0 to `outcomes` - 1.
    ///   - ridge: above 0; the weight of the squared coefficients beside the mean log loss of a row.
    /// - Complexity: O(iterations × rows × dimension × outcomes / threads)
    package init(
        rows: [Float], dimension: Int, labels: [UInt8], outcomes: Int, ridge: Double = 1e-4, iterationsMax: Int = 100,
        threads: Int = 1
    ) {
        precondition(dimension > 0 && outcomes > 1 && ridge > 0, "a regression needs features, outcomes and a ridge")
        precondition(rows.count == labels.count * dimension, "\(labels.count) labels do not fit the rows")
        precondition(labels.allSatisfy { Int($0) < outcomes }, "a label is none of \(outcomes) outcomes")
        self.outcomes = outcomes
        self.dimension = dimension
        (means, deviations) = Self.scale(rows, dimension, count: labels.count)
        coefficients = [Double](repeating: 0, count: outcomes * (dimension + 1))
        guard !labels.isEmpty else { return }
        let table = standardized(rows, count: labels.count)
        let width = dimension + 1
        let outcomes = outcomes
        var minimizer = LimitedMemoryBFGS()
        minimizer.iterationsMax = iterationsMax
        minimizer.gainMin = 1e-7
        let found = minimizer.minimize(from: coefficients) { point in
            var (loss, gradient) = Self.loss(point, table, labels, outcomes, threads)
            let count = Double(labels.count)
            loss /= count
            for index in gradient.indices {
                gradient[index] /= count
                if index % width != width - 1 {
                    loss += ridge / 2 * point[index] * point[index]
                    gradient[index] += ridge * point[index]
                }
            }
            return (loss, gradient)
        }
        coefficients = found.point
    }

    /// The probability of each outcome; they add up to 1.
    ///
    /// - Complexity: O(dimension × outcomes)
    package func probabilities(_ features: [Float]) -> [Double] {
        precondition(features.count == dimension, "\(features.count) features for a regression of \(dimension)")
        let width = dimension + 1
        var scores = (0..<outcomes).map { coefficients[$0 * width + dimension] }
        for index in 0..<dimension {
            let value = standard(features[index], index)
            if value == 0 { continue }
            for outcome in 0..<outcomes { scores[outcome] += coefficients[outcome * width + index] * value }
        }
        return Self.shares(scores)
    }

    /// Whether it can be asked: for what was read from a file.
    package var isSound: Bool {
        dimension > 0 && outcomes > 1 && coefficients.count == outcomes * (dimension + 1)
            && means.count == dimension && deviations.count == dimension
            && coefficients.allSatisfy(\.isFinite) && means.allSatisfy(\.isFinite)
            && deviations.allSatisfy { $0.isFinite && $0 > 0 }
    }

    private func standard(_ value: Float, _ index: Int) -> Double {
        min(max((Double(value) - means[index]) / deviations[index], -Self.extreme), Self.extreme)
    }

    private static func shares(_ scores: [Double]) -> [Double] {
        let most = scores.max() ?? 0
        let raised = scores.map { exp($0 - most) }
        let sum = raised.reduce(0, +)
        return raised.map { $0 / sum }
    }

    private static func scale(_ rows: [Float], _ dimension: Int, count: Int) -> ([Double], [Double]) {
        var moments = [Moments](repeating: Moments(), count: dimension)
        rows.withUnsafeBufferPointer { rows in
            for row in 0..<count {
                for index in 0..<dimension { moments[index].add(Double(rows[row * dimension + index])) }
            }
        }
        let deviations = moments.map { moments in
            let deviation = moments.standardDeviation ?? 0
            return deviation > 1e-9 ? deviation : 1
        }
        return (moments.map(\.mean), deviations)
    }

    /// The rows as they are multiplied: standardized, with a 1 for the intercept at the end of each.
    private func standardized(_ rows: [Float], count: Int) -> [Float] {
        let width = dimension + 1
        var table = [Float](repeating: 1, count: count * width)
        table.withUnsafeMutableBufferPointer { table in
            rows.withUnsafeBufferPointer { rows in
                for row in 0..<count {
                    for index in 0..<dimension {
                        table[row * width + index] = Float(standard(rows[row * dimension + index], index))
                    }
                }
            }
        }
        return table
    }

    /// The sum of the log losses of the rows, and its gradient.
    private static func loss(
        _ point: [Double], _ table: [Float], _ labels: [UInt8], _ outcomes: Int, _ threads: Int
    ) -> (Double, [Double]) {
        let width = point.count / outcomes
        let weights = point.map { Float($0) }
        let blocks = (labels.count + blockRows - 1) / blockRows
        let results = Collected<(Double, [Float])>(count: blocks)
        Workers.run(blocks, threads: threads) { block in
            var gradient = [Float](repeating: 0, count: point.count)
            var scores = [Double](repeating: 0, count: outcomes)
            var loss = 0.0
            gradient.withUnsafeMutableBufferPointer { gradient in
                table.withUnsafeBufferPointer { table in
                    weights.withUnsafeBufferPointer { weights in
                        guard let gradient = gradient.baseAddress, let table = table.baseAddress,
                            let weights = weights.baseAddress
                        else { return }
                        for row in block * blockRows..<min((block + 1) * blockRows, labels.count) {
                            let features = table + row * width
                            for outcome in 0..<outcomes {
                                scores[outcome] = Double(cstatistics_dot(features, weights + outcome * width, width))
                            }
                            let shares = shares(scores)
                            let label = Int(labels[row])
                            loss -= log(max(shares[label], 1e-12))
                            for outcome in 0..<outcomes {
                                let error = Float(shares[outcome] - (outcome == label ? 1 : 0))
                                cstatistics_add_scaled(gradient + outcome * width, error, features, width)
                            }
                        }
                    }
                }
            }
            results.set(block, (loss, gradient))
        }
        // In the order of the blocks, whichever thread had them.
        var total = (0.0, [Double](repeating: 0, count: point.count))
        for (loss, gradient) in results.all {
            total.0 += loss
            for index in gradient.indices { total.1[index] += Double(gradient[index]) }
        }
        return total
    }
}
