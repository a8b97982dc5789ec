/// A film or a series.
package struct Title: Sendable {
    package enum Kind: String, Sendable { case film, series }

    package struct Season: Sendable {
        package var number: Int
        package var episodeCount: Int
        package var episodeSeconds: Int
        /// The opening titles, in seconds from the start of every episode: what people skip.
        package var intro: Range<Int>
    }

    /// Its index in the catalogue.
    package var index: Int
    package var id: String
    package var korean: String
    package var english: String
    package var kind: Kind
    package var genre: Genre
    package var secondGenre: Genre
    package var mood: Mood
    package var era: Era
    package var year: Int
    package var country: Country
    /// Indices into the catalogue's people; the first is the lead.
    package var cast: [Int]
    package var ageRating: Int
    /// How good it is, independently of taste: standard normal.
    package var quality: Double
    /// Where it drags, as a share of its length: of those who give up, many do there.
    package var dullSpot: Double
    /// The day on which it joins the service, counted from the first day of the world; titles of the first day are 0.
    package var releaseDay: Int
    /// A film has one season of one episode, without an intro.
    package var seasons: [Season]
    package var artworks: [Artwork]
    /// The latent features, in the space of `Taste`.
    package var features: Taste.Vector

    package var episodeCount: Int { seasons.reduce(0) { $0 + $1.episodeCount } }

    /// - Parameter episode: counted from 0 through all seasons.
    /// - Returns: the season, and the number within it from 1.
    package func place(ofEpisode episode: Int) -> (season: Season, number: Int) {
        var rest = episode
        for season in seasons {
            if rest < season.episodeCount { return (season, rest + 1) }
            rest -= season.episodeCount
        }
        preconditionFailure("title \(id) has \(episodeCount) episodes; there is no episode at \(episode)")
    }
}

/// One picture of a title.
package struct Artwork: Sendable {
    package var id: String
    package var emphasis: Emphasis
    /// Who is on it, when it is a face or a couple: an index into the catalogue's people.
    package var star: Int?
    /// How well it is made: normal with deviation 0.4.
    package var craft: Double
}

/// The space in which titles and tastes meet. The appeal of a title is the scalar product of both.
package enum Taste {
    package typealias Vector = SIMD32<Float>

    static let genres = 0
    static let moods = genres + Genre.allCases.count
    static let eras = moods + Mood.allCases.count
    static let countries = eras + Era.allCases.count
    static let series = countries + Country.allCases.count
    static let quality = series + 1

    static func features(of title: Title) -> Vector {
        var vector = Vector.zero
        vector[genres + title.genre.rawValue] += 0.75
        vector[genres + title.secondGenre.rawValue] += 0.35
        vector[moods + title.mood.rawValue] = 1
        vector[eras + title.era.rawValue] = 1
        vector[countries + title.country.rawValue] = 1
        vector[series] = title.kind == .series ? 0.5 : -0.5
        vector[quality] = Float(title.quality)
        return vector
    }
}
