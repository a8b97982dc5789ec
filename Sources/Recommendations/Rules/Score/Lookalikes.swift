/// Persons who are like some others: by the direction of their rows of factors.
package enum Lookalikes {
    /// - Parameters:
    ///   - seeds: persons of `interactions` whose like are sought.
    ///   - count: how many are wanted, without the seeds.
    /// - Returns: persons with the cosine to the seeds' mean, the most alike first.
    /// - Throws: `RecommendationError` with `insufficient` when the model has no factors or the seeds no history.
    /// - Complexity: O(entries × rank)
    package static func find(
        _ seeds: Set<String>, among interactions: Interactions, _ model: TrainedModel, count: Int
    ) throws -> [(person: String, likeness: Double)] {
        guard let als = model.als else {
            throw RecommendationError(
                .insufficient, "people are compared by the model 'als', which this one lacks: add it under models")
        }
        var rows: [[Double]] = []
        var mean = [Double](repeating: 0, count: als.rank)
        var found = 0
        for (number, person) in interactions.persons.enumerated() {
            let row = direction(als, model.history(interactions, person: number))
            rows.append(row)
            guard seeds.contains(person), row.contains(where: { $0 != 0 }) else { continue }
            found += 1
            for place in mean.indices { mean[place] += row[place] }
        }
        guard found > 0 else {
            throw RecommendationError(
                .insufficient, "none of the \(seeds.count) persons has done anything with an item")
        }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let scored = zip(interactions.persons, rows).compactMap { person, row -> (person: String, likeness: Double)? in
            guard !seeds.contains(person), row.contains(where: { $0 != 0 }) else { return nil }
            let product = zip(row, mean).reduce(0) { $0 + $1.0 * $1.1 }
            return (person, length > 0 ? product / length : 0)
        }
        return Array(
            scored.sorted { $0.likeness != $1.likeness ? $0.likeness > $1.likeness : $0.person < $1.person }
                .prefix(count))
    }

    /// A person's row at length 1.
    private static func direction(_ als: ItemFactors, _ history: History) -> [Double] {
        let row = als.person(history, weights: history.weights(halfLife: 0)).map { Double($0) }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? row.map { $0 / length } : row
    }
}
