import Statistics

/// Asks a model that was trained on a split for what it hides, and learns the blend's weights on it.
package struct Judge: Sendable {
    private let split: ValidationSplit
    private let threads: Int
    private let asked: [Int]
    private let histories: [History]

    package init(_ split: ValidationSplit, threads: Int) {
        self.split = split
        self.threads = threads
        asked = split.relevant.indices.filter { !split.relevant[$0].isEmpty }
        let all = split.training.histories()
        histories = asked.map { all[$0] }
    }

    /// Whether the model's items have the split's numbers: it was trained on it.
    private func fits(_ model: TrainedModel) -> Bool { model.items == split.training.items }

    /// - Returns: the metrics, and each person's NDCG for comparisons in pairs.
    package func measure(_ model: TrainedModel) -> (metrics: OfflineMetrics, gains: [Double]) {
        precondition(fits(model), "the model was trained on other items than the split has")
        let blend = Blend(model)
        let lists = map { person in
            let history = histories[person]
            return TopItems.of(blend.scores(history, excluded: history.seen), 20) { !history.seen.contains($0) }
        }
        let relevant = asked.map { split.relevant[$0] }
        return (
            OfflineMetrics(lists: lists, relevant: relevant, itemCount: model.items.count),
            zip(lists, relevant).map { OfflineMetrics.ndcg($0, $1) }
        )
    }

    private func map<Value: Sendable>(_ body: @Sendable (Int) -> Value) -> [Value] {
        let results = Collected<Value>(count: asked.count)
        Workers.run(asked.count, threads: threads) { results.set($0, body($0)) }
        return results.all
    }
}

// MARK: - Learning the blend

extension Judge {
    /// The weights that are tried for each model.
    private static let grid: [Float] = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2]
    private static let passes = 3
    /// Of each model's best items so many can come into a list.
    private static let candidatesPerModel = 100
    /// A weight is changed only for more than this: less is chance.
    private static let gainMin = 0.0002

    /// What the models say of the items that could be shown to one person.
    private struct Case: Sendable {
        var isLiked: [Bool]
        var ideal: Double
        /// By model, then by candidate.
        var scores: [[Float]]
    }

    /// The weights with the best NDCG, found by changing one at a time from the best single model on.
    ///
    /// - Complexity: O(persons × models × items) once, then O(passes × models × grid × persons × candidates); memory
    ///   for the candidates only.
    package func learnWeights(_ model: TrainedModel) -> [String: Double] {
        precondition(fits(model), "the model was trained on other items than the split has")
        let names = model.settings.models.names
        let blend = Blend(model, weights: Blend.equal(model))
        let cases = map { makeCase(blend, names, histories[$0], split.relevant[asked[$0]]) }
        var weights = [Float](repeating: 0, count: names.count)
        var best = -1.0
        for place in names.indices {
            var single = [Float](repeating: 0, count: names.count)
            single[place] = 1
            let value = Self.value(cases, single)
            if value > best { (best, weights) = (value, single) }
        }
        for _ in 0..<Self.passes {
            let before = weights
            for place in names.indices {
                for weight in Self.grid where weight != weights[place] {
                    var tried = weights
                    tried[place] = weight
                    guard tried.contains(where: { $0 > 0 }) else { continue }
                    let value = Self.value(cases, tried)
                    if value > best + Self.gainMin { (best, weights) = (value, tried) }
                }
            }
            if weights == before { break }
        }
        return Dictionary(uniqueKeysWithValues: zip(names, weights.map { Double($0) }))
    }

    private func makeCase(_ blend: Blend, _ names: [String], _ history: History, _ liked: Set<Int>) -> Case {
        let all = names.map { blend.standardized(blend.raw($0, history), history.seen) }
        var candidates: Set<Int> = liked
        for scores in all {
            guard let scores else { continue }
            candidates.formUnion(
                TopItems.of(scores, Self.candidatesPerModel) { !history.seen.contains($0) })
        }
        let order = candidates.sorted()
        return Case(
            isLiked: order.map(liked.contains),
            ideal: (0..<min(10, liked.count)).reduce(0) { $0 + Self.discounts[$1] },
            scores: all.map { scores in order.map { scores?[$0] ?? 0 } })
    }

    private static let discounts = (0..<10).map(OfflineMetrics.discount)

    /// The mean NDCG of the first ten.
    private static func value(_ cases: [Case], _ weights: [Float]) -> Double {
        var sum = 0.0
        for one in cases {
            var total = [Float](repeating: 0, count: one.isLiked.count)
            for (scores, weight) in zip(one.scores, weights) where weight > 0 {
                for candidate in total.indices { total[candidate] += weight * scores[candidate] }
            }
            var gain = 0.0
            for (place, candidate) in TopItems.of(total, 10, where: { _ in true }).enumerated()
            where one.isLiked[candidate] {
                gain += discounts[place]
            }
            sum += gain / one.ideal
        }
        return cases.isEmpty ? 0 : sum / Double(cases.count)
    }
}
