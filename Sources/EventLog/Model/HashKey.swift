/// The secret of one log that keys its hashes, so that nobody outside can choose ids that collide.
package struct HashKey: Sendable, Hashable {
    @usableFromInline package var k0: UInt64
    @usableFromInline package var k1: UInt64

    package init(k0: UInt64, k1: UInt64) {
        self.k0 = k0
        self.k1 = k1
    }

    package static func random() -> HashKey {
        HashKey(k0: .random(in: 0 ... .max), k1: .random(in: 0 ... .max))
    }

    /// SipHash-1-3 of some bytes (Aumasson and Bernstein, 2012; one compression and three finalisation rounds).
    package func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = SipState(self)
        let count = bytes.count
        var offset = 0
        while offset &+ 8 <= count {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset &+= 8
        }
        var last = UInt64(truncatingIfNeeded: count) &<< 56
        var shift: UInt64 = 0
        while offset < count {
            last |= UInt64(bytes[offset]) &<< shift
            shift &+= 8
            offset &+= 1
        }
        state.absorb(last)
        state.v2 ^= 0xff
        return state.finish()
    }

    package func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
