import Foundation
package import Statistics

/// Of those who finished something, how many went on.
package struct ContinueCounts: Sendable, Hashable {
    /// Whose window is over, so that it is known whether they went on.
    package var finished: Int
    package var wentOn: Int

    package init(finished: Int = 0, wentOn: Int = 0) {
        self.finished = finished
        self.wentOn = wentOn
    }

    mutating func add(_ other: ContinueCounts) {
        finished += other.finished
        wentOn += other.wentOn
    }

    func without(_ other: ContinueCounts) -> ContinueCounts {
        ContinueCounts(finished: max(0, finished - other.finished), wentOn: max(0, wentOn - other.wentOn))
    }
}

/// The chance that somebody who finished an episode goes on with the next.
///
/// What is known of the episode is drawn towards what is known of its title, and that towards all titles: each level is
/// a beta distribution whose prior has the mean of the level above and the weight of `strength` persons.
package struct Continuation: Sendable, Hashable {
    /// What most of the estimate rests on.
    package enum Basis: String, Sendable, Hashable, Codable, CaseIterable { case episode, title, all, nothing }

    package var probability: Interval
    package var basis: Basis
    package var episode: ContinueCounts
    /// The odds of this person against those of everybody; 1 when nothing is known of them.
    package var personal: Double

    static let strength = 20.0
    /// How many episodes of one's own it takes until half of the person's difference counts.
    static let personalStrength = 8.0

    /// - Parameters:
    ///   - title: the title with the episode; `all`: every title with this one.
    ///   - person: what the person did after the episodes that they finished: whether they went on, and what was
    ///     expected of them.
    static func estimate(
        episode: ContinueCounts, title: ContinueCounts, all: ContinueCounts,
        person: [(wentOn: Bool, expected: Double)] = [], confidence: Double = 0.9
    ) -> Continuation {
        let others = all.without(title)
        // Two persons who know nothing, one of whom goes on, stand before everything.
        let overall = (Double(others.wentOn) + 1) / (Double(others.finished) + 2)
        let rest = title.without(episode)
        let ofTitle = (Double(rest.wentOn) + strength * overall) / (Double(rest.finished) + strength)
        let alpha = Double(episode.wentOn) + strength * ofTitle
        let beta = Double(episode.finished - episode.wentOn) + strength * (1 - ofTitle)
        let odds = personal(person)
        func shifted(_ p: Double) -> Double { p * odds / (1 - p + p * odds) }
        let belief = BetaDistribution(alpha, beta)
        let tail = (1 - confidence) / 2
        let probability = Interval(
            estimate: shifted(belief.mean), low: shifted(belief.quantile(of: tail)),
            high: shifted(belief.quantile(of: 1 - tail)))
        let basis: Basis =
            Double(episode.finished) >= strength
            ? .episode : Double(rest.finished) >= strength ? .title : others.finished > 0 ? .all : .nothing
        return Continuation(probability: probability, basis: basis, episode: episode, personal: odds)
    }

    /// How the person's odds differ from what was expected of them, drawn towards 1.
    private static func personal(_ person: [(wentOn: Bool, expected: Double)]) -> Double {
        guard !person.isEmpty else { return 1 }
        let expected = person.reduce(0) { $0 + $1.expected }
        let wentOn = Double(person.count { $0.wentOn })
        let n = Double(person.count)
        let half = personalStrength / 2
        let odds = (wentOn + half) / (n - wentOn + half)
        let usual = (expected + half) / (n - expected + half)
        return min(8, max(0.125, odds / usual))
    }
}

extension BetaDistribution {
    /// Where the cumulative distribution reaches `p`, by halving.
    func quantile(of p: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
