import EventLog
import GRDB

/// Groups and those who said something about them.
enum GroupRows {
    static func load(_ id: GroupID, _ db: Database) throws -> PeopleBatch.GroupDraft {
        let statement = try db.cachedStatement(
            sql: "SELECT first_time, cleared_time FROM person_group WHERE type = ? AND id = ?")
        guard let row = try SQLRow.fetchOne(statement, arguments: [id.type, id.id]) else {
            return PeopleBatch.GroupDraft(isStored: false, stored: GroupState(), current: GroupState())
        }
        var state = GroupState()
        state.firstTime = row[0]
        state.clearedTime = row[1]
        state.traits = try TraitRows.group.load(db, key: [id.type, id.id])
        return PeopleBatch.GroupDraft(isStored: true, stored: state, current: state)
    }

    static func store(_ group: PeopleBatch.GroupDraft, _ id: GroupID, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO person_group (type, id, first_time, cleared_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [id.type, id.id, group.current.firstTime, group.current.clearedTime])
        var traits = PersonDraft.Details(group.stored.traits)
        traits.current = group.current.traits
        try TraitRows.group.store(traits, db, key: [id.type, id.id])
    }

    static func delete(_ id: GroupID, _ db: Database) throws {
        for place in ["person_group WHERE type = ? AND id = ?", "group_trait WHERE group_type = ? AND group_id = ?"] {
            try db.execute(sql: "DELETE FROM \(place)", arguments: [id.type, id.id])
        }
    }

    static func addContributor(_ identity: String, to id: GroupID, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO group_contributor (type, id, identity) VALUES (?, ?, ?)")
            .execute(arguments: [id.type, id.id, identity])
    }

    static func contributors(to id: GroupID, _ db: Database) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT identity FROM group_contributor WHERE type = ? AND id = ? ORDER BY identity",
            arguments: [id.type, id.id])
    }
}

/// What persons allowed and refused.
enum ConsentRows {
    static func insert(_ statement: ConsentStatement, person: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO consent (sequence, person, identity, time, purpose, channel, period, granted, text, version,
                    source, address_hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Int64(bitPattern: statement.sequence), person, statement.id, statement.time, statement.purpose.rawValue,
            statement.channel?.rawValue, statement.period.rawValue, statement.granted, statement.evidence.text,
            statement.evidence.version, statement.evidence.source, statement.evidence.addressHash,
        ])
    }
}
