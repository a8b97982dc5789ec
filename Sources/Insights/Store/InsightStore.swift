import Analysis
import Foundation
import GRDB
import State

/// What the tables of this module hold.
struct InsightStore: Sendable {
    let state: StateDatabase

    func read<Value>(_ body: (InsightRows) throws -> Value) throws -> Value {
        try state.read { try body(InsightRows(db: $0)) }
    }

    func write<Value>(_ body: (InsightRows) throws -> Value) throws -> Value {
        try state.write { try body(InsightRows(db: $0)) }
    }
}

/// The rows, within one transaction.
struct InsightRows {
    let db: Database

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    func count(_ table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
    }
}

// MARK: - Insights

extension InsightRows {
    private static let columns = "id, name, description, query, view, owner, created_time, updated_time"

    /// The latest changed first.
    func insights() throws -> [Insight] {
        let sql = "SELECT \(Self.columns) FROM insight ORDER BY updated_time DESC, id DESC"
        return try Row.fetchAll(db.cachedStatement(sql: sql)).map(Self.insight)
    }

    func insight(_ id: Int64) throws -> Insight? {
        let sql = "SELECT \(Self.columns) FROM insight WHERE id = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id]).map(Self.insight)
    }

    private static func insight(_ row: Row) throws -> Insight {
        let text: String = row["query"]
        return Insight(
            id: row["id"],
            definition: InsightDefinition(
                row["name"], description: row["description"], query: try Query(json: Data(text.utf8)),
                view: InsightDefinition.View(rawValue: row["view"]) ?? .chart),
            owner: row["owner"], createdTime: row["created_time"], updatedTime: row["updated_time"])
    }

    func insert(_ definition: InsightDefinition, owner: String, now: Int64) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO insight (name, description, query, view, owner, created_time, updated_time)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                definition.name, definition.description, try Self.json(definition.query), definition.view.rawValue,
                owner, now, now,
            ])
        return db.lastInsertedRowID
    }

    /// Whether there is such an insight.
    func update(_ id: Int64, _ definition: InsightDefinition, now: Int64) throws -> Bool {
        try db.execute(
            sql: "UPDATE insight SET name = ?, description = ?, query = ?, view = ?, updated_time = ? WHERE id = ?",
            arguments: [
                definition.name, definition.description, try Self.json(definition.query), definition.view.rawValue,
                now, id,
            ])
        return db.changesCount > 0
    }

    func deleteInsight(_ id: Int64) throws -> Bool {
        try db.execute(sql: "DELETE FROM insight WHERE id = ?", arguments: [id])
        return db.changesCount > 0
    }
}

// MARK: - Annotations and the journey map

extension InsightRows {
    /// Between two days, both included; nil is without a bound.
    func annotations(from: String?, to: String?) throws -> [Annotation] {
        let sql = """
            SELECT id, day, text, owner, created_time FROM insight_annotation
            WHERE (?1 IS NULL OR day >= ?1) AND (?2 IS NULL OR day <= ?2) ORDER BY day, id
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [from, to]).map { row in
            Annotation(
                id: row["id"], definition: AnnotationDefinition(day: row["day"], text: row["text"]),
                owner: row["owner"], createdTime: row["created_time"])
        }
    }

    func insert(_ definition: AnnotationDefinition, owner: String, now: Int64) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO insight_annotation (day, text, owner, created_time) VALUES (?, ?, ?, ?)",
            arguments: [definition.day, definition.text, owner, now])
        return db.lastInsertedRowID
    }

    func update(_ id: Int64, _ definition: AnnotationDefinition) throws -> Bool {
        try db.execute(
            sql: "UPDATE insight_annotation SET day = ?, text = ? WHERE id = ?",
            arguments: [definition.day, definition.text, id])
        return db.changesCount > 0
    }

    func deleteAnnotation(_ id: Int64) throws -> Bool {
        try db.execute(sql: "DELETE FROM insight_annotation WHERE id = ?", arguments: [id])
        return db.changesCount > 0
    }

    func journeyMap() throws -> JourneyMapDefinition? {
        let text = try String.fetchOne(db, sql: "SELECT stages FROM insight_journey_map WHERE id = 1")
        return try text.map { try JSONDecoder().decode(JourneyMapDefinition.self, from: Data($0.utf8)) }
    }

    /// - Parameter definition: nil goes back to what is guessed.
    func setJourneyMap(_ definition: JourneyMapDefinition?, now: Int64) throws {
        try db.execute(sql: "DELETE FROM insight_journey_map")
        guard let definition else { return }
        try db.execute(
            sql: "INSERT INTO insight_journey_map (id, stages, updated_time) VALUES (1, ?, ?)",
            arguments: [try Self.json(definition), now])
    }
}
