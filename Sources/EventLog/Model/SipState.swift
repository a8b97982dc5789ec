/// The state of SipHash (Aumasson and Bernstein, 2012): what its variants for hashes and digests have in common.
struct SipState {
    var v0: UInt64
    var v1: UInt64
    var v2: UInt64
    var v3: UInt64

    @inline(__always)
    init(_ key: HashKey) {
        // The constants spell "somepseudorandomlygeneratedbytes".
        v0 = key.k0 ^ 0x736f_6d65_7073_6575
        v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
        v2 = key.k0 ^ 0x6c79_6765_6e65_7261
        v3 = key.k1 ^ 0x7465_6462_7974_6573
    }

    /// One compression round for a word: SipHash-1-x.
    @inline(__always)
    mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    /// Three finalisation rounds (SipHash-x-3), and the word that they give.
    @inline(__always)
    mutating func finish() -> UInt64 {
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 &<< 13) | (v1 &>> 51)
        v1 ^= v0
        v0 = (v0 &<< 32) | (v0 &>> 32)
        v2 = v2 &+ v3
        v3 = (v3 &<< 16) | (v3 &>> 48)
        v3 ^= v2
        v0 = v0 &+ v3
        v3 = (v3 &<< 21) | (v3 &>> 43)
        v3 ^= v0
        v2 = v2 &+ v1
        v1 = (v1 &<< 17) | (v1 &>> 47)
        v1 ^= v2
        v2 = (v2 &<< 32) | (v2 &>> 32)
    }
}
