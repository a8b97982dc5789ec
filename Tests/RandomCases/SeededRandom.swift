import Statistics

/// What random cases of tests are drawn from: the same for a seed everywhere, so that a failure can be repeated.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var source: SplitMix64

    package init(_ seed: some BinaryInteger) { source = SplitMix64(state: UInt64(truncatingIfNeeded: seed)) }

    package mutating func next() -> UInt64 { source.next() }

    package mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    package mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }
    package mutating func pick<Element>(_ list: [Element]) -> Element { list[roll(0...list.count - 1)] }
}
