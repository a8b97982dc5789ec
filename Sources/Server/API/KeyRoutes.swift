import Access
import Analysis
import Engine
import EventLog
import HTTPTypes
import Hummingbird

/// Keys of programs.
enum KeyRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/keys", name: "listKeys", group: "Keys", "The keys of the workspace, revoked ones too",
            access: .scope(.keysManage), answers: [.json(.object(["keys": .list(.shared("Key"))]))]
        ) { call in
            try call.answer(["keys": try call.access.keys(workspace: call.workspaceName).map(KeyView.init)])
        }
        .sampled("/v1/keys"),
        APIRoute(
            .post, "/v1/keys", name: "createKey", group: "Keys",
            "Make a key; its text is in this answer and nowhere else", access: .scope(.keysManage),
            answers: [.json(.object(["key": .shared("Key"), "secret": .text()]), status: .created)]
        ) { call in
            let body: KeyRequest = try await call.json()
            let made = try call.access.createKey(
                workspace: call.workspaceName, kind: body.kind, name: body.name, scopes: body.scopes,
                granter: call.principal, by: call.change)
            return try call.answer(Made(key: KeyView(made.key), secret: made.secret), status: .created)
        }
        .taking(
            .json(
                .object(
                    [
                        "kind": .oneOf(AccessKey.Kind.allCases.map(\.rawValue)), "name": .text(lengths: 1...100),
                        "scopes": .list(.oneOf(Scope.allCases.map(\.rawValue)), counts: 0...Scope.allCases.count),
                    ], optional: ["name", "scopes"]))
        )
        .sampled("/v1/keys", body: #"{"kind":"write","name":"sample"}"#),
        APIRoute(
            .delete, "/v1/keys/{id}", name: "revokeKey", group: "Keys", "Make a key invalid for good",
            access: .scope(.keysManage), answers: [.json(.shared("Key"))]
        ) { call in
            let id = try call.pathParameter("id")
            return try call.answer(
                KeyView(try call.access.revokeKey(id, workspace: call.workspaceName, by: call.change)))
        }
        .pathParameter("id", "The key's id, as the list shows it")
        .sampled("/v1/keys/key_of_nobody"),
    ]

    private struct Made: Encodable {
        var key: KeyView
        var secret: String
    }

    private struct KeyRequest: Decodable {
        var kind: AccessKey.Kind
        var name: String
        var scopes: Set<Scope>

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a key", allowed: ["kind", "name", "scopes"])
            guard fields.has("kind") else { throw fields.error(.missingField, "kind", "must be given: write or api") }
            kind = try fields.choice("kind", default: .write)
            name = try fields.text("name") ?? "\(kind.rawValue) key"
            let names = try fields.list("scopes", of: String.self, counts: 0...Scope.allCases.count) ?? []
            scopes = Set(
                try names.map { name in
                    guard let scope = Scope(rawValue: name) else {
                        let all = Scope.allCases.map(\.rawValue)
                        let hint = NearestName.hint(for: name, among: all)
                        throw fields.error(
                            .invalidValue, "scopes",
                            "there is no scope '\(name)'\(hint); there are \(all.joined(separator: ", "))")
                    }
                    return scope
                })
        }
    }
}

/// A key as the API shows it: without what makes it secret.
struct KeyView: Encodable {
    var id: String
    var workspace: String
    var kind: String
    var name: String
    var scopes: [String]
    var display: String
    var createdAt: String
    var revokedAt: String?

    init(_ key: AccessKey) {
        id = key.id
        workspace = key.workspace
        kind = key.kind.rawValue
        name = key.name
        scopes = key.scopes.map(\.rawValue).sorted()
        display = key.display
        createdAt = Timestamp.text(key.createdTime)
        revokedAt = key.revokedTime.map(Timestamp.text)
    }
}
