import EventLog
import Statistics

/// What people saw and took of pictures before anybody decided: trials for a policy to begin with.
///
/// Each look is a trial of one picture, with the taste that the person had before it, and is rewarded when the person
/// took it within their next looks.
struct ImpressionFold: PersonFold, Sendable {
    private var events: EventFold
    private let plan: EventPlan
    private let source: ImpressionSource
    private let placement: String
    private let limit: Int
    private let tags: @Sendable (String, String?) -> [String: Double]?
    private(set) var found: [(rank: UInt64, trial: BanditTrial)] = []
    /// Trials of a higher rank are left out, so that what is kept is a sample that does not depend on the threads.
    private(set) var rankMax = UInt64.max

    /// Looks after which a picture counts as not taken.
    private static let attention = 40
    /// Of one person, the newest.
    private static let perPerson = 1_000

    init(
        _ plan: EventPlan, _ source: ImpressionSource, placement: String, limit: Int,
        tags: @escaping @Sendable (String, String?) -> [String: Double]?
    ) {
        self.plan = plan
        self.source = source
        self.placement = placement
        self.limit = limit
        self.tags = tags
        events = EventFold(plan)
    }

    mutating func enter(_ block: ScanBlock) { events.enter(block) }

    mutating func visit(_ person: borrowing PersonView) throws {
        events.removeAll()
        try events.visit(person)
        guard !events.events.isEmpty else { return }
        var reader = PictureReader(source, tags: tags)
        var looks: [BanditTrial] = []
        for event in events.events {
            let context = reader.taste.isEmpty ? [:] : reader.taste.features
            let items = source.item.map { event.texts($0) } ?? []
            let ids = event.texts(source.artwork)
            let read = reader.read(event)
            let taken = Set(read.taken)
            for place in looks.indices.suffix(Self.attention)
            where taken.contains(looks[place].decision.actions[0].id) { looks[place].reward = 1 }
            for id in read.shown {
                let item = ids.firstIndex(of: id).flatMap { $0 < items.count ? items[$0] : nil }
                looks.append(trial(id, of: item, event, context))
            }
        }
        for (place, trial) in looks.suffix(Self.perPerson).enumerated() {
            let rank = SplitMix64.mix(
                person.hash ^ SplitMix64.mix(UInt64(bitPattern: trial.decision.time) &+ UInt64(place)))
            if rank <= rankMax { found.append((rank, trial)) }
        }
        while found.count > limit {
            rankMax /= 2
            found.removeAll { $0.rank > rankMax }
        }
    }

    private func trial(
        _ artwork: String, of item: String?, _ event: Event, _ context: [String: ContextValue]
    ) -> BanditTrial {
        BanditTrial(
            BanditDecision(
                id: "", person: event.person, time: event.time, placement: placement, subject: item,
                actions: [.init(artwork, tags: tags(artwork, item) ?? [:])], probabilities: [1], chosen: 0,
                context: context), reward: 0)
    }
}

extension Snapshot {
    /// Looks at pictures and what was taken of them, in the order of time.
    ///
    /// - Parameters:
    ///   - times: of the looks, in milliseconds.
    ///   - limit: of the trials; of more a sample.
    ///   - tags: what a picture shows, by its id and the item's.
    /// - Complexity: O(rows of looking and taking); memory is bounded by the limit and one person's rows.
    func impressions(
        _ source: ImpressionSource, placement: String, times: Range<Int64>, limit: Int,
        tags: @escaping @Sendable (String, String?) -> [String: Double]?
    ) throws -> [BanditTrial] {
        let plan = EventPlan(
            self, events: [source.shown, source.taken], properties: Array(Set(source.properties)).sorted(), times: times
        )
        let folds = try scan(plan.selection) {
            ImpressionFold(plan, source, placement: placement, limit: limit, tags: tags)
        }.folds
        var rankMax = folds.map(\.rankMax).min() ?? .max
        var found = folds.flatMap { fold in fold.found.filter { $0.rank <= rankMax } }
        while found.count > limit {
            rankMax /= 2
            found.removeAll { $0.rank > rankMax }
        }
        return found.sorted { ($0.trial.decision.time, $0.rank) < ($1.trial.decision.time, $1.rank) }.map(\.trial)
    }
}
