import EventLog
import Foundation

extension RecommendationService {
    /// What is going on in a training, and how far it is; the answer false ends it.
    package typealias Progress = @Sendable (_ stage: String, _ share: Double) -> Bool

    /// Trains a model on everything in the log and keeps it as a new version, which takes the place of the active one
    /// unless it is worse.
    ///
    /// Worse is measured on what persons liked last, hidden from both: when the settings differ, the active version's
    /// are trained on the same part, and the two are compared person by person; when they are the same, with what the
    /// active version reached when it was trained.
    ///
    /// - Parameters:
    ///   - isForced: the new version takes the place in any case.
    ///   - threads: nil is the number of processors; the result does not depend on it.
    /// - Throws: `RecommendationError`: `insufficient` when the log has nothing to learn from, `interrupted` when
    ///   `progress` said so, with nothing changed.
    package func train(
        _ settings: RecommendationSettings, isForced: Bool = false, threads: Int? = nil,
        progress: @escaping Progress = { _, _ in true }
    ) throws -> ModelVersion {
        let start = ContinuousClock.now
        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        guard progress("reading", 0) else { throw Trainer.interrupted }
        let snapshot = try history.snapshot()
        let catalogue = try catalogue()
        let read = try snapshot.interactions(settings, threads: threads)
        guard read.count > 0 else { throw nothingToLearn(settings, snapshot) }
        let interactions = read.over(Set(read.items).union(catalogue.map(\.id)).sorted())
        let trainer = Trainer(settings, threads: threads, progress: progress)
        let store = try store(settings.name)
        let judged = try validate(trainer, interactions, catalogue, store)

        let fitStart = ContinuousClock.now
        var model = try trainer.train(interactions, items: catalogue)
        let fitSeconds = (ContinuousClock.now - fitStart) / .seconds(1)
        if let judged { model.weights = judged.weights }
        var version = ModelVersion(number: 0, createdAt: now(), model: model, interactions: interactions)
        version.metrics = judged?.metrics
        version.fitSeconds = fitSeconds
        version.heldBack = isForced ? nil : judged?.objection
        version.totalSeconds = (ContinuousClock.now - start) / .seconds(1)
        version = try store.save(model, version)
        if version.heldBack == nil { try store.activate(version.number) }
        return version
    }

    private struct Judgement {
        var metrics: OfflineMetrics
        var weights: [String: Double]
        /// Why the new version should not take the place of the active one.
        var objection: String?
    }

    private func validate(
        _ trainer: Trainer, _ interactions: Interactions, _ catalogue: [CandidateItem], _ store: ModelStore
    ) throws -> Judgement? {
        let settings = trainer.settings
        guard let split = ValidationSplit(interactions, settings.validation, seed: settings.seed) else { return nil }
        let judge = Judge(split, threads: trainer.threads)
        var model = try trainer.train(split.training, items: catalogue)
        if settings.blend == nil {
            guard trainer.progress("blend", 0) else { throw Trainer.interrupted }
            model.weights = judge.learnWeights(model)
        }
        let (metrics, gains) = judge.measure(model)
        var judgement = Judgement(metrics: metrics, weights: model.weights, objection: nil)
        guard let active = store.active(), let incumbent = try? store.version(active) else { return judgement }
        if incumbent.settings == settings {
            judgement.objection = Self.objection(metrics, incumbent)
        } else if incumbent.settings.readsTheSame(as: settings) {
            var other = trainer
            other.settings = incumbent.settings
            var rival = try other.train(split.training, items: catalogue)
            rival.weights = incumbent.weights
            judgement.objection = Self.objection(gains, judge.measure(rival).gains, incumbent)
        }
        return judgement
    }

    /// The same settings on other data: worse only when more than chance lies between.
    private static func objection(_ metrics: OfflineMetrics, _ incumbent: ModelVersion) -> String? {
        guard let before = incumbent.metrics else { return nil }
        let error = (metrics.ndcg10Error * metrics.ndcg10Error + before.ndcg10Error * before.ndcg10Error).squareRoot()
        guard metrics.ndcg10 < before.ndcg10 - 2 * error else { return nil }
        return "NDCG@10 is \(rounded(metrics.ndcg10)), and version \(incumbent.number) had \(rounded(before.ndcg10))"
    }

    /// Other settings on the same data, person by person: worse when the loss exceeds its own uncertainty.
    private static func objection(_ gains: [Double], _ others: [Double], _ incumbent: ModelVersion) -> String? {
        let differences = zip(gains, others).map { $0 - $1 }
        guard !differences.isEmpty else { return nil }
        let mean = differences.reduce(0, +) / Double(differences.count)
        guard mean < -OfflineMetrics.standardError(differences) else { return nil }
        return
            "NDCG@10 is lower by \(rounded(-mean)) than with the settings of version \(incumbent.number) on the same persons"
    }

    private static func rounded(_ value: Double) -> String { String((value * 10_000).rounded() / 10_000) }

    private func nothingToLearn(
        _ settings: RecommendationSettings, _ snapshot: Snapshot
    ) -> RecommendationError {
        let known = snapshot.eventNames.names
        let asked = settings.interactions.map { "'\($0.event)' with '\($0.item)'" }.joined(separator: ", ")
        let there = known.isEmpty ? "The log is empty" : "The log has \(known.prefix(8).joined(separator: ", "))"
        return RecommendationError(
            .insufficient,
            "there is nothing to learn from: no event is \(asked). \(there): mend 'interactions' or import events first"
        )
    }
}

extension RecommendationSettings {
    /// Whether the same events are read and judged, so that results can be compared.
    func readsTheSame(as other: RecommendationSettings) -> Bool {
        interactions == other.interactions && group == other.group && validation == other.validation
            && historyMax == other.historyMax
    }
}
