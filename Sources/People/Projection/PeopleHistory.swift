import EventLog

/// Persons computed from their events in the log, as the projection computes them event by event.
struct PeopleHistory {
    let log: any PeopleLog
    let keys: PersonKeys
    let suppressions: Suppressions

    /// One person of those that some ids make.
    struct Part {
        var canonical: String
        var ids: [String]
        var state: ProfileState
    }

    /// The persons that ids make when only `merges` join them.
    ///
    /// - Parameter merges: those in force among the ids, oldest first.
    /// - Complexity: O(events of the ids), all of them in memory
    func persons(ids: [String], merges: [MergeRecord], before sequence: UInt64) throws -> [Part] {
        var parts = ids.map { Part(canonical: $0, ids: [$0], state: ProfileState()) }
        var place: [ExactID: Int] = [:]
        for (index, id) in ids.enumerated() { place[ExactID(id)] = index }
        var rest = merges[...]

        func join(_ merge: MergeRecord) {
            guard let source = place[ExactID(merge.alias)], let target = place[ExactID(merge.person)],
                source != target
            else { return }
            let taken = parts[source]
            parts[source].ids = []
            parts[target].state.absorb(taken.state)
            parts[target].ids += taken.ids
            for id in taken.ids { place[ExactID(id)] = target }
        }

        for stored in try log.events(ofIDs: ids, before: sequence) {
            // An event that merges is itself an event of the joined person.
            while let merge = rest.first, merge.sequence <= stored.sequence {
                join(merge)
                rest = rest.dropFirst()
            }
            guard let index = place[ExactID(stored.event.person)] else { continue }
            if suppressions.contains(stored.event.person, at: stored.sequence, keys) { continue }
            parts[index].state.apply(stored, EventContent(stored.event))
        }
        for merge in rest { join(merge) }
        return parts.filter { !$0.ids.isEmpty }.map { part in
            var part = part
            part.ids.sort { ExactID($0) < ExactID($1) }
            return part
        }
    }

    /// A group computed from what these ids said about it.
    func group(_ id: GroupID, contributors: [String], before sequence: UInt64) throws -> GroupState {
        var state = GroupState()
        for stored in try log.events(ofIDs: contributors, before: sequence) where GroupState.concerns(stored.event) {
            if suppressions.contains(stored.event.person, at: stored.sequence, keys) { continue }
            let content = EventContent(stored.event)
            if content.group == id { state.apply(stored, content) }
        }
        return state
    }
}
