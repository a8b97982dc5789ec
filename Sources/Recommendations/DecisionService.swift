import Dispatch
import EventLog
import Foundation
import Synchronization

/// Decides what a person is shown at a placement, and remembers what it decided.
///
/// ```swift
/// let decisions = decisions.decide(DecideRequest(person: "u1", places: [.init("home")]))
/// let why = try decisions.explanation(of: decisions[0].id)
/// ```
///
/// Everything that does not depend on the person is in memory and made ready ahead: models, the catalogue, what rules
/// allow. A request reads the person's history as it is now, and never fails: where something is missing, there is
/// another list and the reason why (`Fallback`).
package final class DecisionService: Sendable {
    let models: RecommendationService
    package let placements: PlacementService
    let history: any InteractionHistory
    let log: any DecisionLog
    let gate: any DecisionGate
    package let journal: DecisionJournal
    let now: @Sendable () -> Int64
    let chance: @Sendable () -> UInt64
    /// What the names of events suggest they say about items, where nobody has set it.
    let suggestFeedback: @Sendable () throws -> FeedbackSettings
    let loaded = Mutex(Loaded())
    /// Held by whoever reads models, so that each is read once.
    let loading = Mutex<Void>(())
    let loadingQueue = DispatchQueue(label: "dangol.decisions.loading")
    private let choosing: Mutex<any ActionChooser>
    private let playing = Mutex<(any StartedItems)?>(nil)
    private let deciding = Mutex<(any MomentDecider)?>(nil)
    let recent = Mutex(RecentDecisions())

    /// What is in memory.
    struct Loaded: Sendable {
        var models: [String: LoadedModel] = [:]
        /// When it was last compared with what is on disk; milliseconds.
        var checkedTime: Int64?
        var isChecking = false
        var isReady = false
        /// What went wrong the last time, by model.
        var failures: [String: String] = [:]
    }

    struct LoadedModel: Sendable {
        /// As it was trained, without what came into the catalogue since.
        var trained: TrainedModel
        var serving: ServingModel
        var activeNumber: Int?
        var catalogueVersion: Int64
        var loadedTime: Int64
        /// Why it is not what the placement asks for.
        var fallback: Fallback?
        var notes: [String]
    }

    package init(
        models: RecommendationService, placements: PlacementService, log: any DecisionLog,
        gate: any DecisionGate = OpenGate(),
        suggestFeedback: @escaping @Sendable () throws -> FeedbackSettings = { FeedbackSettings() },
        chance: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.models = models
        self.placements = placements
        self.log = log
        self.gate = gate
        self.suggestFeedback = suggestFeedback
        self.chance = chance
        history = models.history
        now = models.now
        journal = DecisionJournal(log)
        choosing = Mutex(FirstAction())
    }

    /// Who chooses among actions.
    package var chooser: any ActionChooser { choosing.withLock { $0 } }

    package func use(_ chooser: any ActionChooser) { choosing.withLock { $0 = chooser } }

    /// Who knows what persons began; nil where nothing is played.
    var started: (any StartedItems)? { playing.withLock { $0 } }

    package func use(_ started: any StartedItems) { playing.withLock { $0 = started } }

    /// Who says what to do at a moment of a session; nil where nobody does.
    var moments: (any MomentDecider)? { deciding.withLock { $0 } }

    package func use(_ moments: any MomentDecider) { deciding.withLock { $0 = moments } }

    /// What events say about items: as somebody has set it, or else as their names suggest.
    ///
    /// - Throws: what the suggestion throws.
    package func feedback() throws -> FeedbackSettings { try placements.feedback ?? suggestFeedback() }
}

/// Whom the latest decisions were made for, so that what comes of them a moment later needs no look into the log.
struct RecentDecisions: Sendable {
    struct Known: Sendable, Hashable {
        var person: String
        var placement: String
        var items: [String]
    }

    private var known: [DecisionID: Known] = [:]
    private var order: [DecisionID] = []
    /// About 40 MB with lists of ten items.
    private static let countMax = 60_000

    subscript(id: DecisionID) -> Known? { known[id] }

    mutating func add(_ decision: Decision) {
        guard let person = decision.person else { return }
        known[decision.id] = Known(decision, person: person)
        order.append(decision.id)
        guard order.count > Self.countMax else { return }
        // Half at once, so that it costs little for each decision.
        for id in order.prefix(Self.countMax / 2) { known[id] = nil }
        order.removeFirst(Self.countMax / 2)
    }
}

extension RecentDecisions {
    mutating func forget(_ persons: Set<String>) {
        for (id, decision) in known where persons.contains(decision.person) { known[id] = nil }
    }
}

extension DecisionService {
    /// Forgets persons in memory; what the log holds of them is deleted there.
    package func forget(_ persons: [String]) { recent.withLock { $0.forget(Set(persons)) } }
}
