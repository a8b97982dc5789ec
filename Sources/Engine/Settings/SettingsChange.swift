import Analysis
package import Settings

/// Some of a workspace's settings, to be changed: what is nil stays.
package struct SettingsChange: Codable, Sendable, Hashable {
    package var title: String?
    package var timeZone: String?
    package var weekStart: WorkspaceSettings.WeekStart?
    package var currency: String?
    package var locale: String?
    package var sessionMinutes: Int?

    package init() {}

    /// To all of these settings.
    package init(_ settings: WorkspaceSettings) {
        title = settings.title ?? ""
        timeZone = settings.timeZone
        weekStart = settings.weekStart
        currency = settings.currency
        locale = settings.locale
        sessionMinutes = settings.sessionMinutes
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "settings",
            allowed: ["title", "timeZone", "weekStart", "currency", "locale", "sessionMinutes"])
        title = try fields.optional("title")
        timeZone = try fields.text("timeZone")
        weekStart = fields.has("weekStart") ? try fields.choice("weekStart", default: .monday) : nil
        currency = try fields.text("currency")
        locale = try fields.text("locale")
        sessionMinutes = try fields.optional("sessionMinutes")
    }

    package var isEmpty: Bool { self == SettingsChange() }

    func apply(to settings: inout WorkspaceSettings) {
        settings.title = title ?? settings.title
        settings.timeZone = timeZone ?? settings.timeZone
        settings.weekStart = weekStart ?? settings.weekStart
        settings.currency = currency ?? settings.currency
        settings.locale = locale ?? settings.locale
        settings.sessionMinutes = sessionMinutes ?? settings.sessionMinutes
    }
}
