import Foundation

/// Items that are described alike: the cosine of their attributes, categories and words, the rare ones counting more
/// (term frequency × inverse document frequency).
enum TrainContent {
    /// A feature of more than this share of the items says nothing, and would cost the most.
    private static let commonShare = 0.5

    /// - Parameter items: what is known of the items, by their numbers; nil is nothing.
    /// - Complexity: O(Σ over features of their items²), without the features of more than half of the items.
    static func links(_ settings: ContentSettings, _ items: [CandidateItem?], threads: Int) -> ItemLinks {
        var features: [String: Int] = [:]
        var raw: [[(feature: Int, weight: Float)]] = []
        for item in items {
            var weights: [Int: Float] = [:]
            for (name, weight) in item.map({ describe($0, textWeight: Float(settings.textWeight)) }) ?? [] {
                let number = features[name] ?? features.count
                features[name] = number
                weights[number, default: 0] += weight
            }
            raw.append(weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        let table = weighted(raw, featureCount: features.count)
        var byFeature = [[(item: Int, weight: Float)]](repeating: [], count: features.count)
        for (item, row) in table.enumerated() {
            for (feature, weight) in row { byFeature[feature].append((item, weight)) }
        }
        let index = byFeature
        return ItemLinks(itemCount: items.count, keep: settings.keep, threads: threads) { item, row in
            for (feature, weight) in table[item] {
                for other in index[feature] { row[other.item] += weight * other.weight }
            }
        }
    }

    /// The features of an item with their weights.
    static func describe(_ item: CandidateItem, textWeight: Float) -> [(String, Float)] {
        var features: [(String, Float)] = []
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) {
            for value in values { features.append(("a:\(name)=\(value)", 1)) }
        }
        for category in item.categories { features.append(("c:" + category, 1)) }
        if textWeight > 0 {
            for gram in TextGrams.grams(of: item.title.map { $0 + " " + item.text } ?? item.text) {
                features.append(("t:" + gram, textWeight))
            }
        }
        return features
    }

    /// Rows of length 1, rare features counting more and common ones not at all.
    private static func weighted(
        _ rows: [[(feature: Int, weight: Float)]], featureCount: Int
    ) -> [[(feature: Int, weight: Float)]] {
        var counts = [Int](repeating: 0, count: featureCount)
        for row in rows { for (feature, _) in row { counts[feature] += 1 } }
        let described = rows.count { !$0.isEmpty }
        let common = max(2, Int(Double(described) * commonShare))
        return rows.map { row in
            let scaled = row.compactMap { feature, weight -> (feature: Int, weight: Float)? in
                guard counts[feature] <= common else { return nil }
                let rarity = log(1 + Double(described) / Double(counts[feature]))
                return (feature, Float(1 + log(Double(max(weight, 1)))) * min(weight, 1) * Float(rarity))
            }
            let length = scaled.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            return length > 0 ? scaled.map { ($0.feature, $0.weight / length) } : []
        }
    }
}
