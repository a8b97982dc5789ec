package import EventLog
package import Foundation
package import State
import Statistics
import Synchronization

/// What policies may know of a person beside what they did: traits and audiences. Answers from memory or not at all.
package protocol PersonFeatures: Sendable {
    /// - Parameter names: `trait.NAME` and `audience.NAME`.
    func features(of person: String, _ names: [String]) -> [String: ContextValue]
}

/// Policies at run time: follows the log for what was decided and what came of it, and chooses by what was learned.
///
/// What it knows is a function of the log and the placements. It is kept in the state database together with the number
/// of the event up to which it has read, every few seconds: after a crash the events since then are read again.
package final class PolicyService: Sendable {
    static let projection = "policies"

    private let log: EventLog
    private let state: StateDatabase
    private let placements: PlacementService
    private let people: any PersonFeatures
    private let artworks: ArtworkTable
    /// Of the workspace: the hour of the day is by its clock.
    private let timeZone: @Sendable () -> TimeZone
    private let now: @Sendable () -> Int64
    private let reading: Mutex<Reading>
    /// What choices are made by; replaced after each step.
    private let published = Mutex(PolicyBook())
    private let pictures = Mutex(PersonPictures())

    private struct Reading: Sendable {
        var book: PolicyBook
        var tail: TailReader
        /// Of the placements, as the book knows them.
        var revision = -1
        var unsaved = 0
        var savedTime: Int64
        /// Reads what is in the log already, while choices go on by what was known before.
        var isRebuilding = false
        var isClosed = false
    }

    private static let portionEvents = 5_000
    private static let saveMilliseconds: Int64 = 10_000
    private static let saveEvents = 100_000
    /// Looks at pictures that a policy begins with.
    private static let impressionsMax = 50_000

    /// - Throws: `StateError`.
    package init(
        log: EventLog, state: StateDatabase, placements: PlacementService, people: any PersonFeatures,
        items: any ItemSource = NoItems(),
        timeZone: @escaping @Sendable () -> TimeZone, now: @escaping @Sendable () -> Int64
    ) throws {
        self.log = log
        self.state = state
        self.placements = placements
        self.people = people
        self.timeZone = timeZone
        self.now = now
        artworks = ArtworkTable(items, now: now)
        let (book, position) = try state.read { db in
            (try PolicyStore.book(in: db), try ProjectionPositions.next(of: Self.projection, in: db))
        }
        reading = Mutex(
            Reading(
                book: book ?? PolicyBook(),
                tail: log.follow(from: book == nil ? 0 : position, (book ?? PolicyBook()).selection), savedTime: now()))
        published.withLock { $0 = book ?? PolicyBook() }
    }

    // MARK: Learning

    /// Reads what waits in the log.
    ///
    /// - Returns: the number of events read.
    package func step() throws -> Int {
        try reading.withLock { reading in
            if reading.isClosed { return 0 }
            let start = reading.tail.position
            do {
                let events = try reading.tail.read(limit: Self.portionEvents)
                // After reading: what was decided by a policy is in the log after the policy is among the placements.
                if try setOrigins(&reading, readFrom: start) { return 1 }
                try learnImpressions(&reading.book)
                for stored in events { reading.book.read(stored.event) }
                // What was passed over counts too: it need not be looked at again.
                reading.unsaved += Int(clamping: reading.tail.position - start)
                let wasRebuilding = reading.isRebuilding
                if events.count < Self.portionEvents { reading.isRebuilding = false }
                if !reading.isRebuilding, !events.isEmpty || wasRebuilding { publish(reading.book) }
                let isDue = reading.unsaved > 0 && now() - reading.savedTime >= Self.saveMilliseconds
                if isDue || reading.unsaved >= Self.saveEvents { try save(&reading) }
                return events.count
            } catch {
                reading.tail.rewind(to: start)
                throw error
            }
        }
    }

    /// Everything that is in the log.
    package func catchUp() throws { while try step() > 0 {} }

    private func publish(_ book: PolicyBook) { published.withLock { $0 = book } }

    /// - Parameter start: where the events begin that were read by what the placements were before.
    /// - Returns: whether the log has to be read again from another place.
    private func setOrigins(_ reading: inout Reading, readFrom start: UInt64) throws -> Bool {
        let revision = placements.revision
        guard revision != reading.revision else { return false }
        let before = reading.book.pages.mapValues(\.origin)
        let origins = try origins()
        var next = reading.book
        let needsHistory = next.setOrigins(origins)
        reading.revision = revision
        if before == origins { return false }
        // Everybody learns again: the reader is one for all.
        if needsHistory {
            next = PolicyBook()
            _ = next.setOrigins(origins)
        }
        let position = needsHistory ? 0 : start
        reading.tail.close()
        reading.tail = log.follow(from: position, next.selection)
        reading.book = next
        reading.isRebuilding = needsHistory
        if !needsHistory { publish(next) }
        try save(&reading)
        return true
    }

    /// Learns from looks at pictures of before policies began.
    private func learnImpressions(_ book: inout PolicyBook) throws {
        for (name, origin) in book.awaitingImpressions {
            guard let source = origin.impressions, let times = origin.impressionTimes else { continue }
            let trials = try log.snapshot().impressions(
                source, placement: name, times: times, limit: Self.impressionsMax,
                tags: { [artworks] in artworks.tags($0, of: $1) })
            book.learn(trials, of: name)
            publish(book)
        }
    }

    /// Of each placement that learns, its policy and since which version it is the one.
    private func origins() throws -> [String: PolicyBook.Origin] {
        var origins: [String: PolicyBook.Origin] = [:]
        for stored in placements.all where stored.placement.policy.kind.learns {
            var (version, time) = (stored.version, stored.updatedTime)
            for old in try placements.versions(of: stored.placement.name) {
                guard old.placement.policy == stored.placement.policy, old.placement.reward == stored.placement.reward,
                    old.placement.impressions == stored.placement.impressions
                else { break }
                (version, time) = (old.version, old.updatedTime)
            }
            origins[stored.placement.name] = PolicyBook.Origin(
                policy: stored.placement.policy, reward: stored.placement.reward,
                impressions: stored.placement.impressions, version: version, time: time)
        }
        return origins
    }

    private func save(_ reading: inout Reading) throws {
        let (book, position) = (reading.book, reading.tail.position)
        try state.write { db in
            try PolicyStore.replace(book, in: db)
            try ProjectionPositions.advance(Self.projection, to: position, in: db)
        }
        reading.unsaved = 0
        reading.savedTime = now()
    }

    /// Keeps what was learned and ends following. What is not kept is read again after the next opening.
    package func close() {
        reading.withLock { reading in
            if reading.isClosed { return }
            reading.isClosed = true
            if !reading.isRebuilding { try? save(&reading) }
            reading.tail.close()
        }
    }

    /// Learns everything anew from the log.
    package func rebuild() throws {
        try reading.withLock { reading in
            let origins = try origins()
            reading.book = PolicyBook()
            _ = reading.book.setOrigins(origins)
            reading.revision = placements.revision
            reading.tail.close()
            reading.tail = log.follow(from: 0, reading.book.selection)
            reading.isRebuilding = true
        }
        try catchUp()
        publish(reading.withLock { $0.book })
    }

    package var book: PolicyBook { published.withLock { $0 } }

    // MARK: Who is asked for

    package func forget(_ persons: [String]) { pictures.withLock { $0.forget(persons) } }

    /// What a person saw and took so far, by what the log says of decisions about them.
    private func picture(of person: String, _ source: ImpressionSource?) -> PersonPicture {
        let time = now()
        if let known = pictures.withLock({ $0.find(person, source, at: time) }) { return known }
        let made = try? PersonPicture(
            history: log, person: person, source: source, tags: { [artworks] in artworks.tags($0, of: $1) })
        pictures.withLock { $0.keep(made ?? PersonPicture(), source, of: person, at: time) }
        return made ?? PersonPicture()
    }
}

extension PolicyService: ActionChooser {
    package func choose(_ question: ActionQuestion) -> ActionChoice {
        let placement = question.placement.placement
        let settings = placement.policy
        guard settings.kind != .fixed else { return FirstAction().choose(question) }
        let learner =
            book.pages[placement.name]?.learner
            ?? PolicyLearner(settings, windowMilliseconds: placement.reward?.windowMilliseconds ?? 86_400_000)
        let picture = question.person.map { self.picture(of: $0, placement.impressions) } ?? PersonPicture()
        let actions = question.actions.map { BanditDecision.Action($0.id, tags: $0.tags) }
        let features = features(question, picture, learner.settings)
        let known = picture.known[PictureReader.key(placement: placement.name, subject: question.subject)]
        var random = RandomSource(seed: question.seed)
        let choice = learner.choose(
            actions, subject: question.subject, context: features, known: known, &random)
        let probabilities = choice.distribution.probabilities
        let isExploring = choice.propensity < (probabilities.max() ?? 1)
        var logged = features
        if let known { logged[BanditDecision.knownFeature] = .text(known) }
        return ActionChoice(
            chosen: choice.action, probabilities: probabilities,
            reason: isExploring ? "exploration" : known == actions[choice.action].id ? "stability" : "policy",
            isExploring: isExploring, policy: settings.kind.rawValue, features: logged)
    }

    private func features(
        _ question: ActionQuestion, _ picture: PersonPicture, _ settings: PolicySettings
    ) -> [String: ContextValue] {
        var names = Set(settings.features)
        if let segment = settings.segment { names.insert(segment) }
        var features = question.context.features.filter { names.contains($0.key) }
        if names.contains("hour"), features["hour"] == nil {
            features["hour"] = .number(Double(hour(of: question.now)))
        }
        let personal = names.filter { $0.hasPrefix("trait.") || $0.hasPrefix("audience.") }
        if let person = question.person, !personal.isEmpty {
            features.merge(people.features(of: person, personal.sorted())) { given, _ in given }
        }
        guard settings.kind.isContextual else { return features }
        let tags = Set(question.actions.flatMap(\.tags.keys))
        for (name, value) in picture.taste where tags.contains(String(name.dropFirst(ActionFeatures.tastePrefix.count)))
        {
            features[name] = value
        }
        return features
    }

    private func hour(of time: Int64) -> Int {
        let moment = Date(timeIntervalSince1970: Double(time) / 1_000)
        let local = Int(moment.timeIntervalSince1970) + timeZone().secondsFromGMT(for: moment)
        return (local % 86_400 + 86_400) % 86_400 / 3_600
    }
}
