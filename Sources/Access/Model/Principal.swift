/// Who asks.
package enum Principal: Sendable, Hashable {
    case key(AccessKey)
    case user(User, Session)

    /// What may be done in a workspace; nothing in one that is not theirs.
    package func scopes(in workspace: String) -> Set<Scope> {
        switch self {
        case .key(let key): key.workspace == workspace ? key.scopes : []
        case .user(let user, _): user.role(in: workspace)?.scopes ?? []
        }
    }

    /// Whether the workspace may be known to be there at all.
    package func reaches(_ workspace: String) -> Bool { !scopes(in: workspace).isEmpty }

    package var actor: AuditActor {
        switch self {
        case .key(let key): AuditActor(kind: .key, id: key.id, name: key.name)
        case .user(let user, _): AuditActor(kind: .user, id: user.id, name: user.email)
        }
    }
}

/// Who changed something, as the audit log keeps it.
package struct AuditActor: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case user
        case key
        /// Somebody with access to the machine.
        case commandLine = "command_line"
        /// Nobody: the program itself.
        case system
        /// Somebody who has not signed in, such as who tries a password.
        case anonymous
    }

    package var kind: Kind
    package var id: String
    package var name: String

    package init(kind: Kind, id: String = "", name: String = "") {
        self.kind = kind
        self.id = id
        self.name = name
    }

    package static let commandLine = AuditActor(kind: .commandLine)
    package static let system = AuditActor(kind: .system)
}
