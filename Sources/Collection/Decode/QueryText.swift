/// The query of a URL, or a form body, which is written the same way.
struct QueryText {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = Array(bytes) }

    /// The first value with this name, percent-decoded; nil when there is none or it is empty.
    func value(_ name: String) -> [UInt8]? {
        var found: [UInt8]?
        bytes.withUnsafeBytes { bytes in
            QueryText.forEachPair(bytes) { key, value in
                guard found == nil, !value.isEmpty, key.elementsEqual(name.utf8) else { return }
                var decoded: [UInt8] = []
                if QueryText.decode(value, into: &decoded) { found = decoded }
            }
        }
        return found
    }

    func text(_ name: String) -> String? { value(name).flatMap { String(validating: $0, as: UTF8.self) } }

    /// Calls `body` with each name and value as they are written.
    static func forEachPair(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var start = 0
        while start < bytes.count {
            var end = start
            var equals = -1
            while end < bytes.count, bytes[end] != 0x26 {
                if equals < 0, bytes[end] == 0x3d { equals = end }
                end += 1
            }
            if equals >= 0 {
                try body(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<equals]),
                    UnsafeRawBufferPointer(rebasing: bytes[(equals + 1)..<end]))
            }
            start = end + 1
        }
    }

    /// Undoes percent encoding; `+` is a space. A percent sign that encodes nothing stays.
    ///
    /// - Returns: whether the result is UTF-8.
    static func decode(_ bytes: UnsafeRawBufferPointer, into result: inout [UInt8]) -> Bool {
        result.removeAll(keepingCapacity: true)
        var needsCheck = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x25, index + 2 < bytes.count, let high = hex(bytes[index + 1]), let low = hex(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(byte == 0x2b ? 0x20 : byte)
                index += 1
            }
            if let last = result.last, last >= 0x80 { needsCheck = true }
        }
        return !needsCheck || String(validating: result, as: UTF8.self) != nil
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
