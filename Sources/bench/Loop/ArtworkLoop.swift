import DemoWorld
import EventLog
import Recommendations
import Statistics

/// Pictures of titles: a learning policy against the best picture of each title and against chance.
///
/// Each choice is logged with its probabilities, its answer comes back as an event, and the policy learns from the tail
/// of the log. On each occasion the world knows the true chance of every picture that the title plays.
struct ArtworkLoop {
    struct Outcome {
        /// True chances that the title plays, means over occasions: as the policy chose, exploration included.
        var personalised = 0.0
        /// With the picture that is best for all viewers of the title, which nobody could know beforehand.
        var bestFixed = 0.0
        /// With the picture that everybody is shown.
        var first = 0.0
        var random = 0.0
        var oracle = 0.0
        var occasions = 0
    }

    static let placement = "artwork"
    static let impressions = ImpressionSource(
        shown: "Artwork Shown", artwork: "items.artworkId", item: "items.titleId", taken: "Title Viewed",
        takenArtwork: "artworkId", takenItem: "titleId", except: ["row": ["search"]])
    /// Played so long, a title was not opened by mistake.
    static let qualitySeconds = 120.0

    private let history: LoopHistory<Cinema>
    private let tail: TailReader
    private let tags: [String: [String: Double]]
    private var readers: [String: PictureReader] = [:]
    private var decisions: [String: BanditDecision] = [:]
    private(set) var learner: PolicyLearner
    private(set) var trials: [BanditTrial] = []
    private(set) var outcome = Outcome()
    private var bestFixed: [Int: Int] = [:]
    private var random: RandomSource

    init(_ history: LoopHistory<Cinema>, _ settings: PolicySettings, viewers: [String], seed: UInt64) throws {
        self.history = history
        random = RandomSource(seed: seed, stream: 77)
        var tags: [String: [String: Double]] = [:]
        for title in history.world.business.catalogue.titles {
            for artwork in title.artworks { tags[artwork.id] = [artwork.emphasis.slug: 1] }
        }
        self.tags = tags
        learner = PolicyLearner(settings, windowMilliseconds: 3 * KoreanCalendar.hour)
        tail = history.log.follow(from: history.log.nextSequence)
        try warmUp(viewers)
    }

    // MARK: Before the first choice

    /// Reads what viewers saw and took so far: their tastes, and trials for the policy to begin with. A trial knows the
    /// taste of before it.
    private mutating func warmUp(_ viewers: [String]) throws {
        let table = tags
        for viewer in viewers {
            var reader = PictureReader(Self.impressions) { id, _ in table[id] }
            var warm: [(decision: BanditDecision, taken: Bool)] = []
            for stored in try history.log.history(of: viewer) {
                let context = reader.taste.isEmpty ? [:] : reader.taste.features
                let read = reader.read(stored.event)
                if !read.taken.isEmpty {
                    let ids = Set(read.taken)
                    for place in warm.indices.suffix(40) where ids.contains(warm[place].decision.actions[0].id) {
                        warm[place].taken = true
                    }
                }
                for id in read.shown where random.chance(Self.warmShare) {
                    warm.append((impression(id, of: viewer, stored.event, context), false))
                }
            }
            for (decision, taken) in warm {
                learner.learn(BanditTrial(decision, reward: taken ? 0.8 : 0), weight: Self.warmWeight)
            }
            readers[viewer] = reader
        }
    }

    /// Of the impressions so many are learned from, and so much each counts.
    private static let warmShare = 0.15
    private static let warmWeight = 1.0

    private func impression(
        _ artwork: String, of viewer: String, _ event: Event, _ context: [String: ContextValue]
    ) -> BanditDecision {
        // The id begins with the title's.
        let subject = artwork.split(separator: "-").prefix(2).joined(separator: "-")
        return BanditDecision(
            id: "", person: viewer, time: event.time, placement: Self.placement, subject: subject,
            actions: [.init(artwork, tags: tags[artwork] ?? [:])], probabilities: [1], chosen: 0, context: context)
    }

    // MARK: Choosing

    /// Shows a title to a viewer with the picture that the policy chooses, and logs all of it.
    ///
    /// - Parameter isMeasured: whether the occasion counts in the outcome.
    mutating func show(_ title: Title, to viewer: String, at time: Int64, isMeasured: Bool) throws {
        guard var reader = readers[viewer] else { return }
        let actions = title.artworks.map { BanditDecision.Action($0.id, tags: tags[$0.id] ?? [:]) }
        let values = title.artworks.map { artwork in
            history.world.expect(.artwork(item: title.id, artwork: artwork.id, position: 0), of: viewer, at: time)[
                .played]
        }
        guard values.contains(where: { $0 > 0 }) else { return }
        let known = reader.known[PictureReader.key(placement: Self.placement, subject: title.id)]
        let context = reader.taste.features
        let choice = learner.choose(actions, subject: title.id, context: context, known: known, &random)
        let decision = BanditDecision(
            id: "\(viewer)/\(time)/\(title.id)", person: viewer, time: time, placement: Self.placement,
            subject: title.id, actions: actions, probabilities: choice.distribution.probabilities,
            chosen: choice.action, context: context)
        if isMeasured { measure(title, values, choice.distribution.probabilities) }
        let answer = history.world.apply(
            .artwork(item: title.id, artwork: actions[choice.action].id, position: 0), to: viewer, at: time)
        let seconds = answer.total(.played)
        let reward = min(1, seconds / Self.qualitySeconds)
        try log(decision, reward: reward, at: time)
        reader.read(decision)
        if answer.did(.viewed) { reader.taken(decision.id) } else { reader.shown(decision.id) }
        readers[viewer] = reader
        trials.append(BanditTrial(decision, reward: reward))
    }

    private func log(_ decision: BanditDecision, reward: Double, at time: Int64) throws {
        var events = [decision.event]
        let id = Event.Property("decision_id", .string(decision.id))
        events.append(Event(person: decision.person, name: "Decision Shown", time: time + 1_000, properties: [id]))
        if reward > 0 {
            events.append(
                Event(
                    person: decision.person, name: "Decision Rewarded", time: time + 3_600_000,
                    properties: [id, .init("reward", .number(reward))]))
        }
        try history.log.appendAndWait(events)
    }

    /// Learns from what has been logged since the last time.
    mutating func learn() throws {
        while true {
            let events = try tail.read(limit: 5_000)
            if events.isEmpty { return }
            for stored in events { learner.read(stored.event, placement: Self.placement) }
        }
    }

    private mutating func measure(_ title: Title, _ values: [Double], _ probabilities: [Double]) {
        let chosen = zip(values, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
        let count = Double(outcome.occasions)
        func add(_ mean: inout Double, _ value: Double) { mean = (mean * count + value) / (count + 1) }
        add(&outcome.personalised, chosen)
        add(&outcome.bestFixed, values[bestFixed[title.index] ?? 0])
        add(&outcome.first, values[0])
        add(&outcome.random, values.reduce(0, +) / Double(values.count))
        add(&outcome.oracle, values.max() ?? 0)
        outcome.occasions += 1
    }

    /// Finds the picture of each title that is truly best over some viewers.
    mutating func findBestFixed(_ viewers: [String], at time: Int64) {
        for title in history.world.business.catalogue.titles {
            var sums = [Double](repeating: 0, count: title.artworks.count)
            for viewer in viewers {
                for (place, artwork) in title.artworks.enumerated() {
                    sums[place] +=
                        history.world.expect(
                            .artwork(item: title.id, artwork: artwork.id, position: 0), of: viewer, at: time)[.played]
                }
            }
            bestFixed[title.index] = sums.indices.max { sums[$0] < sums[$1] }
        }
    }
}
