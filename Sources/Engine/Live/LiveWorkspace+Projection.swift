import Audiences
import EventLog
import Foundation
import People
import State
import Synchronization

extension LiveWorkspace {
    /// Events in one transaction of the projections.
    static let batchEvents = 5_000
    /// The name of what the audiences have seen, among the positions of projections.
    static let audiencePosition = "audiences"

    /// Applies everything that is in the log, and what follows from it, until there is nothing left to do now.
    ///
    /// - Parameter onProgress: called with the number of events applied so far.
    package func catchUp(onProgress: ((Int) -> Void)? = nil) throws {
        var applied = 0
        while true {
            let count = try projecting.withLock { try step(&$0) }
            applied += count
            onProgress?(applied)
            if count > 0 { continue }
            let further = try projecting.withLock { projecting in
                if projecting.isClosed { return 0 }
                return try audiences.evaluatePending().persons + evaluateDue() + deliverEvents()
                    + deliverCatalogEvents()
            }
            if further == 0 { return }
        }
    }

    /// Follows the log until the task is cancelled. Errors are reported and tried again after a pause, because what
    /// they come from (a full disk, most of all) may pass.
    package func follow(onError: @escaping @Sendable (any Error) -> Void) async {
        await withTaskExecutorPreference(QueueExecutor(label: "dangol.projection.\(workspace.name)")) {
            while !Task.isCancelled {
                do {
                    try catchUp()
                    try await waitForNews()
                } catch {
                    if Task.isCancelled { return }
                    onError(error)
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    /// Makes `follow` look for work that no event announces, such as a new audience.
    package func wake() { tail.signal() }

    /// Returns when there may be something to do.
    private func waitForNews() async throws {
        let due = try audiences.nextDue() ?? .max
        let pause = min(max(due == .max ? .max : due - now(), 0), 60_000)
        await withTaskGroup(of: Void.self) { [tail] group in
            group.addTask { await tail.wait() }
            group.addTask { try? await Task.sleep(for: .milliseconds(pause)) }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: One step

    /// - Returns: whether there was something to apply before the sequence number.
    func advance(_ projecting: inout Projecting, to sequence: UInt64) throws -> Bool {
        guard min(projecting.peoplePosition, tail.position) < sequence else { return false }
        return try step(&projecting) > 0
    }

    /// - Returns: the number of events applied.
    private func step(_ projecting: inout Projecting) throws -> Int {
        if projecting.isClosed { return 0 }
        // Events before this number are in People's tables already, and are read again for the audiences, which a crash
        // kept from seeing them.
        let known = projecting.peoplePosition
        let first = tail.position
        let events = try tail.read(limit: Self.batchEvents)
        let next = tail.position
        guard let last = events.last else { return 0 }
        do {
            let changes = try applyToPeople(events, next: max(next, known))
            try finishLogChanges()
            for merged in changes.merged { try audiences.absorb(merged.person, into: merged.into) }
            _ = try audiences.evaluate(personChanges(events, changes, allFacts: last.sequence < known))
            try state.write { try ProjectionPositions.advance(Self.audiencePosition, to: next, in: $0) }
            _ = try deliverEvents()
            projecting.peoplePosition = max(known, next)
            return events.count
        } catch {
            tail.rewind(to: first)
            throw error
        }
    }

    /// Brings People's tables up to `next`, and the gate of collection with them.
    func applyToPeople(_ events: [StoredEvent], next: UInt64) throws -> PeopleChanges {
        let changes = try state.write { try people.projection.apply(events, next: next, in: $0) }
        people.committed(changes)
        return changes
    }

    /// What is new, by the canonical ids that hold after the merges.
    private func personChanges(
        _ events: [StoredEvent], _ changes: PeopleChanges, allFacts: Bool
    ) throws -> [PersonChange] {
        var byPerson: [String: PersonChange] = [:]
        for stored in events where Vocabulary.isPerson(stored.event.person) {
            let person = log.canonicalID(of: stored.event.person)
            byPerson[person, default: PersonChange(person)].events.insert(stored.event.name)
        }
        var changed = changes.changed.union(changes.merged.map(\.into))
        for group in changes.groups { changed.formUnion(try people.members(of: group)) }
        for person in changed {
            byPerson[log.canonicalID(of: person), default: PersonChange(person)].factsChanged = true
        }
        if allFacts { for person in byPerson.keys { byPerson[person]?.factsChanged = true } }
        return Array(byPerson.values)
    }

    /// Carries out in the log what People decided.
    func finishLogChanges() throws {
        while true {
            let changes = try people.pendingLogChanges()
            guard let last = changes.last else { return }
            // Neighbours of one kind together, because each call waits for the disk.
            var rest = changes[...]
            while let first = rest.first {
                let run = rest.prefix { $0.kind == first.kind }
                try carryOut(run, first.kind)
                rest = rest.dropFirst(run.count)
            }
            try people.finishLogChanges(through: last.number)
        }
    }

    private func carryOut(_ changes: ArraySlice<LogChange>, _ kind: LogChange.Kind) throws {
        switch kind {
        case .merge: try log.mergeAndWait(changes.map { Merge(alias: $0.alias, person: $0.person) })
        case .split:
            for change in changes {
                do {
                    try log.splitAndWait(change.alias)
                } catch let error as EventLogError where error.code == .invalidMerge {
                    // It was not merged, or the split had been carried out before a crash.
                }
            }
        }
    }

    private func evaluateDue() throws -> Int {
        var count = 0
        while true {
            let now = try audiences.evaluateDue(limit: 1_000).persons
            if now == 0 { return count }
            count += now
        }
    }

    /// Appends what waits in the outbox to the log. The key of an entry is the message id, so that what is appended
    /// again after a crash is stored once.
    private func deliverEvents() throws -> Int {
        var delivered = 0
        while true {
            let entries = try state.read {
                try Outbox.due(topic: "events", now: now(), limit: 1_000, in: $0)
            }
            if entries.isEmpty { return delivered }
            let decoder = JSONDecoder()
            let events = try entries.compactMap { entry -> Event? in
                let event = try decoder.decode(AudienceEvent.self, from: entry.payload)
                if people.isSuppressed(event.person) { return nil }
                return Event(
                    person: event.person, name: event.name, time: event.time,
                    properties: [
                        Event.Property("audience", .string(event.audience)),
                        Event.Property("audienceId", .number(Double(event.audienceID))),
                    ], messageID: entry.key)
            }
            try log.appendAndWait(events)
            try state.write { try Outbox.remove(entries.map(\.id), in: $0) }
            delivered += entries.count
        }
    }
}
