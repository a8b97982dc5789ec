import Foundation
package import Statistics

extension RandomSource {
    /// One of the values, with probabilities in proportion to the weights. For many draws from the same weights a
    /// `Categorical` is quicker.
    ///
    /// - Complexity: O(values.count).
    package mutating func choice<Value>(of values: [Value], weights: [Double]) -> Value {
        precondition(!values.isEmpty && values.count == weights.count, "each value needs a weight")
        return values[index(weights: weights)]
    }

    /// An index in proportion to the weights, of which not all are 0.
    ///
    /// - Complexity: O(weights.count).
    package mutating func index(weights: [Double]) -> Int {
        var rest = uniform() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }
}

/// From log odds to a probability.
@inline(__always)
func logistic(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
