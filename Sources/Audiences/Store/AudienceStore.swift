import Foundation
import GRDB
import State

/// Definitions: what the table `audience` and its versions hold.
struct AudienceStore: Sendable {
    let state: StateDatabase

    func read<Value>(_ body: (AudienceRows) throws -> Value) throws -> Value {
        try state.read { try body(AudienceRows(db: $0)) }
    }

    func write<Value>(_ body: (AudienceRows) throws -> Value) throws -> Value {
        try state.write { try body(AudienceRows(db: $0)) }
    }
}

/// The rows, within one transaction.
struct AudienceRows {
    let db: Database
}

extension AudienceRows {
    private static let columns = """
        id, name, description, predicate, version, created_time, updated_time, evaluated_time, size
        """

    /// In the order in which they were made.
    func audiences() throws -> [Audience] {
        let sql = "SELECT \(Self.columns) FROM audience ORDER BY id"
        return try Row.fetchAll(db.cachedStatement(sql: sql)).map(Self.audience)
    }

    func audience(named name: String) throws -> Audience? {
        let sql = "SELECT \(Self.columns) FROM audience WHERE name = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [name]).map(Self.audience)
    }

    private static func audience(_ row: Row) throws -> Audience {
        let json: String? = row["predicate"]
        let predicate = try json.map { try AudiencePredicate(json: Data($0.utf8)) }
        return Audience(
            id: row["id"],
            definition: AudienceDefinition(row["name"], description: row["description"], where: predicate),
            version: row["version"], createdTime: row["created_time"], updatedTime: row["updated_time"],
            evaluatedTime: row["evaluated_time"], size: row["size"])
    }

    /// - Throws: `AudienceError` with `exists`.
    func insert(_ definition: AudienceDefinition, now: Int64) throws -> Int64 {
        guard try audience(named: definition.name) == nil else {
            throw AudienceError(
                .exists, "there is an audience '\(definition.name)' already; choose another name or change that one",
                field: "name")
        }
        try db.execute(
            sql: """
                INSERT INTO audience (name, description, predicate, version, created_time, updated_time, evaluated_time)
                VALUES (?, ?, ?, 1, ?, ?, ?)
                """,
            arguments: [
                definition.name, definition.description, Self.json(definition), now, now,
                // A list is what it is from the start.
                definition.isStatic ? now : nil,
            ])
        let id = db.lastInsertedRowID
        try addVersion(id, 1, definition, now)
        return id
    }

    /// - Parameter asksAgain: whether who belongs to it changes.
    func update(_ id: Int64, _ definition: AudienceDefinition, version: Int, asksAgain: Bool, now: Int64) throws {
        try db.execute(
            sql: """
                UPDATE audience SET name = ?, description = ?, predicate = ?, version = ?, updated_time = ?,
                    evaluated_time = CASE WHEN ? THEN NULL ELSE evaluated_time END
                WHERE id = ?
                """,
            arguments: [
                definition.name, definition.description, Self.json(definition), version, now, asksAgain, id,
            ])
        try addVersion(id, version, definition, now)
    }

    func delete(_ id: Int64) throws {
        for (table, column) in [
            ("audience_member", "audience"), ("audience_size", "audience"), ("audience_version", "audience"),
            ("audience", "id"),
        ] {
            try db.execute(sql: "DELETE FROM \(table) WHERE \(column) = ?", arguments: [id])
        }
    }

    func versions(_ id: Int64) throws -> [(version: Int, predicate: AudiencePredicate?, time: Int64)] {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT version, predicate, changed_time FROM audience_version WHERE audience = ? ORDER BY version",
            arguments: [id])
        return try rows.map { row in
            let json: String? = row["predicate"]
            return (row["version"], try json.map { try AudiencePredicate(json: Data($0.utf8)) }, row["changed_time"])
        }
    }

    func setEvaluated(_ ids: [Int64], now: Int64) throws {
        let statement = try db.cachedStatement(sql: "UPDATE audience SET evaluated_time = ? WHERE id = ?")
        for id in ids { try statement.execute(arguments: [now, id]) }
    }

    private func addVersion(_ id: Int64, _ version: Int, _ definition: AudienceDefinition, _ now: Int64) throws {
        try db.execute(
            sql: "INSERT INTO audience_version (audience, version, predicate, changed_time) VALUES (?, ?, ?, ?)",
            arguments: [id, version, Self.json(definition), now])
    }

    private static func json(_ definition: AudienceDefinition) -> String? {
        definition.predicate.map { String(decoding: $0.json, as: UTF8.self) }
    }
}
