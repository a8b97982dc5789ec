import Foundation
import HTTPTypes
import Hummingbird

/// The console's own cookies: what the reader has chosen, and the message for the next page.
enum ConsoleCookie: String {
    case language = "dangol_language"
    case theme = "dangol_theme"
    /// The workspace that was open last.
    case workspace = "dangol_workspace"
    case flash = "dangol_flash"

    private static let yearSeconds = 31_536_000

    /// The value of `Set-Cookie`; nil as the value ends the cookie.
    func set(_ value: String?, _ settings: ServerSettings) -> String {
        let age = value == nil ? 0 : self == .flash ? 60 : ConsoleCookie.yearSeconds
        return "\(rawValue)=\(PageCall.escape(value ?? "")); Path=/; Max-Age=\(age); HttpOnly; SameSite=Lax"
            + (settings.isSecure ? "; Secure" : "")
    }

    func read(_ headers: HTTPFields) -> String? {
        RequestGate.cookie(headers, rawValue)?.removingPercentEncoding.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Light, dark, or as the machine is set.
enum Theme: String, CaseIterable {
    case system, light, dark
}

extension Language {
    /// What the reader has chosen, or else what their browser asks for, or else the workspace's.
    static func chosen(_ headers: HTTPFields, locale: String?) -> Language {
        if let language = ConsoleCookie.language.read(headers).flatMap({ Language(rawValue: $0) }) { return language }
        if let language = Language.accepted(headers[.acceptLanguage]) { return language }
        return locale.flatMap { tag in Language.allCases.first { tag.hasPrefix($0.rawValue) } } ?? .english
    }
}

extension Flash {
    /// As the cookie holds it.
    var coded: String { kind.rawValue + ":" + text }

    init?(coded: String) {
        let parts = coded.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        self.init(kind: kind, text: String(parts[1].prefix(500)))
    }
}
