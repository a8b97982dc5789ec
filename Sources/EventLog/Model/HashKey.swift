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
        var v0 = k0 ^ 0x736f_6d65_7073_6575
        var v1 = k1 ^ 0x646f_7261_6e64_6f6d
        var v2 = k0 ^ 0x6c79_6765_6e65_7261
        var v3 = k1 ^ 0x7465_6462_7974_6573

        @inline(__always) func round() {
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

        let count = bytes.count
        var offset = 0
        while offset &+ 8 <= count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            v3 ^= word
            round()
            v0 ^= word
            offset &+= 8
        }
        var last = UInt64(truncatingIfNeeded: count) &<< 56
        var shift: UInt64 = 0
        while offset < count {
            last |= UInt64(bytes[offset]) &<< shift
            shift &+= 8
            offset &+= 1
        }
        v3 ^= last
        round()
        v0 ^= last
        v2 ^= 0xff
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }

    package func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
