import Access
import Engine
import HTTPTypes

/// Keys of programs: those that send events, and those that ask.
enum KeyPages {
    static let pages: [ConsolePage] = [
        .get("settings/keys", name: "keys", in: .settings, access: .scope(.keysManage)) { call in try page(call) },
        .post("settings/keys", name: "makeKey", in: .settings, access: .scope(.keysManage)) { call in
            let kind = call.form["kind"].flatMap { AccessKey.Kind(rawValue: $0) } ?? .write
            do {
                let made = try call.access.createKey(
                    workspace: call.workspaceName, kind: kind, name: call.form["name"] ?? "",
                    scopes: kind == .write ? [] : Set(call.form.all("scope").compactMap { Scope(rawValue: $0) }),
                    granter: call.call.principal, by: call.call.change)
                // Not led elsewhere: this is the only moment at which the key's text is known.
                return try page(call, made: made)
            } catch let error as AccessError where [.invalid, .forbidden].contains(error.code) {
                return try page(call, error: error.message)
            }
        },
        .post("settings/keys/{id}/revoke", name: "revokeKeyForm", in: .settings, access: .scope(.keysManage)) { call in
            let key = try call.access.revokeKey(
                try call.pathParameter("id"), workspace: call.workspaceName, by: call.call.change)
            return .redirect("settings/keys", saying: call.text("settings.keyRevoked", ["name": key.name]))
        },
    ]

    private static func page(_ call: PageCall, made: NewKey? = nil, error: String? = nil) throws -> PageAnswer {
        let keys = try call.access.keys(workspace: call.workspaceName).reversed()
        let held = call.call.principal?.scopes(in: call.workspaceName) ?? []
        let scopes = Scope.allCases.filter { held.contains($0) }
        let chosen = Set(call.form.all("scope"))
        return SettingsPages.page(
            .keys, "keys", status: error == nil ? .ok : .unprocessableContent, call,
            [
                "made": made.map {
                    ["name": .text($0.key.name), "secret": .text($0.secret), "isSecret": .flag($0.key.kind == .api)]
                }
                    ?? false,
                "error": PageValue(error), "isOpen": .flag(error != nil),
                "valid": .list(keys.filter { $0.revokedTime == nil }.map { value($0, call) }),
                "hasValid": .flag(keys.contains { $0.revokedTime == nil }),
                "revoked": .list(keys.filter { $0.revokedTime != nil }.map { value($0, call) }),
                "hasRevoked": .flag(keys.contains { $0.revokedTime != nil }),
                "revokedCount": .text(
                    call.text("settings.revokedKeys", count: keys.filter { $0.revokedTime != nil }.count)),
                "name": .text(call.form["name"] ?? ""), "isAPI": .flag(call.form["kind"] == "api"),
                "scopes": .list(
                    scopes.map {
                        [
                            "value": .text($0.rawValue), "isOn": .flag(chosen.contains($0.rawValue)),
                            "text": .text(call.text("scope." + $0.rawValue.replacing(":", with: "_"))),
                        ]
                    }),
                "empty": EmptyState(
                    icon: "key", title: call.text("settings.noKeysTitle"), text: call.text("settings.noKeysText")
                ).value,
            ])
    }

    private static func value(_ key: AccessKey, _ call: PageCall) -> PageValue {
        [
            "id": .text(key.id), "name": .text(key.name), "display": .text(key.display),
            "isWrite": .flag(key.kind == .write),
            "kind": .text(call.text("settings.kind.\(key.kind.rawValue)")),
            "scopes": .text(key.kind == .write ? "" : key.scopes.map(\.rawValue).sorted().joined(separator: ", ")),
            "since": .text(call.format.date(key.createdTime, withYear: true)),
            "until": key.revokedTime.map { .text(call.format.date($0, withYear: true)) } ?? false,
            "copied": .text(call.text("settings.copied")),
            "revoke": key.revokedTime != nil
                ? false
                : Confirmation(
                    id: "revoke-\(key.id)", action: call.link("settings/keys/\(key.id)/revoke"),
                    button: call.text("settings.revoke"), title: call.text("settings.revokeTitle", ["name": key.name]),
                    text: call.text("settings.revokeText"), yes: call.text("settings.revokeYes")
                ).value,
        ]
    }
}
