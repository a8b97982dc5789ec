/// Which number a feature has: names are numbered as they are met, up to a bound. What comes later is left out and
/// counted, so a policy's size is known beforehand.
package struct FeatureSpace: Sendable, Hashable, Codable {
    package let dimension: Int
    private var numbers: [String: Int] = [:]
    /// Features of trials that found no room.
    package private(set) var left = 0

    package init(dimension: Int) {
        precondition(dimension > 0, "a space needs a dimension above 0")
        self.dimension = dimension
    }

    package var count: Int { numbers.count }
    /// In the order of their numbers.
    package var names: [String] { numbers.sorted { $0.value < $1.value }.map(\.key) }

    /// Numbers the features that are new.
    package mutating func numbered(_ features: [NamedFeature]) -> SparseFeatures {
        var result = SparseFeatures()
        for feature in features where feature.value != 0 {
            if let number = numbers[feature.name] {
                result.append(number, feature.value)
            } else if numbers.count < dimension {
                result.append(numbers.count, feature.value)
                numbers[feature.name] = numbers.count
            } else {
                left += 1
            }
        }
        return result
    }

    /// The features of several actions, where what is new has the numbers that it would get: as uncertain as anything
    /// that was never seen.
    package func dense(_ actions: [[NamedFeature]]) -> [[Double]] {
        var added: [String: Int] = [:]
        return actions.map { features in
            var vector = [Double](repeating: 0, count: dimension)
            for feature in features where feature.value != 0 {
                if let number = numbers[feature.name] ?? added[feature.name] {
                    vector[number] += feature.value
                } else if numbers.count + added.count < dimension {
                    vector[numbers.count + added.count] += feature.value
                    added[feature.name] = numbers.count + added.count
                }
            }
            return vector
        }
    }
}

package struct NamedFeature: Sendable, Hashable {
    package var name: String
    package var value: Double

    package init(_ name: String, _ value: Double = 1) {
        self.name = name
        self.value = value
    }
}

/// The features that are not 0: what is kept of a decision until its reward comes, 6 bytes each.
package struct SparseFeatures: Sendable, Hashable, Codable {
    private var numbers: [UInt16] = []
    private var values: [Float] = []

    fileprivate mutating func append(_ number: Int, _ value: Double) {
        numbers.append(UInt16(number))
        values.append(Float(value))
    }

    package func dense(_ dimension: Int) -> [Double] {
        var vector = [Double](repeating: 0, count: dimension)
        for (number, value) in zip(numbers, values) { vector[Int(number)] += Double(value) }
        return vector
    }
}
