import EventLog
import GRDB

/// Reads the facts of all persons with one pass over each table, side by side in the order of persons.
enum FactsScan {
    static func run(
        _ db: Database, keys: PersonKeys, defaults: ConsentRules.Defaults, _ body: (PersonFacts) throws -> Void
    ) throws {
        var traits = try RowsByPerson(
            db, "SELECT person, name, type, value FROM trait WHERE type IS NOT NULL ORDER BY person")
        var groups = try RowsByPerson(db, "SELECT person, type, id FROM membership ORDER BY person, type, id")
        let persons = try SQLRow.fetchCursor(
            db,
            sql: """
                SELECT p.number, canonical, is_identified, locale, zone, first_time, last_time,
                    EXISTS (SELECT 1 FROM consent c WHERE c.person = p.number)
                FROM person p JOIN visit v ON v.person = p.number ORDER BY p.number
                """)
        while let row = try persons.next() {
            let number: Int64 = row[0]
            let canonical: String = row[1]
            let first: Int64 = row[5]
            let last: Int64 = row[6]
            var own: [String: PropertyValue] = [:]
            try traits.rows(of: number) { own[$0[1]] = TraitRows.value(type: $0[2], $0[3]) }
            var joined: [GroupID] = []
            try groups.rows(of: number) { joined.append(GroupID(type: $0[1], id: $0[2])) }
            let consents = row[7] ? try PersonRows.consents(of: number, db) : []
            try body(
                PersonFacts(
                    canonicalID: canonical, key: keys.key(of: canonical), traits: own, groups: joined.sorted(),
                    consents: ConsentRules(consents, defaults: defaults), timeZone: row[4], locale: row[3],
                    firstSeen: first == .max ? nil : first, lastSeen: last == .min ? nil : last, isIdentified: row[2]))
        }
    }

    /// A query in the order of persons, read along with them.
    private struct RowsByPerson {
        private let cursor: RowCursor
        private var next: SQLRow?

        init(_ db: Database, _ sql: String) throws {
            cursor = try SQLRow.fetchCursor(db, sql: sql)
            next = try cursor.next()?.copy()
        }

        mutating func rows(of person: Int64, _ body: (SQLRow) -> Void) throws {
            while let row = next, (row[0] as Int64) <= person {
                if row[0] == person { body(row) }
                next = try cursor.next()?.copy()
            }
        }
    }
}
