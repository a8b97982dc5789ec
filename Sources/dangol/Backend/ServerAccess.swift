import Access
import Foundation
import NIOHTTP1

/// By a running server. A key belongs to one workspace, so it changes nothing of others and nothing of the whole
/// installation: that is done in the console by an owner, or on the machine where the data is.
struct ServerAccess: AccessBackend {
    let client: APIClient
    /// Nil: the key's own.
    let workspace: String?
    var place: String { workspace.map { "the workspace \($0)" } ?? "the key's workspace" }
    var reach: String { place }

    // MARK: Keys

    func createKey(_ kind: AccessKey.Kind, name: String, scopes: Set<Scope>) async throws -> String {
        struct Request: Encodable {
            var kind: String
            var name: String
            var scopes: [String]
        }
        struct Made: Decodable { var secret: String }
        let request = Request(kind: kind.rawValue, name: name, scopes: scopes.map(\.rawValue).sorted())
        let made: Made = try await call(.POST, "/v1/keys", request)
        return made.secret
    }

    func keys() async throws -> [KeyRow] {
        struct List: Decodable { var keys: [Key] }
        let list: List = try await call(.GET, "/v1/keys")
        return list.keys.map(\.row)
    }

    func revokeKey(_ id: String) async throws -> KeyRow {
        let key: Key = try await call(.DELETE, "/v1/keys/\(APIClient.escaped(id))")
        return key.row
    }

    private struct Key: Decodable {
        var id: String
        var kind: String
        var name: String
        var display: String
        var scopes: [String]
        var createdAt: String
        var revokedAt: String?

        var row: KeyRow {
            KeyRow(
                id: id, kind: kind, name: name, key: display, scopes: scopes, created: createdAt, revoked: revokedAt)
        }
    }

    // MARK: Users

    func users() async throws -> [UserRow] {
        struct List: Decodable { var users: [Person] }
        let list: List = try await call(.GET, "/v1/users")
        return list.users.map(\.row)
    }

    func addUser(_ user: NewUser, password: () throws -> String) async throws -> UserRow {
        if user.isEverywhere { throw Self.installation }
        let isKnown = try await users().contains { $0.email == user.email.lowercased() }
        return try await give(user, password: isKnown ? nil : try password())
    }

    func setRole(_ role: Role?, of user: String, everywhere: Bool) async throws -> UserRow {
        if everywhere { throw Self.installation }
        guard let role else { return try await removeUser(user) }
        let found = try await find(user)
        return try await give(NewUser(email: found.email, name: "", role: role, isEverywhere: false), password: nil)
    }

    func setPassword(of user: String, _ password: () throws -> String) async throws -> UserRow {
        struct Request: Encodable { var password: String }
        let found = try await find(user)
        let body = try JSONEncoder().encode(Request(password: try password()))
        _ = try await client.send(.PUT, "/v1/users/\(APIClient.escaped(found.id))/password", json: body)
        return found
    }

    func removeUser(_ user: String) async throws -> UserRow {
        var found = try await find(user)
        _ = try await client.send(.DELETE, "/v1/users/\(APIClient.escaped(found.id))")
        found.roles = [:]
        return found
    }

    private func give(_ user: NewUser, password: String?) async throws -> UserRow {
        struct Request: Encodable {
            var email: String
            var name: String?
            var password: String?
            var role: String
        }
        let request = Request(
            email: user.email, name: user.name.isEmpty ? nil : user.name, password: password,
            role: user.role.rawValue)
        let person: Person = try await call(.POST, "/v1/users", request)
        return person.row
    }

    private func find(_ text: String) async throws -> UserRow {
        guard let user = try await users().first(where: { $0.id == text || $0.email == text.lowercased() }) else {
            throw Failure(
                .failure, code: "not_found",
                "there is no user '\(text)' in the key's workspace; 'dangol user list' shows all")
        }
        return user
    }

    private struct Person: Decodable {
        var id: String
        var email: String
        var name: String
        var roles: [String: String]

        var row: UserRow { UserRow(id: id, email: email, name: name, roles: roles) }
    }

    // MARK: Workspaces

    func workspaces() async throws -> [String] {
        struct Named: Decodable { var name: String }
        struct List: Decodable { var workspaces: [Named] }
        let list: List = try await call(.GET, "/v1/workspaces")
        return list.workspaces.map(\.name)
    }

    func createWorkspace(_ name: String) async throws { throw Self.installation }

    private static let installation = Failure.usage(
        "this is about the whole installation, and a key belongs to one workspace: do it in the console as an owner, "
            + "or with --data on the machine where the data is")

    // MARK: Calls

    private func call<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: (some Encodable)? = Bool?.none
    ) async throws -> Answer {
        try APIClient.read(
            try await client.send(method, path, json: try body.map { try JSONEncoder().encode($0) }))
    }
}
