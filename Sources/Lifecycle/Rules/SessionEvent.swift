import EventLog

/// An event as the rules of sessions see it. Ids are digests, so a session has a fixed size.
struct SessionEvent: Sendable, Hashable {
    var time: Int64
    var role: SessionRole
    /// Digests of the items' ids; several for an order or a cart.
    var items: [UInt64] = []
    /// 0: none.
    var category: UInt64 = 0
    var price: Double?
    var query: UInt64 = 0
    var results: Double?
    var value: Double?
}

/// Short digests of texts that need not be kept: FNV-1a of 64 bits.
enum TextDigest {
    static func of(_ text: String) -> UInt64 { of(text.utf8) }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return digest == 0 ? 1 : digest
    }
}
