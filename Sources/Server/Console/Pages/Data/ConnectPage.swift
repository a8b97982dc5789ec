import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What to write where so that events come: filled in with a write key and the address. Write keys are made here,
/// because nothing can be sent without one; every other key in the settings.
enum ConnectPage {
    static func page(_ call: PageCall) throws -> PageAnswer { try page(call, error: nil) }

    private static func page(_ call: PageCall, error: String?) throws -> PageAnswer {
        let mayManage = call.may(.keysManage)
        let seesKeys = mayManage || call.may(.collectionRead)
        let all = seesKeys ? try call.access.keys(workspace: call.workspaceName) : []
        let keys = all.filter { $0.kind == .write && $0.revokedTime == nil }
        let chosen = keys.first { $0.id == call.query("key") } ?? keys.last
        let snippets = Snippets(address: address(call), key: chosen?.display ?? call.text("connect.yourKey"))
        let shown = Snippets.Kind(rawValue: call.query("sdk") ?? "") ?? .script
        let name = FormField(.input("text"), "name", call.text("connect.name"), value: call.form["name"]).with {
            $0.placeholder = call.text("connect.nameExample")
            $0.isRequired = true
            $0.lengths = 1...100
            $0.error = error
        }
        return .page(
            "data/connect", title: call.text("data.connect"), status: error == nil ? .ok : .unprocessableContent,
            [
                "tabs": DataPages.tabs(.connect, call), "mayManage": .flag(mayManage),
                "noKey": .flag(chosen == nil), "action": .text(call.link("data/connect")), "name": name.value,
                "settings": mayManage ? .text(call.link("settings/keys")) : false,
                "keys": .list(
                    keys.reversed().map { key in
                        [
                            "name": .text(key.name), "display": .text(key.display), "isCurrent": .flag(key == chosen),
                            "href": .text(call.link("data/connect", ["sdk": shown.rawValue, "key": key.id])),
                        ]
                    }),
                "snippets": .list(
                    Snippets.Kind.allCases.map { kind in
                        [
                            "name": .text(kind.title ?? call.text("connect.sdk." + kind.rawValue)),
                            "href": .text(
                                call.link("data/connect", ["sdk": kind.rawValue, "key": call.query("key")])),
                            "isCurrent": .flag(kind == shown),
                        ]
                    }),
                "snippet": .text(snippets.text(shown)), "about": .text(call.text("connect.about." + shown.rawValue)),
                "copied": .text(call.text("connect.copied")),
            ])
    }

    /// What the server is reached by: as the settings say, or as this request did.
    static func address(_ call: PageCall) -> String {
        let settings = call.parts.settings
        if let url = settings.publicURL { return url.hasSuffix("/") ? String(url.dropLast()) : url }
        let host = call.request.head.authority ?? "\(settings.host):\(settings.port)"
        return (settings.isSecure ? "https://" : "http://") + host
    }

    static func make(_ call: PageCall) throws -> PageAnswer {
        do {
            let made = try call.access.createKey(
                workspace: call.workspaceName, kind: .write, name: call.form["name"] ?? "", scopes: [],
                granter: call.call.principal, by: call.call.change)
            return .redirect(
                call.link("data/connect", ["key": made.key.id]), saying: call.text("connect.madeDone"))
        } catch let error as AccessError where error.code == .invalid {
            return try page(call, error: error.message)
        }
    }
}
