import Statistics

/// A customer and how far their life has got.
struct ShopCustomer: Sendable {
    let index: Int
    /// The local day of the first visit; before the history began for those who were customers already.
    let arrival: Int
    let nature: ShopNature

    // MARK: Life

    /// The next day that has not been planned.
    var nextDay: Int
    /// When the visits of the day that was planned last begin, in order.
    var agenda: [Int64] = []
    /// Visits so far; the number of the next one.
    var visits = 0
    /// Answers to actions so far.
    var answers = 0
    /// The day on which interest was lost for good, unless they are won back.
    var leftDay: Int?

    // MARK: Standing

    var isKnown = false
    /// Whether the profile has been sent to the log in this history.
    var isIntroduced = false
    var signedUpDay: Int?
    /// Whether the second device is signed in.
    var secondSignedIn = false
    var consents: Set<WorldAction.Channel> = []
    var consentsToNight = false
    var orders = 0
    var spending = ShopSpending()
    var tier = ShopTier.seed
    var points = 0

    // MARK: Wants

    var cart = ShopCart()
    /// Products that are liked, and the price at which they were.
    var wishes: [ShopWish] = []
    var restocks: [ShopRestock] = []
    var coupons: [WorldAction.Offer] = []
    var subscription: ShopSubscription?
    /// Prices that this person alone is asked for, by product.
    var ownPrices: [Int: Int] = [:]

    // MARK: Mood

    /// From 0 to 1; 0.7 is neither pleased nor displeased.
    var satisfaction = 0.7
    /// Extra interest, which fades by half each day.
    var interest = 0.0
    /// Messages of late, each of which fades by a fifth a day.
    var messageLoad = 0.0

    var userID: String { "c-" + padded(index) }
    func anonymousID(_ device: Int) -> String { "a-\(padded(index))-\(device)" }
    var hasLeft: Bool { leftDay != nil }
}

/// Six digits, so that ids are in order.
func padded(_ index: Int) -> String {
    let text = String(index)
    return String(repeating: "0", count: max(0, 6 - text.count)) + text
}

struct ShopCart: Sendable {
    struct Line: Sendable {
        var product: Int
        var quantity: Int
    }

    /// How far a purchase got before it was left.
    enum Stage: Int, Sendable, CaseIterable {
        case collecting, cart, checkout, shipping, payment
    }

    var lines: [Line] = []
    var stage = Stage.collecting
    /// When it was touched last, in milliseconds UTC.
    var time: Int64 = 0

    var isEmpty: Bool { lines.isEmpty }
}

struct ShopWish: Sendable {
    var product: Int
    var price: Int
}

/// Something that will be used up.
struct ShopRestock: Sendable {
    var product: Int
    var dueDay: Int
}

struct ShopSubscription: Sendable {
    var product: Int
    var intervalDays: Int
    var nextDay: Int
    var renewals = 0
    var isPaused = false
}

/// What was spent in the last twelve months.
struct ShopSpending: Sendable {
    private(set) var orders: [(day: Int, amount: Int)] = []

    mutating func add(_ amount: Int, onDay day: Int) {
        orders.removeAll { $0.day < day - 365 }
        orders.append((day, amount))
    }

    func total(onDay day: Int) -> Int { orders.reduce(0) { $1.day >= day - 365 ? $0 + $1.amount : $0 } }
    var lastDay: Int? { orders.last?.day }
}

enum ShopTier: Int, Sendable, CaseIterable, Comparable {
    case seed, leaf, blossom, forest

    var name: StaticString {
        switch self {
        case .seed: "새싹"
        case .leaf: "잎새"
        case .blossom: "꽃"
        case .forest: "숲"
        }
    }

    /// KRW spent in twelve months.
    var threshold: Int { [0, 100_000, 300_000, 700_000][rawValue] }
    var pointsShare: Double { [0.005, 0.01, 0.02, 0.03][rawValue] }

    static func < (one: ShopTier, other: ShopTier) -> Bool { one.rawValue < other.rawValue }

    init(spending: Int) {
        self = ShopTier.allCases.last { spending >= $0.threshold } ?? .seed
    }
}
