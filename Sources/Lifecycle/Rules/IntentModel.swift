import Foundation
import Statistics

/// What the moments of past sessions say about this one. It holds no person.
struct IntentModel: Sendable, Hashable, Codable {
    var features: Int
    var regression: LogisticRegression
    /// By outcome: from what the regression says to what has come about.
    var calibrations: [IsotonicRegression]
    var hesitating: LevelRates
    var comparing: LevelRates
    /// By outcome.
    var baseRates: [Double]

    /// Whether it can be asked by this program: for what was read from a file.
    var isSound: Bool {
        let outcomes = SessionOutcome.allCases.count
        return features == SessionFeatures.version && regression.isSound && regression.outcomes == outcomes
            && regression.dimension == SessionFeatures.count && calibrations.count == outcomes
            && calibrations.allSatisfy(\.isSound) && baseRates.count == outcomes && hesitating.isSound
            && comparing.isSound
    }

    /// Calibrated probabilities in the order of `SessionOutcome.allCases`; they add up to 1.
    func probabilities(_ row: [Float]) -> [Double] {
        let shares = zip(regression.probabilities(row), calibrations).map { $1.share(at: $0) }
        let sum = shares.reduce(0, +)
        return sum > 0 ? shares.map { $0 / sum } : baseRates
    }
}

/// What to think of a person at a moment.
struct IntentReader: Sendable {
    var model: IntentModel?
    var version: Int?

    /// A probability from which on a state holds.
    static let certain = 0.5
    /// Of asking, which is rare.
    static let certainOfHelp = 0.3

    /// - Returns: nil when no session goes on.
    func reading(_ person: PersonSessions, now: Int64) -> IntentReading? {
        guard let session = person.current(at: now) else { return nil }
        var chances: [SessionOutcome: Double]?
        if let model {
            let found = model.probabilities(SessionFeatures.values(person, session, now: now))
            chances = Dictionary(uniqueKeysWithValues: zip(SessionOutcome.allCases, found))
        }
        let doubts = SessionEvidence.hesitating(person, session, now: now)
        let choices = SessionEvidence.comparing(session)
        let isOpen = SessionEvidence.isOpen(person, session, doubts)
        let idle = Double(max(now - session.last, 0)) / 1_000
        let leaving = chances.map { ($0[.leaves] ?? 0) + ($0[.leavesCart] ?? 0) }
        // Without a model, by plain signs.
        let buys = chances?[.buys].map { $0 >= Self.certain } ?? (session.reachedCheckout && idle < 60)
        let leaves = leaving.map { $0 >= Self.certain } ?? (idle >= 180)
        let asks = session.lastRole == .help || (chances?[.asks] ?? 0) >= Self.certainOfHelp
        let states = [
            IntentReading.Chance(.lookingForHelp, chances?[.asks], holds: asks),
            IntentReading.Chance(.aboutToBuy, chances?[.buys], holds: buys),
            IntentReading.Chance(.aboutToLeave, leaving, holds: leaves),
            IntentReading.Chance(
                .hesitating, isOpen ? model?.hesitating.rate(SessionEvidence.level(doubts)) : nil,
                holds: !doubts.isEmpty),
            IntentReading.Chance(
                .comparing, model?.comparing.rate(SessionEvidence.level(choices)), holds: !choices.isEmpty),
            IntentReading.Chance(.browsing, chances?[.goesOn], holds: true),
        ]
        let summary = SessionSummary(
            start: session.start, last: session.last, idleSeconds: idle, events: session.events,
            itemsViewed: session.distinctItems, searches: session.count(.search), cartItems: person.cart.count,
            hasBought: session.count(.purchase) > 0, lastRole: session.lastRole, signs: doubts + choices)
        return IntentReading(
            state: states.first(where: \.holds)?.state ?? .browsing, states: states, outcomes: chances,
            session: summary, version: version)
    }
}
