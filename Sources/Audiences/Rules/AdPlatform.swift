import Crypto
import Foundation

/// Where hashed lists of an audience go, and how each platform wants addresses before they are hashed with SHA-256.
///
/// - Meta ("customer information parameters"): e-mail trimmed, in lower case; phone as digits with the country code,
///   without symbols, plus or leading zeros.
/// - Google ("Data Manager: formatting"): e-mail without any spaces, in lower case, for gmail.com and googlemail.com
///   without the dots before the @; phone in E.164 with the plus.
/// - TikTok ("custom audience: customer file"): e-mail trimmed, in lower case; phone in E.164 with the plus.
/// - Kakao: phone as the digits that are dialled within Korea, `01012345678`; no e-mail.
package enum AdPlatform: String, Sendable, CaseIterable {
    case meta, google, tiktok, kakao

    /// The header of each column of the file.
    package var columns: [String] {
        switch self {
        case .meta: ["email", "phone"]
        case .google: ["Email", "Phone"]
        case .tiktok: ["EMAIL_SHA256", "PHONE_SHA256"]
        case .kakao: ["phone"]
        }
    }

    /// The address as the platform hashes it; nil when it is none.
    package func normalized(email: String) -> String? {
        if self == .kakao { return nil }
        var text = email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        if self == .google { text.removeAll(where: \.isWhitespace) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), parts[1].first != ".",
            parts[1].last != ".", !text.contains(where: \.isWhitespace)
        else { return nil }
        guard self == .google, parts[1] == "gmail.com" || parts[1] == "googlemail.com" else { return text }
        let local = parts[0].filter { $0 != "." }
        return local.isEmpty ? nil : "\(local)@\(parts[1])"
    }

    /// - Parameter countryCode: of numbers that are written as they are dialled at home: `82`.
    package func normalized(phone: String, countryCode: String) -> String? {
        guard let digits = PhoneNumber.international(phone, countryCode: countryCode) else { return nil }
        switch self {
        case .meta: return digits
        case .google, .tiktok: return "+" + digits
        case .kakao: return digits.hasPrefix("82") ? "0" + digits.dropFirst(2) : nil
        }
    }

    /// SHA-256 in lower-case hexadecimal.
    package static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Telephone numbers as people write them.
enum PhoneNumber {
    /// The digits of E.164 (country code first, no plus); nil when that cannot be a telephone number.
    static func international(_ text: String, countryCode: String) -> String? {
        // "+82 (0)10-..." carries the zero that is dialled at home only.
        let written = text.replacing("(0)", with: "")
        guard written.allSatisfy({ $0.isASCII ? $0.isNumber || " +-().\t/".contains($0) : $0.isWhitespace }) else {
            return nil
        }
        var digits = written.filter(\.isNumber)
        if written.trimmingCharacters(in: .whitespaces).hasPrefix("+") {
            // Already international.
        } else if digits.hasPrefix("00") {
            digits.removeFirst(2)
        } else if digits.hasPrefix("0") {
            digits = countryCode + digits.dropFirst()
        } else if !(digits.hasPrefix(countryCode) && digits.count >= countryCode.count + 8) {
            digits = countryCode + digits
        }
        if countryCode == "82", digits.hasPrefix("820") { digits = "82" + digits.dropFirst(3) }
        guard (8...15).contains(digits.count), digits.first != "0" else { return nil }
        return digits
    }
}
