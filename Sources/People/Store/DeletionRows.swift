import Crypto
import Foundation
import GRDB

/// Deletions of persons, from the request to the receipt.
enum DeletionRows {
    /// A deletion that has been decided on but not carried out everywhere.
    struct Open {
        var receipt: String
        var ids: [String]
        var groups: [GroupID]
    }

    /// Takes a person out of the tables, suppresses their ids, and notes what is still to be done.
    static func begin(
        _ person: Int64, receipt: String, time: Int64, keys: PersonKeys, _ db: Database
    ) throws {
        let ids = try PersonRows.ids(of: person, db)
        var counts = ["ids": ids.count]
        for (kind, table) in [
            ("traits", "trait"), ("consents", "consent"), ("devices", "device"), ("groups", "membership"),
        ] {
            let count = try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM \(table) WHERE person = ?", arguments: [person])
            counts[kind] = count ?? 0
        }
        var groups: Set<GroupID> = []
        var touchesOthers = false
        let own = Set(ids.map(ExactID.init))
        for id in ids {
            for merge in try MergeRows.records(ofAlias: id, db) + MergeRows.records(ofPerson: id, db) {
                if !own.contains(ExactID(merge.alias)) || !own.contains(ExactID(merge.person)) { touchesOthers = true }
            }
            let rows = try SQLRow.fetchAll(
                db, sql: "SELECT type, id FROM group_contributor WHERE identity = ?", arguments: [id])
            groups.formUnion(rows.map { GroupID(type: $0[0], id: $0[1]) })
            try suppress(id, time: time, keys: keys, db)
            for place in [
                "merge WHERE alias", "merge WHERE person", "apart WHERE alias", "apart WHERE person",
                "identity_warning WHERE alias", "identity_warning WHERE person", "log_change WHERE alias",
                "log_change WHERE person", "group_contributor WHERE identity", "consent WHERE identity",
            ] {
                try db.cachedStatement(sql: "DELETE FROM \(place) = ?").execute(arguments: [id])
            }
        }
        try PersonRows.delete(person, db)
        try db.execute(sql: "DELETE FROM identity WHERE person = ?", arguments: [person])
        try PeopleSettings.advanceGeneration(db)
        counts["rebuild"] = touchesOthers ? 1 : 0
        try db.execute(
            sql: """
                INSERT INTO person_deletion (receipt, time, digest, counts, ids, groups) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                receipt, time, digest(ids, keys), text(counts), JSONText.array(ids.map(JSONText.string)).description,
                JSONText.array(groups.sorted().flatMap { [JSONText.string($0.type), JSONText.string($0.id)] })
                    .description,
            ])
    }

    static func suppress(_ id: String, time: Int64, keys: PersonKeys, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO suppression (hash, filter, time) VALUES (?, ?, ?)
                ON CONFLICT (hash) DO UPDATE SET time = excluded.time, until_sequence = NULL
                """, arguments: [keys.suppressionHash(of: id), keys.filter(of: id), time])
    }

    private static func digest(_ ids: [String], _ keys: PersonKeys) -> String {
        var hash = SHA256()
        for id in ids { hash.update(data: keys.suppressionHash(of: id)) }
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    static func open(_ db: Database) throws -> [Open] {
        try SQLRow.fetchAll(db, sql: "SELECT receipt, ids, groups FROM person_deletion WHERE ids IS NOT NULL")
            .map { row in
                let groups = texts(row[2])
                return Open(
                    receipt: row[0], ids: texts(row[1]),
                    groups: stride(from: 0, to: groups.count - 1, by: 2).map {
                        GroupID(type: groups[$0], id: groups[$0 + 1])
                    })
            }
    }

    private static func texts(_ column: String?) -> [String] {
        guard let column else { return [] }
        let items = try? JSONSerialization.jsonObject(with: Data(column.utf8)) as? [Any]
        return (items ?? []).compactMap { $0 as? String }
    }

    /// Adds to what the receipt counts. The same kind twice is the larger: a repetition after a crash finds less.
    static func add(_ counts: [String: Int], to receipt: String, _ db: Database) throws {
        guard let known = try self.receipt(receipt, db) else { return }
        var all = known.counts.merging(counts, uniquingKeysWith: max)
        all["rebuild"] = known.needsRebuild ? 1 : 0
        try db.execute(
            sql: "UPDATE person_deletion SET counts = ? WHERE receipt = ?", arguments: [text(all), receipt])
    }

    /// To be called when nothing is left: the ids are forgotten too.
    static func finish(_ receipt: String, time: Int64, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE person_deletion SET finished_time = ?, ids = NULL, groups = NULL WHERE receipt = ?",
            arguments: [time, receipt])
    }

    static func receipt(_ id: String, _ db: Database) throws -> DeletionReceipt? {
        try receipts("WHERE receipt = ?", [id], db).first
    }

    static func receipts(
        _ filter: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [DeletionReceipt] {
        try SQLRow.fetchAll(
            db, sql: "SELECT receipt, time, finished_time, counts, digest FROM person_deletion \(filter)",
            arguments: arguments
        ).map { row in
            let object = try? JSONSerialization.jsonObject(with: Data((row[3] as String).utf8)) as? [String: Any]
            var counts = (object ?? [:]).compactMapValues { ($0 as? NSNumber)?.intValue }
            let needsRebuild = counts.removeValue(forKey: "rebuild") == 1
            return DeletionReceipt(
                id: row[0], time: row[1], finishedTime: row[2], counts: counts, digest: row[4],
                needsRebuild: needsRebuild)
        }
    }

    private static func text(_ counts: [String: Int]) -> String {
        JSONText.object(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }).description
    }
}
