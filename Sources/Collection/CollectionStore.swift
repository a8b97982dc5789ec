import Foundation
import GRDB
import State

/// Dead letters, violations of the tracking plan and settings, as SQL.
struct CollectionStore: Sendable {
    let state: StateDatabase

    // MARK: Dead letters

    /// Adds letters (whose ids are ignored) and makes room for them.
    func add(_ letters: [DeadLetter]) throws {
        try state.write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO collection_dead_letter
                    (endpoint, reason, field, text, text_bytes, is_body, is_complete, received_time, correction)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for letter in letters {
                try statement.execute(arguments: [
                    letter.endpoint, letter.reason, letter.field, Data(letter.text), letter.text.count, letter.isBody,
                    letter.isComplete, letter.receivedTime, letter.correction,
                ])
            }
            try rotate(db)
        }
    }

    /// - Complexity: O(letters), at most `DeadLetter.countMax` and a batch
    private func rotate(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM collection_dead_letter WHERE id <= (
                    SELECT id FROM collection_dead_letter ORDER BY id DESC LIMIT 1 OFFSET ?)
                """,
            arguments: [DeadLetter.countMax])
        let bytes = try Int.fetchOne(db, sql: "SELECT SUM(text_bytes) FROM collection_dead_letter") ?? 0
        if bytes <= DeadLetter.bytesMax { return }
        try db.execute(
            sql: """
                DELETE FROM collection_dead_letter WHERE id IN (
                    SELECT id FROM (SELECT id, SUM(text_bytes) OVER (ORDER BY id DESC) AS newer
                        FROM collection_dead_letter) AS sums
                    WHERE newer > ?)
                """,
            arguments: [DeadLetter.bytesMax])
    }

    /// The newest letters first.
    ///
    /// - Parameter before: only those with a smaller id, to page on.
    func deadLetters(before: Int64?, limit: Int) throws -> [DeadLetter] {
        try state.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM collection_dead_letter WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? Int64.max, limit]
            ).map(CollectionStore.letter)
        }
    }

    func deadLetter(_ id: Int64) throws -> DeadLetter? {
        try state.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM collection_dead_letter WHERE id = ?", arguments: [id])
                .map(CollectionStore.letter)
        }
    }

    func deadLetterCount() throws -> Int {
        try state.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM collection_dead_letter") ?? 0 }
    }

    /// How many letters there are for each reason, the most frequent first.
    func deadLetterReasons(limit: Int) throws -> [(reason: String, count: Int)] {
        try state.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT reason, COUNT(*) AS count FROM collection_dead_letter
                    GROUP BY reason ORDER BY count DESC, reason LIMIT ?
                    """,
                arguments: [limit]
            ).map { ($0["reason"], $0["count"]) }
        }
    }

    func remove(_ ids: [Int64]) throws {
        try state.write { db in
            let statement = try db.cachedStatement(sql: "DELETE FROM collection_dead_letter WHERE id = ?")
            for id in ids { try statement.execute(arguments: [id]) }
        }
    }

    private static func letter(_ row: Row) -> DeadLetter {
        let text: Data = row["text"]
        return DeadLetter(
            id: row["id"], endpoint: row["endpoint"], reason: row["reason"], field: row["field"], text: [UInt8](text),
            isBody: row["is_body"], isComplete: row["is_complete"], receivedTime: row["received_time"],
            correction: row["correction"])
    }

    // MARK: Violations

    func add(_ violations: [PlanViolation: Int], now: Int64) throws {
        try state.write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO collection_violation (event, property, reason, count, first_time, last_time)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (event, property, reason)
                    DO UPDATE SET count = count + excluded.count, last_time = excluded.last_time
                    """)
            for (violation, count) in violations {
                try statement.execute(arguments: [
                    violation.event, violation.property, violation.reason.rawValue, count, now, now,
                ])
            }
        }
    }

    func violations(limit: Int) throws -> [ViolationCount] {
        try state.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM collection_violation ORDER BY count DESC, event, property, reason LIMIT ?
                    """,
                arguments: [limit]
            ).compactMap { row in
                guard let reason = PlanViolation.Reason(rawValue: row["reason"]) else { return nil }
                return ViolationCount(
                    violation: PlanViolation(event: row["event"], property: row["property"], reason: reason),
                    count: row["count"], firstTime: row["first_time"], lastTime: row["last_time"])
            }
        }
    }

    func removeViolations() throws { try state.write { try $0.execute(sql: "DELETE FROM collection_violation") } }

    // MARK: Settings

    func settings() throws -> CollectionSettings {
        let text = try state.read {
            try String.fetchOne($0, sql: "SELECT value FROM collection_setting WHERE name = 'settings'")
        }
        guard let text else { return CollectionSettings() }
        return try JSONDecoder().decode(CollectionSettings.self, from: Data(text.utf8))
    }

    func save(_ settings: CollectionSettings) throws {
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try state.write { db in
            try db.execute(
                sql: """
                    INSERT INTO collection_setting (name, value) VALUES ('settings', ?)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                arguments: [text])
        }
    }
}
