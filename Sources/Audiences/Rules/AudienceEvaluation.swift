import EventLog

/// Runs a program over everybody or over one person. Both ways use the same evaluator.
enum AudienceEvaluation {
    /// Everybody of the directory, in one scan.
    ///
    /// - Complexity: O(rows of the events that the audiences mention + persons x conditions), over the threads
    static func everybody(
        _ program: AudienceProgram, _ snapshot: Snapshot, _ directory: PersonDirectory, now: Int64,
        threads: Int? = nil, isStored: @escaping @Sendable (Int, Int64) -> Bool
    ) throws -> [AudienceAnswers] {
        let moment = AudienceMoment(program.plan, now: now)
        var parts: [AudienceAnswers] = []
        var seen = [Bool](repeating: false, count: directory.facts.count)
        if program.events?.isEmpty != true {
            let (folds, _) = try snapshot.scan(program.selection(from: moment.earliest), threads: threads) {
                AudienceFold(program, moment, directory, isStored: isStored)
            }
            for fold in folds {
                for place in fold.answers.places { seen[Int(place)] = true }
                parts.append(fold.answers)
            }
        }
        var rest = AudienceFold(program, moment, directory, isStored: isStored)
        for place in seen.indices where !seen[place] { rest.visit(placeWithoutRows: place) }
        parts.append(rest.answers)
        return parts
    }

    /// One person. Afterwards `evaluator` holds the answers.
    ///
    /// - Parameter snapshot: a view of the person, or a snapshot of all.
    static func one(
        _ evaluator: PersonEvaluator, _ snapshot: Snapshot, _ facts: PersonFacts,
        isStored: @escaping (Int64) -> Bool,
        examine: ((PersonEvaluator, PersonEvaluator.Person) -> Void)? = nil
    ) throws {
        var fold = OnePersonFold(evaluator, facts, isStored: isStored, examine: examine)
        if evaluator.program.events?.isEmpty != true {
            try snapshot.visit(
                person: facts.person, evaluator.program.selection(from: evaluator.moment.earliest), &fold)
        }
        if !fold.hasRows { fold.visitWithoutRows() }
    }
}
