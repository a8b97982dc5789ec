import Foundation
import GRDB

/// The SQL of placements and settings.
enum PlacementStore {
    /// Versions of a placement that are kept to be looked at.
    static let versionsKept = 100

    static func all(in db: Database) throws -> [StoredPlacement] {
        try Row.fetchAll(
            db, sql: "SELECT document, version, updated_time FROM recommendation_placement ORDER BY name"
        ).map(stored)
    }

    /// The newest first.
    static func versions(of name: String, in db: Database) throws -> [StoredPlacement] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT document, version, updated_time FROM recommendation_placement_version
                WHERE name = ? ORDER BY version DESC
                """, arguments: [name]
        ).map(stored)
    }

    private static func stored(_ row: Row) throws -> StoredPlacement {
        let placement = try JSONDecoder().decode(Placement.self, from: Data((row[0] as String).utf8))
        return StoredPlacement(placement, version: row[1], updatedTime: row[2])
    }

    /// Keeps a placement as the next version of its name, also when one of that name was deleted before: a version
    /// that decisions were logged with never comes to mean something else.
    static func put(_ placement: Placement, now: Int64, in db: Database) throws -> StoredPlacement {
        let last = try Int.fetchOne(
            db, sql: "SELECT MAX(version) FROM recommendation_placement_version WHERE name = ?",
            arguments: [placement.name])
        let version = (last ?? 0) + 1
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = String(decoding: try encoder.encode(placement), as: UTF8.self)
        try db.execute(
            sql: """
                INSERT INTO recommendation_placement (name, version, updated_time, document) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, updated_time = excluded.updated_time,
                    document = excluded.document
                """, arguments: [placement.name, version, now, document])
        try db.execute(
            sql: """
                INSERT INTO recommendation_placement_version (name, version, updated_time, document)
                VALUES (?, ?, ?, ?)
                """, arguments: [placement.name, version, now, document])
        try db.execute(
            sql: "DELETE FROM recommendation_placement_version WHERE name = ? AND version <= ?",
            arguments: [placement.name, version - versionsKept])
        return StoredPlacement(placement, version: version, updatedTime: now)
    }

    static func delete(_ name: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM recommendation_placement WHERE name = ?", arguments: [name])
    }

    static func setting<Value: Decodable>(_ name: String, as type: Value.Type, in db: Database) throws -> Value? {
        let document = try String.fetchOne(
            db, sql: "SELECT document FROM recommendation_setting WHERE name = ?", arguments: [name])
        return try document.map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }

    /// - Parameter value: nil takes the setting away.
    static func set(_ name: String, _ value: (some Encodable)?, in db: Database) throws {
        guard let value else {
            try db.execute(sql: "DELETE FROM recommendation_setting WHERE name = ?", arguments: [name])
            return
        }
        let document = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        try db.execute(
            sql: """
                INSERT INTO recommendation_setting (name, document) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET document = excluded.document
                """, arguments: [name, document])
    }
}
