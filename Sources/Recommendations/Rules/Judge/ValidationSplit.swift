import Foundation
import Statistics

/// Interactions in two: what a model is shown, and what persons liked after that, which it has to foresee.
package struct ValidationSplit: Sendable {
    package var training: Interactions
    /// By person of `training`: the items to be foreseen, none for persons who are not asked for.
    package var relevant: [Set<Int>]

    /// Persons need this many liked items to be asked for: from one or two nothing can be foreseen.
    private static let likedMin = 5

    /// - Returns: nil when there is nobody to ask for.
    package init?(_ interactions: Interactions, _ settings: ValidationSettings, seed: Int) {
        let hidden: (_ person: Int, _ row: Int) -> Bool
        var cuts: [Int] = []
        switch settings.kind {
        case .off: return nil
        case .persons:
            cuts = interactions.persons.indices.map { Self.cut(interactions, $0, settings) }
            hidden = { person, row in row >= cuts[person] }
        case .time:
            let times = interactions.times.sorted()
            guard !times.isEmpty else { return nil }
            let cut = times[min(times.count - 1, Int((1 - settings.share) * Double(times.count)))]
            hidden = { _, row in interactions.times[row] >= cut }
        }
        training = interactions.filtered { !hidden($0, $1) }
        relevant = [Set<Int>](repeating: [], count: training.persons.count)
        let places = Dictionary(uniqueKeysWithValues: training.persons.enumerated().map { ($1, $0) })
        let known = Set(training.itemNumbers)
        for (person, id) in interactions.persons.enumerated() {
            guard let place = places[id] else { continue }
            let seen = Set(training.rows(of: place).map { training.itemNumbers[$0] })
            for row in interactions.rows(of: person) where hidden(person, row) {
                let item = interactions.itemNumbers[row]
                guard Self.isLiked(interactions, row, settings), known.contains(item), !seen.contains(item) else {
                    continue
                }
                relevant[place].insert(Int(item))
            }
        }
        choose(settings.personsMax, seed)
        if relevant.allSatisfy(\.isEmpty) { return nil }
    }

    private static func isLiked(_ interactions: Interactions, _ row: Int, _ settings: ValidationSettings) -> Bool {
        interactions.counts(row, from: settings.relevantFrom)
    }

    /// The row from which on a person's interactions are hidden: the first of the last share of what they liked.
    private static func cut(_ interactions: Interactions, _ person: Int, _ settings: ValidationSettings) -> Int {
        let rows = interactions.rows(of: person)
        let liked = rows.filter { isLiked(interactions, $0, settings) }
        guard liked.count >= likedMin else { return rows.upperBound }
        return liked[liked.count - Int((Double(liked.count) * settings.share).rounded(.up))]
    }

    /// Asks for no more than so many persons.
    private mutating func choose(_ limit: Int, _ seed: Int) {
        var asked = relevant.indices.filter { !relevant[$0].isEmpty }
        guard asked.count > limit else { return }
        var random = RandomSource(seed: UInt64(seed), stream: 2)
        asked.shuffle(using: &random)
        for person in asked.dropFirst(limit) { relevant[person] = [] }
    }
}
