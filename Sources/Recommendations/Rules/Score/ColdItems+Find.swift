import Foundation
import Statistics

extension ColdItems {
    /// A feature of more than this share of the items says nothing, and would cost the most.
    private static let commonShare = 0.5
    private static let commonMin = 20
    /// How much a part of a name counts beside an attribute or a category.
    private static let nameWeight: Float = 0.5

    /// Finds which items nobody has met, and what each is described like.
    ///
    /// - Parameters:
    ///   - catalogue: what is known of the model's items.
    ///   - old: what was found before, taken again when nothing has changed.
    /// - Returns: nil when there are none, or they are like nothing.
    /// - Complexity: O(items × features + Σ over features of cold items of the items that have them)
    static func find(_ model: TrainedModel, _ catalogue: [CandidateItem?], reusing old: ColdItems? = nil) -> ColdItems?
    {
        let sorts = MetSorts(model, catalogue)
        let unmet = catalogue.indices.filter { item in
            guard model.popular[item] == 0, let known = catalogue[item], known.isAvailable else { return false }
            return sorts.contains(known)
        }
        guard !unmet.isEmpty else { return nil }
        let newest = unmet.sorted { a, b in
            let (first, second) = (model.since(a, catalogue[a]) ?? .min, model.since(b, catalogue[b]) ?? .min)
            return first != second ? first > second : a < b
        }.prefix(itemsMax)
        let features = newest.map { describe(catalogue[$0]) }
        let descriptions = zip(newest, features).map { item, own in
            Description(id: model.items[item], features: own.map(\.name))
        }
        if let old, old.descriptions == descriptions, old.items.elementsEqual(newest) { return old }
        let likes = likes(of: features, among: catalogue, model)
        let found = zip(newest, zip(likes, descriptions)).filter { !$0.1.0.isEmpty }
        return found.isEmpty
            ? nil : ColdItems(items: found.map(\.0), likes: found.map(\.1.0), descriptions: found.map(\.1.1))
    }

    private static func describe(_ item: CandidateItem?) -> [(name: String, weight: Float)] {
        guard var item else { return [] }
        // The name alone: descriptions are long, and serving does not keep them.
        item.text = ""
        var weights: [String: Float] = [:]
        for (name, weight) in TrainContent.describe(item, textWeight: nameWeight) {
            weights[name, default: 0] += weight
        }
        return weights.sorted { $0.key < $1.key }.map { ($0.key, min($0.value, 1)) }
    }

    private static func likes(
        of cold: [[(name: String, weight: Float)]], among catalogue: [CandidateItem?], _ model: TrainedModel
    ) -> [[Like]] {
        var wanted: [String: [(item: Int, weight: Float)]] = [:]
        for own in cold { for feature in own { wanted[feature.name] = [] } }
        var lengths: [Int: [(name: String, weight: Float)]] = [:]
        var counts: [String: Int] = [:]
        var described = 0
        for (item, known) in catalogue.enumerated() where model.popular[item] > 0 {
            let own = describe(known)
            if own.isEmpty { continue }
            described += 1
            lengths[item] = own
            for feature in own {
                counts[feature.name, default: 0] += 1
                wanted[feature.name]?.append((item, feature.weight))
            }
        }
        let common = max(commonMin, Int(Double(described) * commonShare))
        func rarity(_ name: String) -> Float {
            let count = counts[name] ?? 0
            return count > common ? 0 : Float(log(1.0 + Double(described) / Double(max(1, count))))
        }
        func length(_ features: [(name: String, weight: Float)]) -> Float {
            var sum: Float = 0
            for feature in features {
                let weight = feature.weight * rarity(feature.name)
                sum += weight * weight
            }
            return sum.squareRoot()
        }
        return cold.map { own in
            var products: [Int: Float] = [:]
            for feature in own {
                let rarity = rarity(feature.name)
                if rarity == 0 { continue }
                for other in wanted[feature.name] ?? [] {
                    products[other.item, default: 0] += feature.weight * other.weight * rarity * rarity
                }
            }
            let norm = length(own)
            guard norm > 0 else { return [] }
            let found = products.map { item, product in
                Like(
                    item: item, weight: min(1, product / norm / max(length(lengths[item] ?? []), .leastNormalMagnitude))
                )
            }
            return found.filter { $0.weight >= weightMin }
                .sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.item < $1.item }.prefix(likesMax).map(
                    \.self)
        }
    }
}

/// The sorts of items that people have to do with: where they watch titles, an episode that is new is none to offer.
struct MetSorts: Sendable {
    private struct Sort: Hashable {
        var kind: String
        var isPart: Bool

        init(_ item: CandidateItem) {
            kind = item.kind
            isPart = item.parent != nil
        }
    }

    /// Empty: nobody has met anything of the catalogue.
    private var sorts: Set<Sort> = []

    /// - Complexity: O(items)
    init(_ model: TrainedModel, _ catalogue: [CandidateItem?]) {
        for (item, known) in catalogue.enumerated() where model.popular[item] > 0 {
            if let known { sorts.insert(Sort(known)) }
        }
    }

    func contains(_ item: CandidateItem) -> Bool { sorts.isEmpty || sorts.contains(Sort(item)) }
}

extension TrainedModel {
    /// The model as it answers with the catalogue of this moment: what came in after the training is among its items,
    /// and what nobody has met is offered by likeness.
    ///
    /// - Parameter old: cold items that were found before.
    /// - Returns: the model, and what the catalogue says of its items.
    /// - Complexity: O(items)
    package func joined(
        with catalogue: [CandidateItem], reusing old: ColdItems? = nil
    ) -> (model: TrainedModel, catalogue: [CandidateItem?]) {
        var model = self
        // Of another catalogue, if there was one.
        model.cold = nil
        let added = catalogue.filter { numbers[$0.id] == nil && $0.isAvailable }.map(\.id)
        model.append(Set(added).sorted())
        var known = [CandidateItem?](repeating: nil, count: model.items.count)
        for item in catalogue { if let number = model.numbers[item.id] { known[number] = item } }
        if new != nil {
            for number in items.count..<model.items.count {
                let since = model.since(number, known[number])
                model.new?[number] = newness(since)
            }
        }
        model.cold = ColdItems.find(model, known, reusing: old)
        if let cold = model.cold {
            if let als { model.als = als.appending(cold, itemCount: model.items.count) }
            model.expect(cold, known)
        }
        return (model, known)
    }

    /// Of what came lately nobody knows yet how many will want it: as many as want what it is like. What nobody has
    /// wanted for long stays what it is.
    private mutating func expect(_ cold: ColdItems, _ known: [CandidateItem?]) {
        for (item, likes) in zip(cold.items, cold.likes) {
            guard since(item, known[item]).map({ TrainScores.isNew($0, at: max($0, trainedThrough)) }) ?? false else {
                continue
            }
            popular[item] = ColdItems.average(likes) { popular[$0] }
            guard let groups = trending?.indices else { continue }
            for group in groups {
                let own = ColdItems.average(likes) { trending?[group][$0] ?? TrainScores.nothing }
                trending?[group][item] = own
            }
        }
    }

    private func newness(_ since: Int64?) -> Float {
        TrainScores.new(settings.models.new ?? NewSettings(), since: [since], now: trainedThrough)[0]
    }

    /// Items that nobody has had to do with.
    private mutating func append(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        for id in ids {
            numbers[id] = items.count
            items.append(id)
        }
        func zeros(_ values: inout [Float], _ value: Float) {
            values += [Float](repeating: value, count: ids.count)
        }
        zeros(&popular, 0)
        if var values = new {
            zeros(&values, 0)
            new = values
        }
        if let groups = trending {
            trending = groups.map { $0 + [Float](repeating: TrainScores.nothing, count: ids.count) }
        }
        if let als { self.als = als.padded(to: items.count) }
    }
}

extension ItemFactors {
    /// With rows of zeros for further items.
    func padded(to itemCount: Int) -> ItemFactors {
        let missing = max(0, itemCount * rank - rows.factors.count)
        return ItemFactors(
            factors: rows.factors + [Float](repeating: 0, count: missing), rank: rank, regularization: regularization,
            confidence: confidence)
    }

    /// Cold items stand in the middle of those that they are like.
    func appending(_ cold: ColdItems, itemCount: Int) -> ItemFactors {
        var factors = rows.factors
        factors += [Float](repeating: 0, count: max(0, itemCount * rank - factors.count))
        for (item, likes) in zip(cold.items, cold.likes) {
            for place in 0..<rank {
                factors[item * rank + place] = ColdItems.mean(likes) { rows.factors[$0 * rank + place] }
            }
        }
        return ItemFactors(
            factors: factors, rank: rank, regularization: regularization, confidence: confidence)
    }
}
