import Foundation

/// What a person began and did not finish, best first.
package enum Continuing {
    package struct Started: Sendable, Hashable {
        package var item: String
        /// The portion that was watched, read or filled in, from 0 to 1.
        package var progress: Double
        /// In milliseconds since 1970-01-01T00:00:00Z.
        package var lastTime: Int64
        /// How many parts of it the person finished, such as episodes.
        package var partsFinished: Int
        /// Where to go on: the episode of a series.
        package var season: Int
        package var number: Int

        package init(
            item: String, progress: Double, lastTime: Int64, partsFinished: Int = 0, season: Int = 0, number: Int = 0
        ) {
            self.item = item
            self.progress = progress
            self.lastTime = lastTime
            self.partsFinished = partsFinished
            self.season = season
            self.number = number
        }

        /// How far they got, for people.
        package var reason: Reason {
            Reason(played: .init(season: season, number: number, percent: Int((progress * 100).rounded())))
        }
    }

    /// Below is a look, above is finished.
    package static let open = 0.02..<0.95
    /// After so many days without it half have given up.
    private static let halfLifeDays = 10.0

    /// The chance that a person goes on with it: less with every day, more the further they got, and much more for
    /// something of which they finished parts.
    package static func chance(_ started: Started, now: Int64) -> Double {
        let days = max(0, Double(now - started.lastTime)) / TrainScores.millisecondsPerDay
        let held = 1 - exp2(-Double(started.partsFinished))
        let engaged = max(held, 0.25 + 0.5 * started.progress)
        return min(1, engaged) * exp2(-days / halfLifeDays)
    }

    /// - Returns: what is open, or has finished parts, with the chance that it goes on.
    package static func rank(_ started: [Started], now: Int64) -> [(started: Started, chance: Double)] {
        started.filter { open.contains($0.progress) || ($0.partsFinished > 0 && $0.progress < open.lowerBound) }
            .map { ($0, chance($0, now: now)) }
            .sorted { $0.chance != $1.chance ? $0.chance > $1.chance : $0.started.item < $1.started.item }
    }
}
