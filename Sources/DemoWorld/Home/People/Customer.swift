import Statistics

/// Why somebody does not go on with a booking, and so what would help them.
package enum Hurdle: Int, CaseIterable, Sendable {
    case overwhelmed, unsureWhatToChoose, schedule, price, trust

    /// The question of the form at which it shows.
    var step: Int {
        switch self {
        case .overwhelmed, .unsureWhatToChoose: 2
        case .schedule: 3
        case .price: 4
        case .trust: 5
        }
    }

    /// The topic of a guide that answers it.
    package var guide: String {
        switch self {
        case .overwhelmed: "checklist"
        case .unsureWhatToChoose: "how-to-choose"
        case .schedule: "schedule-help"
        case .price: "price-guide"
        case .trust: "reviews"
        }
    }
}

/// The questions of every form, in their order.
enum FormStep {
    static let names = ["place", "size", "details", "schedule", "quote", "payment"]
}

/// Somebody who books.
package struct Customer: Sendable {
    struct Nature: Sendable {
        var district: Int
        var spot: Spot
        var pyeong: Int
        var priceSensitivity: Double
        /// Local hours: when the app is used, and when somebody may come.
        var visitHour: Double
        var serviceHour: Double
        /// Whether other days would do: 0 (no) to 1.
        var flexibility: Double
        var hurdle: Hurdle
        /// How high it is: the probability of stopping there.
        var hurdleHeight: Double
        /// What kind of people one gets along with: see `Fit`.
        var style: SIMD2<Double>
        var messageInterest: Double
        var reviews: Double
        /// Where somebody who knows nothing of the service starts from.
        var trustAtFirst: Double
    }

    /// A service that somebody wants from time to time.
    struct Need: Sendable {
        var service: Int
        /// Days between two times.
        var cycle: Double
        /// The local day on which it is wanted next.
        var due: Int
        /// How far before its season (or cycle) it has been brought, so that it is not wanted twice.
        var lastBooked: Int?
    }

    package var index: Int
    package var id: String
    package var resident: Resident
    let device: Device
    let sender: Sender
    /// For what happens to them without their device.
    let server: Sender
    let anonymousID: String
    /// What brought them.
    let campaign: Campaign?
    var nature: Nature
    var joins: Int
    var state: State

    struct State: Sendable {
        var trust: Double
        var needs: [Need]
        var isKnown = false
        var acceptsMessages: Bool
        var messageLoad = 0.0
        /// A booking that was not finished: what would have come of it.
        var stopped: (service: Int, step: Int, day: Int)?
        /// A coupon: a share of the price and its last day.
        var coupon: (share: Double, day: Int)?
        /// Prices of their own, as factors, for a day.
        var factors: [(service: Int, factor: Double, day: Int)] = []
        /// How it went with partners: index and liking.
        var partners: [(partner: Int, liking: Double)] = []
        var failures = 0
        var orders = 0
        var responses = 0

        func liking(of partner: Int) -> Double { partners.first { $0.partner == partner }?.liking ?? 0 }
    }
}

/// Somebody who does the work.
package struct Partner: Sendable {
    struct Nature: Sendable {
        var district: Int
        var spot: Spot
        /// A bit for each `Trade`.
        var trades: UInt16
        /// By `Monday is 0`: a bit for each day of work.
        var weekdays: UInt8
        /// Local hours.
        var from: Double
        var until: Double
        var wantedPerWeek: Double
        /// What they want for an hour, relative to what is usual.
        var payWish: Double
        var distanceAversion: Double
        /// How well they work: standard normal.
        var skill: Double
        /// The probability of coming, when promised.
        var reliability: Double
        var style: SIMD2<Double>
    }

    package var index: Int
    package var id: String
    package var resident: Resident
    let sender: Sender
    let phone: Sender
    var nature: Nature
    var joins: Int
    var state = State()

    struct State: Sendable {
        var isKnown = false
        var hasLeft = false
        /// From 0 to 1: whether the work is worth staying for.
        var morale = 0.6
        /// What was promised: begin and end.
        var promised: [Range<Int64>] = []
        var jobsThisWeek = 0
        /// Offers of the week that did not fit.
        var annoyances = 0.0
        var stars = 0.0
        var reviews = 0
        var jobs = 0
        var responses = 0
    }

    func does(_ trade: HomeService.Trade) -> Bool { nature.trades & (1 << UInt16(trade.rawValue)) != 0 }
}
