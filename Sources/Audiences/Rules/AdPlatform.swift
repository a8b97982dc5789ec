import Crypto
import Foundation

/// Where lists of an audience go, and how each platform wants addresses, hashed with SHA-256 except by Kakao. By their
/// own pages:
///
/// - Meta (developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences, "Hashing and Normalizing
///   Data"): e-mail trimmed, in lower case; phone without symbols, letters and leading zeros, with the country code.
/// - Google (developers.google.com/data-manager/api/devguides/concepts/formatting; columns:
///   support.google.com/google-ads/answer/7476159): e-mail without any white space, in lower case, at gmail.com and
///   googlemail.com also without dots and without what follows a plus; phone in E.164 with the plus.
/// - TikTok (ads.tiktok.com/help/article/how-to-create-a-custom-audience-with-a-customer-file, September 2025): e-mail
///   without spaces, in lower case; phone in E.164 with the plus.
/// - Kakao (developers.kakao.com/docs/latest/ko/kakaomoment/friend-group and cs.kakao.com, "customer file"): a list for
///   the groups of friends of a channel has telephone numbers as they are. A hashed form is not described, and would
///   match nobody. Digits as dialled within Korea, `01012345678`; no e-mail.
package enum AdPlatform: String, Sendable, CaseIterable {
    case meta, google, tiktok, kakao

    /// The header of each column of the file.
    package var columns: [String] {
        switch self {
        case .meta: ["email", "phone"]
        case .google: ["Email", "Phone"]
        case .tiktok: ["Email_SHA256", "Phone_SHA256"]
        case .kakao: ["phone"]
        }
    }

    /// Whether the platform takes hashes. Addresses in plain text leave the house with every consent that this needs.
    package var isHashed: Bool { self != .kakao }

    /// What stands in the file for a normalised address.
    package func cell(_ normalized: String) -> String { isHashed ? AdPlatform.hash(normalized) : normalized }

    /// The address as the platform hashes it; nil when it is none.
    package func normalized(email: String) -> String? {
        if self == .kakao { return nil }
        var text = email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        if self == .google || self == .tiktok { text.removeAll(where: \.isWhitespace) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), parts[1].first != ".",
            parts[1].last != ".", !text.contains(where: \.isWhitespace)
        else { return nil }
        guard self == .google, parts[1] == "gmail.com" || parts[1] == "googlemail.com" else { return text }
        let local = parts[0].prefix { $0 != "+" }.filter { $0 != "." }
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
