import Foundation

/// What a form sent, as `application/x-www-form-urlencoded` has it (the WHATWG's URL standard, section 5.1).
package struct FormValues: Sendable, Hashable {
    /// In the order in which they were sent.
    package private(set) var pairs: [(name: String, value: String)] = []

    package init() {}

    package init(pairs: [(name: String, value: String)]) { self.pairs = pairs }

    /// - Throws: `Problem` of status 400 for bytes that are no text in UTF-8.
    init(body: some Sequence<UInt8>) throws {
        for part in Array(body).split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormValues.decode(sides[0]),
                let value = FormValues.decode(sides.count == 2 ? sides[1] : [])
            else { throw Problem.badRequest("the form is no valid text in UTF-8") }
            // What a text area sends ends its lines in two characters.
            pairs.append((name, value.replacing("\r\n", with: "\n")))
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                plain.append(value)
                index += 3
            } else {
                plain.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(validating: plain, as: UTF8.self)
    }

    /// The first value of a field, without blanks around it; nil when it is not there or empty.
    package subscript(name: String) -> String? {
        guard let value = raw(name)?.trimmingCharacters(in: .whitespacesAndNewlines), !value.isEmpty else { return nil }
        return value
    }

    /// The first value of a field as it was sent, such as a password.
    package func raw(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// All values of a field that may be there several times, such as boxes that are ticked.
    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    package func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    package static func == (a: FormValues, b: FormValues) -> Bool {
        a.pairs.map(\.name) == b.pairs.map(\.name) && a.pairs.map(\.value) == b.pairs.map(\.value)
    }

    package func hash(into hasher: inout Hasher) {
        for pair in pairs {
            hasher.combine(pair.name)
            hasher.combine(pair.value)
        }
    }
}
