package import Statistics

/// From a person's history to a list: scores, who may be shown, rules, variety.
package struct Lister: Sendable {
    package let blend: Blend
    /// What the catalogue says of the model's items, by their numbers.
    package let catalogue: [CandidateItem?]
    private let settings: RankingSettings

    /// Candidates that rules about the whole list choose among: for each place, and at least.
    static let candidatesPerPlace = 10
    static let candidatesMin = 100

    package init(_ model: TrainedModel, catalogue: [CandidateItem?]) {
        precondition(catalogue.count == model.items.count, "the catalogue is not that of the model's items")
        blend = Blend(model)
        self.catalogue = catalogue
        settings = model.settings.ranking
    }

    private var model: TrainedModel { blend.model }

    /// The best items for a person.
    ///
    /// - Parameters:
    ///   - now: in milliseconds since 1970-01-01T00:00:00Z.
    ///   - ignored: how often the person was shown an item lately and left it.
    ///   - random: for exploration.
    /// - Complexity: O(items × models + history × links)
    package func list(
        _ history: History, count: Int, now: Int64, region: String? = nil, ignored: [Int: Int] = [:],
        random: inout RandomSource
    ) -> [Recommendation] {
        var scores = blend.scores(history, excluded: history.seen)
        let admitted = admission(history, now: now, region: region)
        adjust(&scores, now: now, ignored: ignored)
        let wanted = ListVariety.isPlain(settings) ? count : max(Self.candidatesMin, count * Self.candidatesPerPlace)
        var order = TopItems.of(scores, wanted, where: admitted)
        order = varied(order, scores, history, count: count)
        let pins = settings.pins.compactMap { pin in
            model.numbers[pin.item].flatMap { admitted($0) ? (element: $0, place: pin.place) : nil }
        }
        let placed =
            settings.exploration > 0
            ? ListRules.explored(order, count: count, share: settings.exploration, &random)
            : order.prefix(count).map { ListRules.Placed(element: $0, propensity: 1, isExploration: false) }
        let final = ListRules.pinned(placed.map(\.element), pins: pins, count: count)
        return described(final, scores, history, placed, Set(pins.map(\.element)))
    }

    /// Whether an item may be shown to the person.
    func admission(_ history: History, now: Int64, region: String?) -> (Int) -> Bool {
        let admission = Admission(settings, now: now, region: region)
        let times = Dictionary(history.entries.map { ($0.item, $0.time) }) { max($0, $1) }
        return { item in
            admission.admits(
                model.items[item], catalogue[item],
                lastTime: times[item] ?? (history.seen.contains(item) ? .max / 2 : nil),
                isDismissed: history.dismissed.contains(item))
        }
    }

    /// Adds what rules say to the scores.
    func adjust(_ scores: inout [Float], now: Int64, ignored: [Int: Int]) {
        let adjustment = Adjustment(settings, now: now)
        if adjustment.isIdle {
            guard settings.fatigue > 0 else { return }
            for (item, times) in ignored where item < scores.count {
                scores[item] += Float(adjustment.points(model.items[item], catalogue[item], ignored: times))
            }
            return
        }
        for item in scores.indices {
            scores[item] += Float(
                adjustment.points(
                    model.items[item], catalogue[item], since: model.since(item, catalogue[item]),
                    ignored: ignored[item] ?? 0))
        }
    }

    /// Calibration or diversity, then the cap.
    private func varied(_ order: [Int], _ scores: [Float], _ history: History, count: Int) -> [Int] {
        ListVariety(settings: settings, item: { catalogue[$0] }, likeness: likeness)
            .applied(to: order, fit: order.map { Double(scores[$0]) }, history, count: count)
    }

    /// By what the catalogue says, and where it says nothing by the direction of factors.
    private func likeness(_ a: Int, _ b: Int) -> Double {
        if catalogue[a] != nil || catalogue[b] != nil { return Diversity.likeness(catalogue[a], catalogue[b]) }
        guard let als = model.als else { return 0 }
        let rows = als.rows
        let product = FloatRows.dot(rows.factors, a, rows.factors, b, rank: rows.rank)
        let lengths =
            FloatRows.dot(rows.factors, a, rows.factors, a, rank: rows.rank)
            * FloatRows.dot(rows.factors, b, rows.factors, b, rank: rows.rank)
        return lengths > 0 ? max(0, Double(product / lengths.squareRoot())) : 0
    }

    private func described(
        _ items: [Int], _ scores: [Float], _ history: History, _ placed: [ListRules.Placed<Int>], _ pinned: Set<Int>
    ) -> [Recommendation] {
        let reasons = blend.reasons(history, excluded: history.seen, items: items)
        let places = Dictionary(placed.map { ($0.element, $0) }) { first, _ in first }
        return zip(items, reasons).map { item, reason in
            let place = places[item]
            let own: Reason =
                pinned.contains(item) ? Reason(.pinned) : place?.isExploration == true ? Reason(.exploration) : reason
            return Recommendation(
                item: model.items[item], score: Double(scores[item]), reason: own,
                propensity: pinned.contains(item) ? 1 : place?.propensity ?? 1)
        }
    }
}
