import CEventLog

/// Tells plain numbers and booleans from other text.
enum PlainValue {
    /// Digits that a double holds exactly.
    private static let exactDigits = 15

    /// A decimal number without leading zeros, plus sign or exponent, of at most 15 digits: anything else may be a code
    /// that merely looks like a number.
    static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard let first = bytes.first, first == 0x2d || first &- 48 <= 9, bytes.count <= exactDigits + 2 else {
            return nil
        }
        var digits = 0
        for byte in bytes {
            if byte &- 48 <= 9 { digits &+= 1 } else if byte | 0x20 == 0x65 { return nil }
        }
        return digits <= exactDigits ? jsonNumber(bytes) : nil
    }

    private static func jsonNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var value = 0.0
        var isInteger: UInt8 = 0
        let text = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return ceventlog_parse_number(text, bytes.count, &value, &isInteger) == 0 ? value : nil
    }

    /// A number where one is asked for: a plus sign, leading zeros, a missing digit before or after the point, and an
    /// exponent are all right.
    static func anyNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
        if let number = jsonNumber(bytes) { return number }
        guard let first = bytes.first, bytes.count < 400,
            bytes.allSatisfy({ ($0 >= 0x2b && $0 <= 0x39 && $0 != 0x2c && $0 != 0x2f) || $0 | 0x20 == 0x65 })
        else { return nil }
        let text = String(decoding: first == 0x2b ? bytes[1...] : bytes[...], as: UTF8.self)
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// `true` or `false` in any case.
    static func boolean(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        if bytes.count == 4, lowercased(bytes, equals: "true") { return true }
        if bytes.count == 5, lowercased(bytes, equals: "false") { return false }
        return nil
    }

    private static func lowercased(_ bytes: UnsafeRawBufferPointer, equals text: StaticString) -> Bool {
        for index in 0..<bytes.count where bytes[index] | 0x20 != text.utf8Start[index] { return false }
        return true
    }

    static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { number(UnsafeRawBufferPointer($0)) } != nil
    }

    static func isBoolean(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { boolean(UnsafeRawBufferPointer($0)) } != nil
    }
}
