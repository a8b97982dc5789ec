import Foundation

/// Trains every model that the settings ask for. Deterministic: the same interactions, items, settings and kind of
/// processor give the same model, on any number of threads.
package struct Trainer: Sendable {
    package var settings: RecommendationSettings
    package var threads: Int
    /// Told which model is trained and how far it is; false ends the training.
    package var progress: @Sendable (_ stage: String, _ share: Double) -> Bool

    package init(
        _ settings: RecommendationSettings, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
        progress: @escaping @Sendable (_ stage: String, _ share: Double) -> Bool = { _, _ in true }
    ) {
        self.settings = settings
        self.threads = threads
        self.progress = progress
    }

    /// - Parameters:
    ///   - items: the catalogue; may be empty, and may have items that nobody has met.
    ///   - now: what ages count from: the newest interaction when it is left out.
    /// - Throws: `RecommendationError` with `interrupted` when `progress` said so.
    package func train(_ interactions: Interactions, items: [CandidateItem] = [], now: Int64? = nil) throws
        -> TrainedModel
    {
        let ids = Set(interactions.items).union(items.map(\.id)).sorted()
        let interactions = interactions.over(ids)
        let now = now ?? interactions.latest
        var model = TrainedModel(
            settings: settings, items: ids, groups: interactions.groupNames, trainedThrough: interactions.latest)
        try enter("popular")
        model.popular = TrainScores.popular(interactions)
        if let trending = settings.models.trending {
            model.trending = TrainScores.trending(trending, interactions, now: now)
        }
        let histories = interactions.histories()
        let visits = ItemPersons(histories, itemCount: ids.count)
        try trainLinks(&model, histories, visits)
        try trainDescriptions(&model, interactions, items, now)
        if let als = settings.models.als {
            let factors = TrainALS.train(als, histories, visits, seed: settings.seed, threads: threads) {
                progress("als", $0)
            }
            guard let factors else { throw Self.interrupted }
            model.als = factors
        }
        model.weights = settings.blend ?? Blend.equal(model)
        return model
    }

    private func trainLinks(_ model: inout TrainedModel, _ histories: [History], _ visits: ItemPersons) throws {
        if let ease = settings.models.ease {
            let links = try TrainEase.train(ease, histories, visits, threads: threads) { progress("ease", $0) }
            guard let links else { throw Self.interrupted }
            model.ease = links
        }
        if let neighbours = settings.models.neighbours {
            try enter("neighbours")
            model.neighbours = TrainLinks.neighbours(neighbours, histories, visits, threads: threads)
        }
        if let sequence = settings.models.sequence {
            try enter("sequence")
            model.sequence = TrainLinks.sequence(sequence, histories, visits, threads: threads)
        }
    }

    private func trainDescriptions(
        _ model: inout TrainedModel, _ interactions: Interactions, _ items: [CandidateItem], _ now: Int64
    ) throws {
        try enter("content")
        var known = [CandidateItem?](repeating: nil, count: model.items.count)
        for item in items { if let number = model.numbers[item.id] { known[number] = item } }
        if let content = settings.models.content {
            model.content = TrainContent.links(content, known, threads: threads)
        }
        var since = known.map { $0?.since ?? $0?.addedTime }
        for row in 0..<interactions.count {
            let item = Int(interactions.itemNumbers[row])
            // Where the catalogue does not say, an item is as old as its first interaction.
            if known[item]?.since == nil {
                since[item] = min(since[item] ?? .max, interactions.times[row])
            }
        }
        model.knownSince = since
        if let new = settings.models.new { model.new = TrainScores.new(new, since: since, now: now) }
    }

    private func enter(_ stage: String) throws {
        guard progress(stage, 0) else { throw Self.interrupted }
    }

    static let interrupted = RecommendationError(
        .interrupted, "the training was stopped; the models are as they were before")
}
