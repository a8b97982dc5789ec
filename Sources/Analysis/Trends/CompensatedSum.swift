/// A sum that carries what rounding drops (Neumaier, 1974, with the error kept by TwoSum), so that adding in another
/// order, as threads do, gives the same double but in the rarest cases.
package struct CompensatedSum: Sendable, Hashable {
    @usableFromInline var high = 0.0
    @usableFromInline var low = 0.0

    @inlinable package init() {}

    package var value: Double { high + low }

    @inlinable
    package mutating func add(_ number: Double) {
        let sum = high + number
        let part = sum - high
        low += (high - (sum - part)) + (number - part)
        high = sum
    }

    package mutating func add(_ other: CompensatedSum) {
        add(other.high)
        add(other.low)
    }
}
