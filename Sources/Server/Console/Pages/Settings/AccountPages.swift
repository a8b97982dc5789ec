import Access
import Engine
import HTTPTypes

/// The reader's own account.
enum AccountPages {
    static let pages: [ConsolePage] = [
        .get("settings/account", name: "account", in: .settings, access: .known) { call in try page(call) },
        .post("settings/account/password", name: "changePasswordForm", in: .settings, access: .known) { call in
            let user = try owner(call)
            let new = call.form.raw("new") ?? ""
            do {
                _ = try await call.access.signIn(
                    email: user.email, password: call.form.raw("current") ?? "", address: call.call.address)
            } catch let error as AccessError where error.code == .unauthenticated {
                return try page(call, wrong: call.text("settings.wrongPassword"))
            }
            do {
                try await call.access.setPassword(new, user: user.id, by: call.call.change)
            } catch let error as AccessError where error.code == .invalid {
                return try page(call, refused: call.text("settings.badPassword"))
            }
            // Changing it has ended every session; this browser has just shown whose it is.
            let begun = try call.access.beginSession(user, address: call.call.address)
            return .redirect(
                "settings/account", flash: Flash(kind: .done, text: call.text("settings.passwordChanged")),
                cookies: [SessionRoutes.cookie(of: begun, call.call)])
        },
    ]

    private static func owner(_ call: PageCall) throws -> User {
        guard let user = call.user else { throw Problem.forbidden("a key has no account") }
        return user
    }

    private static func page(_ call: PageCall, wrong: String? = nil, refused: String? = nil) throws -> PageAnswer {
        let user = try owner(call)
        let fields = [
            FormField(.input("password"), "current", call.text("settings.currentPassword")).with {
                $0.autocomplete = "current-password"
                $0.isRequired = true
                $0.error = wrong
            },
            FormField(
                .input("password"), "new", call.text("settings.newPassword"),
                hint: call.text("settings.newPasswordHint")
            ).with {
                $0.autocomplete = "new-password"
                $0.isRequired = true
                $0.lengths = 10...1024
                $0.error = refused
            },
        ]
        let roles = user.roles.sorted { $0.key < $1.key }
        return SettingsPages.page(
            .account, "account", status: wrong ?? refused == nil ? .ok : .unprocessableContent, call,
            [
                "name": .text(user.name), "email": .text(user.email), "fields": .list(fields.map(\.value)),
                "since": .text(call.format.date(user.createdTime, withYear: true)),
                "roles": .list(
                    roles.map { workspace, role in
                        [
                            "workspace": .text(
                                workspace == User.everywhere ? call.text("settings.everywhere") : workspace),
                            "role": .text(call.text("role.\(role.rawValue)")),
                        ]
                    }),
            ])
    }
}
