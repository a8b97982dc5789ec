package import EventLog
package import GRDB
import State
import Synchronization

/// Keeps the tables about persons in step with the event log.
///
/// The tables are a function of the events and the list of deleted ids: applied in batches of any size, with
/// transactions that are dropped on the way, or from the start at once, they come out the same.
package final class PeopleProjection: Sendable {
    /// Its name among the positions of projections.
    package static let name = "people"

    private let log: any PeopleLog
    private let keys: PersonKeys
    private let maxIDs: Int
    private let defaults: ConsentRules.Defaults
    private let cachedPersons: Int
    private let cache = Mutex(PeopleCache())

    init(log: any PeopleLog, keys: PersonKeys, options: PeopleService.Options) {
        self.log = log
        self.keys = keys
        maxIDs = options.maxIDs
        defaults = options.consentDefaults
        cachedPersons = options.cachedPersons
    }

    /// The sequence number of the first event that has not been applied.
    package func next(in db: Database) throws -> UInt64 { try ProjectionPositions.next(of: Self.name, in: db) }

    /// What it reads of events: who follows the log for it can leave out the rest.
    package static let selection = TailSelection(wants: EventContent.reads)

    /// Events in sequence order; all before `next` have been handed over.
    package struct Portion {
        package var events: [StoredEvent]
        package var next: UInt64

        package init(_ events: [StoredEvent], next: UInt64) {
            self.events = events
            self.next = next
        }
    }

    /// Applies events in sequence order and moves the position to `next`, in the caller's transaction.
    package func apply(_ events: [StoredEvent], next: UInt64, in db: Database) throws -> PeopleChanges {
        var first: Portion? = Portion(events, next: next)
        return try apply(in: db) { first.take() }
    }

    /// Applies portions of events until there are no more, and moves the position behind the last, in the caller's
    /// transaction. However many they are, each person is written once.
    ///
    /// Events before the position are left out, so that handing them in again does no harm.
    /// - Returns: what changed, to be acted on when the transaction has been committed.
    /// - Complexity: O(events + changed rows); a split also reads the events of the two persons from the log.
    package func apply(in db: Database, portions: () throws -> Portion?) throws -> PeopleChanges {
        let position = try self.next(in: db)
        var cache = cache.withLock { cache in
            let taken = cache
            cache = PeopleCache()
            return taken
        }
        let generation = try PeopleSettings.generation(db)
        if cache.position != position || cache.generation != generation {
            cache.clear()
            cache.apart = try ApartRows.all(db)
            cache.suppressions = try Suppressions.load(db)
        }
        cache.makeRoom(cachedPersons)
        let batch = try PeopleBatch(db, cache: cache, log: log, keys: keys, maxIDs: maxIDs, defaults: defaults)
        cache = PeopleCache()
        var end = position
        while let portion = try portions() {
            for event in portion.events where event.sequence >= position { try batch.apply(event) }
            end = max(end, portion.next)
        }
        try batch.finish()
        try ProjectionPositions.advance(Self.name, to: end, in: db)
        var left = batch.takeCache()
        left.position = end
        left.generation = generation
        let kept = left
        self.cache.withLock { $0 = kept }
        return batch.changes
    }

    /// Empties the tables, so that the next events to apply are those from sequence number 0 on. Keys of persons and
    /// the list of deleted ids stay.
    package func reset(in db: Database) throws {
        for table in PeopleMigrations.derived { try db.execute(sql: "DELETE FROM \(table)") }
        try ProjectionPositions.advance(Self.name, to: 0, in: db)
        try PeopleSettings.advanceGeneration(db)
    }
}

/// Small values of the module that stay when the tables are built anew.
enum PeopleSettings {
    /// Counts what changes persons besides the projection: deletions, suppressions.
    static func generation(_ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT value FROM people_setting WHERE name = 'generation'")
        return try Int64.fetchOne(statement) ?? 0
    }

    static func advanceGeneration(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO people_setting (name, value) VALUES ('generation', 1)
                ON CONFLICT (name) DO UPDATE SET value = value + 1
                """)
    }
}

enum ApartRows {
    static func all(_ db: Database) throws -> [(alias: ExactID, person: ExactID)] {
        try SQLRow.fetchAll(db, sql: "SELECT alias, person FROM apart ORDER BY alias, person")
            .map { (ExactID($0[0]), ExactID($0[1])) }
    }
}
