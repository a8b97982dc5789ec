import Foundation

/// Links that are counted: what the same persons chose, and what they chose next.
enum TrainLinks {
    /// Items that the same persons chose: the cosine of their columns, or the product of their BM25 weights.
    ///
    /// - Complexity: O(Σ history²)
    static func neighbours(
        _ settings: NeighbourSettings, _ histories: [History], _ visits: ItemPersons, threads: Int
    ) -> ItemLinks {
        let itemCount = visits.ends.count
        let values =
            settings.similarity == .bm25
            ? bm25(histories, itemCount: itemCount) : histories.map { $0.entries.map(\.strength) }
        var norms = [Float](repeating: 1, count: itemCount)
        if settings.similarity == .cosine {
            norms = [Float](repeating: 0, count: itemCount)
            for (history, values) in zip(histories, values) {
                for (entry, value) in zip(history.entries, values) { norms[entry.item] += value * value }
            }
            norms = norms.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        }
        let scale = norms
        return ItemLinks(itemCount: itemCount, keep: settings.keep, threads: threads) { item, row in
            for visit in visits.visits(of: item) {
                let person = Int(visits.persons[visit])
                let own = values[person][Int(visits.places[visit])] * scale[item]
                for (entry, value) in zip(histories[person].entries, values[person]) {
                    row[entry.item] += own * value * scale[entry.item]
                }
            }
        }
    }

    /// BM25 with items as documents and persons as words (Robertson and Zaragoza, 2009): who chose everything says
    /// little, and so does one more choice of what everybody chose.
    private static func bm25(_ histories: [History], itemCount: Int) -> [[Float]] {
        let k1: Float = 1.2
        let b: Float = 0.75
        var lengths = [Float](repeating: 0, count: itemCount)
        for history in histories { for entry in history.entries { lengths[entry.item] += entry.strength } }
        let mean = max(lengths.reduce(0, +) / Float(max(1, itemCount)), .leastNormalMagnitude)
        return histories.map { history in
            let rarity = Float(log(Double(itemCount)) - log1p(Double(history.entries.count)))
            return history.entries.map { entry in
                let length = 1 - b + b * lengths[entry.item] / mean
                return entry.strength * (k1 + 1) / (k1 * length + entry.strength) * max(0, rarity)
            }
        }
    }

    /// What persons chose within the next items: a Markov chain that looks `window` steps ahead, each counting less.
    ///
    /// - Complexity: O(entries × window)
    static func sequence(
        _ settings: SequenceSettings, _ histories: [History], _ visits: ItemPersons, threads: Int
    ) -> ItemLinks {
        let itemCount = visits.ends.count
        let held = visits.counts.map { Float(pow(Double($0) + 5, -settings.popularityExponent)) }
        let steps = (0..<settings.window).map { Float(pow(settings.decay, Double($0))) }
        return ItemLinks(itemCount: itemCount, keep: settings.keep, threads: threads) { item, row in
            for visit in visits.visits(of: item) {
                let entries = histories[Int(visits.persons[visit])].entries
                let after = Int(visits.places[visit]) + 1
                for (entry, step) in zip(entries[min(after, entries.count)...], steps) {
                    row[entry.item] += entry.strength * step * held[entry.item]
                }
            }
        }
    }
}
