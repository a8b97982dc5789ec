import EventLog
import GRDB

extension PeopleBatch {
    /// Undoes the latest merge of `alias` into `person` (these very ids): both persons become what they would be had it
    /// not happened, computed anew from the events so far.
    func split(_ alias: ExactID, from person: ExactID, _ stored: StoredEvent) throws {
        if isSuppressed(alias, at: stored.sequence) { return }
        let record = try MergeRows.latest(alias: alias.text, person: person.text, db)
        guard let record, let entry = try find(alias) else {
            warn(.nothingToSplit, alias, person, stored)
            return
        }
        try db.execute(
            sql: "UPDATE merge SET split_sequence = ?, split_time = ? WHERE sequence = ? AND alias = ?",
            arguments: [
                Int64(bitPattern: stored.sequence), stored.event.time, Int64(bitPattern: record.sequence), alias.text,
            ])
        try setApart(alias, person)
        let number = cache.drafts[entry.slot].number
        let ids = try PersonRows.ids(of: number, db)
        let parts = try PeopleHistory(log: log, keys: keys, suppressions: cache.suppressions).persons(
            ids: ids, merges: MergeRows.inForce(amongIDs: ids, db), before: stored.sequence)
        try divide(entry.slot, ids: ids, parts: parts, alias: alias)
    }

    private func setApart(_ alias: ExactID, _ person: ExactID) throws {
        if cache.apart.contains(where: { $0.alias == alias && $0.person == person }) { return }
        cache.apart.append((alias, person))
        try db.execute(
            sql: "INSERT OR IGNORE INTO apart (alias, person) VALUES (?, ?)", arguments: [alias.text, person.text])
    }

    /// Makes the person at `slot` into the persons that their ids make now.
    private func divide(_ slot: Int, ids: [String], parts: [PeopleHistory.Part], alias: ExactID) throws {
        let whole = cache.drafts[slot].canonical
        for part in parts {
            let own: Int
            if part.canonical == whole {
                own = slot
            } else {
                own = newPerson(canonical: part.canonical)
                changes.split.append(PeopleChanges.Merged(person: part.canonical, into: whole))
            }
            try cache.drafts[own].loadAll(db)
            cache.drafts[own].state = part.state
            cache.drafts[own].ids = part.ids.count
            cache.drafts[own].needsWholeRow = true
            cache.drafts[own].factsChanged = true
            cache.drafts[own].idsChanged = true
            cache.drafts[own].consentsChanged = true
            cache.drafts[own].reportsTracking = true
            markDirty(own)
            cache.drafts[own].isIdentified = try assign(part.ids, to: own)
        }
        // The log's redirects form another tree, so all of them are set anew.
        for id in ids { try redirect(.split, id, "") }
        for part in parts {
            for id in part.ids where id != part.canonical {
                try redirect(.merge, id, part.canonical)
            }
        }
    }

    /// - Returns: whether one of the ids is a user's.
    private func assign(_ ids: [String], to slot: Int) throws -> Bool {
        let number = cache.drafts[slot].number
        var isIdentified = false
        for id in ids {
            move(ExactID(id), to: slot)
            try db.cachedStatement(sql: "UPDATE identity SET person = ? WHERE id = ?").execute(arguments: [number, id])
            try db.cachedStatement(sql: "UPDATE consent SET person = ? WHERE identity = ?")
                .execute(arguments: [number, id])
            let isUser = try Bool.fetchOne(
                try db.cachedStatement(sql: "SELECT is_user FROM identity WHERE id = ?"), arguments: [id])
            isIdentified = isIdentified || isUser ?? false
        }
        return isIdentified
    }
}

/// Merges as rows.
enum MergeRows {
    private static let columns = "alias, person, cause, sequence, time, split_sequence, split_time"

    private static func record(_ row: SQLRow) -> MergeRecord {
        let split: Int64? = row[5]
        return MergeRecord(
            alias: row[0], person: row[1], cause: MergeRecord.Cause(rawValue: row[2]) ?? .merged,
            sequence: UInt64(bitPattern: row[3]), time: row[4], splitSequence: split.map { UInt64(bitPattern: $0) },
            splitTime: row[6])
    }

    /// The merge of these very ids that is in force.
    static func latest(alias: String, person: String, _ db: Database) throws -> MergeRecord? {
        try SQLRow.fetchOne(
            db,
            sql: """
                SELECT \(columns) FROM merge WHERE alias = ? AND person = ? AND split_sequence IS NULL
                ORDER BY sequence DESC LIMIT 1
                """, arguments: [alias, person]
        ).map(record)
    }

    /// Merges in which an id was the one that was joined to another, oldest first.
    static func records(ofAlias alias: String, _ db: Database) throws -> [MergeRecord] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM merge WHERE alias = ? ORDER BY sequence")
        return try SQLRow.fetchAll(statement, arguments: [alias]).map(record)
    }

    static func records(ofPerson person: String, _ db: Database) throws -> [MergeRecord] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM merge WHERE person = ? ORDER BY sequence")
        return try SQLRow.fetchAll(statement, arguments: [person]).map(record)
    }

    /// Merges in force among some ids, oldest first.
    static func inForce(amongIDs ids: [String], _ db: Database) throws -> [MergeRecord] {
        try ids.flatMap { try records(ofAlias: $0, db) }.filter { $0.splitSequence == nil }
            .sorted { ($0.sequence, $0.cause.rawValue) < ($1.sequence, $1.cause.rawValue) }
    }
}
