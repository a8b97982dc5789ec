import Statistics

/// A session as it goes on: what it is watched on, and how long there is time.
struct Sitting: Sendable {
    let screen: Screen
    let network: Network
    let data: DataPlan
    let quality: PictureQuality
    let sender: Sender
    let begin: Int64
    /// The present, in milliseconds UTC.
    var time: Int64
    /// Until bedtime, or the station where one gets off.
    var secondsLeft: Int
    var random: RandomSource

    var playedSeconds = 0
    var stalls = 0
    var bestAppeal = -2.0
    /// What was done, for who asked for it.
    var reactions: [WorldResponse.Reaction] = []

    mutating func pass(seconds: Double) { time += Int64(seconds * 1000) }

    /// Whether a hall of machines far away is busy: most people watch at nine in the evening.
    var isPeak: Bool {
        let hour = KoreanCalendar.hour(of: time)
        return hour >= 20 && hour < 23
    }

    /// How often the picture stops to load, in an hour of watching.
    var stallsPerHour: Double {
        let headroom = network.megabits / quality.megabits
        let base = network == .lte ? 0.9 : network == .fiveG ? 0.35 : network == .wifi ? 0.18 : 0.05
        return base * (isPeak ? 1.8 : 1) * (headroom < 4 ? 1.6 : 1)
    }
}
