/// Base64 as browsers and SDKs send it: RFC 4648 in either alphabet, padded or not, with spaces where a form has turned
/// `+` into them.
enum Base64 {
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(byte)] = UInt8(value)
        }
        table[0x2d] = 62
        table[0x5f] = 63
        table[0x20] = 62
        return table
    }()

    /// Nil when the bytes are not base64.
    static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 4 * 3 + 3)
        var group: UInt32 = 0
        var count = 0
        var ended = false
        for byte in bytes {
            if byte == 0x0a || byte == 0x0d { continue }
            if byte == 0x3d {
                ended = true
                continue
            }
            let value = values[Int(byte)]
            guard value < 64, !ended else { return nil }
            group = group << 6 | UInt32(value)
            count += 1
            if count == 4 {
                result.append(UInt8(truncatingIfNeeded: group >> 16))
                result.append(UInt8(truncatingIfNeeded: group >> 8))
                result.append(UInt8(truncatingIfNeeded: group))
                group = 0
                count = 0
            }
        }
        switch count {
        case 0: break
        case 2: result.append(UInt8(truncatingIfNeeded: group >> 4))
        case 3:
            result.append(UInt8(truncatingIfNeeded: group >> 10))
            result.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return result
    }
}
