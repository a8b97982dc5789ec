package import EventLog
import Foundation
package import State
import Synchronization

/// What people seem to be about while they are here, what to do about it, and what that changes.
///
/// ```swift
/// let reading = try service.reading(of: "u1")        // hesitating, with a probability
/// let decision = try service.decide(for: "u1")       // a coupon, a guide, or nothing; written to the log
/// ```
package final class IntentService: Sendable {
    package struct Options: Sendable {
        /// People whose session is followed at the same time; each takes one to two kilobytes.
        package var sessionsMax = 50_000
        /// Histories that one overview reads.
        package var readsPerOverview = 2_000
        /// People of one state that an overview names.
        package var rowsPerState = 20
        /// Moments that a training holds in memory; each takes about 300 bytes.
        package var momentsMax = 400_000
        /// Of one person, the latest.
        package var sessionsPerPerson = 50

        package init() {}
    }

    let folder: String
    let log: any MomentLog
    let options: Options
    /// What the workspace says: the minutes without an event that end a session, and the seconds by which its day is
    /// ahead of UTC at a time.
    let idleMinutes: @Sendable () -> Int
    let secondsFromUTC: @Sendable (Int64) -> Int
    /// The log's events, for who chooses rules.
    package let shapes: @Sendable () throws -> [EventShape]
    let now: @Sendable () -> Int64
    /// By canonical id.
    let mayProfile: @Sendable (_ person: String) -> Bool
    /// What a decision for a person (by canonical id) at a time is called.
    let decisionID: @Sendable (_ person: String, _ time: Int64) throws -> String
    private let store: IntentSettingsStore
    private let sessions: Mutex<LiveSessions>
    private let loaded = Mutex<Loaded?>(nil)
    private let suggested = Mutex<(rules: [SessionRule], time: Int64)?>(nil)
    private let seen = Mutex<IntentOverview?>(nil)
    private let isWatching = Atomic<Bool>(false)
    private let hasResumed = Mutex(false)
    let spending = Mutex<CouponSpending?>(nil)
    let deciding = PersonLocks()

    private struct Loaded {
        var reader: IntentReader
        var rules: [SessionRule]
        var damage: [String]
        /// What `active` said, and when it was looked at.
        var active: Int?
        var time: Int64
    }

    /// - Parameters:
    ///   - folder: of the model's versions: `<workspace>/models/intent`.
    ///   - state: nil: the settings are those at first.
    ///   - shapes: the log's events, to suggest rules from.
    ///   - mayProfile: by canonical id: of whom nothing is made out, and nothing decided.
    ///   - decisionID: what decisions are called; unique.
    /// - Throws: `StateError`.
    package init(
        folder: String, log: any MomentLog, state: StateDatabase?, options: Options = Options(),
        idleMinutes: @escaping @Sendable () -> Int, secondsFromUTC: @escaping @Sendable (Int64) -> Int,
        shapes: @escaping @Sendable () throws -> [EventShape], now: @escaping @Sendable () -> Int64,
        mayProfile: @escaping @Sendable (_ person: String) -> Bool = { _ in true },
        decisionID: @escaping @Sendable (_ person: String, _ time: Int64) throws -> String = { _, _ in
            "m_" + UUID().uuidString.lowercased().replacing("-", with: "")
        }
    ) throws {
        self.folder = folder
        self.log = log
        self.options = options
        self.idleMinutes = idleMinutes
        self.secondsFromUTC = secondsFromUTC
        self.shapes = shapes
        self.now = now
        self.mayProfile = mayProfile
        self.decisionID = decisionID
        store = try IntentSettingsStore(state)
        sessions = Mutex(LiveSessions(most: options.sessionsMax))
    }

    // MARK: Settings

    package var settings: IntentSettings { store.current }

    /// - Returns: what was there before.
    /// - Throws: `LifecycleError` with `invalid` and the field; `StateError`.
    @discardableResult
    package func change(_ settings: IntentSettings) throws -> IntentSettings {
        let before = try store.set(settings)
        if before.rules != settings.rules {
            let gone = sessions.withLock { $0.current(at: now(), gap: gap).map(\.person) }
            for person in gone { sessions.withLock { $0.touch(person, at: now()) } }
        }
        return before
    }

    var gap: Int64 { Int64(idleMinutes()) * 60_000 }

    /// Which events make a session: those of the settings, of the model, or what the log's names suggest.
    package func rules() throws -> [SessionRule] {
        if !settings.rules.isEmpty { return settings.rules }
        let trained = model().rules
        return trained.isEmpty ? try suggestedRules() : trained
    }

    /// What the names of the log's events suggest; looked at again after an hour, or a minute while there is nothing.
    package func suggestedRules() throws -> [SessionRule] {
        let time = now()
        if let known = suggested.withLock({ $0 }), time - known.time < (known.rules.isEmpty ? 60_000 : 3_600_000) {
            return known.rules
        }
        let rules = SuggestedRules.of(try shapes())
        suggested.withLock { $0 = (rules, time) }
        return rules
    }

    // MARK: The model

    var models: IntentModelStore { IntentModelStore(folder: folder) }

    /// The active model; looked for again every five seconds, because a command may have trained another.
    func model() -> (reader: IntentReader, rules: [SessionRule], damage: [String]) {
        let time = now()
        return loaded.withLock { loaded in
            if let known = loaded, time - known.time < 5_000, time >= known.time {
                return (known.reader, known.rules, known.damage)
            }
            let active = models.active()
            if var known = loaded, known.active == active {
                known.time = time
                loaded = known
                return (known.reader, known.rules, known.damage)
            }
            let found = models.load()
            let next = Loaded(
                reader: IntentReader(model: found?.model, version: found?.version.number),
                rules: found?.version.rules ?? [], damage: found?.damage ?? [], active: active, time: time)
            loaded = next
            return (next.reader, next.rules, next.damage)
        }
    }

    /// Makes the next question look for the active model.
    func forgetModel() { loaded.withLock { $0 = nil } }

    // MARK: One person

    /// What is known of a person at this moment, from the log as it is now.
    func look(at person: String) throws -> (sessions: PersonSessions, decisions: [MomentRecord]) {
        let view = try log.view(of: person)
        let plan = SessionPlan(try rules(), view, takesDecisions: true)
        var fold = PersonNow(plan, gap: gap)
        try view.visit(person: person, plan.selection, &fold)
        return (fold.sessions, fold.decisions)
    }

    /// What somebody seems to be about; nil when no session of theirs goes on, or they do not want to be profiled.
    ///
    /// - Parameter person: an id under which events were sent.
    /// - Complexity: O(events of the person)
    package func reading(of person: String) throws -> IntentReading? {
        if !mayProfile(person) { return nil }
        return model().reader.reading(try look(at: person).sessions, now: now())
    }

    // MARK: Everybody who is here

    /// Whether somebody has asked who is here. Presence is noted only since then: what was before is read from the log.
    package var notesPresence: Bool { isWatching.load(ordering: .relaxed) }

    /// Whether an event says that somebody is here now. Only that is noted of it: what somebody did is read when it is
    /// asked for.
    package func saysPresence(_ event: Event, now time: Int64) -> Bool {
        time - event.time <= gap && !Vocabulary.administrative.contains(event.name)
            && Vocabulary.isPerson(event.person)
    }

    /// Somebody did something, and when the latest of it was.
    ///
    /// - Parameter people: by canonical id.
    package func touch(_ people: [String: Int64]) {
        if people.isEmpty { return }
        sessions.withLock { sessions in
            for (person, time) in people { sessions.touch(person, at: time) }
        }
    }

    /// Somebody turned out to be somebody else.
    package func absorb(_ person: String, into other: String) {
        sessions.withLock { sessions in
            guard let entry = sessions[person] else { return }
            sessions.remove(person)
            sessions.touch(other, at: entry.last)
        }
    }

    /// Looks, once, for sessions that were going on before anybody asked.
    ///
    /// - Complexity: O(rows of the parts of the log that reach into the last minutes)
    private func resume() throws {
        if hasResumed.withLock({ $0 }) { return }
        // Before the snapshot: what is appended after it is noted as it comes.
        isWatching.store(true, ordering: .releasing)
        let snapshot = try log.snapshot()
        var plan = SessionPlan(try rules(), snapshot).selection
        if plan.events?.isEmpty ?? true { return }
        let time = now()
        plan.times = time - gap..<max(time + 1, time - gap + 1)
        plan.properties = []
        let folds = try snapshot.scan(plan) { RecentFold() }.folds
        sessions.withLock { sessions in
            for fold in folds { for (person, last) in fold.found { sessions.touch(person, at: last) } }
        }
        hasResumed.withLock { $0 = true }
    }

    /// Forgets somebody who is deleted.
    package func forget(_ ids: [String]) {
        sessions.withLock { sessions in for id in ids { sessions.remove(id) } }
        seen.withLock { $0 = nil }
    }

    /// Who is in which state now. At most one a second is made.
    package func overview() throws -> IntentOverview {
        let time = now()
        if let known = seen.withLock({ $0 }), time >= known.time, time - known.time < 1_000 { return known }
        try resume()
        let gap = gap
        let people = sessions.withLock { $0.current(at: time, gap: gap) }
        let unread = people.filter { $0.entry.sessions == nil }
        var read: [String: PersonSessions] = [:]
        if !unread.isEmpty {
            let snapshot = try log.snapshot()
            let plan = SessionPlan(try rules(), snapshot)
            for (person, entry) in unread.prefix(options.readsPerOverview) {
                var fold = PersonNow(plan, gap: gap)
                try snapshot.visit(person: person, plan.selection, &fold)
                read[person] = fold.sessions
                sessions.withLock { $0.keep(person, fold.sessions, readAt: entry.last) }
            }
        }
        let reader = model().reader
        var overview = IntentOverview(
            time: time, total: 0, counts: [:], rows: [:], waiting: max(0, unread.count - options.readsPerOverview))
        var found: [IntentState: [IntentOverview.Row]] = [:]
        for (person, entry) in people {
            guard let sessions = entry.sessions ?? read[person], let reading = reader.reading(sessions, now: time)
            else { continue }
            overview.total += 1
            overview.counts[reading.state, default: 0] += 1
            found[reading.state, default: []].append(IntentOverview.Row(person: person, reading: reading))
        }
        overview.rows = found.mapValues { rows in
            let sorted = rows.sorted { ($1.reading.session.last, $0.person) < ($0.reading.session.last, $1.person) }
            return Array(sorted.lazy.filter { [mayProfile] in mayProfile($0.person) }.prefix(options.rowsPerState))
        }
        seen.withLock { $0 = overview }
        return overview
    }
}

/// Who did something in the last minutes.
private struct RecentFold: PersonFold, Sendable {
    var found: [(String, Int64)] = []

    mutating func enter(_ block: ScanBlock) {}

    mutating func visit(_ person: borrowing PersonView) {
        if let last = person.rows.last { found.append((person.id, last.time)) }
    }
}
