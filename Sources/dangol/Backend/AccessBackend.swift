import Access
import Engine
import EventLog

/// Who may do what: in a data folder, also while a server uses it, or by a server.
protocol AccessBackend: Sendable {
    /// The text of the key, which nobody learns again.
    func createKey(_ kind: AccessKey.Kind, name: String, scopes: Set<Scope>) async throws -> String
    func keys() async throws -> [KeyRow]
    func revokeKey(_ id: String) async throws -> KeyRow

    func users() async throws -> [UserRow]
    /// Adds somebody, or gives somebody who is there a role.
    ///
    /// - Parameter password: asked for when they are new.
    func addUser(_ user: NewUser, password: () throws -> String) async throws -> UserRow
    /// - Parameters:
    ///   - role: nil takes it away.
    ///   - user: an id or an e-mail address.
    func setRole(_ role: Role?, of user: String, everywhere: Bool) async throws -> UserRow
    func setPassword(of user: String, _ password: () throws -> String) async throws -> UserRow
    /// - Returns: who it was, with the roles that they have left.
    func removeUser(_ user: String) async throws -> UserRow

    func workspaces() async throws -> [String]
    func createWorkspace(_ name: String) async throws
    /// The workspace that this is about, in words.
    var place: String { get }
    /// Where `removeUser` reaches, in words.
    var reach: String { get }
}

/// A key without what makes it secret.
struct KeyRow: Encodable {
    var id: String
    var kind: String
    var name: String
    var key: String
    var scopes: [String]
    var created: String
    var revoked: String?
}

struct UserRow: Encodable {
    var id: String
    var email: String
    var name: String
    var roles: [String: String]
}

struct NewUser {
    var email: String
    var name: String
    var role: Role
    /// In every workspace, also those that come later.
    var isEverywhere: Bool
}

/// Opens the control database for each call.
struct FolderAccess: AccessBackend {
    let data: String
    let workspace: String
    var place: String { "the workspace \(workspace)" }
    var reach: String { "every workspace" }

    func createKey(_ kind: AccessKey.Kind, name: String, scopes: Set<Scope>) async throws -> String {
        try await opened { access in
            try requireWorkspace(access)
            return try access.createKey(
                workspace: workspace, kind: kind, name: name, scopes: scopes, by: .commandLine
            ).secret
        }
    }

    func keys() async throws -> [KeyRow] {
        try await opened { try $0.keys(workspace: workspace).map(KeyRow.init) }
    }

    func revokeKey(_ id: String) async throws -> KeyRow {
        try await opened { KeyRow(try $0.revokeKey(id, by: .commandLine)) }
    }

    func users() async throws -> [UserRow] { try await opened { try $0.users(workspace: nil).map(UserRow.init) } }

    func addUser(_ user: NewUser, password: () throws -> String) async throws -> UserRow {
        try await opened { access in
            if !user.isEverywhere { try requireWorkspace(access) }
            let isKnown = try access.user(user.email) != nil
            return UserRow(
                try await access.addUser(
                    email: user.email, name: user.name, password: isKnown ? nil : try password(), role: user.role,
                    workspace: user.isEverywhere ? User.everywhere : workspace, by: .commandLine))
        }
    }

    func setRole(_ role: Role?, of user: String, everywhere: Bool) async throws -> UserRow {
        try await opened { access in
            if !everywhere { try requireWorkspace(access) }
            let found = try find(user, access)
            return UserRow(
                try access.setRole(
                    role, user: found.id, workspace: everywhere ? User.everywhere : workspace, by: .commandLine))
        }
    }

    func setPassword(of user: String, _ password: () throws -> String) async throws -> UserRow {
        try await opened { access in
            let found = try find(user, access)
            try await access.setPassword(try password(), user: found.id, by: .commandLine)
            return UserRow(found)
        }
    }

    func removeUser(_ user: String) async throws -> UserRow {
        try await opened { access in
            var found = try find(user, access)
            try access.removeUser(found.id, by: .commandLine)
            found.roles = [:]
            return UserRow(found)
        }
    }

    func workspaces() async throws -> [String] {
        try await opened { access in
            Set(try Workspace.names(in: data) + access.registeredWorkspaces().map(\.name)).sorted()
        }
    }

    func createWorkspace(_ name: String) async throws {
        let workspace = try Workspace(data: data, name: name)
        try await opened { access in
            if workspace.exists {
                throw Failure(.failure, code: "already_exists", "the workspace '\(name)' is there already")
            }
            try access.registerWorkspace(name, by: .commandLine)
        }
    }

    // MARK: Steps

    private func opened<Result>(_ body: (AccessService) async throws -> Result) async throws -> Result {
        let access = try Installation.openAccess(data)
        defer { try? access.close() }
        return try await body(access)
    }

    private func find(_ text: String, _ access: AccessService) throws -> User {
        guard let user = try access.user(text) else {
            throw Failure(.failure, code: "not_found", "there is no user '\(text)'; 'dangol user list' shows all")
        }
        return user
    }

    /// - Throws: `Failure` when there is no such workspace: a key for a misspelt one would wait for ever.
    private func requireWorkspace(_ access: AccessService) throws {
        let known = try Workspace(data: data, name: workspace)
        if workspace == Workspace.defaultName || known.exists { return }
        if try access.registeredWorkspaces().contains(where: { $0.name == workspace }) { return }
        throw Failure(
            .failure, code: "not_found",
            "there is no workspace '\(workspace)' in \(data); 'dangol workspace create \(workspace)' makes it")
    }
}

extension KeyRow {
    init(_ key: AccessKey) {
        id = key.id
        kind = key.kind.rawValue
        name = key.name
        self.key = key.display
        scopes = key.scopes.map(\.rawValue).sorted()
        created = Timestamp.text(key.createdTime)
        revoked = key.revokedTime.map(Timestamp.text)
    }
}

extension UserRow {
    init(_ user: User) {
        id = user.id
        email = user.email
        name = user.name
        roles = user.roles.mapValues(\.rawValue)
    }
}
