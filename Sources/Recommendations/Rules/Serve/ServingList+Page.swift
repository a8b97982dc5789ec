import Foundation
import Statistics

extension ServingList {
    /// How many rows "because of …" are offered to a page.
    private static let becauseRows = 6
    /// Candidates in each row: what is on the page already falls out.
    private static let rowItems = 40

    /// A page of rows: see `Lister.page`, which looks at all items.
    ///
    /// - Parameter started: what the person began, for the row "continue".
    func page(
        _ history: History, rows: Int, count: Int, started: [Continuing.Started] = [], ignored: [Int: Int] = [:],
        random: inout RandomSource
    ) -> (ranked: Ranked, rows: [Decision.Row]) {
        let own = list(history, .person, count: max(Self.rowItems, count), ignored: ignored, random: &random)
        var scores = ServingScores(serving, history, basis: .person, excluded: history.seen, more: [])
        defer { scores.finish() }
        let admits = admission(history, hidden: [])
        var details = Dictionary(own.items.map { ($0.item, $0) }) { first, _ in first }
        func row(_ id: String, _ kind: String, _ items: [Decision.Item], isFixed: Bool = false) -> Page.Row {
            for item in items where details[item.item] == nil || isFixed { details[item.item] = item }
            return Page.Row(
                id: id, items: items.map(\.item), values: items.map { Self.chance($0.score) }, kind: kind,
                isFixed: isFixed)
        }
        var offered = [row("for-you", "for-you", own.items)]
        for entry in history.entries.suffix(Self.becauseRows).reversed() {
            let id = serving.model.items[entry.item]
            offered.append(row("because:" + id, "because", followers(of: entry.item, scores, admits)))
        }
        let new = serving.newest.lazy.filter { serving.isNew(Int($0), at: now) }
        for (name, kind, best) in [
            ("trending", Reason.Kind.trending, serving.bestOf["trending"] ?? []), ("new", .new, Array(new)),
        ] {
            let admitted = best.lazy.map { Int($0) }.filter(admits).prefix(Self.rowItems)
            offered.append(row(name, name, admitted.map { item($0, scores, name, Reason(kind)) }))
        }
        let open = Continuing.rank(started, now: now).filter { mayGoOn(with: $0.started.item, history) }.map { known in
            Decision.Item(
                item: known.started.item, score: known.chance, source: "continue", reason: known.started.reason)
        }
        if !open.isEmpty { offered.append(row("continue", "continue", open, isFixed: true)) }
        var shape = Page.Shape()
        shape.rows = rows
        shape.itemsPerRow = count
        return flattened(Page.build(offered, shape), details, own)
    }

    /// Whether somebody may go on with what they began: what they know already is nothing against it.
    private func mayGoOn(with id: String, _ history: History) -> Bool {
        guard let item = serving.model.numbers[id] else { return !ranking.block.matches(id, nil) }
        if history.dismissed.contains(item) { return false }
        if let allowed = pool.allowed, !allowed[item] { return false }
        return serving.catalogue[item]?.mayBeOffered(at: now, in: region) ?? true
    }

    private func flattened(
        _ page: [Page.Row], _ details: [String: Decision.Item], _ own: Ranked
    ) -> (ranked: Ranked, rows: [Decision.Row]) {
        var ranked = Ranked(candidates: own.candidates, isExploring: own.isExploring)
        var rows: [Decision.Row] = []
        for row in page {
            let start = ranked.items.count
            ranked.items += row.items.compactMap { details[$0] }
            rows.append(Decision.Row(id: row.id, items: start..<ranked.items.count))
        }
        return (ranked, rows)
    }

    private func item(_ number: Int, _ scores: ServingScores, _ source: String, _ reason: Reason) -> Decision.Item {
        Decision.Item(
            item: serving.model.items[number], score: Double(scores.score(number)), source: source, reason: reason)
    }

    /// What goes with one item, by all links.
    private func followers(
        of number: Int, _ scores: ServingScores, _ admits: (Int) -> Bool
    ) -> [Decision.Item] {
        let alone = History([(item: Int?(number), strength: Float(1), time: now)])
        var like = ServingScores(serving, alone, basis: .items(models: []), excluded: alone.seen, more: [])
        defer { like.finish() }
        let candidates = like.candidates
        let values = like.scores(of: candidates)
        let places = TopItems.of(values, Self.rowItems) { values[$0] > 0 && admits(Int(candidates[$0])) }
        return places.map { place in
            let (source, reason) = like.reason(Int(candidates[place]))
            return item(Int(candidates[place]), scores, source, reason)
        }
    }

    /// The score from which on an item is as likely as not to be taken by who looks at it.
    private static let evenScore = 4.0

    /// Deviations as a chance. The scale is a convention; rows are compared by it.
    private static func chance(_ score: Double) -> Double { 1 / (1 + exp(evenScore - score)) }
}
