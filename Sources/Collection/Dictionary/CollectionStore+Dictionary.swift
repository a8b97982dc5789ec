import GRDB
import State

extension CollectionStore {
    func dictionary() throws -> [DictionaryEntry] {
        try state.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM collection_dictionary ORDER BY event, property").map { row in
                let property: String = row["property"]
                return DictionaryEntry(
                    event: row["event"], property: property.isEmpty ? nil : property, text: row["text"],
                    owner: row["owner"])
            }
        }
    }

    /// An entry that says nothing is taken away.
    func save(_ entries: [DictionaryEntry], now: Int64) throws {
        try state.write { db in
            for entry in entries {
                if entry.text.isEmpty, entry.owner.isEmpty {
                    try db.execute(
                        sql: "DELETE FROM collection_dictionary WHERE event = ? AND property = ?",
                        arguments: [entry.event, entry.property ?? ""])
                    continue
                }
                try db.execute(
                    sql: """
                        INSERT INTO collection_dictionary (event, property, text, owner, changed_time)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (event, property) DO UPDATE
                        SET text = excluded.text, owner = excluded.owner, changed_time = excluded.changed_time
                        """,
                    arguments: [entry.event, entry.property ?? "", entry.text, entry.owner, now])
            }
        }
    }
}
