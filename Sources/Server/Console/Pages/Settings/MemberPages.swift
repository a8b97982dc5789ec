import Access
import Engine
import HTTPTypes

/// Who works in the workspace.
enum MemberPages {
    static let pages: [ConsolePage] = [
        .get("settings/members", name: "members", in: .settings, access: .scope(.usersManage)) { call in
            try page(call)
        },
        .post("settings/members", name: "addMember", in: .settings, access: .scope(.usersManage)) { call in
            guard let role = call.form["role"].flatMap({ Role(rawValue: $0) }) else {
                return try page(call, error: call.text("settings.roleMissing"))
            }
            do {
                let user = try await call.access.addUser(
                    email: call.form["email"] ?? "", name: call.form["name"] ?? "",
                    password: call.form.raw("password").flatMap { $0.isEmpty ? nil : $0 }, role: role,
                    workspace: call.workspaceName, granter: call.call.principal, by: call.call.change)
                return .redirect("settings/members", saying: call.text("settings.memberAdded", ["name": user.name]))
            } catch let error as AccessError where [.invalid, .forbidden, .alreadyExists].contains(error.code) {
                return try page(call, error: error.message)
            }
        },
        .post("settings/members/{id}/role", name: "changeMemberRole", in: .settings, access: .scope(.usersManage)) {
            call in
            let user = try member(call)
            guard let role = call.form["role"].flatMap({ Role(rawValue: $0) }) else {
                throw Problem.badRequest("there is no such role", field: "role")
            }
            _ = try await call.access.addUser(
                email: user.email, name: user.name, password: nil, role: role, workspace: call.workspaceName,
                granter: call.call.principal, by: call.call.change)
            return .redirect(
                "settings/members",
                saying: call.text(
                    "settings.roleChanged", ["name": user.name, "role": call.text("role.\(role.rawValue)")]))
        },
        .post("settings/members/{id}/remove", name: "removeMember", in: .settings, access: .scope(.usersManage)) {
            call in
            let user = try member(call)
            _ = try call.access.setRole(nil, user: user.id, workspace: call.workspaceName, by: call.call.change)
            return .redirect("settings/members", saying: call.text("settings.memberRemoved", ["name": user.name]))
        },
    ]

    /// - Throws: `Problem` for somebody whose role is not of this workspace alone.
    private static func member(_ call: PageCall) throws -> User {
        let id = try call.pathParameter("id")
        guard let user = try call.access.users(workspace: call.workspaceName).first(where: { $0.id == id }) else {
            throw Problem.notFound("there is no user '\(id.prefix(40))' in this workspace")
        }
        guard user.roles[call.workspaceName] != nil else {
            throw Problem.forbidden(
                "the role of this user is for all workspaces; only the installation's owners change it")
        }
        return user
    }

    private static func page(_ call: PageCall, error: String? = nil) throws -> PageAnswer {
        let users = try call.access.users(workspace: call.workspaceName)
        let roles = Role.allCases.map { FormField.Option($0.rawValue, call.text("role.\($0.rawValue)")) }
        let fields = [
            FormField(.input("email"), "email", call.text("settings.email"), value: call.form["email"]).with {
                $0.isRequired = true
                $0.autocomplete = "off"
            },
            FormField(.input("text"), "name", call.text("settings.name"), value: call.form["name"]).with {
                $0.isOptional = true
                $0.autocomplete = "off"
                $0.lengths = 0...100
            },
            FormField(
                .input("password"), "password", call.text("settings.firstPassword"),
                hint: call.text("settings.firstPasswordHint")
            ).with { $0.autocomplete = "new-password" },
            FormField(
                .select(roles), "role", call.text("settings.role"), value: call.form["role"] ?? Role.viewer.rawValue),
        ]
        return SettingsPages.page(
            .members, "members", status: error == nil ? .ok : .unprocessableContent, call,
            [
                "members": .list(users.map { value($0, call) }), "error": PageValue(error),
                "isOpen": .flag(error != nil), "fields": .list(fields.map(\.value)),
                "roleMeanings": .list(
                    Role.allCases.map {
                        [
                            "name": .text(call.text("role.\($0.rawValue)")),
                            "text": .text(call.text("settings.roleMeaning.\($0.rawValue)")),
                        ]
                    }),
            ])
    }

    private static func value(_ user: User, _ call: PageCall) -> PageValue {
        let isEverywhere = user.roles[call.workspaceName] == nil
        let role = user.role(in: call.workspaceName) ?? .viewer
        let isSelf = user.id == call.user?.id
        return [
            "id": .text(user.id), "name": .text(user.name), "email": .text(user.email),
            "initial": .text(String(user.name.prefix(1)).uppercased()), "isSelf": .flag(isSelf),
            "role": .text(call.text("role.\(role.rawValue)")), "isEverywhere": .flag(isEverywhere),
            "since": .text(call.format.date(user.createdTime, withYear: true)),
            "roleAction": isEverywhere || isSelf ? false : .text(call.link("settings/members/\(user.id)/role")),
            "roleLabel": .text(call.text("settings.roleOf", ["name": user.name])),
            "options": .list(
                Role.allCases.map {
                    [
                        "value": .text($0.rawValue), "text": .text(call.text("role.\($0.rawValue)")),
                        "isChosen": .flag($0 == role),
                    ]
                }),
            "remove": isEverywhere || isSelf
                ? false
                : Confirmation(
                    id: "remove-\(user.id)", action: call.link("settings/members/\(user.id)/remove"),
                    button: call.text("settings.remove"),
                    title: call.text("settings.removeTitle", ["name": user.name]),
                    text: call.text("settings.removeText"), yes: call.text("settings.removeYes")
                ).value,
        ]
    }
}
