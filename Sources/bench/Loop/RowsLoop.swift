import DemoWorld
import EventLog
import Foundation
import Recommendations
import Statistics

/// Rows of titles: what fits each viewer against what everybody watches, in an invented cinema that answers.
///
/// Every evening some viewers look at a row of six. Candidates and their fit come from the trained models; their order
/// from a policy that learns what is taken when it is looked at, with the viewer's taste by what titles are like. What
/// other rows would have brought on the same occasion is known to the world: the true chance that something plays.
struct RowsLoop {
    /// True chances that something of the row plays, means over occasions.
    struct Outcome {
        /// With the learned order, exploration included.
        var personalised = 0.0
        /// By the models' fit alone.
        var models = 0.0
        /// What everybody watches these days, without what the viewer knows.
        var popular = 0.0
        /// The best row of the same candidates.
        var oracle = 0.0
        var occasions = 0

        mutating func add(_ look: Look) {
            let count = Double(occasions)
            func add(_ mean: inout Double, _ value: Double) { mean = (mean * count + value) / (count + 1) }
            add(&personalised, look.personalised)
            add(&models, look.models)
            add(&popular, look.popular)
            add(&oracle, look.oracle)
            occasions += 1
        }
    }

    struct Look {
        var items: [String]
        var personalised: Double
        var models: Double
        var popular: Double
        var oracle: Double
    }

    static let rowLength = 6
    private static let exploration = 0.05
    /// How much a place further to the right is looked at, for what was not taken.
    private static let attention = 0.86
    /// Of the impressions of before so many are learned from.
    private static let warmShare = 0.2
    /// Candidates whose order is learned.
    private static let candidates = 150

    private let history: LoopHistory<Cinema>
    private let tags: [String: [String: Double]]
    private var learner: PolicyLearner
    private var tastes: [String: PictureTaste] = [:]
    private var models: Models
    private var random: RandomSource
    private let folder: String
    private(set) var outcome = Outcome()

    private struct Models {
        var personal: Recommender
        var popular: Recommender
    }

    init(_ history: LoopHistory<Cinema>, viewers: [String], seed: UInt64, folder: String) throws {
        self.history = history
        self.folder = folder
        tags = LoopHistory<Cinema>.titleTags(history.world.business)
        random = RandomSource(seed: seed, stream: 11)
        learner = PolicyLearner(PolicySettings(.linUCB), windowMilliseconds: 3 * KoreanCalendar.hour)
        models = try Self.train(history, folder)
        try warmUp(viewers)
    }

    // MARK: Models

    /// What events of the cinema say about titles.
    static var settings: RecommendationSettings {
        var settings = RecommendationSettings(interactions: [
            InteractionMapping(event: "Playback Completed", item: "titleId", strength: 1),
            InteractionMapping(
                event: "Playback Stopped", item: "titleId", strength: 0.6, value: "watchedSeconds", outOf: 3_000),
            InteractionMapping(event: "Title Viewed", item: "titleId", strength: 0.1),
        ])
        settings.blend = ["ease": 1, "sequence": 0.2, "trending": 0.3]
        settings.validation.kind = .off
        return settings
    }

    private static var popularSettings: RecommendationSettings {
        var settings = settings
        settings.name = "popular"
        settings.blend = ["popular": 1]
        return settings
    }

    mutating func train() throws { models = try Self.train(history, folder) }

    private static func train(_ history: LoopHistory<Cinema>, _ folder: String) throws -> Models {
        let time = history.world.time
        let service = RecommendationService(
            folder: folder, history: history.log, items: LoopHistory<Cinema>.Items(history.world.business),
            now: { time })
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for settings in [settings, popularSettings] {
            _ = try service.train(settings, isForced: true, threads: 1)
        }
        return Models(personal: try service.open("default"), popular: try service.open("popular"))
    }

    // MARK: Before the first row

    /// Reads what viewers looked at and took so far: their tastes, and trials for the policy to begin with. A trial
    /// knows the taste of before it.
    private mutating func warmUp(_ viewers: [String]) throws {
        for viewer in viewers {
            var taste = PictureTaste()
            var known: Set<String> = []
            var warm: [(item: String, place: Int, taste: [String: ContextValue], taken: Bool)] = []
            for stored in try history.log.history(of: viewer) {
                let event = stored.event
                if event.name == "Artwork Shown", case .strings(let ids)? = event["items.titleId"] {
                    let features = taste.features
                    for (place, id) in ids.enumerated() where !known.contains(id) {
                        taste.shown(tags[id] ?? [:])
                        if random.chance(Self.warmShare) { warm.append((id, place, features, false)) }
                    }
                }
                guard event.name == "Playback Started", case .string(let id)? = event["titleId"] else { continue }
                if known.insert(id).inserted { taste.taken(tags[id] ?? [:]) }
                for place in warm.indices.suffix(40) where warm[place].item == id { warm[place].taken = true }
            }
            for trial in warm {
                learn(trial.item, trial.taste, of: viewer, taken: trial.taken, place: trial.place)
            }
            tastes[viewer] = taste
        }
    }

    private mutating func learn(
        _ item: String, _ context: [String: ContextValue], of viewer: String, taken: Bool, place: Int
    ) {
        let decision = BanditDecision(
            id: "", person: viewer, time: 0, placement: "home", actions: [.init(item, tags: tags[item] ?? [:])],
            probabilities: [1], chosen: 0, context: context)
        learner.learn(
            BanditTrial(decision, reward: taken ? 1 : 0), weight: taken ? 1 : pow(Self.attention, Double(place)))
    }

    // MARK: A row

    /// Lays a row before a viewer and learns from the answer.
    ///
    /// - Returns: nil for somebody who has no subscription, and watches nothing.
    mutating func show(to viewer: String, at time: Int64, isMeasured: Bool) throws -> Look? {
        func chance(_ items: [String]) -> Double {
            history.world.expect(.recommendations(placement: "home/1", items: items), of: viewer, at: time)[.played]
        }
        let candidates = try models.personal.recommend(for: viewer, count: 400).items.map(\.item)
        let best = candidates.map { (id: $0, chance: chance([$0])) }.sorted { $0.chance > $1.chance }
        guard let first = best.first, first.chance > 0 else { return nil }
        let context = tastes[viewer, default: PictureTaste()].features
        let pool = Array(candidates.prefix(Self.candidates))
        let expected = learner.expected(pool.map { .init($0, tags: tags[$0] ?? [:]) }, context: context)
        let order = pool.indices.sorted { expected[$0] > expected[$1] }
        let placed = ListRules.explored(order, count: Self.rowLength, share: Self.exploration, &random)
        let items = placed.map { pool[$0.element] }
        let popular = try models.popular.recommend(for: viewer, count: Self.rowLength).items.map(\.item)
        let look = Look(
            items: items, personalised: chance(items), models: chance(Array(candidates.prefix(Self.rowLength))),
            popular: chance(popular), oracle: chance(best.prefix(Self.rowLength).map(\.id)))
        if isMeasured { outcome.add(look) }
        let answer = history.world.apply(
            .recommendations(placement: "home/1", items: items), to: viewer, at: time)
        let played = Set(answer.reactions.filter { $0.deed == .played }.compactMap(\.item))
        for (place, item) in items.enumerated() {
            learn(item, context, of: viewer, taken: played.contains(item), place: place)
            let like = tags[item] ?? [:]
            tastes[viewer]?.shown(like)
            if played.contains(item) {
                tastes[viewer]?.taken(like)
                // Nobody looks further than what they play.
                break
            }
        }
        return look
    }
}
