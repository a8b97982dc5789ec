import Statistics
import Synchronization

/// A model made ready to answer many requests: what does not depend on the person is worked out once, so that a
/// request touches the links of what the person did and some hundred candidates, not every item.
///
/// Its lists are those of `Lister`, which looks at all items; a test compares them.
package final class ServingModel: Sendable {
    package let blend: Blend
    /// 0: what everybody chooses, because there is no version that can be read.
    package let version: Int
    /// What the catalogue says of the model's items, by their numbers.
    package let catalogue: [CandidateItem?]
    /// By name, then by group; with `popular` or `trending` once more as what decides between equals.
    let statics: [(name: String, weight: Float, groups: [StaticScores])]
    let linked: [(name: String, weight: Float, links: ItemLinks, halfLife: Double)]
    let als: (weight: Float, factors: ItemFactors, sum: [Float])?
    /// By group: the best items by what does not depend on the person, best first.
    let shortlists: [[UInt32]]
    /// By static model's name: its best items for everybody.
    let bestOf: [String: [UInt32]]
    /// What became available last of the sorts of items that people have to do with, newest first.
    let newest: [UInt32]
    let likeness: ItemLikeness
    let scratches = Mutex<[ServingScratch]>([])
    let pools = Mutex<[String: (version: Int, pool: PlacementPool)]>([:])

    package var model: TrainedModel { blend.model }

    /// Candidates that do not depend on the person.
    static let shortlistMax = 2_000
    /// The newest entries of a history that are followed along links.
    static let entriesMax = 500
    /// Up to so many items factors are asked about all of them; beyond, about what other models found.
    static let factorItemsMax = 20_000

    /// - Complexity: O(items × groups)
    package init(_ model: TrainedModel, catalogue: [CandidateItem?], version: Int) {
        precondition(catalogue.count == model.items.count, "the catalogue is not that of the model's items")
        self.catalogue = catalogue
        self.version = version
        let blend = Blend(model)
        self.blend = blend
        let parts = Self.parts(blend)
        statics = parts
        linked = zip(blend.names, blend.weights).compactMap { name, weight in
            blend.links(name).map { (name, weight, $0.links, $0.halfLife) }
        }
        als = zip(blend.names, blend.weights).first { $0.0 == "als" }.flatMap { _, weight in
            model.als.map { (weight, $0, Self.sum($0)) }
        }
        shortlists = (0..<max(1, model.groups.count)).map { Self.shortlist(parts, group: $0) }
        bestOf = Dictionary(
            parts.compactMap { part in
                // What nobody has chosen is not among what everybody does, whatever is expected of it.
                part.groups.first.map { own in
                    (part.name, Self.top(own.values, Self.shortlistMax) { model.cold?.contains($0) != true })
                }
            }, uniquingKeysWith: { first, _ in first })
        newest = Self.newest(model, catalogue)
        likeness = ItemLikeness(catalogue)
    }

    private static func parts(_ blend: Blend) -> [(name: String, weight: Float, groups: [StaticScores])] {
        let model = blend.model
        func groups(_ name: String) -> [StaticScores]? {
            switch name {
            case "trending": model.trending?.map { StaticScores($0) }
            case "popular": [StaticScores(model.popular)]
            case "new": model.new.map { [StaticScores($0)] }
            default: nil
            }
        }
        var parts = zip(blend.names, blend.weights).compactMap { name, weight in
            groups(name).map { (name: name, weight: weight, groups: $0) }
        }
        let tie = model.trending == nil ? "popular" : "trending"
        if let known = parts.firstIndex(where: { $0.name == tie }) {
            parts.append((tie, Blend.tieWeight, parts[known].groups))
        } else if let own = groups(tie) {
            parts.append((tie, Blend.tieWeight, own))
        }
        return parts
    }

    private static func sum(_ factors: ItemFactors) -> [Float] {
        let rank = factors.rank
        var sum = [Double](repeating: 0, count: rank)
        for (place, value) in factors.rows.factors.enumerated() { sum[place % rank] += Double(value) }
        return sum.map { Float($0) }
    }

    private static func shortlist(
        _ parts: [(name: String, weight: Float, groups: [StaticScores])], group: Int
    ) -> [UInt32] {
        guard let count = parts.first?.groups.first?.values.count else { return [] }
        var sums = [Float](repeating: 0, count: count)
        for part in parts {
            let scores = group < part.groups.count ? part.groups[group] : part.groups[0]
            guard let scale = scores.standard(excluding: []) else { continue }
            for item in 0..<count { sums[item] += part.weight * scale.value(scores.values[item]) }
        }
        return top(sums, shortlistMax)
    }

    private static func top(
        _ scores: [Float], _ count: Int, where isWanted: (Int) -> Bool = { _ in true }
    ) -> [UInt32] {
        TopItems.of(scores, min(count, scores.count), where: isWanted).map { UInt32($0) }
    }

    private static func newest(_ model: TrainedModel, _ catalogue: [CandidateItem?]) -> [UInt32] {
        let sorts = MetSorts(model, catalogue)
        let dated = catalogue.indices.compactMap { item -> (item: Int, since: Int64)? in
            guard let since = model.since(item, catalogue[item]) else { return nil }
            guard let known = catalogue[item] else { return (item, since) }
            return known.isAvailable && sorts.contains(known) ? (item, since) : nil
        }
        let order = dated.sorted { $0.since != $1.since ? $0.since > $1.since : $0.item < $1.item }
        return order.prefix(shortlistMax).map { UInt32($0.item) }
    }

    /// Whether an item is new at a time.
    func isNew(_ item: Int, at time: Int64) -> Bool {
        model.since(item, catalogue[item]).map { TrainScores.isNew($0, at: time) } ?? false
    }

    /// Bytes that serving takes beside the model itself, as an estimate.
    package var servingBytes: Int {
        shortlists.count * Self.shortlistMax * 4 + catalogue.count * (MemoryLayout<CandidateItem>.stride + 256)
    }
}
