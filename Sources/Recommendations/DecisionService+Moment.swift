extension DecisionService {
    /// What to do for the person at this moment of their session: decided and written by who follows sessions.
    func decideMoment(_ asking: Asking, isLogged: Bool) -> Decision {
        var decision = Decision(
            id: DecisionID(home: asking.home, time: asking.now, chance: chance()), person: asking.person,
            placement: Placement.Kind.moment.rawValue, kind: .moment)
        decision.policy = Placement.Kind.moment.rawValue
        decision.policyVersion = 1
        var choice = MomentChoice(actions: ["nothing"], probabilities: [1], chosen: "nothing", reasons: [])
        do {
            if let person = asking.person, let made = try moments?.decide(for: person, isLogged: isLogged) {
                choice = made
                decision.model = "intent"
                decision.modelVersion = made.modelVersion ?? "none"
                if made.modelVersion == nil { decision.fallback = .noIntentModel }
            } else {
                decision.fallback = asking.fallback ?? .unknownPerson
            }
        } catch {
            decision.fallback = .failed
        }
        if decision.fallback == .unknownPerson || decision.fallback == .failed { choice.reasons = ["no_session"] }
        if let id = choice.id {
            decision.id = id
            decision.isWritten = true
        }
        decision.rules = choice.rules
        decision.candidates = choice.actions.count
        decision.choice = Decision.Choice(
            subject: nil, actions: choice.actions, tags: choice.actions.map { _ in [:] },
            probabilities: choice.probabilities, chosen: choice.chosen,
            reason: choice.reasons.joined(separator: ","), features: choice.features, coupon: choice.coupon)
        return decision
    }
}
