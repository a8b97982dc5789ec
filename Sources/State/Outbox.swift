package import Foundation
package import GRDB

/// Effects on the outside world that a transaction has decided on: appended events, calls of webhooks.
///
/// An entry is written in the transaction that decides; a worker carries it out afterwards and removes it. Whoever
/// carries it out hands the key on (as message id, as idempotency key), because a crash may come between the effect and
/// the removal, and the effect is then repeated.
package enum Outbox {
    package struct Entry: Sendable, Hashable {
        package var id: Int64
        package var topic: String
        package var key: String
        package var payload: Data
        /// Failed attempts so far.
        package var attempts: Int
    }

    static let migrations = MigrationSet("outbox").adding(
        "entries",
        sql: """
            CREATE TABLE outbox (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                topic TEXT NOT NULL,
                key TEXT NOT NULL,
                payload BLOB NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0,
                due_time INTEGER NOT NULL DEFAULT 0,
                last_error TEXT,
                UNIQUE (topic, key)
            );
            CREATE INDEX outbox_due ON outbox (topic, due_time, id)
            """)

    /// Decides on an effect, unless the same key waits already.
    ///
    /// - Returns: false when it does.
    @discardableResult
    package static func add(topic: String, key: String, payload: Data, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO outbox (topic, key, payload) VALUES (?, ?, ?) ON CONFLICT (topic, key) DO NOTHING")
        statement.setUncheckedArguments([topic, key, payload])
        try statement.execute()
        return db.changesCount > 0
    }

    /// The oldest entries that are due at `now` (milliseconds UTC), in the order in which they were added.
    package static func due(topic: String, now: Int64, limit: Int, in db: Database) throws -> [Entry] {
        let sql = """
            SELECT id, topic, key, payload, attempts FROM outbox
            WHERE topic = ? AND due_time <= ? ORDER BY id LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: [topic, now, limit]).map { row in
            Entry(
                id: row["id"], topic: row["topic"], key: row["key"], payload: row["payload"], attempts: row["attempts"])
        }
    }

    /// To be called when the effect has happened.
    package static func remove(_ ids: [Int64], in db: Database) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM outbox WHERE id = ?")
        for id in ids {
            statement.setUncheckedArguments([id])
            try statement.execute()
        }
    }

    /// To be called when the effect failed and is to be tried again at `dueTime` (milliseconds UTC).
    package static func postpone(_ id: Int64, to dueTime: Int64, error: String, in db: Database) throws {
        try db.execute(
            sql: "UPDATE outbox SET attempts = attempts + 1, due_time = ?, last_error = ? WHERE id = ?",
            arguments: [dueTime, String(error.prefix(500)), id])
    }

    /// Entries that wait, and the failed attempts of the one that failed most.
    package static func backlog(topic: String, in db: Database) throws -> (waiting: Int, attempts: Int) {
        let row = try Row.fetchOne(
            db, sql: "SELECT COUNT(*) AS waiting, COALESCE(MAX(attempts), 0) AS attempts FROM outbox WHERE topic = ?",
            arguments: [topic])
        return (row?["waiting"] ?? 0, row?["attempts"] ?? 0)
    }
}
