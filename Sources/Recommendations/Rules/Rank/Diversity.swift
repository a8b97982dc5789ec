/// Lists that do not say the same thing ten times: maximal marginal relevance (Carbonell and Goldstein, 1998).
package enum Diversity {
    /// Picks items one after another, each the best by (1 - weight) × score - weight × its likeness to the most alike
    /// of those picked before.
    ///
    /// - Parameters:
    ///   - scores: of the candidates, best first or not; brought to 0 ... 1 before they are weighed against likeness.
    ///   - weight: 0 leaves the order of scores, 1 looks at likeness only.
    ///   - likeness: of two candidates, from 0 to 1.
    /// - Returns: indices of candidates.
    /// - Complexity: O(count × candidates) calls of `likeness`
    package static func maximalMarginalRelevance(
        _ scores: [Double], count: Int, weight: Double, likeness: (Int, Int) -> Double
    ) -> [Int] {
        let fit = scaled(scores)
        var nearest = [Double](repeating: 0, count: scores.count)
        var rest = Array(scores.indices)
        var picked: [Int] = []
        while picked.count < count, !rest.isEmpty {
            var best = 0
            var bestValue = -Double.infinity
            for (place, candidate) in rest.enumerated() {
                let value = (1 - weight) * fit[candidate] - weight * nearest[candidate]
                if value > bestValue { (best, bestValue) = (place, value) }
            }
            let chosen = rest.remove(at: best)
            picked.append(chosen)
            for candidate in rest { nearest[candidate] = max(nearest[candidate], likeness(chosen, candidate)) }
        }
        return picked
    }

    /// Scores brought to 0 ... 1, all 0 when they are alike.
    static func scaled(_ scores: [Double]) -> [Double] {
        let low = scores.min() ?? 0
        let width = (scores.max() ?? 0) - low
        return scores.map { width > 0 ? ($0 - low) / width : 0 }
    }

    /// How alike two items are by what the catalogue says: the share of their attributes and categories that they have
    /// in common (Jaccard).
    package static func likeness(_ a: CandidateItem?, _ b: CandidateItem?) -> Double {
        guard let a, let b else { return 0 }
        let first = features(a)
        let second = features(b)
        let union = first.union(second).count
        return union == 0 ? 0 : Double(first.intersection(second).count) / Double(union)
    }

    private static func features(_ item: CandidateItem) -> Set<String> {
        var features = Set(item.categories)
        for (name, values) in item.attributes { for value in values { features.insert(name + "=" + value) } }
        return features
    }
}
