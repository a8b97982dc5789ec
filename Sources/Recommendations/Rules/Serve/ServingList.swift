import Statistics

/// What a placement shows a person, from a serving model.
struct ServingList {
    let serving: ServingModel
    let ranking: RankingSettings
    let pool: PlacementPool
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let now: Int64
    let region: String?

    /// A list with what its places were chosen from.
    struct Ranked {
        var items: [Decision.Item] = []
        var candidates = 0
        var isExploring = false
    }

    /// What the list goes by.
    enum Basis {
        case person
        /// Goes with these items; links of the named models only, all when there are none.
        case items([Int], models: Set<String>)
        /// These alone, the first being the most relevant, in the person's own order.
        case found([Int])
    }

    /// Deviations that lie between the first and the last that a search found.
    private static let relevance: Float = 3

    init(_ serving: ServingModel, _ stored: StoredPlacement, now: Int64, region: String?) {
        self.serving = serving
        var ranking = stored.placement.ranking
        ranking.knownFrom = ranking.knownFrom ?? RankingSettings.placementKnownFrom
        self.ranking = ranking
        pool = serving.pool(stored)
        self.now = now
        self.region = region
    }

    /// - Parameters:
    ///   - ignored: how often the person was shown an item lately and left it.
    ///   - hidden: items that are not shown whatever they score, such as the one that is looked at.
    func list(
        _ history: History, _ basis: Basis, count: Int, ignored: [Int: Int] = [:], hidden: Set<Int> = [],
        random: inout RandomSource
    ) -> Ranked {
        let followed = followed(history, basis)
        var scores = ServingScores(
            serving, followed.history, basis: followed.basis, excluded: followed.history.seen,
            more: more(basis, group: history.group))
        defer { scores.finish() }
        let candidates = self.candidates(scores, basis)
        let values = values(of: candidates, scores, basis, ignored)
        let admits = admission(history, hidden: hidden)
        let wanted =
            ListVariety.isPlain(ranking) ? count : max(Lister.candidatesMin, count * Lister.candidatesPerPlace)
        let places = TopItems.of(values, wanted) { admits(Int(candidates[$0])) }
        let order = ListVariety(
            settings: ranking, item: { serving.catalogue[$0] }, likeness: { serving.likeness.of($0, $1) }
        ).applied(
            to: places.map { Int(candidates[$0]) }, fit: places.map { Double(values[$0]) }, history, count: count)
        let points = Dictionary(places.map { (Int(candidates[$0]), values[$0]) }) { first, _ in first }
        return placed(order, points, scores, basis, admits, candidates: candidates.count, count: count, &random)
    }

    /// What is followed along links: the person's history, or the items that the list is about alone.
    private func followed(_ history: History, _ basis: Basis) -> (history: History, basis: ServingScores.Basis) {
        guard case .items(let items, let models) = basis else { return (history, .person) }
        var alone = History(items.map { (item: Int?($0), strength: Float(1), time: now) })
        alone.group = history.group
        return (alone, .items(models: models))
    }

    private func more(_ basis: Basis, group: Int) -> [[UInt32]] {
        if case .found(let items) = basis { return [items.map { UInt32($0) }] }
        let lists = serving.shortlists
        var more = [pool.shortlist ?? (group < lists.count ? lists[group] : lists[0]), pool.boosted]
        if ranking.freshness > 0 { more.append(serving.newest) }
        return more
    }

    private func candidates(_ scores: ServingScores, _ basis: Basis) -> [UInt32] {
        if case .found(let items) = basis { return items.map { UInt32($0) } }
        return scores.candidates
    }

    private func values(
        of candidates: [UInt32], _ scores: ServingScores, _ basis: Basis, _ ignored: [Int: Int]
    ) -> [Float] {
        let adjustment = Adjustment(ranking, now: now)
        let isIdle = adjustment.isIdle && (ranking.fatigue == 0 || ignored.isEmpty)
        var values = scores.scores(of: candidates)
        if !isIdle {
            for (place, candidate) in candidates.enumerated() {
                let item = Int(candidate)
                values[place] += Float(
                    adjustment.points(
                        serving.model.items[item], serving.catalogue[item],
                        since: serving.model.since(item, serving.catalogue[item]), ignored: ignored[item] ?? 0))
            }
        }
        if case .found(let items) = basis, items.count > 1 {
            for place in values.indices {
                values[place] += Self.relevance * (1 - Float(place) / Float(items.count - 1))
            }
        }
        return values
    }

    /// Whether an item may be shown to the person.
    func admission(_ history: History, hidden: Set<Int>) -> (Int) -> Bool {
        let admission = Admission(ranking, now: now, region: region)
        let least = Float(ranking.knownFrom ?? 0)
        var times: [Int: Int64] = [:]
        for entry in history.entries where entry.strength >= least {
            times[entry.item] = max(times[entry.item] ?? .min, entry.time)
        }
        return { [serving, pool] item in
            if hidden.contains(item) || history.dismissed.contains(item) { return false }
            if let allowed = pool.allowed, !allowed[item] { return false }
            if let known = serving.catalogue[item], !known.mayBeOffered(at: now, in: region) { return false }
            return times[item].map { admission.mayRepeat(serving.catalogue[item], since: $0) } ?? true
        }
    }

    // MARK: Places

    private func placed(
        _ order: [Int], _ points: [Int: Float], _ scores: ServingScores, _ basis: Basis, _ admits: (Int) -> Bool,
        candidates: Int, count: Int, _ random: inout RandomSource
    ) -> Ranked {
        let pins = ranking.pins.compactMap { pin in
            serving.model.numbers[pin.item].flatMap { admits($0) ? (element: $0, place: pin.place) : nil }
        }
        let placed =
            ranking.exploration > 0
            ? ListRules.explored(order, count: count, share: ranking.exploration, &random)
            : order.prefix(count).map { ListRules.Placed(element: $0, propensity: 1, isExploration: false) }
        let final = ListRules.pinned(placed.map(\.element), pins: pins, count: count)
        let pinned = Set(pins.map(\.element))
        var ranked = Ranked(candidates: candidates)
        for item in final {
            let place = pinned.contains(item) ? nil : placed.first { $0.element == item }
            var (source, reason) = scores.reason(item)
            if pinned.contains(item) {
                (source, reason) = ("rule", Reason(.pinned))
            } else if place?.isExploration == true {
                (source, reason) = ("exploration", Reason(.exploration))
                ranked.isExploring = true
            } else if case .found = basis {
                (source, reason) = ("search", Reason(.found))
            }
            ranked.items.append(
                Decision.Item(
                    item: serving.model.items[item], score: Double(points[item] ?? scores.score(item)),
                    propensity: place?.propensity ?? 1, source: source, reason: reason))
        }
        return ranked
    }
}
