import Foundation
import Statistics

/// Makes a model of moments, and says how good it is with persons whom it has not seen.
///
/// Six tenths of the persons teach the regression, two calibrate it, and two are kept to measure what came of it: by a
/// digest of the person, so that the parts are the same in every training.
struct IntentTrainer: Sendable {
    var threads = 1
    var iterationsMax = 60

    /// Found on worlds other than those of the tests: weaker ones learn single persons by heart.
    private static let ridge = 3e-3

    /// Moments with which a training begins to make sense.
    static let momentsMin = 400

    /// - Throws: `LifecycleError` with `insufficient`.
    func train(_ moments: SessionMoments) throws -> (model: IntentModel, metrics: IntentMetrics) {
        let teaching = moments.part { Self.tenth($0) < 6 }
        let calibrating = moments.part { (6..<8).contains(Self.tenth($0)) }
        let measuring = Self.measuring(moments)
        guard moments.count >= Self.momentsMin, calibrating.count > 0, measuring.count > 0 else {
            throw LifecycleError(
                .insufficient,
                "there are \(moments.count) moments of \(moments.sessions) ended sessions to learn from, and at least "
                    + "\(Self.momentsMin) are needed: wait for more visits, or mend the rules of sessions")
        }
        let outcomes = SessionOutcome.allCases.count
        let regression = LogisticRegression(
            rows: teaching.features, dimension: SessionFeatures.count, labels: teaching.outcomes, outcomes: outcomes,
            ridge: Self.ridge, iterationsMax: iterationsMax, threads: threads)
        let raw = (0..<calibrating.count).map { regression.probabilities(calibrating.row($0)) }
        let rates = Self.rates(teaching)
        let people = calibrating.persons.enumerated().flatMap { number, person in
            [Int](repeating: number, count: person.moments.count)
        }
        let calibrations = (0..<outcomes).map { outcome in
            Self.calibration(
                raw.map { $0[outcome] }, calibrating.outcomes.map { Int($0) == outcome }, people, rate: rates[outcome])
        }
        var model = IntentModel(
            features: SessionFeatures.version, regression: regression, calibrations: calibrations,
            hesitating: LevelRates(), comparing: LevelRates(), baseRates: rates)
        // Rates of a few levels have nothing to overfit: both parts count.
        for part in [teaching, calibrating] {
            for case let (level, hit)? in part.hesitating { model.hesitating.add(level: Int(level), hit: hit) }
            for (level, hit) in part.comparing { model.comparing.add(level: Int(level), hit: hit) }
        }
        return (model, try Self.measure(model, measuring))
    }

    /// What the regression's scores of one outcome have meant.
    ///
    /// Where that, learned from half of the people, says no more of the other half than the base rate does, by more
    /// than chance, the scores mean nothing, and the outcome gets its base rate at every moment.
    ///
    /// - Parameter people: by moment, the number of its person.
    private static func calibration(
        _ scores: [Double], _ outcomes: [Bool], _ people: [Int], rate: Double
    ) -> IsotonicRegression {
        // Fifty blocks at most: moments of one person are alike, so a few of them say less than they seem to.
        let blockMin = max(50, scores.count / 50)
        var gains = [Double](repeating: 0, count: (people.last ?? 0) + 1)
        for half in 0...1 {
            let own = people.indices.filter { people[$0] % 2 == half }
            let learned = IsotonicRegression(
                scores: own.map { scores[$0] }, outcomes: own.map { outcomes[$0] }, blockMin: blockMin)
            for other in people.indices where people[other] % 2 != half {
                let share = learned.share(at: scores[other])
                gains[people[other]] +=
                    outcomes[other]
                    ? log(max(share, 1e-12) / max(rate, 1e-12))
                    : log(max(1 - share, 1e-12) / max(1 - rate, 1e-12))
            }
        }
        let chance = gains.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if gains.reduce(0, +) <= 2 * chance {
            return IsotonicRegression(scores: scores.map { _ in 0 }, outcomes: outcomes)
        }
        return IsotonicRegression(scores: scores, outcomes: outcomes, blockMin: blockMin)
    }

    /// The moments of the people who are kept to measure.
    static func measuring(_ moments: SessionMoments) -> SessionMoments { moments.part { tenth($0) >= 8 } }

    private static func tenth(_ person: SessionMoments.Person) -> UInt64 { person.digest % 10 }

    private static func rates(_ moments: SessionMoments) -> [Double] {
        SessionOutcome.allCases.indices.map { outcome in
            Double(moments.outcomes.count { Int($0) == outcome }) / Double(max(moments.count, 1))
        }
    }

    /// How good a model is with moments that it was not made of.
    static func measure(_ model: IntentModel, _ moments: SessionMoments) throws -> IntentMetrics {
        let found = (0..<moments.count).map { model.probabilities(moments.row($0)) }
        var metrics = IntentMetrics(
            persons: moments.persons.count, sessions: moments.sessions, moments: moments.count, outcomes: [:],
            states: [:], logLoss: 0, baseLogLoss: 0)
        for (index, outcome) in SessionOutcome.allCases.enumerated() {
            metrics.outcomes[outcome.rawValue] = Reliability(
                probabilities: found.map { $0[index] }, outcomes: moments.outcomes.map { Int($0) == index },
                baseRate: model.baseRates[index])
        }
        let leaving = [SessionOutcome.leaves, .leavesCart].compactMap { SessionOutcome.allCases.firstIndex(of: $0) }
        metrics.states[IntentState.aboutToLeave.rawValue] = Reliability(
            probabilities: found.map { chances in leaving.reduce(0) { $0 + chances[$1] } },
            outcomes: moments.outcomes.map { leaving.contains(Int($0)) })
        metrics.states[IntentState.hesitating.rawValue] = levels(
            model.hesitating, moments.hesitating.compactMap(\.self))
        metrics.states[IntentState.comparing.rawValue] = levels(model.comparing, moments.comparing)
        for (chances, outcome) in zip(found, moments.outcomes) {
            metrics.logLoss -= log(max(chances[Int(outcome)], 1e-12)) / Double(moments.count)
            metrics.baseLogLoss -= log(max(model.baseRates[Int(outcome)], 1e-12)) / Double(moments.count)
        }
        return metrics
    }

    private static func levels(_ rates: LevelRates, _ moments: [(level: UInt8, hit: Bool)]) -> Reliability? {
        Reliability(
            probabilities: moments.map { rates.rate(Int($0.level)) }, outcomes: moments.map(\.hit),
            binCount: SessionEvidence.levelMax + 1)
    }
}
