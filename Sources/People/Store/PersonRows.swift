import EventLog
import GRDB
import State

/// The rows of one person, except traits.
enum PersonRows {
    // MARK: Reading

    private static let columns = """
        p.number, p.canonical, p.is_identified, p.ids, p.refuses_tracking, v.events, p.created_time, p.first_time,
        p.first_sequence, v.last_time, p.cleared_time, p.locale, v.locale_time, v.locale_sequence, p.zone, v.zone_time,
        v.zone_sequence, p.referrer, p.url, p.utm_source, p.utm_medium, p.utm_campaign, p.utm_term, p.utm_content
        """

    static func find(number: Int64, _ db: Database) throws -> PersonDraft? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM person p JOIN visit v ON v.person = p.number WHERE p.number = ?")
        return try SQLRow.fetchOne(statement, arguments: [number]).map(draft)
    }

    private static func draft(_ row: SQLRow) -> PersonDraft {
        var draft = PersonDraft(number: row[0], canonical: row[1])
        draft.isIdentified = row[2]
        draft.ids = row[3]
        draft.refusesTracking = row[4]
        draft.visits.events = row[5]
        draft.visits.createdTime = row[6]
        draft.visits.firstTime = row[7]
        draft.visits.firstSequence = UInt64(bitPattern: row[8])
        draft.visits.lastTime = row[9]
        draft.visits.clearedTime = row[10]
        draft.visits.locale = latest(row, 11)
        draft.visits.timeZone = latest(row, 14)
        for (index, field) in FirstTouch.Field.allCases.enumerated() {
            draft.visits.firstTouch[field] = row[17 + index]
        }
        draft.settle()
        return draft
    }

    private static func latest(_ row: SQLRow, _ index: Int) -> Visits.Latest? {
        guard let value: String = row[index] else { return nil }
        return Visits.Latest(value: value, time: row[index + 1], sequence: UInt64(bitPattern: row[index + 2]))
    }

    static func ids(of person: Int64, _ db: Database) throws -> [String] {
        let statement = try db.cachedStatement(sql: "SELECT id FROM identity WHERE person = ? ORDER BY id")
        return try String.fetchAll(statement, arguments: [person])
    }

    static func devices(of person: Int64, _ db: Database) throws -> [String: Device] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, kind, model, system, push_token, first_time, last_time, sequence FROM device
                WHERE person = ?
                """)
        var devices: [String: Device] = [:]
        let rows = try SQLRow.fetchCursor(statement, arguments: [person])
        while let row = try rows.next() {
            let device = Device(
                id: row[0], kind: row[1], model: row[2], system: row[3], pushToken: row[4], firstTime: row[5],
                lastTime: row[6], sequence: UInt64(bitPattern: row[7]))
            devices[device.id] = device
        }
        return devices
    }

    static func groups(of person: Int64, _ db: Database) throws -> [GroupID: Int64] {
        let statement = try db.cachedStatement(sql: "SELECT type, id, since FROM membership WHERE person = ?")
        var groups: [GroupID: Int64] = [:]
        let rows = try SQLRow.fetchCursor(statement, arguments: [person])
        while let row = try rows.next() { groups[GroupID(type: row[0], id: row[1])] = row[2] }
        return groups
    }

    static func consents(of person: Int64, _ db: Database) throws -> [ConsentStatement] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT purpose, channel, period, granted, text, version, source, address_hash, time, sequence, identity
                FROM consent WHERE person = ? ORDER BY time, sequence
                """)
        return try SQLRow.fetchAll(statement, arguments: [person]).map { row in
            let channel: String? = row[1]
            return ConsentStatement(
                purpose: ConsentPurpose(rawValue: row[0]), channel: channel.map(MessageChannel.init(rawValue:)),
                period: ConsentStatement.Period(rawValue: row[2]) ?? .unsaid, granted: row[3],
                evidence: ConsentStatement.Evidence(
                    text: row[4], version: row[5], source: row[6], addressHash: row[7]),
                time: row[8], sequence: UInt64(bitPattern: row[9]), id: row[10])
        }
    }

    // MARK: Writing

    /// What nearly every batch writes: that the person was seen.
    static func storeVisit(_ draft: PersonDraft, _ db: Database) throws {
        let visits = draft.visits
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO visit (
                    person, events, last_time, locale_time, locale_sequence, zone_time, zone_sequence)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        statement.setUncheckedArguments([
            draft.number, visits.events, visits.lastTime, visits.locale?.time,
            (visits.locale?.sequence).map(Int64.init(bitPattern:)), visits.timeZone?.time,
            (visits.timeZone?.sequence).map(Int64.init(bitPattern:)),
        ])
        try statement.execute()
    }

    /// The row of what changes seldom. Traits must be loaded.
    static func store(_ draft: PersonDraft, _ db: Database) throws {
        let visits = draft.visits
        let traits = draft.traits?.current ?? [:]
        let name = SearchText.displayName { traits[$0]?.value }
        let role = PersonRole(trait: traits[PersonRole.trait]?.value)
        var row: [(any DatabaseValueConvertible)?] = [
            draft.number, draft.canonical, draft.isIdentified, draft.ids, draft.refusesTracking,
            name.map(TextIndex.folded), role.rawValue, visits.createdTime, visits.firstTime,
            Int64(bitPattern: visits.firstSequence), visits.clearedTime, visits.locale?.value, visits.timeZone?.value,
        ]
        for field in FirstTouch.Field.allCases { row.append(visits.firstTouch[field]) }
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO person (
                    number, canonical, is_identified, ids, refuses_tracking, name, role, created_time, first_time,
                    first_sequence, cleared_time, locale, zone, referrer, url, utm_source, utm_medium, utm_campaign,
                    utm_term, utm_content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        statement.setUncheckedArguments(StatementArguments(row))
        try statement.execute()
    }

    static func store(_ devices: PersonDraft.Details<String, Device>, of person: Int64, _ db: Database) throws {
        for (id, device) in devices.current where devices.stored[id] != device {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO device
                        (person, id, kind, model, system, push_token, first_time, last_time, sequence)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                person, id, device.kind, device.model, device.system, device.pushToken, device.firstTime,
                device.lastTime, Int64(bitPattern: device.sequence),
            ])
        }
        for id in devices.stored.keys where devices.current[id] == nil {
            try db.cachedStatement(sql: "DELETE FROM device WHERE person = ? AND id = ?")
                .execute(arguments: [person, id])
        }
    }

    static func store(_ groups: PersonDraft.Details<GroupID, Int64>, of person: Int64, _ db: Database) throws {
        for (group, since) in groups.current where groups.stored[group] != since {
            try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO membership (person, type, id, since) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [person, group.type, group.id, since])
        }
        for group in groups.stored.keys where groups.current[group] == nil {
            try db.cachedStatement(sql: "DELETE FROM membership WHERE person = ? AND type = ? AND id = ?")
                .execute(arguments: [person, group.type, group.id])
        }
    }

    /// What the person is found by. An anonymous person without traits is found by id only.
    static func storeSearch(
        of person: Int64, ids: [String], traits: [String: Trait], addresses: [Address], wasStored: Bool, _ db: Database
    ) throws {
        if wasStored {
            for table in ["person_search WHERE rowid", "person_pair WHERE person", "address WHERE person"] {
                try db.cachedStatement(sql: "DELETE FROM \(table) = ?").execute(arguments: [person])
            }
        }
        for address in addresses {
            try db.cachedStatement(sql: "INSERT INTO address (channel, value, person) VALUES (?, ?, ?)")
                .execute(arguments: [address.kind.rawValue, address.value, person])
        }
        let text = SearchText.text(
            ids: ids.filter { !IdentityRules.looksGenerated($0) }, traits: traits, addresses: addresses)
        guard !text.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO person_search (rowid, text) VALUES (?, ?)")
            .execute(arguments: [person, text])
        for pair in TextIndex.pairs(text) {
            try db.cachedStatement(sql: "INSERT INTO person_pair (pair, person) VALUES (?, ?)")
                .execute(arguments: [pair, person])
        }
    }

    /// Removes a person, but not their ids, consents and merges.
    static func delete(_ person: Int64, _ db: Database) throws {
        for place in [
            "person WHERE number", "visit WHERE person", "trait WHERE person", "device WHERE person",
            "membership WHERE person",
            "address WHERE person", "person_search WHERE rowid", "person_pair WHERE person",
        ] {
            try db.cachedStatement(sql: "DELETE FROM \(place) = ?").execute(arguments: [person])
        }
    }
}
