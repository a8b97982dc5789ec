import EventLog
import Foundation
import Statistics

/// Moments of past sessions, and what came after each: what the models learn from.
///
/// A moment is an event, or 20 seconds, 1, 3 and 10 minutes without another one after it, so that the models know
/// silence as well as deeds. The idle moments after the last event of a session are among them, as they are in life.
struct SessionMoments: Sendable {
    struct Person: Sendable {
        var digest: UInt64
        var moments: Range<Int>
        var sessions: Int
        var firstTime: Int64
    }

    private(set) var persons: [Person] = []
    /// Moment after moment, `SessionFeatures.count` numbers each.
    private(set) var features: [Float] = []
    /// By moment: the index of the outcome in `SessionOutcome.allCases`.
    private(set) var outcomes: [UInt8] = []
    /// By moment: signs of hesitating, and whether the session ends without a purchase; nil when there is nothing to
    /// hesitate over.
    private(set) var hesitating: [(level: UInt8, hit: Bool)?] = []
    /// By moment: signs of comparing, and whether the next item that is looked at is of the same category, or was
    /// looked at before.
    private(set) var comparing: [(level: UInt8, hit: Bool)] = []

    var count: Int { outcomes.count }
    var sessions: Int { persons.reduce(0) { $0 + $1.sessions } }

    static let idleSeconds: [Int64] = [0, 20, 60, 180, 600]

    func row(_ moment: Int) -> [Float] {
        Array(features[moment * SessionFeatures.count..<(moment + 1) * SessionFeatures.count])
    }

    /// The moments of some persons.
    func part(_ include: (Person) -> Bool) -> SessionMoments {
        var part = SessionMoments()
        for person in persons where include(person) { part.append(person, of: self) }
        return part
    }

    private mutating func append(_ person: Person, of other: SessionMoments) {
        let start = count
        let width = SessionFeatures.count
        features += other.features[person.moments.lowerBound * width..<person.moments.upperBound * width]
        outcomes += other.outcomes[person.moments]
        hesitating += other.hesitating[person.moments]
        comparing += other.comparing[person.moments]
        var copy = person
        copy.moments = start..<count
        persons.append(copy)
    }

    /// What several threads found, in an order that does not depend on them.
    ///
    /// - Parameter most: moments; persons beyond are left out.
    init(merging parts: [SessionMoments] = [], most: Int = .max) {
        let all = parts.enumerated().flatMap { number, part in part.persons.map { (number, $0) } }
        for (number, person) in all.sorted(by: { ($0.1.digest, $0.1.firstTime) < ($1.1.digest, $1.1.firstTime) }) {
            if count + person.moments.count > most { return }
            append(person, of: parts[number])
        }
    }

    // MARK: Taking

    /// Takes the sessions of a person that had ended by `end`.
    ///
    /// - Parameters:
    ///   - events: in time order.
    ///   - sessionsMax: the latest are taken.
    mutating func take(_ events: [SessionEvent], digest: UInt64, gap: Int64, end: Int64, sessionsMax: Int) {
        var starts = events.indices.filter { $0 == 0 || events[$0].time - events[$0 - 1].time > gap }
        starts.append(events.count)
        let start = count
        var sessions = PersonSessions(gap: gap)
        var taken = 0
        for (number, bounds) in zip(starts, starts.dropFirst()).enumerated() {
            let session = events[bounds.0..<bounds.1]
            let isTaken = starts.count - 1 - number <= sessionsMax && (session.last?.time ?? .max) + gap <= end
            if isTaken { taken += 1 }
            take(session, &sessions, isTaken: isTaken)
        }
        guard count > start, let first = events.first else { return }
        persons.append(Person(digest: digest, moments: start..<count, sessions: taken, firstTime: first.time))
    }

    private mutating func take(_ events: ArraySlice<SessionEvent>, _ sessions: inout PersonSessions, isTaken: Bool) {
        let future = isTaken ? Future.of(events) : []
        for index in events.indices {
            sessions.add(events[index])
            guard isTaken, let session = sessions.session else { continue }
            let after = future[index - events.startIndex]
            let outcome: SessionOutcome =
                after.decides ?? (index < events.endIndex - 1 ? .goesOn : sessions.cart.isEmpty ? .leaves : .leavesCart)
            let nextTime = index < events.endIndex - 1 ? events[index + 1].time : Int64.max
            for idle in Self.idleSeconds {
                let now = events[index].time + idle * 1_000
                guard idle == 0 || now < nextTime, idle * 1_000 <= sessions.gap else { break }
                features += SessionFeatures.values(sessions, session, now: now)
                outcomes.append(UInt8(SessionOutcome.allCases.firstIndex(of: outcome) ?? 0))
                let doubts = SessionEvidence.hesitating(sessions, session, now: now)
                hesitating.append(
                    SessionEvidence.isOpen(sessions, session, doubts)
                        ? (UInt8(SessionEvidence.level(doubts)), !after.hasPurchase) : nil)
                let choices = SessionEvidence.level(SessionEvidence.comparing(session))
                comparing.append((UInt8(choices), after.comparesNext))
            }
        }
    }

    /// What comes after an event in its session.
    private struct Future {
        var decides: SessionOutcome?
        var hasPurchase = false
        var comparesNext = false

        static func of(_ events: ArraySlice<SessionEvent>) -> [Future] {
            var futures = [Future](repeating: Future(), count: events.count)
            var next = Future()
            for (place, event) in events.enumerated().reversed() {
                futures[place] = next
                switch event.role {
                case .purchase:
                    next.decides = .buys
                    next.hasPurchase = true
                case .help: next.decides = .asks
                default: break
                }
            }
            // Whether the next view goes on with what was looked at, known only with all that came before.
            var seen: Set<UInt64> = []
            var waiting: [Int] = []
            var category: UInt64 = 0
            for (place, event) in events.enumerated() {
                if event.role == .view {
                    let item = event.items.first ?? 0
                    let goesOn = seen.contains(item) || (category != 0 && event.category == category)
                    if goesOn { for index in waiting { futures[index].comparesNext = true } }
                    waiting = []
                    seen.insert(item)
                    category = event.category
                }
                waiting.append(place)
            }
            return futures
        }
    }
}

/// Collects moments in a scan.
struct MomentFold: PersonFold, Sendable {
    private var columns: SessionColumns
    private let gap: Int64
    private let end: Int64
    private let sessionsMax: Int
    /// Persons whose digest, spread, is below are taken.
    private let bound: UInt64
    private(set) var moments = SessionMoments()

    init(_ plan: SessionPlan, gap: Int64, end: Int64, sessionsMax: Int, share: Double) {
        columns = SessionColumns(plan)
        self.gap = gap
        self.end = end
        self.sessionsMax = sessionsMax
        bound = share >= 1 ? .max : UInt64(max(share, 0) * 0x1p64)
    }

    mutating func enter(_ block: ScanBlock) { columns.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        let digest = SplitMix64.mix(TextDigest.of(person.id))
        guard digest <= bound else { return }
        let events = person.rows.compactMap { columns.event($0) }
        moments.take(events, digest: SplitMix64.mix(digest), gap: gap, end: end, sessionsMax: sessionsMax)
    }
}
