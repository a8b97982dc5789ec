import EventLog
import Foundation
import Synchronization

extension DecisionService {
    /// What is on disk is looked at so often.
    private static let checkMilliseconds: Int64 = 1_000
    /// What everybody chooses is counted anew so often while there is no model.
    private static let everybodyMilliseconds: Int64 = 10 * 60_000
    /// Models that are kept in memory. Placements may name no others.
    package static let modelsMax = 8

    /// The model that a placement asks for; nil while it is being read.
    func model(_ name: String) -> LoadedModel? {
        checkSoon()
        return loaded.withLock { $0.models[name] }
    }

    /// Looks at the disk in the background when that was not done for a while. A request never waits for it.
    private func checkSoon() {
        let time = now()
        let isDue = loaded.withLock { loaded in
            if loaded.isChecking { return false }
            if let checked = loaded.checkedTime, time >= checked, time - checked < Self.checkMilliseconds {
                return false
            }
            loaded.isChecking = true
            return true
        }
        guard isDue else { return }
        refreshSoon()
    }

    /// Brings what is in memory up to date with what is on disk: active versions, the catalogue, placements. Whoever
    /// has changed one of them calls it, so that the next request sees it; else it takes a second.
    package func refresh() {
        loading.withLock { _ in
            var names: Set<String> = ["default"]
            for stored in placements.all.sorted(by: { $0.updatedTime < $1.updatedTime }) {
                if names.count < Self.modelsMax { names.insert(stored.placement.model) }
            }
            for name in names.sorted() {
                do {
                    try load(name)
                    loaded.withLock { $0.failures[name] = nil }
                } catch {
                    loaded.withLock { $0.failures[name] = "\(error)" }
                }
            }
            loaded.withLock { loaded in
                loaded.models = loaded.models.filter { names.contains($0.key) }
                loaded.checkedTime = now()
                loaded.isChecking = false
                loaded.isReady = true
            }
        }
    }

    /// The same in the background, at once, and what pages need to let people go on with what they began.
    package func refreshSoon() {
        loadingQueue.async { [weak self] in
            self?.refresh()
            self?.prepareStarted()
        }
    }

    private func prepareStarted() {
        if placements.all.contains(where: { $0.placement.kind == .home }) { started?.prepare() }
    }

    /// Returns when models are in memory, or after so many milliseconds.
    package func warmUp(milliseconds: Int) async {
        if loaded.withLock({ $0.isReady }) { return }
        checkSoon()
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end, !loaded.withLock({ $0.isReady }) {
            try? await Task.sleep(for: .milliseconds(2))
            if Task.isCancelled { return }
        }
    }

    private func load(_ name: String) throws {
        let store = try models.store(name)
        let active = store.active()
        let catalogueVersion = try models.items.version()
        let known = loaded.withLock { $0.models[name] }
        if let known, known.activeNumber == active, known.catalogueVersion == catalogueVersion,
            active != nil || now() - known.loadedTime < Self.everybodyMilliseconds
        {
            warmPools(known.serving)
            return
        }
        var made: LoadedModel
        if let known, known.activeNumber == active, active != nil {
            made = known
            made.serving = try serving(known.trained, known.serving.version, reusing: known.serving.model.cold)
        } else if let active, let whole = store.load() {
            made = LoadedModel(
                trained: whole.model, serving: try serving(whole.model, whole.number), activeNumber: active,
                catalogueVersion: catalogueVersion, loadedTime: now(),
                fallback: whole.number == active ? nil : .damagedModel, notes: whole.damage)
        } else {
            let model = try everybody(name)
            made = LoadedModel(
                trained: model, serving: try serving(model, 0), activeNumber: active,
                catalogueVersion: catalogueVersion, loadedTime: now(),
                fallback: active == nil ? .noModel : .damagedModel, notes: [])
        }
        made.catalogueVersion = catalogueVersion
        warmPools(made.serving)
        let final = made
        loaded.withLock { $0.models[name] = final }
    }

    /// What everybody chooses, without a training: for a workspace that has just begun.
    private func everybody(_ name: String) throws -> TrainedModel {
        var settings = RecommendationSettings(name: name, (try? feedback()) ?? FeedbackSettings())
        settings.models = .everybody
        settings.blend = ["trending": 1]
        let interactions =
            settings.interactions.isEmpty ? Interactions() : try history.snapshot().interactions(settings)
        return try Trainer(settings, threads: 1).train(interactions, items: models.catalogue())
    }

    /// - Parameter cold: what was found to be like items that nobody has met, with the catalogue before.
    private func serving(
        _ model: TrainedModel, _ number: Int, reusing cold: ColdItems? = nil
    ) throws -> ServingModel {
        var items: [CandidateItem] = []
        try models.items.forEachItem { item in
            items.append(item)
            items[items.count - 1].text = ""
        }
        let (joined, known) = model.joined(with: items, reusing: cold)
        return ServingModel(joined, catalogue: known, version: number)
    }

    /// Works out what rules allow before somebody asks.
    private func warmPools(_ serving: ServingModel) {
        for stored in placements.all where stored.placement.model == serving.model.settings.name {
            _ = serving.pool(stored)
        }
    }

    /// What is in memory, for people who look after the server.
    package struct ModelState: Sendable {
        package var name: String
        /// 0: what everybody chooses.
        package var version: Int
        package var items: Int
        /// Beside the model's own size, as an estimate.
        package var servingBytes: Int
        package var fallback: Fallback?
        package var notes: [String]
    }

    package var states: [ModelState] {
        loaded.withLock { loaded in
            loaded.models.sorted { $0.key < $1.key }.map { name, model in
                ModelState(
                    name: name, version: model.serving.version, items: model.serving.model.items.count,
                    servingBytes: model.serving.servingBytes, fallback: model.fallback,
                    notes: model.notes + [loaded.failures[name]].compactMap(\.self))
            }
        }
    }
}
