import Analysis
import Audiences
import EventLog
import Foundation
import State

/// A service over persons and events in memory and a database in a folder of its own.
final class TestWorkspace {
    static let start: Int64 = 1_711_845_000_000

    let folder: URL
    let people: TestPeople
    let history: TestHistory
    let clock = TestClock(start)
    let state: StateDatabase
    let service: AudienceService

    init(_ people: TestPeople = TestPeople(), _ history: TestHistory = TestHistory()) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("audiences-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.people = people
        self.history = history
        let clock = clock
        state = try StateDatabase.open(
            folder.appendingPathComponent("state.sqlite").path, migrations: [AudienceMigrations.all])
        service = try AudienceService(
            state: state, history: history, facts: people, zone: RandomWorld.zone, threads: 2, now: { clock.now })
    }

    deinit {
        try? state.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The service as it is after the process has started again.
    func reopened() throws -> AudienceService {
        let clock = clock
        return try AudienceService(
            state: state, history: history, facts: people, zone: RandomWorld.zone, threads: 2, now: { clock.now })
    }

    @discardableResult
    func create(_ name: String, _ text: String) throws -> Audience {
        try service.create(AudienceDefinition(name, where: AudiencePredicate(text: text)))
    }

    /// Something that a person does now, and what a projection would report of it.
    func happens(_ person: String, _ name: String, _ properties: [Event.Property] = []) throws -> EvaluationReport {
        history.append(Event(person: person, name: name, time: clock.now, properties: properties))
        if people[person] == nil { people[person] = TestPerson() }
        return try service.evaluate([PersonChange(person, events: [name])])
    }

    func members(_ name: String) throws -> [String] {
        var members: [String] = []
        try service.forEachMember(name) { members += $0.map(\.person) }
        return members.sorted()
    }

    /// What the outbox holds: `person entered audience`.
    func announced() throws -> [String] {
        try events().map { "\($0.person) \($0.name == Vocabulary.audienceEntered ? "entered" : "left") \($0.audience)" }
    }

    func events() throws -> [AudienceEvent] {
        try entries("events").map { try JSONDecoder().decode(AudienceEvent.self, from: $0.payload) }
    }

    func entries(_ topic: String) throws -> [Outbox.Entry] {
        try state.read { try Outbox.due(topic: topic, now: .max, limit: 100_000, in: $0) }
    }

    func clearOutbox() throws {
        try state.write { db in
            try Outbox.remove(Outbox.due(topic: "events", now: .max, limit: 100_000, in: db).map(\.id), in: db)
        }
    }
}
