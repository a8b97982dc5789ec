package import Foundation
package import GRDB

/// Values that a workspace keeps one of each, such as a secret that is made once.
package enum StateSettings {
    static let migrations = MigrationSet("settings").adding(
        "values", sql: "CREATE TABLE state_setting (name TEXT PRIMARY KEY, value BLOB NOT NULL)")

    package static func value(_ name: String, in db: Database) throws -> Data? {
        try Data.fetchOne(db, sql: "SELECT value FROM state_setting WHERE name = ?", arguments: [name])
    }

    package static func set(_ name: String, _ value: Data, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO state_setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?",
            arguments: [name, value, value])
    }
}
