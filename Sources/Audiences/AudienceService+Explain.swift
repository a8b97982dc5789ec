import EventLog
import Statistics
import Synchronization

extension AudienceService {
    /// Why a person is in an audience or not, at this moment.
    ///
    /// - Parameter id: any id of the person.
    /// - Throws: `AudienceError` with `notFound` for the audience or the person.
    package func explain(_ name: String, person id: String) throws -> AudienceExplanation {
        let audience = try audience(name)
        let others = state.withLock { $0.audiences }
        let plan = try AudiencePlan(others.map(\.target), wanted: [audience.id], zone: zone)
        let view = try history.view(of: id)
        let person = view.canonicalID(of: id)
        guard let facts = try facts.facts(of: [person], plan.needs).first else {
            throw AudienceError(.notFound, "there is no person '\(id)'")
        }
        let (stored, memberships) = try store.read { rows in
            let stored = try rows.person(person)
            return (stored, try stored.map { try rows.memberships($0.number) } ?? [])
        }
        let bits = stored?.bits ?? AudienceBits()
        var explanation = AudienceExplanation(
            audience: name, person: person, isMember: bits[audience.id],
            since: memberships.first { $0.audience == audience.id }?.since, holds: nil, nextChange: nil,
            mayBeProfiled: facts.mayBeProfiled, predicate: nil)
        guard let predicate = audience.definition.predicate else { return explanation }
        let evaluator = PersonEvaluator(try AudienceProgram(plan, view), AudienceMoment(plan, now: now()))
        var predicates: [String: AudiencePredicate] = [:]
        for other in others { predicates[other.name] = other.definition.predicate }
        try AudienceEvaluation.one(evaluator, view, facts, isStored: { bits[$0] }) { evaluator, person in
            explanation.holds = plan.targets.firstIndex { $0.id == audience.id }.map { evaluator.members[$0] }
            explanation.nextChange = evaluator.nextChange == .max ? nil : evaluator.nextChange
            explanation.predicate =
                ConditionExplainer(evaluator: evaluator, person: person, predicates: predicates).explain(predicate)
        }
        return explanation
    }

    /// Whether a predicate can be asked here.
    ///
    /// - Throws: `AudienceError` with `invalid`, also when it mentions an audience that is not there.
    package func check(_ predicate: AudiencePredicate) throws(AudienceError) {
        try predicate.check()
        let others = state.withLock { $0.audiences }.map(\.name)
        for name in predicate.audiences.sorted() where !others.contains(name) {
            throw AudienceError(.invalid, "mentions the audience '\(name)', which does not exist", field: "predicate")
        }
    }

    /// How large an audience would be, and some of its members. Nothing is stored.
    ///
    /// - Parameters:
    ///   - exactly: evaluates everybody; otherwise up to 4,000 persons stand for all.
    ///   - sample: members to name.
    /// - Throws: `AudienceError` with `invalid` for a predicate that mentions an audience that is not there.
    package func preview(_ predicate: AudiencePredicate, exactly: Bool = false, sample: Int = 10) throws
        -> AudiencePreview
    {
        let start = ContinuousClock.now
        try check(predicate)
        let others = state.withLock { $0.audiences }.map(\.target)
        // No audience has an empty name.
        let id = Int64.max
        let plan = try AudiencePlan(
            others + [AudiencePlan.Target(id: id, name: "", predicate: predicate)], wanted: [id], zone: zone)
        guard let place = plan.targets.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("the plan has what was wanted")
        }
        let now = now()
        let snapshot = try history.snapshot()
        let program = try AudienceProgram(plan, snapshot)
        var members: [String] = []
        var found = 0
        var (trials, total) = (0, 0)
        if exactly {
            var people: [PersonFacts] = []
            try facts.forEachPerson(plan.needs) { people.append($0) }
            let stored = try storedBits(plan) { try $0.everybody().mapValues(\.bits) }
            let bits = people.map { stored[$0.person] ?? AudienceBits() }
            let parts = try AudienceEvaluation.everybody(
                program, snapshot, PersonDirectory(people), now: now, threads: threads
            ) { bits[$0][$1] }
            for part in parts {
                for index in part.places.indices where part.isMember(index, place) {
                    found += 1
                    if members.count < sample { members.append(people[Int(part.places[index])].person) }
                }
            }
            (trials, total) = (people.count, people.count)
        } else {
            let drawn = try facts.sample(Self.previewPersons, plan.needs)
            let stored = try storedBits(plan) { rows in
                var bits: [String: AudienceBits] = [:]
                for facts in drawn.persons { bits[facts.person] = try rows.person(facts.person)?.bits }
                return bits
            }
            let evaluator = PersonEvaluator(program, AudienceMoment(plan, now: now))
            for facts in drawn.persons {
                try AudienceEvaluation.one(evaluator, snapshot, facts) { stored[facts.person]?[$0] ?? false }
                guard evaluator.members[place] else { continue }
                found += 1
                if members.count < sample { members.append(facts.person) }
            }
            (trials, total) = (drawn.persons.count, max(drawn.total, drawn.persons.count))
        }
        return AudiencePreview(
            found: found, of: trials, persons: total, sample: members,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private static let previewPersons = 4_000

    /// What is stored of persons, when a static audience is mentioned.
    private func storedBits(
        _ plan: AudiencePlan, _ read: (AudienceRows) throws -> [String: AudienceBits]
    ) throws -> [String: AudienceBits] {
        let isNeeded = plan.conditions.contains { if case .stored = $0 { true } else { false } }
        return isNeeded ? try store.read(read) : [:]
    }
}

extension AudiencePreview {
    fileprivate init(found: Int, of trials: Int, persons: Int, sample: [String], seconds: Double) {
        let isExact = trials == persons
        var (size, low, high) = (found, found, found)
        if !isExact, let share = Proportion.interval(successes: found, trials: trials) {
            size = Int((share.estimate * Double(persons)).rounded())
            // As many as were found are certain.
            low = max(found, Int((share.low * Double(persons)).rounded(.down)))
            high = min(persons - (trials - found), Int((share.high * Double(persons)).rounded(.up)))
        }
        self.init(
            size: size, isExact: isExact, low: low, high: high, persons: persons, sample: sample, seconds: seconds)
    }
}
