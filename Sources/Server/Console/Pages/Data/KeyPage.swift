import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Keys for those who send events or ask questions, and what to write where, filled in with the key and the address.
enum KeyPage {
    static func page(_ call: PageCall) throws -> PageAnswer { try page(call, error: nil) }

    private static func page(_ call: PageCall, error: String?) throws -> PageAnswer {
        let mayManage = call.may(.keysManage)
        // A write key is public, but who may not see keys has no use for it either.
        let keys = try call.access.keys(workspace: call.workspaceName)
        let open = keys.filter { $0.kind == .write && $0.revokedTime == nil }
        let chosen = open.first { $0.id == call.query("key") } ?? open.last
        let key = mayManage || call.may(.collectionRead) ? chosen?.display : nil
        let snippets = Snippets(address: address(call), key: key ?? call.text("connect.yourKey"))
        let shown = Snippets.Kind(rawValue: call.query("sdk") ?? "") ?? .script
        let made = call.query("made").flatMap { call.parts.privateTexts.take($0, workspace: call.workspaceName) }
        let name = FormField(.input("text"), "name", call.text("connect.name"), value: call.form["name"]).with {
            $0.placeholder = call.text("connect.nameExample")
            $0.isRequired = true
            $0.lengths = 1...100
            $0.error = error
        }
        return .page(
            "data/connect", title: call.text("data.connect"), status: error == nil ? .ok : .unprocessableContent,
            [
                "tabs": DataPages.tabs(.connect, call), "mayManage": .flag(mayManage), "made": .orFalse(made),
                "noKey": .flag(mayManage && open.isEmpty), "action": .text(call.link("data/connect")),
                "address": .text(address(call)), "key": .orFalse(key),
                "snippets": .list(
                    Snippets.Kind.allCases.map { kind in
                        [
                            "name": .text(kind.title ?? call.text("connect.sdk." + kind.rawValue)),
                            "href": .text(call.link("data/connect", ["sdk": kind.rawValue, "key": call.query("key")])),
                            "isCurrent": .flag(kind == shown),
                        ]
                    }),
                "snippet": .text(snippets.text(shown)), "about": .text(call.text("connect.about." + shown.rawValue)),
                "copied": .text(call.text("connect.copied")),
                "name": name.value, "scopes": scopes(call),
                "keys": mayManage ? table(keys, call).value : false, "hasKeys": .flag(!keys.isEmpty),
            ])
    }

    /// What the server is reached by: as the settings say, or as this request did.
    static func address(_ call: PageCall) -> String {
        if let url = call.parts.settings.publicURL { return url.hasSuffix("/") ? String(url.dropLast()) : url }
        let host = call.request.head.authority ?? "\(call.parts.settings.host):\(call.parts.settings.port)"
        return (call.parts.settings.isSecure ? "https://" : "http://") + host
    }

    private static func scopes(_ call: PageCall) -> PageValue {
        .list(
            Scope.allCases.filter { $0 != .collect && call.may($0) }.map { scope in
                [
                    "value": .text(scope.rawValue),
                    "text": .text(call.text("scope." + scope.rawValue.replacing(":", with: "_"))),
                    "isOn": .flag(call.form.all("scope").contains(scope.rawValue)),
                ]
            })
    }

    private static func table(_ keys: [AccessKey], _ call: PageCall) throws -> DataTable {
        DataTable(
            call.text("connect.keys"),
            columns: [
                .init(call.text("connect.name")), .init(call.text("connect.key")), .init(call.text("connect.rights")),
                .init(call.text("connect.made")), .hidden(call.text("connect.revoke")),
            ],
            rows: try keys.reversed().map { key in
                let scopes = key.scopes.map { call.text("scope." + $0.rawValue.replacing(":", with: "_")) }.sorted()
                return [
                    DataTable.Cell(key.name, note: call.text("connect.kind." + key.kind.rawValue)),
                    DataTable.Cell(key.display, style: "mono"), DataTable.Cell(scopes.joined(separator: ", ")),
                    DataTable.Cell(call.format.date(key.createdTime), style: "nowrap"),
                    try revocation(key, call),
                ]
            })
    }

    private static func revocation(_ key: AccessKey, _ call: PageCall) throws -> DataTable.Cell {
        if let time = key.revokedTime {
            return DataTable.Cell(call.text("connect.revoked", ["date": call.format.date(time)]), chip: "bad")
        }
        let dialog = Confirmation(
            id: "revoke-\(key.id)", action: call.link("data/connect"), button: call.text("connect.revoke"),
            title: call.text("connect.revokeTitle", ["name": key.name]), text: call.text("connect.revokeText"),
            yes: call.text("connect.revoke"), values: [("revoke", key.id)])
        let html = try call.files.render(
            "components/confirm", Layout.shared(call).adding(dialog.value), call.language)
        return DataTable.Cell("", html: html, style: "act")
    }

    static func change(_ call: PageCall) throws -> PageAnswer {
        if let id = call.form["revoke"] {
            let key = try call.access.revokeKey(id, workspace: call.workspaceName, by: call.call.change)
            return .redirect("data/connect", saying: call.text("connect.revokedDone", ["name": key.name]))
        }
        let kind = call.form["kind"].flatMap(AccessKey.Kind.init(rawValue:)) ?? .write
        let scopes = kind == .write ? [] : Set(call.form.all("scope").compactMap(Scope.init(rawValue:)))
        if kind == .api, scopes.isEmpty { return try page(call, error: call.text("connect.needsScope")) }
        do {
            let made = try call.access.createKey(
                workspace: call.workspaceName, kind: kind, name: call.form["name"] ?? "", scopes: scopes,
                granter: call.call.principal, by: call.call.change)
            let token = call.keep(made.secret)
            return .redirect(
                call.link("data/connect", ["made": token, "key": made.key.id]), saying: call.text("connect.madeDone"))
        } catch let error as AccessError where error.code == .invalid {
            return try page(call, error: error.message)
        }
    }
}
