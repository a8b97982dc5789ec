import Access
import Engine
import Foundation
import HTTPTypes
import Settings

/// How the workspace reads its events.
enum WorkspacePages {
    static let pages: [ConsolePage] = [
        .get("settings", name: "settings", in: .settings, access: .scope(.query)) { call in
            page(call, try call.workspace().settings.current)
        },
        .post("settings", name: "changeSettingsForm", in: .settings, access: .scope(.settingsWrite)) { call in
            var wanted = try call.workspace().settings.current
            wanted.title = call.form["title"]
            wanted.timeZone = call.form["timeZone"] ?? ""
            wanted.weekStart =
                call.form["weekStart"].flatMap { WorkspaceSettings.WeekStart(rawValue: $0) } ?? wanted.weekStart
            wanted.currency = call.form["currency"]?.uppercased() ?? ""
            wanted.locale = call.form["locale"] ?? ""
            wanted.sessionMinutes = call.form["sessionMinutes"].flatMap { Int($0) } ?? 0
            do {
                _ = try await SettingsRoutes.change(call.call, SettingsChange(wanted))
            } catch let error as SettingsError {
                return page(call, wanted, error: error)
            }
            return .redirect("settings", saying: call.text("settings.saved"))
        },
    ]

    private static func page(
        _ call: PageCall, _ settings: WorkspaceSettings, error: SettingsError? = nil
    ) -> PageAnswer {
        func options(_ values: [String], _ key: String) -> [FormField.Option] {
            values.map { FormField.Option($0, call.text("settings.\(key).\($0)")) }
        }
        var currencies = ["KRW", "USD", "EUR", "JPY", "GBP", "CNY"]
        if !currencies.contains(settings.currency) { currencies.append(settings.currency) }
        let fields = [
            FormField(
                .input("text"), "title", call.text("settings.title"), value: settings.title,
                hint: call.text("settings.titleHint", ["name": call.workspaceName])
            ).with {
                $0.lengths = 0...60
                $0.placeholder = call.workspaceName
            },
            FormField(
                .suggestions(zones), "timeZone", call.text("settings.timeZone"), value: settings.timeZone,
                hint: call.text("settings.timeZoneHint", ["now": call.format.dateTime(call.now)])
            ).with { $0.isRequired = true },
            FormField(
                .select(options(WorkspaceSettings.WeekStart.allCases.map(\.rawValue), "weekStart")), "weekStart",
                call.text("settings.weekStart"), value: settings.weekStart.rawValue),
            FormField(
                .select(currencies.map { FormField.Option($0, currency($0, call)) }), "currency",
                call.text("settings.currency"), value: settings.currency),
            FormField(
                .select([FormField.Option("ko-KR", "한국어 (대한민국)"), FormField.Option("en-US", "English (United States)")]
                ),
                "locale", call.text("settings.locale"), value: settings.locale, hint: call.text("settings.localeHint")),
            FormField(
                .input("number"), "sessionMinutes", call.text("settings.sessionMinutes"),
                value: String(settings.sessionMinutes), hint: call.text("settings.sessionHint")
            ).with {
                $0.numbers = 1...1440
                $0.isRequired = true
            },
        ].map { field in
            field.with { if $0.name == error?.field { $0.error = error?.message } }
        }
        return SettingsPages.page(
            .workspace, "workspace", status: error == nil ? .ok : .unprocessableContent, call,
            [
                "fields": .list(fields.map(\.value)), "mayChange": .flag(call.may(.settingsWrite)),
                "facts": .list(
                    fields.map { ["name": .text($0.label), "value": .text(shown($0))] }),
            ])
    }

    /// A field's value as people read it, for who may only look.
    private static func shown(_ field: FormField) -> String {
        if case .select(let options) = field.kind {
            return options.first { $0.value == field.content }?.text ?? field.content ?? ""
        }
        return field.content ?? field.placeholder ?? ""
    }

    private static func currency(_ code: String, _ call: PageCall) -> String {
        let key = "settings.currencies.\(code)"
        return call.files.texts(call.language).has(key) ? call.text(key) + " (\(code))" : code
    }

    private static let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") || $0 == "UTC" }
        .map { FormField.Option($0, $0) }
}
