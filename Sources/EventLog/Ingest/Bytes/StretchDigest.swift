/// A running 128-bit digest of one stretch of a source, keyed by the log's secret and by the digest of the place where
/// the stretch begins: SipHash-1-3 with 128 bits of output (Aumasson and Bernstein, 2012, and their reference code).
///
/// Chaining makes the digest of a place depend on every byte from the source's beginning, while a stretch can be
/// compared without what is before it.
struct StretchDigest {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes of the last, incomplete word, low end first.
    private var tail: UInt64 = 0
    private var tailCount = 0
    /// Bytes that have been absorbed, without the chained digest.
    private(set) var length: UInt64 = 0

    init(key: HashKey, from place: SourceMark.Digest) {
        // The constants spell "somepseudorandomlygeneratedbytes"; 0xee asks for 128 bits.
        v0 = key.k0 ^ 0x736f_6d65_7073_6575
        v1 = key.k1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.k0 ^ 0x6c79_6765_6e65_7261
        v3 = key.k1 ^ 0x7465_6462_7974_6573
        absorb(word: place.high)
        absorb(word: place.low)
    }

    /// The digest of the place that all bytes absorbed so far lead to.
    var digest: SourceMark.Digest {
        var copy = self
        return copy.finish()
    }

    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var offset = 0
        while tailCount != 0, offset < bytes.count {
            absorb(byte: bytes[offset])
            offset &+= 1
        }
        while bytes.count &- offset >= 8 {
            absorb(word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset &+= 8
        }
        while offset < bytes.count {
            absorb(byte: bytes[offset])
            offset &+= 1
        }
    }

    private mutating func absorb(byte: UInt8) {
        tail |= UInt64(byte) &<< UInt64(tailCount &* 8)
        tailCount &+= 1
        if tailCount == 8 {
            absorb(word: tail)
            (tail, tailCount) = (0, 0)
        }
    }

    @inline(__always)
    private mutating func absorb(word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    private mutating func finish() -> SourceMark.Digest {
        absorb(word: tail | (length &<< 56))
        v2 ^= 0xee
        for _ in 0..<3 { round() }
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<3 { round() }
        return SourceMark.Digest(high: v0 ^ v1 ^ v2 ^ v3, low: low)
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
