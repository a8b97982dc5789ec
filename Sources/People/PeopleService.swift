package import EventLog
package import Foundation
import GRDB
package import State
import Synchronization

/// Everything that can be asked and done about persons.
///
/// Changes are events: they are appended to the log, and the projection carries them out when it reads them. So they
/// are visible once the projection has caught up, and a rebuild repeats them.
package final class PeopleService: Sendable {
    package struct Options: Sendable {
        /// Ids that one person can have.
        package var maxIDs = IdentityRules.maxIDs
        /// What holds for those who said nothing.
        package var consentDefaults = ConsentRules.Defaults()
        /// Persons that the projection remembers from batch to batch; up to twice as many.
        package var cachedPersons = 131_072
        /// Where a person of unknown time zone is taken to live, until `setTimeZone` says otherwise.
        package var timeZone = TimeZone(identifier: "Asia/Seoul") ?? .gmt

        package init() {}
    }

    package let options: Options
    package let projection: PeopleProjection
    /// Who is not to be recorded.
    package let gate: TrackingGate
    let state: StateDatabase
    let log: any PeopleLog
    let erasers: [any PersonEraser]
    let now: @Sendable () -> Int64
    let keys: PersonKeys
    private let homeZone: Mutex<TimeZone>

    /// - Parameters:
    ///   - state: with the tables of `PeopleMigrations`.
    ///   - erasers: asked when a person is deleted.
    ///   - now: milliseconds UTC.
    package init(
        state: StateDatabase, log: any PeopleLog, erasers: [any PersonEraser] = [], options: Options = Options(),
        now: @escaping @Sendable () -> Int64
    ) throws {
        self.state = state
        self.log = log
        self.erasers = erasers
        self.options = options
        homeZone = Mutex(options.timeZone)
        self.now = now
        let keys = try state.write { try PersonKeys.load($0) }
        self.keys = keys
        projection = PeopleProjection(log: log, keys: keys, options: options)
        gate = TrackingGate(keys: keys)
        try reloadGate()
    }

    func reloadGate() throws {
        let (suppressions, refusing) = try state.read { db in
            (
                try Suppressions.load(db),
                try String.fetchAll(
                    db,
                    sql: """
                        SELECT i.id FROM identity i JOIN person p ON p.number = i.person WHERE p.refuses_tracking
                        """)
            )
        }
        gate.replace(suppressions: suppressions, refusing: refusing)
    }

    /// Where a person of unknown time zone is taken to live: nights, in which advertising needs a consent of its own,
    /// are those there.
    package var timeZone: TimeZone { homeZone.withLock { $0 } }

    package func setTimeZone(_ zone: TimeZone) { homeZone.withLock { $0 = zone } }

    // MARK: Following the log

    /// To be called when the transaction in which `projection.apply` ran has been committed.
    package func committed(_ changes: PeopleChanges) {
        gate.update(changes.tracking)
    }

    /// Redirects that the log has yet to follow, oldest first. Carry them out in order, then report with
    /// `finishLogChanges`; to carry one out again does no harm.
    package func pendingLogChanges(limit: Int = 1_000) throws -> [LogChange] {
        try state.read { db in
            try SQLRow.fetchAll(
                db, sql: "SELECT number, kind, alias, person FROM log_change ORDER BY number LIMIT ?",
                arguments: [limit]
            ).map { row in
                LogChange(
                    number: row[0], kind: LogChange.Kind(rawValue: row[1]) ?? .merge, alias: row[2], person: row[3])
            }
        }
    }

    package func finishLogChanges(through number: Int64) throws {
        try state.write { try $0.execute(sql: "DELETE FROM log_change WHERE number <= ?", arguments: [number]) }
    }

    /// After a rebuild: replaces the changes that it repeated by those that the log really needs.
    ///
    /// - Parameter canonicalID: the log's canonical id of an id.
    /// - Complexity: O(ids of persons with more than one)
    package func replaceLogChanges(canonicalID: (String) -> String) throws {
        try state.write { db in
            try db.execute(sql: "DELETE FROM log_change")
            let rows = try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT i.id, p.canonical FROM identity i JOIN person p ON p.number = i.person
                    WHERE p.ids > 1 OR i.id IN (SELECT alias FROM apart) OR i.id IN (SELECT person FROM apart)
                    ORDER BY p.number, i.id
                    """)
            let wrong = rows.map { (id: $0[0] as String, canonical: $0[1] as String) }
                .filter { ExactID(canonicalID($0.id)) != ExactID($0.canonical) }
            for (id, _) in wrong { try LogChangeRows.add(.split, alias: id, person: "", db) }
            for (id, canonical) in wrong where id != canonical {
                try LogChangeRows.add(.merge, alias: id, person: canonical, db)
            }
        }
    }

    // MARK: Asking

    /// - Parameter person: an id or a key.
    package func profile(of person: String) throws -> Profile? {
        try state.read { db in
            guard let number = try PeopleStore.number(of: person, db) else { return nil }
            return try PeopleStore.profile(number, keys: keys, db)
        }
    }

    /// The id that the log reads a person's events under, by an id or a key; nil for nobody.
    package func canonicalID(of person: String) throws -> String? {
        try state.read { db in
            guard let number = try PeopleStore.number(of: person, db) else { return nil }
            return try PersonRows.find(number: number, db)?.canonical
        }
    }

    /// - Throws: `PeopleError`: `invalid`, `badCursor`.
    package func search(_ query: PeopleQuery) throws -> PeoplePage {
        let search = try PeopleSearch(query)
        return try state.read { try search.page($0, keys: keys) }
    }

    /// Persons in the tables, and how many of them are identified.
    package func counts() throws -> (persons: Int, identified: Int) {
        try state.read { db in
            let row = try SQLRow.fetchOne(
                db, sql: "SELECT COUNT(*), COALESCE(SUM(is_identified), 0) FROM person")
            return (row?[0] ?? 0, row?[1] ?? 0)
        }
    }

    package func facts(of person: String) throws -> PersonFacts? {
        try state.read { db in
            guard let number = try PeopleStore.number(of: person, db) else { return nil }
            return try PeopleStore.facts(number, keys: keys, defaults: options.consentDefaults, db)
        }
    }

    /// The same for several persons in one view; those who are not there are left out.
    package func facts(of persons: [String]) throws -> [PersonFacts] {
        try state.read { db in
            try persons.compactMap { person in
                guard let number = try PeopleStore.number(of: person, db) else { return nil }
                return try PeopleStore.facts(number, keys: keys, defaults: options.consentDefaults, db)
            }
        }
    }

    /// All persons' facts, one after the other, in one view.
    ///
    /// The body must not ask this service anything: it runs inside a read.
    /// - Complexity: O(persons + traits + groups + consents), one person at a time in memory
    package func forEachFacts(_ body: (PersonFacts) throws -> Void) throws {
        try state.read { try FactsScan.run($0, keys: keys, defaults: options.consentDefaults, body) }
    }

    /// The facts of up to `count` persons, each as likely as any other as long as numbers of persons have few gaps, and
    /// how many persons there are.
    ///
    /// - Complexity: O(persons of the index to count them, count log persons)
    package func sampleFacts(_ count: Int) throws -> (persons: [PersonFacts], total: Int) {
        try state.read { db in
            let total = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM person") ?? 0
            let numbers: [Int64]
            if total <= count {
                numbers = try Int64.fetchAll(db, sql: "SELECT number FROM person")
            } else {
                let most = try Int64.fetchOne(db, sql: "SELECT MAX(number) FROM person") ?? 1
                let next = try db.makeStatement(
                    sql: "SELECT number FROM person WHERE number >= ? ORDER BY number LIMIT 1")
                var drawn: Set<Int64> = []
                // Two draws may give the same person; a few more than wanted, and not for ever.
                for _ in 0..<count * 4 where drawn.count < count {
                    if let number = try Int64.fetchOne(next, arguments: [Int64.random(in: 1...most)]) {
                        drawn.insert(number)
                    }
                }
                numbers = drawn.sorted()
            }
            return (
                try numbers.compactMap {
                    try PeopleStore.facts($0, keys: keys, defaults: options.consentDefaults, db)
                }, total
            )
        }
    }

    /// Some traits of all groups.
    package func allGroupTraits(_ names: [String]) throws -> [GroupID: [String: PropertyValue]] {
        try state.read { db in
            var traits: [GroupID: [String: PropertyValue]] = [:]
            for name in names {
                let rows = try SQLRow.fetchCursor(
                    db, sql: "SELECT group_type, group_id, type, value FROM group_trait WHERE name = ?",
                    arguments: [name])
                while let row = try rows.next() {
                    let value = TraitRows.value(type: row[2], row[3])
                    traits[GroupID(type: row[0], id: row[1]), default: [:]][name] = value
                }
            }
            return traits
        }
    }

    package func groupTraits(of group: GroupID) throws -> [String: PropertyValue] {
        try state.read { try TraitRows.group.load($0, key: [group.type, group.id]).compactMapValues(\.value) }
    }

    /// Canonical ids of a group's members.
    package func members(of group: GroupID) throws -> [String] {
        try state.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT p.canonical FROM membership m JOIN person p ON p.number = m.person
                    WHERE m.type = ? AND m.id = ? ORDER BY p.canonical
                    """, arguments: [group.type, group.id])
        }
    }

    /// Traits for one query: each that is asked for is read once, for everybody.
    package func traitTable() -> TraitTable { TraitTable(state: state) }

    /// Names of traits, sorted: those of the newest persons stand for all, so that asking costs little.
    package func traitNames() throws -> [String] {
        try state.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT name FROM (
                        SELECT name FROM trait WHERE type IS NOT NULL ORDER BY person DESC LIMIT 20000)
                    ORDER BY name
                    """)
        }
    }

    /// Merges that were refused and splits that made no sense, the latest first.
    package func warnings(limit: Int = 100) throws -> [IdentityWarning] {
        try state.read { try PeopleStore.warnings(limit: limit, $0) }
    }
}
