package import Statistics

/// The random numbers of a world, by what they are for rather than by when they are drawn.
///
/// A stream depends on the seed, the person and the occasion alone. So persons can be simulated in any order, a year in
/// one step or in many, and worlds of one seed that were treated differently stay comparable: they share the numbers of
/// every occasion that comes in both (common random numbers), and a difference between them is an effect.
package struct RandomStreams: Sendable, Hashable {
    private let base: UInt64

    /// - Parameter name: of the business, so that businesses of the same seed have nothing in common.
    package init(seed: UInt64, _ name: String) {
        base = name.utf8.reduce(SplitMix64.mix(seed)) { SplitMix64.mix($0 ^ UInt64($1)) }
    }

    private init(base: UInt64) { self.base = base }

    /// The streams of one person (or circle, or item).
    @inline(__always)
    package func of(_ index: Int) -> RandomStreams {
        RandomStreams(base: SplitMix64.mix(base &+ UInt64(bitPattern: Int64(index)) &* SplitMix64.increment))
    }

    /// One stream of many of its kind, for example one of a day or of the third session of a day.
    @inline(__always)
    package func source(_ occasion: Occasion, _ number: Int = 0, _ part: Int = 0) -> RandomSource {
        RandomSource(seed: word(occasion, number, part))
    }

    /// A single number in [0, 1), without the cost of setting up a stream.
    @inline(__always)
    package func uniform(_ occasion: Occasion, _ number: Int = 0, _ part: Int = 0) -> Double {
        Double(word(occasion, number, part) &>> 11) * 0x1p-53
    }

    /// The bits that a stream begins with.
    @inline(__always)
    package func word(_ occasion: Occasion, _ number: Int = 0, _ part: Int = 0) -> UInt64 {
        let place = UInt64(bitPattern: Int64(number)) &<< 20 ^ UInt64(bitPattern: Int64(part))
        return SplitMix64.mix(base ^ SplitMix64.mix(place &* SplitMix64.increment &+ UInt64(occasion.rawValue) &+ 1))
    }

    package enum Occasion: UInt8, Sendable {
        /// What a person is like from the start.
        case birth
        /// What a day brings: whether and when somebody comes.
        case day
        /// What happens in a session.
        case session
        /// How somebody answers an action.
        case response
        /// What comes of an order or a job after it: delivery, return, review.
        case aftermath
        /// The business itself: its items, its campaigns, the weather.
        case setting
        /// Whatever else a business needs, apart from the others.
        case other
    }
}
