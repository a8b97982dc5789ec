/// What a decision is called: 30 letters that nobody can guess, and from which its place in the log can be told
/// without an index of decisions.
///
/// 22 bytes in the alphabet of URLs: the log's keyed hash of the person, the time in milliseconds, 8 bytes of chance.
package struct DecisionID: Sendable, Hashable, CustomStringConvertible {
    /// The keyed hash of the person's canonical id at that time, which tells nobody who it is.
    package let home: UInt64
    /// Milliseconds since 1970-01-01T00:00:00Z, below 2^48.
    package let time: Int64
    package let chance: UInt64

    package init(home: UInt64, time: Int64, chance: UInt64) {
        self.home = home
        self.time = max(0, min(time, (1 << 48) - 1))
        self.chance = chance
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let bytes = 22
    private static let letters = 30

    package var description: String {
        var raw: [UInt8] = []
        raw.reserveCapacity(Self.bytes)
        for shift in stride(from: 56, through: 0, by: -8) { raw.append(UInt8(truncatingIfNeeded: home >> shift)) }
        for shift in stride(from: 40, through: 0, by: -8) { raw.append(UInt8(truncatingIfNeeded: time >> shift)) }
        for shift in stride(from: 56, through: 0, by: -8) { raw.append(UInt8(truncatingIfNeeded: chance >> shift)) }
        var text: [UInt8] = []
        text.reserveCapacity(Self.letters)
        var bits: UInt32 = 0
        var count = 0
        for byte in raw {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(Self.alphabet[Int(bits >> UInt32(count)) & 63])
            }
        }
        text.append(Self.alphabet[Int(bits << UInt32(6 - count)) & 63])
        return String(decoding: text, as: UTF8.self)
    }

    /// - Returns: nil for a text that is no id.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.letters else { return nil }
        var raw: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for letter in text.utf8 {
            guard let value = Self.value(letter) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                raw.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard raw.count == Self.bytes else { return nil }
        home = raw[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        time = raw[8..<14].reduce(0) { $0 << 8 | Int64($1) }
        chance = raw[14..<22].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
