import EventLog
package import Foundation
import GRDB
package import State

extension PeopleService {
    /// The statements that hold for a person; the defaults for somebody unknown.
    ///
    /// - Parameter person: an id or a key.
    package func consents(of person: String) throws -> ConsentRules {
        try state.read { db in
            guard let number = try PeopleStore.number(of: person, db) else {
                return ConsentRules([], defaults: options.consentDefaults)
            }
            return ConsentRules(try PersonRows.consents(of: number, db), defaults: options.consentDefaults)
        }
    }

    package func mayTrack(_ person: String) throws -> Bool {
        gate.verdict(id: person) != .suppressed ? try consents(of: person).mayTrack : false
    }

    package func mayProfile(_ person: String) throws -> Bool {
        gate.verdict(id: person) != .suppressed ? try consents(of: person).mayProfile : false
    }

    /// The same of a state database that nobody here writes to. Also no for somebody whose tables cannot be read.
    ///
    /// - Parameter person: an id.
    package static func mayProfile(_ person: String, in state: StateDatabase) throws -> Bool {
        let defaults = Options().consentDefaults
        return try state.read { db in
            guard let number = try PeopleStore.number(of: person, db) else {
                return ConsentRules([], defaults: defaults).mayProfile
            }
            return ConsentRules(try PersonRows.consents(of: number, db), defaults: defaults).mayProfile
        }
    }

    /// Whether a message may be sent at an instant (milliseconds UTC): see `ConsentRules`.
    ///
    /// - Parameter zone: where the person lives; nil is the zone of their devices, or that of the workspace.
    package func mayMessage(
        _ person: String, channel: MessageChannel, purpose: ConsentPurpose, at time: Int64, zone: TimeZone? = nil
    ) throws -> Bool {
        guard gate.verdict(id: person) != .suppressed else { return false }
        guard let facts = try facts(of: person) else {
            return ConsentRules([], defaults: options.consentDefaults)
                .mayMessage(channel, purpose, at: time, zone: zone ?? self.timeZone)
        }
        let home = zone ?? facts.timeZone.flatMap(TimeZone.init(identifier:)) ?? timeZone
        return facts.consents.mayMessage(channel, purpose, at: time, zone: home)
    }

    /// Records what a person said, with what proves it.
    ///
    /// - Parameter by: who recorded it, when it was not the person themselves.
    package func record(
        _ statements: [ConsentStatement], of person: String, by user: String? = nil, at time: Int64? = nil
    ) async throws {
        guard !statements.isEmpty else { return }
        for statement in statements where statement.purpose.rawValue.isEmpty {
            throw PeopleError(.invalid, "a consent needs a purpose, for example 'marketing'")
        }
        let id = try knownID(of: person)
        let time = time ?? now()
        try await log.append(
            statements.map { statement in
                var properties = [
                    Event.Property(PeopleProperty.purpose, .string(statement.purpose.rawValue)),
                    Event.Property(PeopleProperty.granted, .boolean(statement.granted)),
                ]
                let evidence = statement.evidence
                let texts: [(String, String?)] = [
                    (PeopleProperty.channel, statement.channel?.rawValue),
                    (PeopleProperty.period, statement.period.name), (PeopleProperty.evidenceText, evidence.text),
                    (PeopleProperty.evidenceVersion, evidence.version),
                    (PeopleProperty.evidenceSource, evidence.source),
                    (PeopleProperty.evidenceAddressHash, evidence.addressHash),
                ]
                for case (let name, let text?) in texts where !text.isEmpty {
                    properties.append(Event.Property(name, .string(text)))
                }
                return Event(
                    person: id, name: Vocabulary.consentChanged, time: time,
                    properties: properties + Self.origin(user))
            })
    }

    /// What an event says about who made it by hand.
    static func origin(_ user: String?) -> [Event.Property] {
        guard let user else { return [] }
        return [
            Event.Property(PeopleProperty.origin, .string(TraitSource.Kind.hand.name)),
            Event.Property(PeopleProperty.originDetail, .string(user)),
        ]
    }

    /// The canonical id of a person; the text itself when it may be the id of somebody new.
    func knownID(of person: String) throws -> String {
        if let id = try canonicalID(of: person) { return id }
        guard !person.isEmpty, person.utf8.count <= Limits.personIDBytes else { throw PeopleError.noPerson(person) }
        return person
    }
}
