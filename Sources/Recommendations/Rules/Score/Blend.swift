/// Joins the scores of several models. Each model's scores are brought to mean 0 and deviation 1 over the items that
/// the person does not know, because the models count in different units; then they are added up with weights.
package struct Blend: Sendable {
    package let model: TrainedModel
    /// Models with a weight above 0, in a fixed order.
    package let names: [String]
    package let weights: [Float]

    /// How much what everybody does counts beside the blend: enough to put items in an order that the person's own
    /// history says nothing about.
    static let tieWeight: Float = 0.001

    package init(_ model: TrainedModel, weights: [String: Double]? = nil) {
        self.model = model
        let given = weights ?? model.weights
        names = ModelSettings.allNames.filter { (given[$0] ?? 0) > 0 }
        self.weights = names.map { Float(given[$0] ?? 0) }
    }

    /// Every model alike.
    static func equal(_ model: TrainedModel) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: model.settings.models.names.map { ($0, 1) })
    }

    /// The scores of all items for a person; higher is better, 0 is average.
    ///
    /// - Parameter excluded: items that do not take part in the averages, such as those the person knows.
    package func scores(_ history: History, excluded: Set<Int>) -> [Float] {
        var sum = [Float](repeating: 0, count: model.items.count)
        for (name, weight) in zip(names, weights) {
            add(standardized(raw(name, history), excluded), weight, to: &sum)
        }
        add(standardized(everybody(history), excluded), Self.tieWeight, to: &sum)
        return sum
    }

    private func add(_ scores: [Float]?, _ weight: Float, to sum: inout [Float]) {
        guard let scores else { return }
        for item in sum.indices { sum[item] += weight * scores[item] }
    }

    /// What everybody in the person's group does.
    private func everybody(_ history: History) -> [Float] { trending(history) ?? model.popular }

    private func trending(_ history: History) -> [Float]? {
        model.trending.map { history.group < $0.count ? $0[history.group] : $0[0] }
    }

    /// One model's own scores; nil when the model is not there or has nothing to go by.
    package func raw(_ name: String, _ history: History) -> [Float]? {
        switch name {
        case "trending": return trending(history)
        case "popular": return model.popular
        case "new": return model.new
        case "als":
            guard let als = model.als, !history.entries.isEmpty else { return nil }
            let weights = history.weights(halfLife: model.settings.models.als?.halfLifeItems ?? 0)
            return als.scores(person: als.person(history, weights: weights))
        default:
            guard let (links, halfLife) = links(name), !history.entries.isEmpty else { return nil }
            var scores = [Float](repeating: 0, count: model.items.count)
            let weights = history.weights(halfLife: halfLife)
            links.score(history, weights: weights, into: &scores)
            guard let cold = model.cold else { return scores }
            cold.follow(links, history.entries[...], weights, isDirect: Self.isDirect(name), sums: &scores) { _ in }
            return scores
        }
    }

    /// The links of a model that has links, and the half-life of what is asked of them.
    package func links(_ name: String) -> (links: ItemLinks, halfLife: Double)? {
        let models = model.settings.models
        let found: (ItemLinks?, Double?) =
            switch name {
            case "ease": (model.ease, models.ease?.halfLifeItems)
            case "neighbours": (model.neighbours, models.neighbours?.halfLifeItems)
            case "sequence": (model.sequence, models.sequence?.halfLifeItems)
            case "content": (model.content, models.content?.halfLifeItems)
            default: (nil, nil)
            }
        return found.0.map { ($0, found.1 ?? 0) }
    }

    /// Whether a model's links lead to what is like an item, rather than to what comes after it.
    static func isDirect(_ name: String) -> Bool { name != "sequence" }

    /// Mean 0 and deviation 1 over the items that count; nil when all of those are alike.
    package func standardized(_ scores: [Float]?, _ excluded: Set<Int>) -> [Float]? {
        guard let scores else { return nil }
        var sum = 0.0
        var squares = 0.0
        for score in scores {
            sum += Double(score)
            squares += Double(score) * Double(score)
        }
        var count = Double(scores.count)
        for item in excluded where item < scores.count {
            sum -= Double(scores[item])
            squares -= Double(scores[item]) * Double(scores[item])
            count -= 1
        }
        guard count > 1 else { return nil }
        let mean = sum / count
        let variance = squares / count - mean * mean
        // Rounding leaves a little where nothing is.
        guard variance > 1e-12 * max(1, mean * mean) else { return nil }
        let scale = 1 / variance.squareRoot()
        return scores.map { Float((Double($0) - mean) * scale) }
    }
}
