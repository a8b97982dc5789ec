import Dispatch
import Foundation
import State
import Synchronization

/// Who may do what: keys, users, sessions, and the log of every change.
///
/// Works on the control database, which several processes may have open: a key that another process makes is valid here
/// at once, and one that it revokes within `KeyCache.trustMilliseconds`.
package final class AccessService: Sendable {
    package struct Options: Sendable {
        package var passwordCost = PasswordHash.Cost.standard
        /// A session ends this long after it began ...
        package var sessionMilliseconds: Int64 = 14 * 86_400_000
        /// ... or this long after it was last used.
        package var sessionIdleMilliseconds: Int64 = 3 * 86_400_000
        /// The link for the first owner is good for so long.
        package var setupMilliseconds: Int64 = 24 * 3_600_000
        /// A link that signs a user in is good for so long.
        package var signInMilliseconds: Int64 = 15 * 60_000

        package init() {}
    }

    let state: StateDatabase
    let options: Options
    let keyCache = KeyCache()
    let attempts = AttemptLimiter()
    let hash: PasswordHash
    /// A hash that no password has, to spend the same time on users who are not there.
    let nobodysHash: String
    /// Passwords are hashed one at a time, so that sign-ins take bounded memory and leave a processor for the rest.
    let hashing = DispatchQueue(label: "dangol.access.passwords")
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let now: @Sendable () -> Int64

    /// Opens the control database of a data folder and makes it when there is none.
    ///
    /// - Throws: `StateError`.
    package static func open(
        _ path: String, options: Options = Options(), now: @escaping @Sendable () -> Int64
    ) throws -> AccessService {
        let state = try StateDatabase.open(path, migrations: [AccessMigrations.all])
        return try AccessService(state, options: options, now: now)
    }

    init(_ state: StateDatabase, options: Options, now: @escaping @Sendable () -> Int64) throws {
        self.state = state
        self.options = options
        self.now = now
        hash = PasswordHash(cost: options.passwordCost)
        // Of the same cost as real ones; the password is random and forgotten.
        let cost = options.passwordCost
        nobodysHash =
            "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$"
            + "\(Data(count: 16).base64EncodedString())$\(Data(count: 32).base64EncodedString())"
    }

    package func close() throws { try state.close() }

    // MARK: Audit

    /// Adds to the audit log. Changes of this module do so themselves, in the transaction of the change.
    package func note(
        _ change: Change, workspace: String?, action: String, target: String, detail: [String: String] = [:]
    ) throws {
        let entry = auditEntry(change, workspace: workspace, action, target, detail)
        try state.write { try AccessStore.note(entry, in: $0) }
    }

    /// The latest changes, the latest first.
    ///
    /// - Parameters:
    ///   - workspace: nil gives those of every workspace and of the installation.
    ///   - before: the id of the last entry of the page before.
    package func audit(workspace: String?, before: Int64? = nil, limit: Int) throws -> [AuditEntry] {
        try state.read { try AccessStore.audit(workspace: workspace, before: before, limit: limit, in: $0) }
    }

    func auditEntry(
        _ change: Change, workspace: String?, _ action: String, _ target: String, _ detail: [String: String] = [:]
    ) -> AuditEntry {
        AuditEntry(
            id: 0, time: now(), actor: change.actor, address: change.address, workspace: workspace, action: action,
            target: target, detail: detail)
    }

    // MARK: Workspaces

    /// Records a workspace; its folder is the Engine's business.
    ///
    /// - Throws: `AccessError`: `alreadyExists`.
    package func registerWorkspace(_ name: String, by change: Change) throws {
        let entry = auditEntry(change, workspace: name, "workspace.created", name)
        try state.write { db in
            guard try AccessStore.insertWorkspace(name, time: entry.time, in: db) else {
                throw AccessError(.alreadyExists, "the workspace '\(name)' is there already")
            }
            try AccessStore.note(entry, in: db)
        }
    }

    package func registeredWorkspaces() throws -> [RegisteredWorkspace] {
        try state.read { try AccessStore.workspaces(in: $0) }
    }
}
