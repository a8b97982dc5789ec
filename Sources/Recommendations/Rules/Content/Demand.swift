import Foundation
package import Statistics

/// How much an attribute is wanted against how much there is of it.
package struct AttributeDemand: Sendable, Hashable {
    package var name: String
    package var value: String
    package var items: Int
    /// Of all items, the share that has it.
    package var supply: Double
    /// Of what people begin, the share that has it: of each person, averaged.
    package var demand: Double
    /// Demand over supply: above 1 more is wanted than there is.
    package var index: Interval
    /// Whether the index is more than chance away from 1.
    package var isCertain: Bool
    /// Of what was begun with it, the share that was kept.
    package var kept: Double?
}

/// A search that people make, and that finds little.
package struct UnmetTerm: Sendable, Hashable {
    package var term: String
    package var searches: Int
    /// Of the searches, those without any result, and those after which something was looked at.
    package var empty: Int
    package var led: Int
    /// Searches that led nowhere, with Wilson's bounds of their share.
    package var unmet: Interval
    /// Where a search for it would lead, when that can be told.
    package var category: String?
}

enum Demand {
    /// Of the items that have an attribute.
    private static let itemsMin = 3

    /// - Complexity: O(entries · attributes of an item)
    static func measure(_ tables: ContentTables) -> [AttributeDemand] {
        let n = tables.persons.count
        guard n >= Affinity.personsMin, !tables.items.isEmpty else { return [] }
        let (sums, _) = Affinity.sums(tables, [Bool](repeating: true, count: n))
        let counts = Affinity.itemCounts(tables)
        // Items without any attribute are not part of what is compared.
        let described = Double(tables.attributesOfItem.count { !$0.isEmpty })
        var rows: [AttributeDemand] = []
        var errors: [Double] = []
        for attribute in tables.attributes.indices where counts[attribute] >= itemsMin {
            let (mean, variance, _) = sums[attribute].mean(of: n)
            let supply = Double(counts[attribute]) / max(described, 1)
            // Nobody begins it: as if one person in all had one item in twenty with it.
            let demand = max(mean, 0.05 / Double(n))
            errors.append(variance.squareRoot() / demand)
            let (name, value) = tables.attributes[attribute]
            rows.append(
                AttributeDemand(
                    name: name, value: value, items: counts[attribute], supply: supply, demand: mean,
                    index: Interval(estimate: demand / supply, low: 0, high: 0), isCertain: false,
                    kept: sums[attribute].ratio?.mean))
        }
        let found = FalseDiscovery.judge(
            zip(rows, errors).map { row, error in
                error > 0 ? PValue.normalTwoSided(log(row.index.estimate) / error) : nil
            }, level: Affinity.level)
        let z = Proportion.criticalValue(found.confidence)
        for row in rows.indices {
            let (index, half) = (rows[row].index.estimate, z * errors[row])
            rows[row].index = Interval(estimate: index, low: index * exp(-half), high: index * exp(half))
            rows[row].isCertain = found.isFound[row]
        }
        return rows.sorted {
            ($1.index.estimate, $0.name, $0.value) < ($0.index.estimate, $1.name, $1.value)
        }
    }

    /// Searches that lead nowhere, the most frequent first.
    ///
    /// - Parameter searchesMin: rarer terms are left out: they are typing errors, and may name somebody.
    static func unmet(_ tables: ShoppingTables, searchesMin: Int = 5) -> [UnmetTerm] {
        tables.terms.compactMap { term, counts -> UnmetTerm? in
            let missed = counts.searches - counts.led
            guard counts.searches >= searchesMin, missed * 2 > counts.searches || counts.empty * 2 > counts.searches,
                let share = Proportion.interval(successes: missed, trials: counts.searches)
            else { return nil }
            let answer = tables.leading.answer(term)
            return UnmetTerm(
                term: term, searches: counts.searches, empty: counts.empty, led: counts.led, unmet: share,
                category: answer.leads ? answer.categories.first?.category : nil)
        }
        .sorted { ($1.searches - $1.led, $0.term) < ($0.searches - $0.led, $1.term) }
    }
}
