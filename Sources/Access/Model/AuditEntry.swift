/// One change: who did what to what, and when. Entries are only ever added.
package struct AuditEntry: Sendable, Hashable {
    /// Rising in the order of the changes.
    package var id: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    package var actor: AuditActor
    /// The address that it came from, when it came over the network.
    package var address: String?
    /// Nil for changes of the installation.
    package var workspace: String?
    /// `key.created`, `user.role_changed`, `person.forgotten`.
    package var action: String
    /// The id of what was changed.
    package var target: String
    /// What else there is to know, by name. Never a secret.
    package var detail: [String: String]
}

/// Who makes a change, from where.
package struct Change: Sendable, Hashable {
    package var actor: AuditActor
    package var address: String?

    package init(_ actor: AuditActor, address: String? = nil) {
        self.actor = actor
        self.address = address
    }

    package static let commandLine = Change(.commandLine)
}

/// A business's data: its name is the folder's.
package struct RegisteredWorkspace: Sendable, Hashable {
    package var name: String
    package var createdTime: Int64
}
