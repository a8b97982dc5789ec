import EventLog
import Foundation

/// Normal forms of addresses, so that the same address is found however it was typed.
package enum AddressRules {
    /// Names of traits that hold an e-mail address, and those that hold a phone number.
    static let emailTraits = ["email", "$email", "emailAddress"]
    static let phoneTraits = ["phone", "$phone", "phoneNumber", "mobile", "mobilePhone"]

    /// Without blanks around it, composed (NFC), in lower case. Nil for what is no address.
    package static func email(_ text: String) -> String? {
        let plain = text.trimmingCharacters(in: .whitespacesAndNewlines)
            .precomposedStringWithCanonicalMapping.lowercased()
        let parts = plain.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, plain.utf8.count <= 254 else { return nil }
        return plain.contains(where: \.isWhitespace) ? nil : plain
    }

    /// As E.164 (`+821012345678`). A number without a country is taken for a Korean one when it begins with 0 as those
    /// do, or is one of the eight-digit service numbers (1588-1234). Nil for what is no number.
    package static func phone(_ text: String) -> String? {
        var digits: [UInt8] = []
        var international = false
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value))
            case "+":
                guard digits.isEmpty, !international else { return nil }
                international = true
            case " ", "-", ".", "(", ")", "/", "\u{2010}", "\u{2011}", "\u{2013}", "\u{a0}", "\t": continue
            default: return nil
            }
        }
        var number = String(decoding: digits, as: UTF8.self)
        if !international {
            if number.hasPrefix("00") {
                number.removeFirst(2)
            } else if number.hasPrefix("0") {
                number = "82" + number.dropFirst()
            } else if number.count == 8, number.hasPrefix("1") {
                number = "82" + number
            } else if !(number.hasPrefix("82") && (11...12).contains(number.count)) {
                return nil
            }
        }
        // "+82 (0)10-..." is written often and means "+82 10-...".
        if number.hasPrefix("820") { number = "82" + number.dropFirst(3) }
        guard (8...15).contains(number.count), !number.hasPrefix("0") else { return nil }
        return "+" + number
    }

    /// All addresses of a person, each once, in order.
    static func addresses(traits: [String: Trait], devices: some Sequence<Device>) -> [Address] {
        var found: Set<Address> = []
        for name in emailTraits {
            for text in traits[name]?.value?.texts ?? [] { email(text).map { _ = found.insert(Address(.email, $0)) } }
        }
        for name in phoneTraits {
            for text in traits[name]?.value?.texts ?? [] { phone(text).map { _ = found.insert(Address(.phone, $0)) } }
        }
        for device in devices {
            if let token = device.pushToken, !token.isEmpty { found.insert(Address(.push, token)) }
        }
        return found.sorted()
    }
}

extension PropertyValue {
    /// The strings in it; a number in digits.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .strings(let list): list
        case .number(let number): [PropertyValue.digits(number)]
        case .numbers(let list): list.map(PropertyValue.digits)
        case .boolean, .time, .booleans, .times: []
        }
    }

    /// A number without a needless `.0`.
    package static func digits(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        return String(number)
    }
}
