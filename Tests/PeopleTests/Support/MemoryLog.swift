import EventLog
import Foundation
import GRDB
import People
import State
import Synchronization

/// A log in memory: the events, in order.
final class MemoryLog: PeopleLog {
    private let stored = Mutex<(events: [StoredEvent], next: UInt64)>(([], 0))

    var all: [StoredEvent] { stored.withLock { $0.events } }
    var next: UInt64 { stored.withLock { $0.next } }

    func append(_ events: [Event]) async throws { add(events) }

    func add(_ events: [Event]) {
        stored.withLock { log in
            for event in events {
                if let id = event.messageID, log.events.contains(where: { $0.event.messageID == id }) { continue }
                log.events.append(StoredEvent(event: event, sequence: log.next, receivedTime: event.time))
                log.next += 1
            }
        }
    }

    func events(ofIDs ids: [String], before sequence: UInt64) throws -> [StoredEvent] {
        let ids = Set(ids)
        return all.filter { ids.contains($0.event.person) && $0.sequence < sequence }
    }

    func forget(_ ids: [String]) throws -> Int {
        let ids = Set(ids)
        return stored.withLock { log in
            let before = log.events.count
            log.events.removeAll { ids.contains($0.event.person) }
            return before - log.events.count
        }
    }
}

/// The module with a database in a folder of its own, and a log in memory.
final class Bench: Sendable {
    let log = MemoryLog()
    let state: StateDatabase
    let people: PeopleService
    private let folder: URL
    static let now: Int64 = 1_767_225_600_000

    struct Dropped: Error {}

    init(options: PeopleService.Options = PeopleService.Options(), erasers: [any PersonEraser] = []) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-people-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        state = try StateDatabase.open(
            folder.appendingPathComponent("state.sqlite").path, migrations: [PeopleMigrations.all])
        people = try PeopleService(
            state: state, log: log, erasers: erasers, options: options, now: { Bench.now })
    }

    deinit {
        try? state.close()
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String { folder.path }

    /// Applies what is new, up to `limit` events at a time.
    @discardableResult
    func catchUp(limit: Int = .max) throws -> PeopleChanges {
        var changes = PeopleChanges()
        while try step(limit: limit, into: &changes) {}
        return changes
    }

    /// Applies one batch.
    ///
    /// - Parameter drops: lets the transaction fail at its end.
    /// - Returns: whether there was anything to apply.
    ///   - selects: hands over only what the projection says that it reads.
    func step(
        limit: Int, drops: Bool = false, selects: Bool = false, into changes: inout PeopleChanges
    ) throws -> Bool {
        let position = try state.read { try people.projection.next(in: $0) }
        guard position < log.next else { return false }
        let events = log.all.filter { $0.sequence >= position }.prefix(limit).map { selects ? selected($0) : $0 }
        let next = limit == .max || events.isEmpty ? log.next : (events.last.map { $0.sequence + 1 } ?? log.next)
        do {
            let made = try state.write { db in
                let made = try people.projection.apply(events, next: next, in: db)
                if drops { throw Dropped() }
                return made
            }
            people.committed(made)
            changes.formUnion(made)
        } catch is Dropped {
            return true
        }
        return true
    }

    private func selected(_ stored: StoredEvent) -> StoredEvent {
        var stored = stored
        stored.event.messageID = nil
        let name = stored.event.name
        stored.event.properties.removeAll { !PeopleProjection.selection.wants(name, $0.name) }
        return stored
    }

    /// Builds the tables anew from the log.
    func rebuild(limit: Int = .max, selects: Bool = false) throws {
        try state.write { try people.projection.reset(in: $0) }
        var changes = PeopleChanges()
        while try step(limit: limit, selects: selects, into: &changes) {}
    }

    func allFacts() throws -> [PersonFacts] {
        var all: [PersonFacts] = []
        try people.forEachFacts { all.append($0) }
        return all
    }

    /// All that the tables say, by canonical ids, in a form to compare.
    func dump() throws -> [String] {
        var lines = try allFacts().map(\.canonicalID).sorted().map { id in
            guard let profile = try people.profile(of: id) else { return "\(id): missing" }
            return PeopleExport.json(profile).description
        }
        for warning in try people.warnings(limit: 10_000).sorted(by: { "\($0)" < "\($1)" }) {
            lines.append("\(warning)")
        }
        lines += try state.read { db in
            var lines: [String] = []
            for sql in [
                "SELECT * FROM person_group ORDER BY 1, 2", "SELECT * FROM group_trait ORDER BY 1, 2, 3",
                "SELECT * FROM group_contributor ORDER BY 1, 2, 3", "SELECT * FROM apart ORDER BY 1, 2",
                "SELECT id, is_user, key FROM identity ORDER BY 1", "SELECT * FROM merge ORDER BY 1, 2",
                "SELECT p.canonical, t.* FROM trait t JOIN person p ON p.number = t.person ORDER BY 1, 3",
                "SELECT p.canonical, s.text FROM person_search s JOIN person p ON p.number = s.rowid ORDER BY 1",
                "SELECT p.canonical, s.pair FROM person_pair s JOIN person p ON p.number = s.person ORDER BY 1, 2",
                "SELECT p.* FROM person p ORDER BY canonical",
                "SELECT p.canonical, v.* FROM visit v JOIN person p ON p.number = v.person ORDER BY 1",
            ] {
                for row in try GRDB.Row.fetchAll(db, sql: sql) {
                    // Numbers of persons are of no account.
                    let cells = row.filter {
                        !["number", "person"].contains($0.0) || sql.contains("merge") || sql.contains("apart")
                    }
                    lines.append(cells.map { "\($0.0)=\($0.1)" }.joined(separator: " "))
                }
            }
            return lines
        }
        return lines
    }
}

/// Short forms of events.
func event(
    _ person: String, _ name: String, at time: Int64 = 1_000, _ properties: [String: PropertyValue] = [:],
    messageID: String? = nil
) -> Event {
    Event(
        person: person, name: name, time: time,
        properties: properties.sorted { $0.key < $1.key }.map { Event.Property($0.key, $0.value) },
        messageID: messageID)
}
