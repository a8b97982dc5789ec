import EventLog
import Foundation

extension IntentService {
    /// What is going on in a training; the answer false ends it.
    package typealias Progress = @Sendable (_ stage: String, _ share: Double) -> Bool

    /// Learns from all sessions that have ended, and keeps what was learned as a new version, which takes the place of
    /// the active one unless it is worse with the same people, whom both have not seen.
    ///
    /// The same log and rules give the same model on any number of threads.
    ///
    /// - Parameter isForced: the new version takes the place in any case.
    /// - Throws: `LifecycleError`: `insufficient`, `interrupted` when `progress` said so, with nothing changed.
    package func train(
        isForced: Bool = false, threads: Int? = nil, progress: @escaping Progress = { _, _ in true }
    ) throws -> IntentVersion {
        let start = ContinuousClock.now
        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        func goOn(_ stage: String, _ share: Double) throws {
            guard progress(stage, share) else {
                throw LifecycleError(.interrupted, "the training was ended; nothing was changed")
            }
        }
        try goOn("reading", 0)
        let snapshot = try log.snapshot()
        // Of the settings, or what is suggested now: names may have come since the last training.
        let rules = settings.rules.isEmpty ? SuggestedRules.of(try shapes()) : settings.rules
        let moments = try collect(rules, snapshot, threads: threads)
        try goOn("learning", 0.4)
        let (model, metrics) = try IntentTrainer(threads: threads).train(moments)
        try goOn("writing", 0.9)
        var version = IntentVersion(
            number: 0, createdAt: now(), trainedThrough: snapshot.timeRange?.upperBound ?? 0,
            persons: moments.persons.count, sessions: moments.sessions, moments: moments.count, metrics: metrics,
            rules: rules, idleMinutes: idleMinutes(), seconds: 0, bytes: 0, checksum: 0)
        if !isForced { version.heldBack = try objection(metrics, moments, rules) }
        version.seconds = (ContinuousClock.now - start) / .seconds(1)
        version = try models.save(model, version)
        if version.heldBack == nil { try models.activate(version.number) }
        forgetModel()
        return version
    }

    private func collect(_ rules: [SessionRule], _ snapshot: Snapshot, threads: Int) throws -> SessionMoments {
        let plan = SessionPlan(rules, snapshot)
        guard !plan.isEmpty, let end = snapshot.timeRange?.upperBound else {
            let known = snapshot.eventNames.names.prefix(8).joined(separator: ", ")
            throw LifecycleError(
                .insufficient,
                "no event here says what happens in a session. "
                    + (known.isEmpty ? "The log is empty" : "The log has \(known)")
                    + ": say which event is what in the settings of intent ('rules'), or import events first")
        }
        // Two moments and a half come of an event, rather too many than too few.
        let share = Double(options.momentsMax) / (2.5 * Double(max(try snapshot.eventCount, 1)))
        let (gap, most) = (gap, options.sessionsPerPerson)
        let folds = try snapshot.scan(plan.selection, threads: threads) {
            MomentFold(plan, gap: gap, end: end, sessionsMax: most, share: share)
        }.folds
        return SessionMoments(merging: folds.map(\.moments), most: options.momentsMax)
    }

    /// Why the new model should not take the place of the active one; both are asked about the same people.
    private func objection(
        _ metrics: IntentMetrics, _ moments: SessionMoments, _ rules: [SessionRule]
    ) throws -> String? {
        guard let found = models.load(), found.version.rules == rules, found.version.idleMinutes == idleMinutes() else {
            return nil
        }
        let before = try IntentTrainer.measure(found.model, IntentTrainer.measuring(moments))
        guard metrics.logLoss > before.logLoss * 1.01 else { return nil }
        func rounded(_ value: Double) -> String { String((value * 10_000).rounded() / 10_000) }
        return "its log loss is \(rounded(metrics.logLoss)), and that of version \(found.version.number) with the "
            + "same people \(rounded(before.logLoss))"
    }

    // MARK: Versions

    package struct Versions: Sendable {
        /// Oldest first.
        package var versions: [IntentVersion]
        /// The one that answers.
        package var active: Int?
        /// What is wrong with versions that cannot be read.
        package var damage: [String]
    }

    package func versions() -> Versions {
        var result = Versions(versions: [], active: models.load()?.version.number, damage: [])
        for number in models.numbers() {
            do {
                let version = try models.version(number)
                _ = try models.model(number)
                result.versions.append(version)
            } catch {
                result.damage.append("\(error)")
            }
        }
        return result
    }

    /// The version that answers; nil without one.
    package func activeVersion() -> IntentVersion? { models.load()?.version }

    /// Lets another version answer, and says what is known of it.
    ///
    /// - Parameter number: nil is the last one before the active that was not held back.
    /// - Throws: `LifecycleError` with `notFound` or `corrupt`.
    package func rollBack(to number: Int? = nil) throws -> IntentVersion {
        let found = versions()
        let before = found.versions.last { $0.number < found.active ?? 0 && $0.heldBack == nil }
        guard let target = number ?? before?.number else {
            throw LifecycleError(.notFound, "there is no version before the one that answers")
        }
        try activate(target)
        return try models.version(target)
    }

    /// Lets another version answer.
    ///
    /// - Throws: `LifecycleError` with `notFound` or `corrupt`.
    package func activate(_ number: Int) throws {
        try models.activate(number)
        forgetModel()
    }
}
