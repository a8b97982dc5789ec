import Foundation

/// How a workspace reads its events: which day it is, when a week begins, what money is counted in.
package struct WorkspaceSettings: Sendable, Hashable, Codable {
    package enum WeekStart: String, Sendable, Hashable, Codable, CaseIterable {
        case monday, sunday, saturday
    }

    /// What people call the workspace; nil: its name.
    package var title: String?
    /// An identifier of the IANA database: `Asia/Seoul`.
    package var timeZone: String
    package var weekStart: WeekStart
    /// ISO 4217: `KRW`.
    package var currency: String
    /// BCP 47: `ko-KR`. The language of whoever has not chosen one, and of what customers get.
    package var locale: String
    /// A session ends after so many minutes without an event.
    package var sessionMinutes: Int

    package init(
        title: String? = nil, timeZone: String, weekStart: WeekStart, currency: String, locale: String,
        sessionMinutes: Int = 30
    ) {
        self.title = title
        self.timeZone = timeZone
        self.weekStart = weekStart
        self.currency = currency
        self.locale = locale
        self.sessionMinutes = sessionMinutes
    }

    package static let korean = WorkspaceSettings(
        timeZone: "Asia/Seoul", weekStart: .monday, currency: "KRW", locale: "ko-KR")

    /// What a workspace begins with: by the language and the time zone of the machine.
    ///
    /// - Parameters:
    ///   - environment: of the process; `LC_ALL` and `LANG` say the language.
    ///   - timeZone: of the machine. Machines in data centres run on UTC wherever their people are, so with a Korean
    ///     language that means Seoul.
    package static func standard(environment: [String: String], timeZone: String) -> WorkspaceSettings {
        let language = environment["LC_ALL"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["LANG"] ?? ""
        if language.hasPrefix("ko") || timeZone == "Asia/Seoul" { return korean }
        let isAmerican = timeZone.hasPrefix("America/") || timeZone.hasPrefix("US/")
        return WorkspaceSettings(
            timeZone: ["GMT", "Etc/UTC", "Etc/GMT"].contains(timeZone) ? "UTC" : timeZone,
            weekStart: isAmerican ? .sunday : .monday, currency: "USD",
            locale: "en-US")
    }

    /// - Throws: `SettingsError` naming the field that breaks a rule.
    package func checked() throws -> WorkspaceSettings {
        var copy = self
        copy.title = title?.trimmingCharacters(in: .whitespacesAndNewlines)
        if copy.title?.isEmpty == true { copy.title = nil }
        if let title = copy.title, title.count > 60 || title.unicodeScalars.contains(where: { $0.value < 32 }) {
            throw SettingsError("title", "must have at most 60 characters, without line breaks")
        }
        guard TimeZone(identifier: timeZone) != nil else {
            throw SettingsError("timeZone", "'\(timeZone.prefix(40))' is no time zone; one is 'Asia/Seoul'")
        }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw SettingsError("currency", "must be a code of ISO 4217 such as KRW")
        }
        guard locale.wholeMatch(of: /[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?/) != nil else {
            throw SettingsError("locale", "must be a tag of BCP 47 such as ko-KR")
        }
        guard (1...1440).contains(sessionMinutes) else {
            throw SettingsError("sessionMinutes", "must be from 1 to 1440")
        }
        return copy
    }
}
