import Foundation

/// How well lists foresee what persons liked later, each person counting alike.
package struct OfflineMetrics: Sendable, Hashable, Codable {
    /// Persons who were asked for.
    package var persons = 0
    /// Normalized discounted cumulative gain of the first ten: 1 is everything that was liked, at the top.
    package var ndcg10 = 0.0
    /// The standard error of `ndcg10`.
    package var ndcg10Error = 0.0
    /// The share of what was liked that is among the first twenty.
    package var recall20 = 0.0
    /// The share of persons with anything liked among the first ten.
    package var hit10 = 0.0
    /// The share of the items that are among anybody's first ten.
    package var coverage10 = 0.0

    package init() {}

    /// - Parameters:
    ///   - lists: for each person the best items, best first.
    ///   - relevant: for each person what they liked; persons without are left out.
    package init(lists: [[Int]], relevant: [Set<Int>], itemCount: Int) {
        var gains: [Double] = []
        var shown: Set<Int> = []
        var recalls = 0.0
        var hits = 0
        for (list, liked) in zip(lists, relevant) where !liked.isEmpty {
            gains.append(Self.ndcg(list, liked))
            recalls += Double(list.prefix(20).count(where: liked.contains)) / Double(liked.count)
            hits += list.prefix(10).contains(where: liked.contains) ? 1 : 0
            shown.formUnion(list.prefix(10))
        }
        guard !gains.isEmpty else { return }
        persons = gains.count
        let count = Double(persons)
        ndcg10 = gains.reduce(0, +) / count
        ndcg10Error = Self.standardError(gains)
        recall20 = recalls / count
        hit10 = Double(hits) / count
        coverage10 = Double(shown.count) / Double(max(1, itemCount))
    }

    /// NDCG of the first ten, with a gain of 1 for each liked item.
    package static func ndcg(_ list: [Int], _ liked: Set<Int>) -> Double {
        guard !liked.isEmpty else { return 0 }
        var gain = 0.0
        for (place, item) in list.prefix(10).enumerated() where liked.contains(item) { gain += discount(place) }
        return gain / (0..<min(10, liked.count)).reduce(0) { $0 + discount($1) }
    }

    /// What a liked item is worth at a place, counted from 0.
    static func discount(_ place: Int) -> Double { 1 / log2(Double(place + 2)) }

    static func standardError(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
    }
}
