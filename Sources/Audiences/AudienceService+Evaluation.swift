import EventLog
import Synchronization

extension AudienceService {
    // MARK: Everybody

    /// Evaluates all audiences for everybody, in one scan.
    @discardableResult
    package func evaluateAll() throws -> EvaluationReport {
        try maintenance.withLock { _ in try evaluateEverybody(nil) }
    }

    /// Evaluates the audiences that have not been evaluated since they were defined, as after a crash.
    @discardableResult
    package func evaluatePending() throws -> EvaluationReport {
        try maintenance.withLock { _ in
            let pending = Set(try list().filter { $0.evaluatedTime == nil }.map(\.id))
            return pending.isEmpty ? EvaluationReport() : try evaluateEverybody(pending)
        }
    }

    /// - Parameter wanted: the audiences; nil for all.
    func evaluateEverybody(_ wanted: Set<Int64>?) throws -> EvaluationReport {
        let start = ContinuousClock.now
        let (audiences, revision) = state.withLock { state in
            state.touched = []
            return (state.audiences, state.revision)
        }
        defer { state.withLock { $0.touched = nil } }
        let now = now()
        let plan = try AudiencePlan(audiences.map(\.target), wanted: wanted, zone: zone)
        var report = EvaluationReport()
        guard !plan.targets.isEmpty else { return report }
        var people: [PersonFacts] = []
        try facts.forEachPerson(plan.needs) { people.append($0) }
        let directory = PersonDirectory(people)
        let stored = try store.read { try $0.everybody() }
        let storedBits = people.map { stored[$0.person]?.bits ?? AudienceBits() }
        // After the facts, so that whoever has events and facts has both here.
        let snapshot = try history.snapshot()
        let program = try AudienceProgram(plan, snapshot)
        let parts = try AudienceEvaluation.everybody(program, snapshot, directory, now: now, threads: threads) {
            storedBits[$0][$1]
        }
        report.persons = people.count
        report.evaluationSeconds = (ContinuousClock.now - start) / .seconds(1)

        // From here on nobody else decides about persons.
        let skipped = try persons.withLock { _ in
            let touched = state.withLock { $0.touched ?? [] }
            guard state.withLock({ $0.revision }) == revision else {
                throw AudienceError(.conflict, "the audiences have changed meanwhile; evaluate again")
            }
            let committed = ContinuousClock.now
            let counts = try store.write { rows in
                var commit = MembershipCommit(rows: rows, plan: plan, now: now, isComplete: wanted == nil)
                for part in parts {
                    for index in part.places.indices {
                        let place = Int(part.places[index])
                        let person = people[place].person
                        if touched.contains(person) { continue }
                        try commit.add(
                            person, stored[person], nextChange: part.nextChanges[index]
                        ) { part.isMember(index, $0) }
                    }
                }
                if wanted == nil { try commit.removeAll(from: stored, except: directory, touched) }
                try commit.finish()
                try rows.setEvaluated(plan.targets.map(\.id).filter { wanted?.contains($0) ?? true }, now: now)
                return (commit.entered, commit.left)
            }
            (report.entered, report.left) = counts
            report.commitSeconds = (ContinuousClock.now - committed) / .seconds(1)
            return touched
        }
        if !skipped.isEmpty {
            report.add(try evaluate(skipped.sorted().map { PersonChange($0, factsChanged: true) }, always: true))
        }
        return report
    }

    // MARK: Single persons

    /// Which news of persons the audiences look at. Who reads an event first and asks this afterwards misses nothing:
    /// an audience that it does not name yet is evaluated for everybody later, with that event.
    package func interest() throws -> AudienceInterest {
        try state.withLock { state in
            let plan = try EvaluationState.plan(&state, zone: zone)
            return AudienceInterest(isEmpty: plan.targets.isEmpty, events: plan.eventNames)
        }
    }

    /// Evaluates persons of whom something is new, when any audience looks at that.
    @discardableResult
    package func evaluate(_ changes: [PersonChange]) throws -> EvaluationReport {
        try evaluate(changes, always: false)
    }

    /// Evaluates persons for whom time alone may have changed an answer.
    ///
    /// - Returns: how many were evaluated; fewer than `limit` when nobody waits any more.
    @discardableResult
    package func evaluateDue(limit: Int = 1_000) throws -> EvaluationReport {
        let due = try store.read { try $0.due(by: now(), limit: limit) }
        return try evaluate(due.map { PersonChange($0, factsChanged: true) }, always: true)
    }

    /// The next moment at which `evaluateDue` has something to do, in milliseconds UTC; nil for never.
    package func nextDue() throws -> Int64? { try store.read { try $0.nextDue() } }

    /// - Parameter always: also when no audience seems to look at what is new.
    private func evaluate(_ changes: [PersonChange], always: Bool) throws -> EvaluationReport {
        guard !changes.isEmpty else { return EvaluationReport() }
        return try persons.withLock { _ in
            while true {
                let start = ContinuousClock.now
                let (plan, revision) = try state.withLock { state in
                    (try EvaluationState.plan(&state, zone: zone), state.revision)
                }
                let wanted = always ? changes.map(\.person) : plan.concerned(changes)
                var report = EvaluationReport()
                if wanted.isEmpty { return report }
                let now = now()
                let results = try decide(Array(Set(wanted)).sorted(), plan, now: now)
                report.persons = results.count
                report.evaluationSeconds = (ContinuousClock.now - start) / .seconds(1)
                // Most of those who did something stay where they are, and cost no transaction.
                if results.allSatisfy({ $0.isStored(plan) }), state.withLock({ $0.revision }) == revision {
                    touch(wanted)
                    return report
                }
                let committed = ContinuousClock.now
                let isCurrent = try store.write { rows in
                    guard state.withLock({ $0.revision }) == revision else { return false }
                    var commit = MembershipCommit(rows: rows, plan: plan, now: now, isComplete: true)
                    for result in results {
                        if result.exists {
                            try commit.add(result.person, result.stored, nextChange: result.nextChange) {
                                result.members[$0]
                            }
                        } else if let stored = result.stored {
                            try commit.remove(stored)
                        }
                    }
                    try commit.finish()
                    (report.entered, report.left) = (commit.entered, commit.left)
                    return true
                }
                // The definitions have changed meanwhile: decide again.
                guard isCurrent else { continue }
                touch(wanted)
                report.commitSeconds = (ContinuousClock.now - committed) / .seconds(1)
                return report
            }
        }
    }

    /// Tells an evaluation of everybody that goes on meanwhile about persons whom it may have seen otherwise.
    private func touch(_ persons: [String]) {
        state.withLock { $0.touched?.formUnion(persons) }
    }

    private struct Result {
        var person: String
        var exists: Bool
        var stored: StoredPerson?
        var members: [Bool]
        var nextChange: Int64

        /// Whether the tables say the same.
        func isStored(_ plan: AudiencePlan) -> Bool {
            guard exists else { return stored == nil }
            let due: Int64? = nextChange == .max ? nil : nextChange
            guard let stored else { return due == nil && !members.contains(true) }
            return due == stored.due
                && plan.targets.indices.allSatisfy { stored.bits[plan.targets[$0].id] == members[$0] }
        }
    }

    private func decide(_ wanted: [String], _ plan: AudiencePlan, now: Int64) throws -> [Result] {
        var found: [String: PersonFacts] = [:]
        for facts in try facts.facts(of: wanted, plan.needs) { found[facts.person] = facts }
        let stored = try store.read { rows in
            try wanted.map { try rows.person($0) }
        }
        let moment = AudienceMoment(plan, now: now)
        var evaluator: PersonEvaluator?
        return try zip(wanted, stored).map { person, stored in
            guard let facts = found[person] else {
                return Result(person: person, exists: false, stored: stored, members: [], nextChange: .max)
            }
            let view = try history.view(of: person)
            let present: PersonEvaluator
            if let known = evaluator, known.program.fits(view) {
                present = known
            } else {
                present = PersonEvaluator(try program(plan, view), moment)
                evaluator = present
            }
            let bits = stored?.bits ?? AudienceBits()
            try AudienceEvaluation.one(present, view, facts, isStored: { bits[$0] })
            return Result(
                person: person, exists: true, stored: stored, members: Array(present.members),
                nextChange: present.nextChange)
        }
    }

    /// The plan of all audiences, bound to the names of a log; kept until new names come.
    private func program(_ plan: AudiencePlan, _ snapshot: Snapshot) throws -> AudienceProgram {
        let known = state.withLock { $0.program }
        if let known, known.fits(snapshot), known.plan.targets == plan.targets { return known }
        let program = try AudienceProgram(plan, snapshot)
        state.withLock { $0.program = program }
        return program
    }
}

extension AudiencePlan {
    /// The persons among these whose news any audience looks at.
    func concerned(_ changes: [PersonChange]) -> [String] {
        if targets.isEmpty { return [] }
        let names = eventNames
        return changes.filter { change in
            if change.factsChanged { return true }
            guard let names else { return !change.events.isEmpty }
            return !change.events.isDisjoint(with: names)
        }.map(\.person)
    }
}
