import Audiences
import EventLog
import Foundation
import Lifecycle
import People
import Recommendations
import State
import Synchronization

extension LiveWorkspace {
    /// Events that are read from the log at once.
    private static let portionEvents = 5_000
    /// Events in one transaction, when so many wait: a person who comes several times among them is written once.
    private static let stepEvents = 250_000
    /// From so many waiting events on, everybody is evaluated at their end instead of each person on the way.
    private static let behindEvents: UInt64 = 500_000
    /// Who follows the log lets events gather for so long, so that a busy server does not commit for every request.
    private static let pause = Duration.milliseconds(25)
    /// The same by the events that came last time, the most first: a server that has its hands full answers, and its
    /// persons come several times.
    private static let longerPauses: [(events: Int, pause: Duration)] = [
        (50_000, .seconds(1)), (10_000, .milliseconds(400)), (1_000, .milliseconds(100)),
    ]
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
            if further == 0 { return try policies.catchUp() }
        }
    }

    /// Follows the log until the task is cancelled. Errors are reported and tried again after a pause, because what
    /// they come from (a full disk, most of all) may pass.
    package func follow(onError: @escaping @Sendable (any Error) -> Void) async {
        await withTaskExecutorPreference(BackgroundExecutor(label: "dangol.projection.\(workspace.name)")) {
            while !Task.isCancelled {
                do {
                    let start = ContinuousClock.now
                    var events = 0
                    try catchUp { events = $0 }
                    try await waitForNews()
                    let pause = Self.longerPauses.first { events >= $0.events }?.pause ?? Self.pause
                    try? await Task.sleep(until: start + pause)
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
        let first = tail.position
        if log.nextSequence > first, log.nextSequence - first > Self.behindEvents { projecting.isBehind = true }
        do {
            let news = try applyPortions(&projecting)
            try finishLogChanges(&projecting)
            for merged in news?.changes.merged ?? [] {
                try audiences.absorb(merged.person, into: merged.into)
                intent.absorb(merged.person, into: merged.into)
            }
            touchPresent(news)
            if projecting.isBehind {
                if news?.isLast ?? true { try evaluateAll(&projecting) }
            } else if let news {
                let report = try audiences.evaluate(try personChanges(news))
                projecting.audiencePosition = tail.position
                if report.entered + report.left > 0 { _ = try deliverEvents() }
            }
            return news?.events ?? 0
        } catch {
            tail.rewind(to: first)
            throw error
        }
    }

    /// What some portions of events told.
    struct News {
        /// By the id that an event came with; only what an audience looks at.
        var persons: [String: PersonChange] = [:]
        var changes = PeopleChanges()
        /// Who is here now, by the id that an event came with, and the time of their latest event.
        var present: [String: Int64] = [:]
        var events = 0
        /// Whether everything has been read.
        var isLast = false
    }

    /// Brings People's tables up to date with what waits, in one transaction, and the gate of collection with them.
    ///
    /// - Returns: nil when nothing waits.
    func applyPortions(_ projecting: inout Projecting) throws -> News? {
        // Events before this number are in People's tables already, and are read again for the audiences, which a
        // crash kept from seeing them.
        let known = projecting.peoplePosition
        var waiting = try tail.read(limit: Self.portionEvents)
        if waiting.isEmpty { return nil }
        var news = News()
        let (changes, next) = try state.write { [projecting] db in
            try ProjectionPositions.advance(Self.audiencePosition, to: projecting.audiencePosition, in: db)
            var next = known
            let changes = try people.projection.apply(in: db) {
                if waiting.isEmpty, !news.isLast, news.events < Self.stepEvents {
                    waiting = try tail.read(limit: Self.portionEvents)
                    news.isLast = waiting.isEmpty
                }
                if waiting.isEmpty { return nil }
                let portion = PeopleProjection.Portion(waiting, next: max(known, tail.position))
                waiting = []
                next = portion.next
                news.isLast = portion.events.count < Self.portionEvents
                try note(portion.events, known: known, isBehind: projecting.isBehind, in: &news)
                return portion
            }
            return (changes, next)
        }
        projecting.peoplePosition = next
        projecting.hasLogChanges = projecting.hasLogChanges || changes.logChanges > 0
        news.changes = changes
        people.committed(changes)
        return news
    }

    private func note(_ events: [StoredEvent], known: UInt64, isBehind: Bool, in news: inout News) throws {
        news.events += events.count
        if isBehind { return }
        let time = now()
        if intent.notesPresence {
            for stored in events where intent.saysPresence(stored.event, now: time) {
                news.present[stored.event.person] = max(news.present[stored.event.person] ?? .min, stored.event.time)
            }
        }
        let interest = try audiences.interest()
        if interest.isEmpty { return }
        for stored in events {
            let isAgain = stored.sequence < known
            guard isAgain || interest.looks(at: stored.event.name) else { continue }
            let person = stored.event.person
            news.persons[person, default: PersonChange(person)].events.insert(stored.event.name)
            if isAgain { news.persons[person]?.factsChanged = true }
        }
    }

    /// Tells who is here, by the canonical ids that hold after the merges.
    private func touchPresent(_ news: News?) {
        guard let news, !news.present.isEmpty else { return }
        intent.touch(
            Dictionary(news.present.map { (log.canonicalID(of: $0.key), $0.value) }, uniquingKeysWith: max))
    }

    /// What is new, by the canonical ids that hold after the merges.
    private func personChanges(_ news: News) throws -> [PersonChange] {
        if try audiences.interest().isEmpty { return [] }
        var byPerson: [String: PersonChange] = [:]
        for (id, change) in news.persons where Vocabulary.isPerson(id) {
            let person = log.canonicalID(of: id)
            byPerson[person, default: PersonChange(person)].events.formUnion(change.events)
            if change.factsChanged { byPerson[person]?.factsChanged = true }
        }
        var changed = news.changes.changed.union(news.changes.merged.map(\.into))
        for group in news.changes.groups { changed.formUnion(try people.members(of: group)) }
        for person in changed {
            byPerson[log.canonicalID(of: person), default: PersonChange(person)].factsChanged = true
        }
        return Array(byPerson.values)
    }

    /// Evaluates everybody, after which the audiences have seen everything that was read.
    func evaluateAll(_ projecting: inout Projecting) throws {
        _ = try audiences.evaluateAll()
        projecting.audiencePosition = tail.position
        projecting.isBehind = false
        try storeAudiencePosition(projecting)
        _ = try deliverEvents()
    }

    func storeAudiencePosition(_ projecting: Projecting) throws {
        try state.write {
            try ProjectionPositions.advance(Self.audiencePosition, to: projecting.audiencePosition, in: $0)
        }
    }

    /// Carries out in the log what People decided.
    func finishLogChanges(_ projecting: inout Projecting) throws {
        guard projecting.hasLogChanges else { return }
        while true {
            let changes = try people.pendingLogChanges(limit: 10_000)
            guard let last = changes.last else { break }
            var rest = changes[...]
            while let change = rest.first {
                let merges = rest.prefix { $0.kind == .merge }
                if merges.isEmpty {
                    try split(change.alias)
                    rest = rest.dropFirst()
                } else {
                    try log.mergeAndWait(merges.map { Merge(alias: $0.alias, person: $0.person) })
                    rest = rest.dropFirst(merges.count)
                }
            }
            try people.finishLogChanges(through: last.number)
        }
        projecting.hasLogChanges = false
    }

    private func split(_ alias: String) throws {
        do {
            try log.splitAndWait(alias)
        } catch let error as EventLogError where error.code == .invalidMerge {
            // It was not merged, or the split had been carried out before a crash.
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
