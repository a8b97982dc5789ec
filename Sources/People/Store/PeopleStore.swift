import EventLog
import Foundation
import GRDB

/// Reads persons. The projection writes them.
enum PeopleStore {
    /// The person with an id, or with a key of one of their ids.
    static func number(of name: String, _ db: Database) throws -> Int64? {
        let byID = try Int64.fetchOne(
            try db.cachedStatement(sql: "SELECT person FROM identity WHERE id = ?"), arguments: [name])
        if byID != nil || !name.hasPrefix("p_") { return byID }
        return try Int64.fetchOne(
            try db.cachedStatement(sql: "SELECT person FROM identity WHERE key = ?"), arguments: [name])
    }

    static func profile(_ number: Int64, keys: PersonKeys, _ db: Database) throws -> Profile? {
        guard let draft = try PersonRows.find(number: number, db) else { return nil }
        let identities = try SQLRow.fetchAll(
            db, sql: "SELECT id, key, is_user FROM identity WHERE person = ? ORDER BY id", arguments: [number]
        ).map { Profile.Identity(id: $0[0], key: $0[1], isUser: $0[2]) }
        let groups = try PersonRows.groups(of: number, db).sorted { $0.key < $1.key }.map { group, since in
            Profile.Group(
                group: group, since: since,
                traits: try TraitRows.group.load(db, key: [group.type, group.id]).compactMapValues(\.value))
        }
        var merges: Set<MergeRecord> = []
        for identity in identities {
            merges.formUnion(try MergeRows.records(ofAlias: identity.id, db))
            merges.formUnion(try MergeRows.records(ofPerson: identity.id, db))
        }
        let addresses = try SQLRow.fetchAll(
            db, sql: "SELECT channel, value FROM address WHERE person = ?", arguments: [number]
        ).compactMap { row in Address.Kind(rawValue: row[0]).map { Address($0, row[1]) } }
        return Profile(
            key: keys.key(of: draft.canonical), canonicalID: draft.canonical, identities: identities,
            traits: try TraitRows.person.load(db, key: [number]).filter { $0.value.value != nil },
            visit: draft.visits, groups: groups,
            devices: try PersonRows.devices(of: number, db).values.sorted {
                ($0.firstTime, $0.id) < ($1.firstTime, $1.id)
            },
            addresses: addresses.sorted(), consents: try PersonRows.consents(of: number, db),
            merges: merges.sorted { ($0.sequence, $0.alias) < ($1.sequence, $1.alias) })
    }

    static func facts(
        _ number: Int64, keys: PersonKeys, defaults: ConsentRules.Defaults, _ db: Database
    ) throws -> PersonFacts? {
        guard let draft = try PersonRows.find(number: number, db) else { return nil }
        return PersonFacts(
            canonicalID: draft.canonical, key: keys.key(of: draft.canonical),
            traits: try TraitRows.person.load(db, key: [number]).compactMapValues(\.value),
            groups: try PersonRows.groups(of: number, db).keys.sorted(),
            consents: ConsentRules(try PersonRows.consents(of: number, db), defaults: defaults),
            timeZone: draft.visits.timeZone?.value, locale: draft.visits.locale?.value,
            firstSeen: draft.visits.firstTime == .max ? nil : draft.visits.firstTime,
            lastSeen: draft.visits.lastTime == .min ? nil : draft.visits.lastTime, isIdentified: draft.isIdentified)
    }

    /// One trait of all persons who have it, by canonical id.
    ///
    /// - Complexity: O(persons with the trait)
    static func values(of trait: String, _ db: Database) throws -> [String: PropertyValue] {
        let rows = try SQLRow.fetchCursor(
            db,
            sql: """
                SELECT p.canonical, t.type, t.value FROM trait t JOIN person p ON p.number = t.person
                WHERE t.name = ? AND t.type IS NOT NULL
                """, arguments: [trait])
        var values: [String: PropertyValue] = [:]
        while let row = try rows.next() {
            values[row[0]] = TraitRows.value(type: row[1], row[2])
        }
        return values
    }

    /// One trait of groups of a kind (`*`: any), by the canonical ids of those who belong to them. Several values, of
    /// several groups, become a list in the order of the groups' ids; what is of another type than the first is left
    /// out.
    ///
    /// - Complexity: O(members of groups with the trait)
    static func values(
        of trait: String, ofGroups kind: String, _ db: Database
    ) throws -> [String: PropertyValue] {
        let rows = try SQLRow.fetchCursor(
            db,
            sql: """
                SELECT p.canonical, t.type, t.value FROM group_trait t
                JOIN membership m ON m.type = t.group_type AND m.id = t.group_id
                JOIN person p ON p.number = m.person
                WHERE t.name = ?1 AND t.type IS NOT NULL AND (?2 = '*' OR t.group_type = ?2)
                ORDER BY t.group_type, t.group_id
                """, arguments: [trait, kind])
        var values: [String: PropertyValue] = [:]
        while let row = try rows.next() {
            guard let value = TraitRows.value(type: row[1], row[2]) else { continue }
            values[row[0], default: value.emptyList].append(contentsOf: value)
        }
        return values.mapValues(\.withoutNeedlessList)
    }

    static func warnings(limit: Int, _ db: Database) throws -> [IdentityWarning] {
        try SQLRow.fetchAll(
            db,
            sql: """
                SELECT kind, alias, person, count, first_sequence, last_sequence, last_time FROM identity_warning
                ORDER BY last_sequence DESC, alias LIMIT ?
                """, arguments: [limit]
        ).compactMap { row in
            IdentityWarning.Kind(rawValue: row[0]).map { kind in
                IdentityWarning(
                    kind: kind, alias: row[1], person: row[2], count: row[3],
                    firstSequence: UInt64(bitPattern: row[4]), lastSequence: UInt64(bitPattern: row[5]),
                    lastTime: row[6])
            }
        }
    }
}
