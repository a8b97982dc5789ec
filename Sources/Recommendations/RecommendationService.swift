import EventLog
import Foundation

/// Trains models, keeps their versions, and opens them to be asked.
///
/// ```swift
/// let service = RecommendationService(folder: workspace.modelsFolder, history: log)
/// let version = try service.train(settings)
/// let list = try service.open("default").recommend(for: "u1", count: 10)
/// ```
package struct RecommendationService: Sendable {
    /// `<workspace>/models`
    private let folder: String
    let history: any InteractionHistory
    let items: any ItemSource
    let gate: any DecisionGate
    let now: @Sendable () -> Int64

    /// - Parameter gate: who does not want to be profiled gets what everybody chooses.
    package init(
        folder: String, history: any InteractionHistory, items: any ItemSource = NoItems(),
        gate: any DecisionGate = OpenGate(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) {
        self.folder = folder
        self.history = history
        self.items = items
        self.gate = gate
        self.now = now
    }

    /// The versions of a model.
    ///
    /// - Throws: `RecommendationError` with `invalid` when the name is none.
    func store(_ name: String) throws -> ModelStore {
        guard ModelName.isValid(name) else {
            throw RecommendationError(
                .invalid, "'\(name)' is no name of a model: use 1 to 64 letters (a to z), digits, '-' and '_'")
        }
        return ModelStore(folder: folder + "/" + name)
    }

    func catalogue() throws -> [CandidateItem] {
        var all: [CandidateItem] = []
        try items.forEachItem { all.append($0) }
        return all
    }

    // MARK: Versions

    package struct Versions: Sendable {
        /// Oldest first.
        package var versions: [ModelVersion]
        /// The one that answers.
        package var active: Int?
        /// What is wrong with versions that cannot be read.
        package var damage: [String]
    }

    /// - Throws: `notFound` when the model was never trained.
    package func versions(_ name: String) throws -> Versions {
        let store = try store(name)
        var result = Versions(versions: [], active: store.active(), damage: [])
        let numbers = store.numbers()
        guard !numbers.isEmpty else { throw missing(name) }
        for number in numbers {
            do {
                result.versions.append(try store.version(number))
            } catch {
                result.damage.append("\(error)")
            }
        }
        return result
    }

    /// Lets an older version answer again.
    ///
    /// - Parameter number: nil is the newest before the active one that was active itself.
    /// - Throws: `notFound` when there is none.
    package func rollBack(_ name: String, to number: Int? = nil) throws -> ModelVersion {
        let store = try store(name)
        guard let active = store.active() else { throw missing(name) }
        let before = store.numbers().filter { $0 < active }.reversed()
        let found = before.first { (try? store.version($0))?.heldBack == nil && (try? store.model($0)) != nil }
        guard let target = number ?? found else {
            throw RecommendationError(
                .notFound, "version \(active) of '\(name)' is the oldest that can be used: there is none to go back to")
        }
        try store.activate(target)
        return try store.version(target)
    }

    /// The settings that a model was last trained with.
    package func settings(_ name: String) throws -> RecommendationSettings {
        let store = try store(name)
        guard let active = store.active() else { throw missing(name) }
        return try store.version(active).settings
    }

    private func missing(_ name: String) -> RecommendationError {
        RecommendationError(
            .notFound,
            "the model '\(name)' has not been trained. Say which events are about items in a file, and train it: "
                + "dangol recommend train --config FILE")
    }

    // MARK: Asking

    /// A model in memory. When the active version is damaged, the one before it answers; when none can be read, what is
    /// popular does. `Recommender.notes` says so.
    ///
    /// - Throws: `notFound` when the model was never trained.
    package func open(_ name: String) throws -> Recommender {
        let store = try store(name)
        if let loaded = store.load() {
            var notes = loaded.damage
            if !notes.isEmpty { notes.append("version \(loaded.number) answers in its place") }
            return try recommender(loaded.model, loaded.number, notes)
        }
        guard let active = store.active() else { throw missing(name) }
        var damage: [String] = []
        for number in store.numbers() where number <= active {
            do { _ = try store.model(number) } catch { damage.append("\(error)") }
        }
        guard let settings = store.numbers().reversed().lazy.compactMap({ try? store.version($0).settings }).first
        else { throw RecommendationError(.corrupt, damage.joined(separator: "; ") + ". Train the model again") }
        var plain = settings
        plain.models = .everybody
        plain.blend = ["trending": 1]
        let model = try Trainer(plain).train(try history.snapshot().interactions(plain), items: catalogue())
        return try recommender(
            model, 0, damage + ["no version can be read, so what everybody chooses answers; train the model again"])
    }

    private func recommender(_ model: TrainedModel, _ number: Int, _ notes: [String]) throws -> Recommender {
        let (joined, known) = model.joined(with: try catalogue())
        return Recommender(
            lister: Lister(joined, catalogue: known), history: history, gate: gate, now: now, version: number,
            notes: notes)
    }
}

extension ModelSettings {
    /// Only what needs no training.
    static var everybody: ModelSettings {
        var models = ModelSettings()
        models.ease = nil
        models.sequence = nil
        return models
    }
}
