package import GRDB

/// How far each projection has read the event log.
///
/// A projection commits its changes and its position in one transaction, so after a crash it goes on with exactly the
/// events that it has not applied.
package enum ProjectionPositions {
    static let migrations = MigrationSet("state").adding(
        "positions",
        sql: """
            CREATE TABLE projection_position (
                projection TEXT NOT NULL PRIMARY KEY,
                next_sequence INTEGER NOT NULL
            )
            """)

    /// The sequence number of the first event that the projection has not applied; 0 for one that never ran.
    package static func next(of projection: String, in db: Database) throws -> UInt64 {
        let stored = try Int64.fetchOne(
            db, sql: "SELECT next_sequence FROM projection_position WHERE projection = ?", arguments: [projection])
        return UInt64(bitPattern: stored ?? 0)
    }

    /// To be called in the transaction that applies the events before `next`.
    package static func advance(_ projection: String, to next: UInt64, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO projection_position (projection, next_sequence) VALUES (?, ?)
                ON CONFLICT (projection) DO UPDATE SET next_sequence = excluded.next_sequence
                """,
            arguments: [projection, Int64(bitPattern: next)])
    }
}
