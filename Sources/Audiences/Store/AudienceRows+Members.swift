import Foundation
import GRDB

/// What is stored of a person.
struct StoredPerson: Sendable {
    var number: Int64
    var bits: AudienceBits
    /// Commits that changed the bits.
    var changes: Int64
    /// Milliseconds UTC; nil for never.
    var due: Int64?
}

extension AudienceRows {
    func person(_ id: String) throws -> StoredPerson? {
        let statement = try db.cachedStatement(
            sql: "SELECT person, audiences, changes, due_time FROM audience_person WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map(Self.stored)
    }

    func everybody() throws -> [String: StoredPerson] {
        var persons: [String: StoredPerson] = [:]
        let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM audience_person") ?? 0
        persons.reserveCapacity(count)
        let rows = try Row.fetchCursor(db, sql: "SELECT person, audiences, changes, due_time, id FROM audience_person")
        while let row = try rows.next() { persons[row[4]] = Self.stored(row) }
        return persons
    }

    private static func stored(_ row: Row) -> StoredPerson {
        StoredPerson(number: row[0], bits: AudienceBits(row[1]), changes: row[2], due: row[3])
    }

    /// Persons whose time has come, the longest waiting first.
    func due(by now: Int64, limit: Int) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM audience_person WHERE due_time <= ? ORDER BY due_time LIMIT ?")
        return try String.fetchAll(statement, arguments: [now, limit])
    }

    func nextDue() throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT MIN(due_time) FROM audience_person WHERE due_time IS NOT NULL")
    }

    func insert(_ id: String, _ bits: AudienceBits, changes: Int64, due: Int64?) throws -> Int64 {
        try db.cachedStatement(
            sql: "INSERT INTO audience_person (id, audiences, changes, due_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [id, bits.stored, changes, due])
        return db.lastInsertedRowID
    }

    func update(_ number: Int64, _ bits: AudienceBits, changes: Int64, due: Int64?) throws {
        try db.cachedStatement(
            sql: "UPDATE audience_person SET audiences = ?, changes = ?, due_time = ? WHERE person = ?"
        ).execute(arguments: [bits.stored, changes, due, number])
    }

    func deletePerson(_ number: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM audience_person WHERE person = ?").execute(arguments: [number])
    }

    func enter(_ audience: Int64, _ number: Int64, since: Int64) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO audience_member (audience, person, since_time) VALUES (?, ?, ?)
                ON CONFLICT (audience, person) DO UPDATE SET since_time = MIN(since_time, excluded.since_time)
                """)
        statement.setUncheckedArguments([audience, number, since])
        try statement.execute()
    }

    func leave(_ audience: Int64, _ number: Int64) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM audience_member WHERE audience = ? AND person = ?")
        statement.setUncheckedArguments([audience, number])
        try statement.execute()
    }

    func memberships(_ number: Int64) throws -> [(audience: Int64, since: Int64)] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT m.audience, m.since_time FROM audience_member m
                JOIN audience a ON a.id = m.audience WHERE m.person = ?
                """)
        return try Row.fetchAll(statement, arguments: [number]).map { ($0[0], $0[1]) }
    }

    /// Adds to the size of an audience, and to the row of the hour.
    func change(_ audience: Int64, entered: Int, left: Int, now: Int64) throws {
        try db.cachedStatement(sql: "UPDATE audience SET size = size + ? WHERE id = ?")
            .execute(arguments: [entered - left, audience])
        let hour = now - ((now % 3_600_000) + 3_600_000) % 3_600_000
        try db.cachedStatement(
            sql: """
                INSERT INTO audience_size (audience, hour_time, size, entered, departed)
                VALUES (?, ?, (SELECT size FROM audience WHERE id = ?), ?, ?)
                ON CONFLICT (audience, hour_time) DO UPDATE SET
                    size = excluded.size, entered = entered + excluded.entered, departed = departed + excluded.departed
                """
        ).execute(arguments: [audience, hour, audience, entered, left])
    }
}

// MARK: - Lists

extension AudienceRows {
    /// Members in the order of their numbers, from the one after `number`.
    func members(_ audience: Int64, after number: Int64, limit: Int) throws -> [(number: Int64, member: AudienceMember)]
    {
        let statement = try db.cachedStatement(
            sql: """
                SELECT m.person, p.id, m.since_time FROM audience_member m JOIN audience_person p ON p.person = m.person
                WHERE m.audience = ? AND m.person > ? ORDER BY m.person LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [audience, number, limit]).map {
            ($0[0], AudienceMember(person: $0[1], since: $0[2]))
        }
    }

    /// The rows of hours from `start` on, and the last one before.
    func sizes(_ audience: Int64, from start: Int64) throws -> [AudienceSize] {
        let before = "(SELECT MAX(hour_time) FROM audience_size WHERE audience = ? AND hour_time < ?)"
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT hour_time, size, entered, departed FROM audience_size
                WHERE audience = ? AND (hour_time >= ? OR hour_time = \(before)) ORDER BY hour_time
                """,
            arguments: [audience, start, audience, start])
        return rows.map { AudienceSize(time: $0[0], size: $0[1], entered: $0[2], left: $0[3]) }
    }

    /// Persons by which of these audiences (bit `i` for the i-th) they are in.
    func combinations(_ audiences: [Int64]) throws -> [(mask: Int, persons: Int)] {
        let cases = audiences.enumerated().map { "WHEN \($1) THEN \(1 << $0)" }.joined(separator: " ")
        let list = audiences.map(String.init).joined(separator: ", ")
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT mask, COUNT(*) FROM (
                    SELECT SUM(CASE audience \(cases) ELSE 0 END) AS mask FROM audience_member
                    WHERE audience IN (\(list)) GROUP BY person
                ) combined GROUP BY mask ORDER BY COUNT(*) DESC, mask
                """)
        return rows.map { ($0[0], $0[1]) }
    }
}
