/// A seeded stream of random numbers: the same seed gives the same numbers on every machine and in every release.
///
/// xoshiro256** 1.0 (Blackman and Vigna, 2021, "Scrambled linear pseudorandom number generators"), whose state is
/// filled by SplitMix64 from the seed, as its authors recommend. Not for secrets.
///
/// Results that depend on logarithms or powers (normal, gamma, ...) are as reproducible as the platform's `log`, `exp`
/// and `pow`, which agree to the last bit on the systems we build for but are not promised to by any standard.
package struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    package init(seed: UInt64) {
        var mixer = SplitMix64(state: seed)
        s0 = mixer.next()
        s1 = mixer.next()
        s2 = mixer.next()
        s3 = mixer.next()
    }

    /// Starts from a state of the generator itself, to compare with its authors' reference. Not all words may be 0.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        (s0, s1, s2, s3) = state
    }

    /// An independent stream for part `index` of a larger piece of work, for example one person of a simulation: the
    /// same however the work is split or ordered.
    package init(seed: UInt64, stream index: UInt64) {
        self.init(seed: SplitMix64.mix(seed &+ SplitMix64.mix(index &+ SplitMix64.increment)))
    }

    @inline(__always)
    package mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = ((product &<< 7) | (product &>> 57)) &* 9
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 &<< 45) | (s3 &>> 19)
        return result
    }
}

/// The generator that spreads seeds (Steele, Lea and Flood, 2014). Every 64-bit state is a good one.
package struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    package static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    /// A bijection of 64-bit words that changes about half of the bits for every changed bit.
    @inline(__always)
    package static func mix(_ word: UInt64) -> UInt64 {
        var z = word
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }
}
