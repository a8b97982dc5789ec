package import EventLog
import GRDB
import State

extension PeopleService {
    /// Gives a person traits by hand; nil takes one away.
    package func change(
        traits: [String: PropertyValue?], of person: String, by user: String
    ) async throws {
        guard !traits.isEmpty else { return }
        guard let id = try canonicalID(of: person) else { throw PeopleError.noPerson(person) }
        var properties: [Event.Property] = []
        var gone: [String] = []
        for (name, value) in traits.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, name.utf8.count + 8 <= Limits.nameBytes else {
                throw PeopleError(.invalid, "a trait's name has from 1 to \(Limits.nameBytes - 8) bytes")
            }
            if let value {
                properties.append(Event.Property(Vocabulary.TraitOperation.set.rawValue + name, value))
            } else {
                gone.append(name)
            }
        }
        if !gone.isEmpty { properties.append(Event.Property(Vocabulary.unset, .strings(gone))) }
        try await log.append([
            Event(
                person: id, name: Vocabulary.profileChanged, time: now(), properties: properties + Self.origin(user))
        ])
    }

    /// Makes two persons one, whatever the rules say. The second keeps their id and their values.
    ///
    /// - Throws: `PeopleError`: `notFound`; `invalid` when they are one person already or an id stands for nobody.
    package func merge(_ alias: String, into person: String, by user: String) async throws {
        guard let source = try canonicalID(of: alias) else { throw PeopleError.noPerson(alias) }
        guard let target = try canonicalID(of: person) else { throw PeopleError.noPerson(person) }
        guard source != target else {
            throw PeopleError(.invalid, "'\(alias)' and '\(person)' are one person already")
        }
        for id in [source, target] where BlockedIDs.contains(id) {
            throw PeopleError(.invalid, "'\(id)' stands for nobody, so it cannot become part of a person")
        }
        try await append(Vocabulary.personMerged, person: target, previous: source, by: user)
    }

    /// Undoes the latest merge of an id into its person. Both become what they would be without it.
    ///
    /// - Throws: `PeopleError` with `notFound` when no merge in force joined that id to another.
    package func split(_ alias: String, by user: String) async throws {
        let record = try await state.read { db in
            try MergeRows.records(ofAlias: alias, db).last { $0.splitSequence == nil }
        }
        guard let record else {
            throw PeopleError(
                .notFound, "no merge joined '\(alias)' to another id; the profile lists the merges that can be undone")
        }
        try await append(Vocabulary.personSplit, person: record.person, previous: alias, by: user)
    }

    private func append(_ name: String, person: String, previous: String, by user: String) async throws {
        try await log.append([
            Event(
                person: person, name: name, time: now(),
                properties: [Event.Property(Vocabulary.previousID, .string(previous))] + Self.origin(user))
        ])
    }
}
