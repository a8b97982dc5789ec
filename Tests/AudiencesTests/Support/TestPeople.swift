import Audiences
import EventLog
import Synchronization

/// A person as a test describes one.
struct TestPerson: Sendable, Hashable {
    struct Group: Sendable, Hashable {
        var kind: String
        var id: String
        var traits: [String: PropertyValue] = [:]
    }

    var traits: [String: PropertyValue] = [:]
    var consents: Set<ConsentQuestion> = []
    var roles: [String] = []
    var groups: [Group] = []
    var timeZone: String?
    var mayBeProfiled = true

    func facts(_ id: String, _ needs: FactNeeds) -> PersonFacts {
        PersonFacts(
            person: id, traits: needs.traits.map { traits[$0] }, consents: needs.consents.map(consents.contains),
            roles: needs.roles ? roles : [],
            groups: needs.groups
                ? groups.map { group in
                    GroupFacts(kind: group.kind, id: group.id, traits: needs.groupTraits.map { group.traits[$0] })
                } : [],
            timeZone: needs.timeZone ? timeZone : nil, mayBeProfiled: mayBeProfiled)
    }
}

/// Persons in memory.
final class TestPeople: PersonFactsSource {
    private let people: Mutex<[String: TestPerson]>

    init(_ people: [String: TestPerson] = [:]) { self.people = Mutex(people) }

    subscript(id: String) -> TestPerson? {
        get { people.withLock { $0[id] } }
        set { people.withLock { $0[id] = newValue } }
    }

    var ids: [String] { people.withLock { $0.keys.sorted() } }

    func forEachPerson(_ needs: FactNeeds, _ body: (PersonFacts) throws -> Void) throws {
        for (id, person) in people.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            try body(person.facts(id, needs))
        }
    }

    func facts(of persons: [String], _ needs: FactNeeds) throws -> [PersonFacts] {
        let people = people.withLock { $0 }
        return persons.compactMap { id in people[id]?.facts(id, needs) }
    }

    func sample(_ count: Int, _ needs: FactNeeds) throws -> (persons: [PersonFacts], total: Int) {
        let people = people.withLock { $0 }
        let drawn = people.sorted { $0.key < $1.key }.prefix(count).map { $0.value.facts($0.key, needs) }
        return (drawn, people.count)
    }
}

/// Events in memory, as a log that can grow.
final class TestHistory: EventHistory {
    private let content: Mutex<(events: [Event], merges: [Merge], segments: Int)>

    init(_ events: [Event] = [], merges: [Merge] = [], segments: Int = 1) {
        content = Mutex((events, merges, segments))
    }

    func append(_ event: Event) { content.withLock { $0.events.append(event) } }
    func merge(_ alias: String, into person: String) {
        content.withLock { $0.merges.append(Merge(alias: alias, person: person)) }
    }

    func snapshot() throws -> Snapshot {
        let (events, merges, segments) = content.withLock { $0 }
        return try .inMemory(events, merges: merges, segmentCount: segments, chunkRows: 64)
    }

    func view(of person: String) throws -> Snapshot { try snapshot() }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ time: Int64) { self.time = Mutex(time) }

    var now: Int64 {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
