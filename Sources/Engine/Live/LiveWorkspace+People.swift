import Audiences
import EventLog
package import Foundation
package import People
import Synchronization

/// What can be asked and changed about persons over the API and by commands: changes return when they can be seen.
extension LiveWorkspace {
    // MARK: Asking

    /// Everything about one person as JSON: profile, identities and merges, consents, groups, and the audiences that
    /// they are in.
    ///
    /// - Parameters:
    ///   - person: an id or a key.
    ///   - latest: how many of the latest events to add; nil leaves them out.
    /// - Throws: `PeopleError` with `notFound`.
    package func personDocument(_ person: String, latest: Int?) throws -> Data {
        let profile = try profile(person)
        let memberships = try audiences.audiences(of: profile.canonicalID)
        var further: [(String, People.JSONText)] = [
            (
                "audiences",
                .array(memberships.map { .object([("name", .string($0.name)), ("since", .time($0.since))]) })
            )
        ]
        if let latest {
            let events = try log.history(of: profile.canonicalID).suffix(latest)
            further.append(("latest", .array(events.reversed().map { PeopleExport.json($0) })))
        }
        return Data(PeopleExport.json(profile, adding: further).description.utf8)
    }

    /// A person's profile. Somebody whose first event was stored a moment ago is found as well.
    ///
    /// - Throws: `PeopleError` with `notFound`.
    package func profile(_ person: String) throws -> Profile {
        if let profile = try people.profile(of: person) { return profile }
        try catchUp(through: log.nextSequence)
        guard let profile = try people.profile(of: person) else {
            throw PeopleError(.notFound, "there is no person with the id or key '\(person)'")
        }
        return profile
    }

    /// Everything that is kept about a person, as JSON.
    ///
    /// - Throws: `PeopleError` with `notFound`.
    package func exportPerson(_ person: String) throws -> Data {
        let profile = try profile(person)
        return Data(try people.exportJSON(of: profile.canonicalID).utf8)
    }

    package func consents(_ person: String) throws -> ConsentsView {
        let profile = try profile(person)
        return ConsentsView(key: profile.key, try people.consents(of: profile.canonicalID))
    }

    /// - Parameter limit: how many members.
    /// - Throws: `PeopleError` with `notFound`.
    package func group(_ group: GroupID, limit: Int) throws -> GroupView {
        let traits = try people.groupTraits(of: group)
        let members = try people.members(of: group)
        guard !traits.isEmpty || !members.isEmpty else {
            throw PeopleError(.notFound, "there is no group '\(group.id)' of the type '\(group.type)'")
        }
        return GroupView(
            type: group.type, id: group.id, traits: traits.mapValues { TraitValue($0) }, total: members.count,
            members: try people.facts(of: Array(members.prefix(limit))).map { .init(key: $0.key, id: $0.canonicalID) })
    }

    // MARK: Changing

    /// - Parameter user: who does it, kept as the source of the traits.
    package func change(_ request: TraitsRequest, of person: String, by user: String) async throws {
        let profile = try profile(person)
        try await people.change(traits: request.traits.mapValues(\.value), of: profile.canonicalID, by: user)
    }

    /// Records consents of a person who is here.
    package func record(_ request: ConsentRequest, of person: String, by user: String) async throws {
        let profile = try profile(person)
        try await people.record(request.statements.map(\.statement), of: profile.canonicalID, by: user)
    }

    /// Makes two persons one. `merged` tells afterwards what came of it.
    package func merge(_ request: MergeRequest, by user: String) async throws {
        let (source, target) = (try profile(request.alias), try profile(request.person))
        try await people.merge(source.canonicalID, into: target.canonicalID, by: user)
    }

    /// To be asked when a merge has been applied.
    ///
    /// - Throws: `PeopleError` with `invalid` when the rules refused it.
    package func merged(_ request: MergeRequest) throws -> PersonReferences {
        let (source, target) = (try profile(request.alias), try profile(request.person))
        guard source.key == target.key else {
            throw PeopleError(
                .invalid,
                "they stay two persons: one person can have up to \(people.options.maxIDs) ids; the warnings tell more")
        }
        return PersonReferences([PersonReference(target)])
    }

    /// Undoes the latest merge of an id. `separated` tells afterwards what came of it.
    ///
    /// - Returns: the person that the id was part of, by an id that stays theirs.
    package func split(_ alias: String, by user: String) async throws -> String {
        let former = try profile(alias)
        let merge = former.merges.last {
            $0.splitSequence == nil && ExactID($0.alias) == ExactID(alias)
        }
        try await people.split(alias, by: user)
        return merge?.person ?? former.canonicalID
    }

    package func separated(_ alias: String, from person: String) throws -> PersonReferences {
        PersonReferences([PersonReference(try profile(alias)), PersonReference(try profile(person))])
    }

    /// Applies events up to a sequence number, unless they are already; unlike `catchUp`, it ends also while more come.
    /// Does not wait for a rebuild.
    package func catchUp(through sequence: UInt64) throws {
        if rebuild.state == .running { return }
        while try projecting.withLock({ try advance(&$0, to: sequence) }) {}
    }
}
