import Foundation
import GRDB
import State

extension AccessService {
    package static let passwordLengths = 10...1024

    // MARK: The first owner

    /// A one-time token with which the first owner is made; nil when there is a user already. The one before is void.
    package func makeSetupToken() throws -> String? {
        let token = Secrets.text(length: 40)
        let expires = now() + options.setupMilliseconds
        return try state.write { db in
            guard try AccessStore.userCount(in: db) == 0 else { return nil }
            try AccessStore.replaceSetupLink(Secrets.digest(token), expires: expires, in: db)
            return token
        }
    }

    /// Whether the token of a link is good.
    package func isSetupToken(_ token: String) throws -> Bool {
        try state.read { try AccessStore.isSetupLink(Secrets.digest(token), now: now(), in: $0) }
    }

    /// Makes the owner of everything, once.
    ///
    /// - Throws: `AccessError`: `forbidden` for a token that is not or no longer good, `invalid`.
    package func createFirstOwner(
        token: String, email: String, name: String, password: String, address: String?
    ) async throws -> User {
        guard try isSetupToken(token) else { throw AccessService.badSetupToken }
        let user = try newUser(email: email, name: name, roles: [User.everywhere: .owner])
        let hashed = try await hashed(password)
        let time = now()
        let change = Change(AuditActor(kind: .user, id: user.id, name: user.email), address: address)
        let entry = auditEntry(change, workspace: nil, "user.created", user.id, ["role": "owner"])
        try await state.write { db in
            guard try AccessStore.userCount(in: db) == 0,
                try AccessStore.isSetupLink(Secrets.digest(token), now: time, in: db)
            else { throw AccessService.badSetupToken }
            try AccessStore.removeSetupLinks(in: db)
            try AccessStore.insert(user, password: hashed, in: db)
            try AccessStore.setRole(.owner, user: user.id, workspace: User.everywhere, in: db)
            try AccessStore.note(entry, in: db)
        }
        return user
    }

    package static var badSetupToken: AccessError {
        AccessError(
            .forbidden, "this link is not valid, was used, or is too old; restart the server, and it prints a new one")
    }

    // MARK: Users

    /// Adds a user with a role in a workspace, or gives one who is there that role.
    ///
    /// - Parameters:
    ///   - workspace: `User.everywhere` for all.
    ///   - password: of a new user; those who are there keep theirs.
    ///   - granter: when given, nobody gets a role that may do what they may not.
    /// - Throws: `AccessError`: `invalid`, `forbidden`.
    package func addUser(
        email: String, name: String, password: String?, role: Role, workspace: String, granter: Principal? = nil,
        by change: Change
    ) async throws -> User {
        let email = try AccessService.checkedEmail(email)
        if let granter, let scope = role.scopes.subtracting(granter.scopes(in: workspace)).map(\.rawValue).min() {
            throw AccessError(
                .forbidden,
                "you cannot make somebody \(role.rawValue), who has the scope '\(scope)', which you do not have")
        }
        if let known = try user(email) {
            return try setRole(role, user: known.id, workspace: workspace, by: change)
        }
        guard let password else {
            throw AccessError(.invalid, "'\(email)' is a new user, who needs a password")
        }
        var user = try newUser(email: email, name: name.isEmpty ? email : name, roles: [:])
        user.roles = [workspace: role]
        let (final, hashed) = (user, try await hashed(password))
        let entry = auditEntry(
            change, workspace: workspace == User.everywhere ? nil : workspace, "user.created", user.id,
            ["email": email, "role": role.rawValue])
        try await state.write { db in
            guard try AccessStore.user(email: email, in: db) == nil else {
                throw AccessError(.alreadyExists, "there is a user '\(email)' already")
            }
            try AccessStore.insert(final, password: hashed, in: db)
            try AccessStore.setRole(role, user: final.id, workspace: workspace, in: db)
            try AccessStore.note(entry, in: db)
        }
        return final
    }

    /// Those with a role in a workspace; nil for all.
    package func users(workspace: String?) throws -> [User] {
        try state.read { try AccessStore.users(workspace: workspace, in: $0) }
    }

    /// - Parameter text: an id or an e-mail address.
    package func user(_ text: String) throws -> User? {
        try state.read { db in
            try AccessStore.user(id: text, in: db) ?? AccessStore.user(email: text.lowercased(), in: db)
        }
    }

    /// Changes what a user may do in a workspace; nil takes the role away.
    ///
    /// - Throws: `AccessError`: `notFound`; `invalid` when nobody would own the installation any more.
    package func setRole(_ role: Role?, user id: String, workspace: String, by change: Change) throws -> User {
        try state.write { db in
            guard let user = try AccessStore.user(id: id, in: db) else {
                throw AccessError(.notFound, "there is no user '\(id)'")
            }
            let old = user.roles[workspace]
            if old == role { return user }
            try AccessStore.setRole(role, user: id, workspace: workspace, in: db)
            if workspace == User.everywhere, old == .owner { try AccessService.requireOwner(in: db) }
            let scope = workspace == User.everywhere ? nil : workspace
            let detail = ["email": user.email, "from": old?.rawValue ?? "none", "to": role?.rawValue ?? "none"]
            try AccessStore.note(auditEntry(change, workspace: scope, "user.role_changed", id, detail), in: db)
            return try AccessStore.user(id: id, in: db) ?? user
        }
    }

    /// Removes a user and ends their sessions.
    package func removeUser(_ id: String, by change: Change) throws {
        try state.write { db in
            guard let user = try AccessStore.user(id: id, in: db) else {
                throw AccessError(.notFound, "there is no user '\(id)'")
            }
            try AccessStore.removeUser(id, in: db)
            if user.ownsInstallation { try AccessService.requireOwner(in: db) }
            try AccessStore.note(
                auditEntry(change, workspace: nil, "user.removed", id, ["email": user.email]), in: db)
        }
    }

    /// Sets a password, ends every session of the user and voids every link.
    package func setPassword(_ password: String, user id: String, by change: Change) async throws {
        let hashed = try await hashed(password)
        try await state.write { [self] db in
            guard let user = try AccessStore.user(id: id, in: db) else {
                throw AccessError(.notFound, "there is no user '\(id)'")
            }
            try AccessStore.setPassword(hashed, user: id, in: db)
            try AccessStore.removeSessions(user: id, in: db)
            try AccessStore.removeSignInLinks(user: id, in: db)
            try AccessStore.note(
                auditEntry(change, workspace: nil, "user.password_changed", id, ["email": user.email]), in: db)
        }
    }

    // MARK: Rules

    private static func requireOwner(in db: Database) throws {
        if try AccessStore.ownerCount(in: db) == 0 {
            throw AccessError(.invalid, "this is the last owner; make another one first")
        }
    }

    private func newUser(email: String, name: String, roles: [String: Role]) throws -> User {
        User(
            id: "user_" + Secrets.text(length: 12), email: try AccessService.checkedEmail(email),
            name: try AccessService.checkedName(name), roles: roles, createdTime: now())
    }

    /// An address is only ever compared, so little is asked of it.
    static func checkedEmail(_ email: String) throws -> String {
        let email = email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = email.utf8.allSatisfy { $0 > 32 && $0 != 127 }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain, email.utf8.count <= 254 else {
            throw AccessError(.invalid, "'\(email.prefix(80))' is no e-mail address")
        }
        return email
    }

    /// - Throws: `AccessError` with `invalid` for a password that is too short or long.
    func hashed(_ password: String) async throws -> String {
        guard AccessService.passwordLengths.contains(password.utf8.count), password.count >= 10 else {
            throw AccessError(.invalid, "a password has at least 10 characters, and at most 1024 bytes")
        }
        let hash = hash
        return try await onHashingQueue { try hash.make(password) }
    }

    func onHashingQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            hashing.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
