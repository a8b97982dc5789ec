import EventLog
import Lifecycle
import People
import Recommendations

/// Decisions at a moment of a session as decisions of a placement.
struct Moments: MomentDecider {
    let intent: IntentService
    let people: PeopleService

    func decide(for person: String, isLogged: Bool) throws -> MomentChoice? {
        guard let facts = try people.facts(of: person) else { return nil }
        let id = facts.canonicalID
        guard isLogged else { return try look(at: id) }
        let decision = try intent.decide(for: id)
        var choice = Self.choice(
            decision.action, wanted: decision.wanted, holdout: decision.holdout, decision.reasons, decision.reading)
        choice.id = decision.id.flatMap { DecisionID($0) }
        choice.coupon = decision.couponCode
        return choice
    }

    private func look(at person: String) throws -> MomentChoice {
        guard let reading = try intent.reading(of: person) else {
            return Self.choice(.nothing, wanted: .nothing, holdout: 0, ["no_session"], nil)
        }
        let found = try intent.recommendation(reading, of: person)
        return Self.choice(
            found.action, wanted: found.action, holdout: intent.settings.holdout, found.reasons, reading)
    }

    private static func choice(
        _ action: MomentAction, wanted: MomentAction, holdout: Double, _ reasons: [String], _ reading: IntentReading?
    ) -> MomentChoice {
        var choice = MomentChoice(
            actions: MomentAction.allCases.map(\.rawValue),
            probabilities: MomentAction.chances(wanted: wanted, holdout: holdout), chosen: action.rawValue,
            reasons: reasons)
        choice.rules = reasons.filter { $0 == MomentRecord.holdoutRule }
        choice.modelVersion = reading?.version.map(String.init)
        choice.features["wanted"] = .text(wanted.rawValue)
        if let reading {
            choice.features["state"] = .text(reading.state.rawValue)
            choice.features["cartItems"] = .number(Double(reading.session.cartItems))
            choice.features["idleSeconds"] = .number(reading.session.idleSeconds)
        }
        return choice
    }
}
