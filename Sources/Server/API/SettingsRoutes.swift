import Access
import Engine
import HTTPTypes
import Hummingbird
import Settings

/// How a workspace reads its events.
enum SettingsRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/settings", name: "getSettings", group: "Workspaces", "The workspace's settings",
            access: .scope(.query), answers: [.json(schema)]
        ) { call in try call.answer(try call.workspace().settings.current) }
        .sampled("/v1/settings"),
        APIRoute(
            .patch, "/v1/settings", name: "changeSettings", group: "Workspaces",
            "Change some of the workspace's settings", access: .scope(.settingsWrite), answers: [.json(schema)]
        ) { call in
            let change: SettingsChange = try await call.json()
            return try call.answer(try await SettingsRoutes.change(call, change))
        }
        .taking(.json(.object(fields, optional: Set(fields.keys))))
        .sampled("/v1/settings", body: "{}"),
    ]

    private static let fields: [String: JSONSchema] = [
        "title": .text(lengths: 0...60), "timeZone": .text(lengths: 1...64, example: "Asia/Seoul"),
        "weekStart": .oneOf(WorkspaceSettings.WeekStart.allCases.map(\.rawValue)),
        "currency": .text(lengths: 3...3, example: "KRW"), "locale": .text(lengths: 2...20, example: "ko-KR"),
        "sessionMinutes": .integer(1...1440),
    ]
    private static let schema = JSONSchema.object(fields, optional: ["title"])

    /// Changes the settings and writes the audit log, which keeps what was different before.
    static func change(_ call: Call, _ change: SettingsChange) async throws -> WorkspaceSettings {
        let live = try call.workspace()
        let (before, after) = try await call.parts.queries.run { try live.change(change) }
        let differences = values(before).merging(values(after)) { "\($0) → \($1)" }
            .filter { values(before)[$0.key] != values(after)[$0.key] }
        if !differences.isEmpty {
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "settings.changed", target: call.workspaceName,
                detail: differences)
        }
        return after
    }

    private static func values(_ settings: WorkspaceSettings) -> [String: String] {
        [
            "title": settings.title ?? "", "timeZone": settings.timeZone, "weekStart": settings.weekStart.rawValue,
            "currency": settings.currency, "locale": settings.locale, "sessionMinutes": String(settings.sessionMinutes),
        ]
    }
}
