import Audiences
import Collection
import EventLog
import Foundation
import Lifecycle
import People

/// The event log as People wants it.
struct PersonLog: PeopleLog {
    let log: EventLog

    func append(_ events: [Event]) async throws { try await log.append(events) }

    func events(ofIDs ids: [String], before sequence: UInt64) throws -> [StoredEvent] {
        // An id's own rows, whoever it has been merged into meanwhile: canonically equal texts are different ids.
        var wanted: [String: Set<[UInt8]>] = [:]
        for id in ids { wanted[log.canonicalID(of: id), default: []].insert(Array(id.utf8)) }
        return try wanted.flatMap { canonical, ids in
            try log.history(of: canonical).filter { stored in
                stored.sequence < sequence && ids.contains(Array(stored.event.person.utf8))
            }
        }.sorted { $0.sequence < $1.sequence }
    }

    func forget(_ ids: [String]) throws -> Int { try ids.reduce(0) { try $0 + log.forget($1) } }
}

/// Who may be recorded, as Collection wants to know it.
struct PeopleGate: CollectionGate {
    let gate: TrackingGate

    var restrictsAnyone: Bool { gate.restrictsAnyone }

    func admission(of id: String) -> Admission {
        switch gate.verdict(id: id) {
        case .allowed: .admitted
        case .suppressed: .suppressed
        case .refused: .refusesTracking
        }
    }
}

/// Takes a deleted person out of the audiences.
struct AudienceEraser: PersonEraser {
    let audiences: AudienceService

    func erase(ids: [String]) throws -> [String: Int] {
        for id in ids { try audiences.forget(id) }
        return [:]
    }
}

/// Takes a deleted person out of the sessions in memory.
struct IntentEraser: PersonEraser {
    let intent: IntentService

    func erase(ids: [String]) throws -> [String: Int] {
        intent.forget(ids)
        return [:]
    }
}

/// Persons' facts as Audiences wants them.
struct AudienceFacts: PersonFactsSource {
    let people: PeopleService

    func forEachPerson(_ needs: FactNeeds, _ body: (Audiences.PersonFacts) throws -> Void) throws {
        let groups = try GroupTraitReader(needs, people)
        try people.forEachFacts { try body(facts($0, needs, groups)) }
    }

    func facts(of persons: [String], _ needs: FactNeeds) throws -> [Audiences.PersonFacts] {
        let groups = try GroupTraitReader(needs, people)
        return try people.facts(of: persons).map { try facts($0, needs, groups) }
    }

    func sample(_ count: Int, _ needs: FactNeeds) throws -> (persons: [Audiences.PersonFacts], total: Int) {
        let groups = try GroupTraitReader(needs, people)
        let sample = try people.sampleFacts(count)
        return (try sample.persons.map { try facts($0, needs, groups) }, sample.total)
    }

    private func facts(
        _ person: People.PersonFacts, _ needs: FactNeeds, _ groups: GroupTraitReader
    ) throws -> Audiences.PersonFacts {
        Audiences.PersonFacts(
            person: person.canonicalID, traits: needs.traits.map { person.traits[$0] },
            consents: needs.consents.map { person.answers($0) }, roles: needs.roles ? person.roles : [],
            groups: needs.groups ? person.groups.map(groups.facts) : [], timeZone: person.timeZone,
            mayBeProfiled: person.consents.mayProfile)
    }
}

/// Reads the traits of each group once.
private final class GroupTraitReader {
    private let needs: FactNeeds
    private let traits: [GroupID: [String: PropertyValue]]

    init(_ needs: FactNeeds, _ people: PeopleService) throws {
        self.needs = needs
        traits = needs.groupTraits.isEmpty ? [:] : try people.allGroupTraits(needs.groupTraits)
    }

    func facts(_ group: GroupID) -> GroupFacts {
        let own = traits[group] ?? [:]
        return GroupFacts(kind: group.type, id: group.id, traits: needs.groupTraits.map { own[$0] })
    }
}

extension People.PersonFacts {
    /// The `role` trait, which may be a list: somebody can be a customer and a partner. Without one: a customer.
    fileprivate var roles: [String] {
        switch traits["role"] {
        case .string(let role): [role]
        case .strings(let roles): roles
        default: ["customer"]
        }
    }

    fileprivate func answers(_ question: ConsentQuestion) -> Bool {
        let purpose = ConsentPurpose(rawValue: question.purpose ?? ConsentPurpose.marketing.rawValue)
        let channel = MessageChannel(rawValue: question.channel)
        return question.atNight
            ? consents.consentsAtNight(to: purpose, on: channel) : consents.consents(to: purpose, on: channel)
    }
}
