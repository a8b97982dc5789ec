import Access
import Analysis
import Engine
import HTTPTypes
import Hummingbird

/// Workspaces, and the log of every change.
enum WorkspaceRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/workspaces", name: "listWorkspaces", group: "Workspaces", "The workspaces that one reaches",
            access: .known, answers: [.json(.object(["workspaces": .list(workspaceSchema)]))]
        ) { call in
            let names = call.parts.installation.workspaceNames.filter { call.principal?.reaches($0) ?? false }
            return try call.answer(["workspaces": names.map { WorkspaceView(name: $0) }])
        }
        .sampled("/v1/workspaces"),
        APIRoute(
            .post, "/v1/workspaces", name: "createWorkspace", group: "Workspaces", "Make a workspace",
            access: .installationOwner, answers: [.json(workspaceSchema, status: .created)]
        ) { call in
            let body: WorkspaceRequest = try await call.json()
            _ = try call.parts.installation.createWorkspace(body.name, by: call.change)
            return try call.answer(WorkspaceView(name: body.name), status: .created)
        }
        .taking(.json(.object(["name": .text(lengths: 1...64, example: "shop")])))
        .failing(.conflict),
        APIRoute(
            .get, "/v1/settings", name: "workspaceSettings", group: "Workspaces", "What the workspace is set to",
            access: .scope(.audiencesRead), answers: [.json(settingsSchema)]
        ) { call in try call.answer(try call.workspace().settings) }
        .sampled("/v1/settings"),
        APIRoute(
            .patch, "/v1/settings", name: "changeWorkspaceSettings", group: "Workspaces",
            "Change the workspace's time zone; audiences are evaluated by it", access: .scope(.audiencesWrite),
            answers: [.json(settingsSchema)]
        ) { call in
            let request: SettingsRequest = try await call.json()
            let live = try call.workspace()
            try await call.parts.queries.run { try live.change(WorkspaceSettings(timeZone: request.timeZone)) }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "workspace.changed", target: call.workspaceName,
                detail: ["timeZone": live.settings.timeZone])
            return try call.answer(live.settings)
        }
        .taking(.json(settingsSchema))
        // It holds for everybody who asks about the workspace.
        .needing(.collectionWrite)
        .sampled("/v1/settings", body: #"{"timeZone":"Asia/Seoul"}"#),
        APIRoute(
            .get, "/v1/audit", name: "auditLog", group: "Workspaces", "The log of every change, the latest first",
            access: .scope(.auditRead), answers: [.json(auditSchema)]
        ) { call in
            let limit = try call.integer("limit", in: 1...1000) ?? 100
            let before = try call.integer("before", in: 1...Int.max).map(Int64.init)
            var workspace: String? = call.workspaceName
            if try call.flag("everywhere") {
                guard case .user(let user, _)? = call.principal, user.ownsInstallation else {
                    throw Problem.forbidden("only a user who owns the whole installation sees the log of everything")
                }
                workspace = nil
            }
            let entries = try call.access.audit(workspace: workspace, before: before, limit: limit)
            return try call.answer(["entries": entries.map(AuditView.init)])
        }
        .query("limit", .integer(1...1000), "At most so many")
        .query("before", .integer(1...Int(Int32.max)), "Only entries before the one with this id, for the next page")
        .query("everywhere", .boolean, "Those of all workspaces and of the installation")
        .sampled("/v1/audit"),
    ]

    private struct WorkspaceView: Encodable {
        var name: String
    }

    private struct WorkspaceRequest: Decodable {
        var name: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a workspace", allowed: ["name"])
            name = try fields.required("name")
        }
    }

    private struct SettingsRequest: Decodable {
        var timeZone: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the settings", allowed: ["timeZone"])
            timeZone = try fields.required("timeZone")
        }
    }

    private static let settingsSchema = JSONSchema.object(["timeZone": .text(lengths: 1...64, example: "Asia/Seoul")])

    private struct AuditView: Encodable {
        struct By: Encodable {
            var kind: String
            var id: String
            var name: String
        }

        var id: Int64
        var time: String
        var actor: By
        var address: String?
        var workspace: String?
        var action: String
        var target: String
        var detail: [String: String]

        init(_ entry: AuditEntry) {
            id = entry.id
            time = Timestamp.text(entry.time)
            actor = By(kind: entry.actor.kind.rawValue, id: entry.actor.id, name: entry.actor.name)
            address = entry.address
            workspace = entry.workspace
            action = entry.action
            target = entry.target
            detail = entry.detail
        }
    }

    private static let workspaceSchema = JSONSchema.object(["name": .text()])
    private static let auditSchema = JSONSchema.object([
        "entries": .list(
            .object(
                [
                    "id": .integer, "time": .time,
                    "actor": .object(["kind": .text(), "id": .text(), "name": .text()]), "address": .text(),
                    "workspace": .text(), "action": .text(), "target": .text(), "detail": .map(.text()),
                ], optional: ["address", "workspace"]))
    ])
}
