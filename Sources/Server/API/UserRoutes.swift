import Access
import Analysis
import Engine
import EventLog
import HTTPTypes
import Hummingbird

/// People who sign in, as far as one workspace is concerned.
enum UserRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/users", name: "listUsers", group: "Users", "Those who have a role in the workspace",
            access: .scope(.usersManage), answers: [.json(.object(["users": .list(.shared("User"))]))]
        ) { call in
            let users = try call.access.users(workspace: call.workspaceName)
            return try call.answer(["users": users.map { UserView($0, workspace: call.workspaceName) }])
        }
        .sampled("/v1/users"),
        APIRoute(
            .post, "/v1/users", name: "addUser", group: "Users",
            "Give somebody a role in the workspace; who is new needs a password", access: .scope(.usersManage),
            answers: [.json(.shared("User"), status: .created)]
        ) { call in
            let body: UserRequest = try await call.json()
            let user = try await call.access.addUser(
                email: body.email, name: body.name, password: body.password, role: body.role,
                workspace: call.workspaceName, granter: call.principal, by: call.change)
            return try call.answer(UserView(user, workspace: call.workspaceName), status: .created)
        }
        .taking(
            .json(
                .object(
                    [
                        "email": .text(lengths: 3...254), "name": .text(lengths: 1...100),
                        "password": .text(lengths: 10...1024), "role": .oneOf(Role.allCases.map(\.rawValue)),
                    ], optional: ["name", "password"]))
        )
        .failing(.conflict),
        APIRoute(
            .delete, "/v1/users/{id}", name: "removeUser", group: "Users",
            "Take somebody's role in the workspace away", access: .scope(.usersManage), answers: [.nothing()]
        ) { call in
            let id = try call.pathParameter("id")
            let here = try call.access.users(workspace: call.workspaceName)
            guard let user = here.first(where: { $0.id == id }) else {
                throw Problem.notFound("there is no user '\(id)' in this workspace")
            }
            guard user.roles[call.workspaceName] != nil else {
                throw Problem.forbidden(
                    "the role of this user is for all workspaces; only the installation's owners change it")
            }
            _ = try call.access.setRole(nil, user: id, workspace: call.workspaceName, by: call.change)
            return call.nothing()
        }
        .pathParameter("id", "The user's id, as the list shows it")
        .sampled("/v1/users/user_of_nobody"),
        APIRoute(
            .put, "/v1/users/{id}/password", name: "setUserPassword", group: "Users",
            "Set the password of somebody who has a role in this workspace alone; ends their sessions",
            access: .scope(.usersManage), answers: [.nothing()]
        ) { call in
            let id = try call.pathParameter("id")
            let password = try await call.json(PasswordRequest.self).password
            let here = try call.access.users(workspace: call.workspaceName)
            guard let user = here.first(where: { $0.id == id }) else {
                throw Problem.notFound("there is no user '\(id)' in this workspace")
            }
            guard Set(user.roles.keys) == [call.workspaceName] else {
                throw Problem.forbidden("this user has a role elsewhere too; they change their password themselves")
            }
            // Else whoever manages users could sign in as somebody who may do more than they.
            let held = call.principal?.scopes(in: call.workspaceName) ?? []
            guard let role = user.roles[call.workspaceName], held.isSuperset(of: role.scopes) else {
                throw Problem.forbidden("this user may do more than you; they change their password themselves")
            }
            try await call.access.setPassword(password, user: id, by: call.change)
            return call.nothing()
        }
        .pathParameter("id", "The user's id, as the list shows it")
        .taking(.json(.object(["password": .text(lengths: 10...1024)])))
        .sampled("/v1/users/user_of_nobody/password", body: #"{"password":"correct horse"}"#),
    ]

    private struct PasswordRequest: Decodable {
        var password: String

        init(from decoder: any Decoder) throws {
            password = try Fields(decoder, of: "the request", allowed: ["password"]).required("password")
        }
    }

    private struct UserRequest: Decodable {
        var email: String
        var name: String
        var password: String?
        var role: Role

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a user", allowed: ["email", "name", "password", "role"])
            email = try fields.required("email")
            name = try fields.text("name") ?? ""
            password = try fields.text("password")
            guard fields.has("role") else {
                let all = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.error(.missingField, "role", "must be given: one of \(all)")
            }
            role = try fields.choice("role", default: .viewer)
        }
    }
}

/// A user as the API shows them.
struct UserView: Encodable {
    var id: String
    var email: String
    var name: String
    var roles: [String: String]
    var createdAt: String

    /// - Parameter workspace: when given, roles in others are not shown.
    init(_ user: User, workspace: String? = nil) {
        id = user.id
        email = user.email
        name = user.name
        let shown = user.roles.filter { workspace == nil || $0.key == workspace || $0.key == User.everywhere }
        roles = shown.mapValues(\.rawValue)
        createdAt = Timestamp.text(user.createdTime)
    }
}
