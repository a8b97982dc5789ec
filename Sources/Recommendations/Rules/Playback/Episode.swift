/// What is played as one: an episode of a series, or a film, which is the only episode of itself.
package struct Episode: Sendable, Hashable, Comparable, Codable {
    /// The title.
    package var item: String
    /// From 1; 0 when there are no seasons.
    package var season: Int
    /// From 1 within the season; 0 for what has no episodes.
    package var number: Int

    package init(item: String, season: Int = 0, number: Int = 0) {
        self.item = item
        self.season = season
        self.number = number
    }

    package static func < (left: Episode, right: Episode) -> Bool {
        (left.item, left.season, left.number) < (right.item, right.season, right.number)
    }
}

/// An episode in the numbers of a table.
struct EpisodeKey: Sendable, Hashable {
    var title: Int32
    var season: Int32
    var number: Int32

    /// Whether this one comes after the other without one between, as far as numbers tell: the next of the season, or
    /// the first of the next season.
    func follows(_ other: EpisodeKey) -> Bool {
        title == other.title
            && (season == other.season ? number == other.number + 1 : season == other.season + 1 && number <= 1)
    }

    var orderInTitle: Int64 { Int64(season) << 32 | Int64(number) }
}

/// What one person did with one episode.
struct EpisodePlay: Sendable, Hashable {
    var key: EpisodeKey
    /// Each time it was started or gone on with, in milliseconds, rising; at most `startsMax`.
    var starts: [Int64] = []
    /// When it was first played to the end.
    var completedTime: Int64?
    /// The furthest place, in seconds.
    var furthest = 0.0
    /// The last place, in seconds.
    var position = 0.0
    /// Of the episode, in seconds; 0 is unknown.
    var duration = 0.0
    var lastTime: Int64 = 0

    static let startsMax = 16

    /// The part that was played, from 0 to 1.
    var progress: Double {
        if completedTime != nil { return 1 }
        return duration > 0 ? min(1, max(0, position / duration)) : 0
    }
}

/// A jump within an episode, in seconds.
struct Seek: Sendable, Hashable {
    var key: EpisodeKey
    var from: Double
    var to: Double
    var time: Int64
}
