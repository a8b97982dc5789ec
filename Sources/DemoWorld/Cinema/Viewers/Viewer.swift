import Statistics

/// One profile of a household: what it likes, how it watches, and what it has seen. Everything here is hidden from the
/// business, which sees events alone.
package struct Viewer: Sendable {
    /// What does not change.
    package struct Nature: Sendable {
        /// Where tastes return to.
        var taste: Taste.Vector
        /// How much a picture of each `Emphasis` attracts: standard normal, tied to the tastes.
        var emphasis: SIMD8<Float>
        /// Actors whose titles are more appealing than they would be, by their index.
        var stars: [(member: Int, liking: Float)]
        /// Sessions a day when all is well.
        var sessionsPerDay: Double
        var eveningHour: Double
        /// The share of sessions in the morning or at noon.
        var daytimeShare: Double
        var weekendFactor: Double
        /// By `Screen`.
        var screens: [Double]
        var data: DataPlan
        /// How likely the opening titles are skipped.
        var skipsIntros: Double
        /// Pauses in an hour of watching.
        var pausesPerHour: Double
        /// The share of finished titles that get a rating, and how generous it is.
        var rates: Double
        var generosity: Double
        /// Added to the logit of one more episode.
        var binge: Double
        var subtitles: Bool
        var dubbed: Bool
        /// Added to the logit of opening a message.
        var messageInterest: Double
        /// How much a won weighs: 1 on average.
        var priceSensitivity: Double
    }

    /// Of all viewers: four for each household, whether it has so many members or not.
    package var index: Int
    package var id: String
    package var resident: Resident
    var nature: Nature
    /// By `Screen`; the television is the household's.
    var devices: [Device]
    var state: State

    /// What changes from day to day.
    struct State: Sendable {
        var taste: Taste.Vector
        /// From 0 to 1: what the last weeks were like.
        var satisfaction = 0.62
        /// What is left of a bad experience, 0 when there was none.
        var trouble = 0.0
        /// Messages of the last two weeks, each counting less from day to day.
        var messageLoad = 0.0
        var acceptsMessages = true
        /// Titles that were begun and not finished, the latest last.
        var unfinished: [Progress] = []
        /// A bit for each title that was finished or given up.
        var done = TitleSet()
        /// The local day of the latest session; nil before the first.
        var lastSessionDay: Int?
        /// Until when the latest session lasts: nobody begins another one before.
        var busyUntil: Int64 = 0
        /// Whether the business knows the profile, which happens at the first session.
        var isKnown = false
        /// Hours watched since the last bill.
        var hoursSinceBill = 0.0
        /// How many actions the viewer has answered, so that each answer has random numbers of its own.
        var responses = 0
        /// Sessions of the day so far.
        var sessionsToday = 0
    }

    struct Progress: Sendable {
        var title: Int
        var episode: Int
        var seconds: Int
        var day: Int
        /// What it thinks of the title by now.
        var appeal: Double
    }
}

/// A set of indices of titles, by bits.
struct TitleSet: Sendable, Hashable {
    private var words: [UInt64] = []

    func contains(_ index: Int) -> Bool {
        let word = index >> 6
        return word < words.count && words[word] & (1 << UInt64(index & 63)) != 0
    }

    mutating func insert(_ index: Int) {
        let word = index >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(index & 63)
    }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
