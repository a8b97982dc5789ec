import Foundation
import Statistics

/// The life of one person in the synthetic shop.
///
/// How often somebody visits and when they leave for good follow the Pareto/NBD model (Schmittlein, Morrison and
/// Colombo, 1987, the continuous sibling of BG/NBD): visits are Poisson with a rate that is gamma-distributed over
/// people, and a lifetime is exponential with a hazard that is gamma-distributed too. Seasons thin the visits.
struct ShopPerson {
    let number: UInt32
    private var source: RandomSource
    private let seasons: TrafficSeasons
    private let range: Range<Int64>

    private var identity: ShopIdentity
    private var usesApp: Bool
    private let usesSecondDevice: Bool
    private var hasJoinedSecond = false
    /// How readily the person buys; about 1 on average.
    private let propensity: Double
    private var hasBought = false
    private var session: UInt16 = 0

    /// What all people of a shop share.
    struct Shop {
        let seed: UInt64
        let range: Range<Int64>
        let seasons: TrafficSeasons
        /// Draws the day on which a person first comes.
        let arrivals: Categorical
        let workday: Categorical
        let weekend: Categorical
        /// Multiplies everybody's rate of visits.
        var activity: Double

        init(seed: UInt64, range: Range<Int64>) {
            self.seed = seed
            self.range = range
            seasons = TrafficSeasons(range)
            // The shop grows: three times as many arrivals a day after a year.
            arrivals = Categorical(
                weights: seasons.days.enumerated().map { day, weight in weight * exp(log(3) * Double(day) / 365) })
            workday = Categorical(weights: TrafficSeasons.workdayHours)
            weekend = Categorical(weights: TrafficSeasons.weekendHours)
            activity = 1
        }
    }

    init(_ number: UInt32, shop: Shop) {
        self.number = number
        seasons = shop.seasons
        range = shop.range
        source = RandomSource(seed: shop.seed, stream: UInt64(number) + 1)
        usesApp = source.chance(0.62)
        usesSecondDevice = source.chance(0.18)
        propensity = source.gamma(shape: 2, scale: 0.5)
        identity = .anonymous
    }

    /// Appends all of the person's lines, not in order of time.
    mutating func live(in shop: Shop, into records: inout [ShopRecord]) {
        // A third were customers before the range begins, most of them known already.
        let isOld = source.chance(0.33)
        var day = isOld ? 0.0 : Double(shop.arrivals.draw(&source))
        if isOld && source.chance(0.75) { identity = .known }
        hasBought = identity == .known && source.chance(0.6)
        let rate = (0.02 + source.gamma(shape: 0.7, scale: 0.14)) * shop.activity
        let lifetime = source.exponential(rate: source.gamma(shape: 1.2, scale: 0.012) + 1e-4)
        let end = min(day + lifetime, Double(seasons.days.count))
        var starts: [Int64] = isOld ? [] : [start(onDay: Int(day), shop)]
        while starts.count < 60_000 {
            day += source.exponential(rate: rate * seasons.busiest)
            if day >= end { break }
            if source.uniform() * seasons.busiest < seasons.days[Int(day)] {
                starts.append(start(onDay: Int(day), shop))
            }
        }
        // Everybody is seen at least once.
        if starts.isEmpty { starts = [start(onDay: shop.arrivals.draw(&source), shop)] }
        starts.sort()
        var free = range.lowerBound
        for begin in starts {
            // A session begins after the one before has ended for sessionising too: 30 minutes and a bit.
            free = visit(at: max(begin, free), into: &records) + 31 * 60_000
            session &+= 1
            if free >= range.upperBound { break }
        }
    }

    /// A moment of a local day, in milliseconds UTC.
    private mutating func start(onDay day: Int, _ shop: Shop) -> Int64 {
        let isWeekend = KoreanCalendar.isWeekend(seasons.firstDay + day)
        let hour = isWeekend ? shop.weekend.draw(&source) : shop.workday.draw(&source)
        let time = seasons.start(ofDay: day) + Int64(hour) * 3_600_000 + Int64(source.index(below: 3_600_000))
        // The first and the last local day may be cut by the range.
        return min(max(time, range.lowerBound), range.upperBound - 1)
    }

    // MARK: One visit

    /// The state of a visit while it runs.
    private struct Visit {
        var time: Int64
        var cart = 0
        var looked = 8
        var hasCoupon = false
    }

    private mutating func emit(
        _ kind: ShopEventKind, _ visit: Visit, slot: Int, into records: inout [ShopRecord], at time: Int64? = nil,
        as special: ShopIdentity? = nil
    ) {
        let time = time ?? visit.time
        guard range.contains(time) else { return }
        let detail = UInt8(truncatingIfNeeded: slot & 31) | (special ?? identity).rawValue << 5
        records.append(ShopRecord(time: time, person: number, session: session, kind: kind, detail: detail))
    }

    /// Some seconds of reading, mostly short.
    private mutating func pause(_ visit: inout Visit, most: Double = 95) {
        let u = source.uniform()
        visit.time += 1_500 + Int64(u * u * most * 1_000)
    }

    /// - Returns: when it ended.
    private mutating func visit(at begin: Int64, into records: inout [ShopRecord]) -> Int64 {
        var visit = Visit(time: begin)
        let wasKnown = identity == .known
        let isSecondDevice = wasKnown && usesSecondDevice && source.chance(0.35)
        if isSecondDevice && !hasJoinedSecond { identity = .secondAnonymous }
        arrive(&visit, into: &records)
        if identity == .secondAnonymous && source.chance(0.6) { signIn(&visit, into: &records) }
        if identity == .anonymous && source.chance(0.1) { signUp(&visit, into: &records) }
        browse(&visit, into: &records)
        if visit.cart > 0 { checkOut(&visit, into: &records) }
        rarities(&visit, into: &records)
        if identity == .secondAnonymous { identity = .known }
        return visit.time
    }

    private mutating func arrive(_ visit: inout Visit, into records: inout [ShopRecord]) {
        if identity == .known {
            let way = source.uniform()
            if usesApp && way < 0.14 {
                let sent = visit.time - Int64(source.exponential(rate: 1.0 / 1_500_000))
                emit(.pushReceived, visit, slot: 0, into: &records, at: sent)
                emit(.pushOpened, visit, slot: 0, into: &records)
                visit.time += 900
            } else if way < 0.2 {
                emit(.emailOpened, visit, slot: 0, into: &records)
                pause(&visit, most: 30)
            }
        }
        emit(usesApp ? .appOpened : .pageViewed, visit, slot: 0, into: &records)
        pause(&visit)
    }

    private mutating func signUp(_ visit: inout Visit, into records: inout [ShopRecord]) {
        pause(&visit, most: 180)
        emit(.signedUp, visit, slot: 0, into: &records, as: .joined)
        emit(.identify, visit, slot: 0, into: &records, at: visit.time + 40, as: .joined)
        identity = .known
        pause(&visit)
    }

    private mutating func signIn(_ visit: inout Visit, into records: inout [ShopRecord]) {
        pause(&visit, most: 40)
        emit(.signedIn, visit, slot: 0, into: &records, as: .secondJoined)
        emit(.identify, visit, slot: 0, into: &records, at: visit.time + 40, as: .secondJoined)
        identity = .known
        hasJoinedSecond = true
        pause(&visit)
    }

    private mutating func browse(_ visit: inout Visit, into records: inout [ShopRecord]) {
        let steps = 1 + source.geometric(success: hasBought ? 0.2 : 0.27)
        for _ in 0..<min(steps, 60) {
            let what = source.uniform()
            if what < 0.24 {
                emit(
                    .pageViewed, visit, slot: 1 + source.index(below: TrafficCatalogue.pages.count - 1), into: &records)
            } else if what < 0.38 {
                emit(.categoryViewed, visit, slot: source.index(below: 8), into: &records)
            } else if what < 0.52 {
                emit(
                    .productSearched, visit, slot: source.index(below: TrafficCatalogue.searches.count), into: &records)
            } else {
                look(&visit, into: &records)
            }
            pause(&visit)
        }
    }

    /// One product, and what comes of it.
    private mutating func look(_ visit: inout Visit, into records: inout [ShopRecord]) {
        let adds = visit.cart < 7 && source.chance(min(0.17 * propensity + (hasBought ? 0.05 : 0), 0.8))
        let slot = adds ? visit.cart : visit.looked
        if !adds { visit.looked = min(visit.looked + 1, 31) }
        emit(.productViewed, visit, slot: slot, into: &records)
        if source.chance(0.24) {
            pause(&visit)
            emit(.reviewRead, visit, slot: slot, into: &records)
        }
        if source.chance(0.05) {
            pause(&visit, most: 10)
            emit(.productWished, visit, slot: slot, into: &records)
        }
        if source.chance(0.015) {
            pause(&visit, most: 20)
            emit(.productShared, visit, slot: slot, into: &records)
        }
        if adds {
            pause(&visit, most: 40)
            emit(.productAdded, visit, slot: slot, into: &records)
            visit.cart += 1
        }
    }

    private mutating func checkOut(_ visit: inout Visit, into records: inout [ShopRecord]) {
        if source.chance(0.8) {
            emit(.cartViewed, visit, slot: visit.cart, into: &records)
            pause(&visit)
        }
        if source.chance(0.1) {
            // The last one added goes out again.
            visit.cart -= 1
            emit(.productRemoved, visit, slot: visit.cart, into: &records)
            pause(&visit)
            if visit.cart == 0 { return }
        }
        if source.chance(0.2) {
            emit(.couponViewed, visit, slot: 0, into: &records)
            pause(&visit, most: 30)
        }
        guard source.chance(hasBought ? 0.72 : 0.55) else { return }
        emit(.checkoutStarted, visit, slot: visit.cart, into: &records)
        pause(&visit)
        if identity == .anonymous {
            guard source.chance(0.72) else { return }
            signUp(&visit, into: &records)
        } else if identity == .secondAnonymous {
            guard source.chance(0.9) else { return }
            signIn(&visit, into: &records)
        }
        guard source.chance(0.92) else { return }
        emit(.shippingEntered, visit, slot: visit.cart, into: &records)
        pause(&visit)
        pay(&visit, into: &records)
    }

    private mutating func pay(_ visit: inout Visit, into records: inout [ShopRecord]) {
        if source.chance(0.24) {
            visit.hasCoupon = true
            emit(.couponApplied, visit, slot: visit.cart | 8, into: &records)
            pause(&visit, most: 30)
        }
        if hasBought && source.chance(0.16) {
            emit(.pointsUsed, visit, slot: visit.cart, into: &records)
            pause(&visit, most: 20)
        }
        guard source.chance(0.94) else { return }
        emit(.paymentEntered, visit, slot: visit.cart, into: &records)
        pause(&visit, most: 60)
        if source.chance(0.045) {
            emit(.paymentFailed, visit, slot: visit.cart, into: &records)
            pause(&visit, most: 60)
            guard source.chance(0.65) else { return }
        }
        let order = visit.cart | (visit.hasCoupon ? 8 : 0)
        emit(.orderCompleted, visit, slot: order, into: &records)
        emit(.pointsEarned, visit, slot: order, into: &records, at: visit.time + 350)
        hasBought = true
        let delivered = visit.time + Int64((0.6 + source.gamma(shape: 2, scale: 0.5)) * 86_400_000)
        emit(.orderDelivered, visit, slot: order, into: &records, at: delivered, as: .known)
        if source.chance(0.045) {
            let refunded = delivered + Int64(source.exponential(rate: 0.3) * 86_400_000)
            emit(.orderRefunded, visit, slot: order, into: &records, at: refunded, as: .known)
        } else if source.chance(0.13) {
            let written = delivered + Int64((0.1 + source.exponential(rate: 0.4)) * 86_400_000)
            emit(.reviewWritten, visit, slot: source.index(below: visit.cart), into: &records, at: written, as: .known)
        }
        pause(&visit, most: 30)
    }

    private mutating func rarities(_ visit: inout Visit, into records: inout [ShopRecord]) {
        guard identity == .known, source.chance(0.02) else { return }
        let kinds: [ShopEventKind] = [
            .friendInvited, .supportAsked, .supportAsked, .settingsChanged, .settingsChanged, .subscriptionStarted,
        ]
        emit(kinds[source.index(below: hasBought ? 6 : 5)], visit, slot: source.index(below: 3), into: &records)
        pause(&visit)
    }
}
