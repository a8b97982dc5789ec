/// A running 128-bit digest of one stretch of a source, keyed by the log's secret and by the digest of the place where
/// the stretch begins: SipHash-1-3 with 128 bits of output (Aumasson and Bernstein, 2012, and their reference code).
///
/// Chaining makes the digest of a place depend on every byte from the source's beginning, while a stretch can be
/// compared without what is before it.
struct StretchDigest {
    private var state: SipState
    /// Bytes of the last, incomplete word, low end first.
    private var tail: UInt64 = 0
    private var tailCount = 0
    /// Bytes that have been absorbed, without the chained digest.
    private(set) var length: UInt64 = 0

    init(key: HashKey, from place: SourceMark.Digest) {
        state = SipState(key)
        // Asks for 128 bits.
        state.v1 ^= 0xee
        state.absorb(place.high)
        state.absorb(place.low)
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
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
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
            state.absorb(tail)
            (tail, tailCount) = (0, 0)
        }
    }

    private mutating func finish() -> SourceMark.Digest {
        state.absorb(tail | (length &<< 56))
        state.v2 ^= 0xee
        let low = state.finish()
        state.v1 ^= 0xdd
        return SourceMark.Digest(high: state.finish(), low: low)
    }
}
