import Foundation
import GRDB

/// The SQL of this module. Every function runs in a transaction of the caller.
enum AccessStore {
    // MARK: Revision

    /// Rises with every change of keys, so that whoever keeps them in memory sees that they are old.
    static func revision(in db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT revision FROM access_revision")) ?? 0
    }

    private static func raiseRevision(in db: Database) throws {
        try db.execute(sql: "UPDATE access_revision SET revision = revision + 1")
    }

    // MARK: Keys

    static func insert(_ key: AccessKey, digest: Data, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO access_key (id, workspace, kind, name, scopes, display, digest, created_time)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id, key.workspace, key.kind.rawValue, key.name,
                key.scopes.map(\.rawValue).sorted().joined(separator: " "), key.display, digest, key.createdTime,
            ])
        try raiseRevision(in: db)
    }

    /// Every key that is not revoked, by its digest.
    static func activeKeys(in db: Database) throws -> [Data: AccessKey] {
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM access_key WHERE revoked_time IS NULL")
        return Dictionary(rows.map { ($0["digest"], key($0)) }) { first, _ in first }
    }

    /// The keys of a workspace, or all of them, in the order in which they were made.
    static func keys(workspace: String?, in db: Database) throws -> [AccessKey] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM access_key WHERE ?1 IS NULL OR workspace = ?1 ORDER BY created_time, rowid",
            arguments: [workspace])
        return rows.map(key)
    }

    static func key(id: String, in db: Database) throws -> AccessKey? {
        try Row.fetchOne(db, sql: "SELECT * FROM access_key WHERE id = ?", arguments: [id]).map(key)
    }

    static func revokeKey(_ id: String, time: Int64, in db: Database) throws {
        try db.execute(
            sql: "UPDATE access_key SET revoked_time = ? WHERE id = ? AND revoked_time IS NULL", arguments: [time, id])
        try raiseRevision(in: db)
    }

    private static func key(_ row: Row) -> AccessKey {
        let scopes: String = row["scopes"]
        return AccessKey(
            id: row["id"], workspace: row["workspace"], kind: AccessKey.Kind(rawValue: row["kind"]) ?? .write,
            name: row["name"], scopes: Set(scopes.split(separator: " ").compactMap { Scope(rawValue: String($0)) }),
            display: row["display"], createdTime: row["created_time"], revokedTime: row["revoked_time"])
    }

    // MARK: Workspaces

    static func insertWorkspace(_ name: String, time: Int64, in db: Database) throws -> Bool {
        try db.execute(
            sql: "INSERT INTO workspace (name, created_time) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            arguments: [name, time])
        return db.changesCount > 0
    }

    static func workspaces(in db: Database) throws -> [RegisteredWorkspace] {
        try Row.fetchAll(db, sql: "SELECT name, created_time FROM workspace ORDER BY name").map {
            RegisteredWorkspace(name: $0["name"], createdTime: $0["created_time"])
        }
    }

    // MARK: Audit

    static func note(_ entry: AuditEntry, in db: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let detail = String(decoding: try encoder.encode(entry.detail), as: UTF8.self)
        try db.execute(
            sql: """
                INSERT INTO audit
                (time, actor_kind, actor_id, actor_name, address, workspace, action, target, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.time, entry.actor.kind.rawValue, entry.actor.id, entry.actor.name, entry.address,
                entry.workspace, entry.action, entry.target, detail,
            ])
    }

    /// The latest entries before `before`, the latest first.
    ///
    /// - Parameter workspace: nil gives those of every workspace and of the installation.
    static func audit(workspace: String?, before: Int64?, limit: Int, in db: Database) throws -> [AuditEntry] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM audit WHERE (?1 IS NULL OR workspace = ?1) AND (?2 IS NULL OR id < ?2)
                ORDER BY id DESC LIMIT ?3
                """,
            arguments: [workspace, before, limit])
        return try rows.map { row in
            let detail: String = row["detail"]
            let actor = AuditActor(
                kind: AuditActor.Kind(rawValue: row["actor_kind"]) ?? .system, id: row["actor_id"],
                name: row["actor_name"])
            return AuditEntry(
                id: row["id"], time: row["time"], actor: actor, address: row["address"], workspace: row["workspace"],
                action: row["action"], target: row["target"],
                detail: try JSONDecoder().decode([String: String].self, from: Data(detail.utf8)))
        }
    }
}
