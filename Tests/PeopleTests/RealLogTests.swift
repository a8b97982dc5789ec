import EventLog
import Foundation
import People
import RandomCases
import State
import Testing

/// The module over the event log itself.
private struct LogAccess: PeopleLog {
    let log: EventLog

    func append(_ events: [Event]) async throws { try await log.append(events) }

    func events(ofIDs ids: [String], before sequence: UInt64) throws -> [StoredEvent] {
        let snapshot = try log.snapshot()
        let wanted = Set(ids)
        return try Set(ids.map(snapshot.canonicalID)).flatMap { try snapshot.history(of: $0) }
            .filter { wanted.contains($0.event.person) && $0.sequence < sequence }
            .sorted { $0.sequence < $1.sequence }
    }

    func forget(_ ids: [String]) throws -> Int {
        var removed = 0
        for id in ids {
            let snapshot = try log.snapshot()
            guard try !snapshot.history(of: id).isEmpty || snapshot.identities(of: id).count > 1 else { continue }
            removed += try log.forget(id)
        }
        return removed
    }
}

struct RealLogTests {
    private func catchUp(_ people: PeopleService, _ state: StateDatabase, _ log: EventLog, limit: Int) async throws {
        while true {
            let position = try await state.read { try people.projection.next(in: $0) }
            let events = try log.tail(from: position, limit: limit)
            guard let last = events.last else { return }
            let changes = try await state.write { db in
                try people.projection.apply(events, next: last.sequence + 1, in: db)
            }
            people.committed(changes)
            let pending = try people.pendingLogChanges(limit: 100_000)
            for change in pending {
                switch change.kind {
                case .merge: try await log.merge(change.alias, into: change.person)
                case .split: try? await log.split(change.alias)
                }
            }
            if let done = pending.last { try people.finishLogChanges(through: done.number) }
        }
    }

    @Test(arguments: UInt64(300)..<308)
    func historiesOfTheLogFollowPersonsAndADeletionEmptiesBoth(_ seed: UInt64) async throws {
        print("seed \(seed)")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try EventLog.open(folder.path + "/events", for: .writing)
        let state = try StateDatabase.open(folder.path + "/state.sqlite", migrations: [PeopleMigrations.all])
        let people = try PeopleService(state: state, log: LogAccess(log: log), now: { Bench.now })
        var scenario = RandomPeople(seed: seed)
        for _ in 0..<4 {
            try await log.append(scenario.events(40))
            try await catchUp(people, state, log, limit: Int.random(in: 5...60, using: &scenario.random))
        }
        var found: [SlowPeople.Person] = []
        var facts: [PersonFacts] = []
        try people.forEachFacts { facts.append($0) }
        for person in facts {
            let profile = try #require(try people.profile(of: person.canonicalID))
            found.append(SlowPeople.Person(profile, mayTrack: person.consents.mayTrack))
            let history = try log.history(of: person.canonicalID)
            let ids = Set(profile.identities.map(\.id))
            #expect(Set(history.map(\.event.person)).isSubset(of: ids), "seed \(seed)")
            let own = try LogAccess(log: log).events(ofIDs: Array(ids), before: .max)
            #expect(history.count == own.count, "seed \(seed)")
        }
        let slow = SlowPeople(try log.tail(from: 0, limit: 10_000))
        #expect(found.sorted { $0.canonical < $1.canonical } == slow.persons(), "seed \(seed)")

        let victim = scenario.random.pick(found)
        let receipt = try people.delete(victim.canonical)
        #expect(receipt.counts["ids"] == victim.ids.count)
        let left = try log.tail(from: 0, limit: 10_000)
        #expect(left.allSatisfy { !victim.ids.contains($0.event.person) })
        try log.close()
        try state.close()
    }
}
