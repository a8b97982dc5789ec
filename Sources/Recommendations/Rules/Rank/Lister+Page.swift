import Foundation
package import Statistics

extension Lister {
    /// How many rows "because of …" are offered to a page.
    private static let becauseRows = 6
    /// Candidates in each row: what is on the page already falls out.
    private static let rowItems = 40
    /// The score from which on an item is as likely as not to be taken by who looks at it.
    private static let evenScore = 4.0

    /// A page for a person: what fits, one row because of each of the items that they had to do with lately, what is
    /// trending, what is new, and above all what they can go on with.
    ///
    /// - Parameter started: what the person began, for the row "continue".
    /// - Returns: rows with ids such as `for-you`, `because:` and the item, `trending`, `new`, `continue`.
    package func page(
        _ history: History, started: [Continuing.Started] = [], shape: Page.Shape = Page.Shape(), now: Int64,
        region: String? = nil, ignored: [Int: Int] = [:], random: inout RandomSource
    ) -> [Page.Row] {
        let list = list(
            history, count: Self.rowItems, now: now, region: region, ignored: ignored, random: &random)
        var scores = blend.scores(history, excluded: history.seen)
        adjust(&scores, now: now, ignored: ignored)
        let admits = admission(history, now: now, region: region)
        func row(_ id: String, _ kind: String, _ order: [Int]) -> Page.Row {
            Page.Row(
                id: id, items: order.map { blend.model.items[$0] },
                values: order.map { Self.chance(Double(scores[$0])) }, kind: kind)
        }
        var rows = [
            Page.Row(
                id: "for-you", items: list.map(\.item), values: list.map { Self.chance($0.score) }, kind: "for-you")
        ]
        for entry in history.entries.suffix(Self.becauseRows).reversed() {
            let like = followers(of: entry.item)
            let order = TopItems.of(like, Self.rowItems) { like[$0] > 0 && admits($0) }
            rows.append(row("because:" + blend.model.items[entry.item], "because", order))
        }
        if let own = blend.raw("trending", history) {
            let best = TopItems.of(own, Self.rowItems) { admits($0) && blend.model.cold?.contains($0) != true }
            rows.append(row("trending", "trending", best))
        }
        rows.append(row("new", "new", newest(at: now).filter(admits).prefix(Self.rowItems).map(\.self)))
        let open = Continuing.rank(started, now: now)
        if !open.isEmpty {
            rows.append(
                Page.Row(
                    id: "continue", items: open.map(\.started.item), values: open.map(\.chance), kind: "continue",
                    isFixed: true))
        }
        return Page.build(rows, shape)
    }

    /// What became available lately of the sorts of items that people have to do with, newest first.
    private func newest(at time: Int64) -> [Int] {
        let sorts = MetSorts(blend.model, catalogue)
        let times = catalogue.indices.compactMap { item -> (item: Int, since: Int64)? in
            guard let since = blend.model.since(item, catalogue[item]), TrainScores.isNew(since, at: time) else {
                return nil
            }
            return catalogue[item].map(sorts.contains) ?? true ? (item, since) : nil
        }
        return times.sorted { $0.since != $1.since ? $0.since > $1.since : $0.item < $1.item }.map(\.item)
    }

    /// What goes with one item, by all links of the blend.
    private func followers(of item: Int) -> [Float] {
        let alone = History([(item: item, strength: 1, time: 0)])
        var sum = [Float](repeating: 0, count: blend.model.items.count)
        for (name, weight) in zip(blend.names, blend.weights) where blend.links(name) != nil {
            guard let own = blend.standardized(blend.raw(name, alone), alone.seen) else { continue }
            for other in sum.indices { sum[other] += weight * own[other] }
        }
        return sum
    }

    /// Deviations as a chance. The scale is a convention; rows are compared by it, and a placement that has seen clicks
    /// knows better.
    private static func chance(_ score: Double) -> Double { 1 / (1 + exp(evenScore - score)) }
}
