import Foundation
import Statistics

/// Who comes when.
struct ShopArrivals: Sendable {
    /// Customers of the full world who were there before the history begins, and those who come in its first year.
    static let oldCustomers = 3_500
    static let newVisitors = 27_000
    /// How long people keep coming who are not there yet when the history ends.
    static let horizonDays = 730

    let firstDay: Int
    let oldCount: Int
    let count: Int
    /// For each day from the first on, the number of people who have come by its end, without the old ones.
    private let cumulative: [Int]

    init(_ settings: WorldSettings) {
        firstDay = settings.firstDay
        oldCount = settings.scaled(Self.oldCustomers)
        // The shop grows by half in a year.
        let weights = (0..<Self.horizonDays).map { day in
            exp(log(1.5) * Double(day) / 365) * ShopSeasons.weight(ofDay: settings.firstDay + day)
        }
        let yearly = weights.prefix(365).reduce(0, +)
        let perWeight = Double(settings.scaled(Self.newVisitors)) / yearly
        var sum = 0.0
        cumulative = weights.map { weight in
            sum += weight * perWeight
            return Int(sum)
        }
        count = oldCount + (cumulative.last ?? 0)
    }

    /// The local day on which a person comes first. People who come later have greater numbers.
    ///
    /// - Complexity: O(log days).
    func day(ofNewPerson number: Int) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > number { high = middle } else { low = middle + 1 }
        }
        return firstDay + low
    }
}

extension ShopCustomer {
    init(_ index: Int, _ setting: ShopSetting) {
        var random = setting.streams.of(index).source(.birth)
        let arrivals = setting.arrivals
        self.index = index
        if index < arrivals.oldCount {
            arrival = arrivals.firstDay - 1 - min(900, Int(random.exponential(rate: 1.0 / 260)))
        } else {
            arrival = arrivals.day(ofNewPerson: index - arrivals.oldCount)
        }
        nature = ShopNature(
            campaign: ShopCampaign.draw(onDay: arrival, &random), &random, departments: setting.catalogue.departments)
        nextDay = max(arrival, arrivals.firstDay)
        if index < arrivals.oldCount { remember(setting, &random) }
    }

    /// What happened before the history begins: those who are still there have become customers of some standing.
    private mutating func remember(_ setting: ShopSetting, _ random: inout RandomSource) {
        isKnown = true
        secondSignedIn = nature.secondDevice != nil
        signedUpDay = arrival
        consent(&random)
        let days = setting.arrivals.firstDay - arrival
        orders = random.poisson(mean: min(12, Double(days) / 55 * nature.propensity))
        for _ in 0..<orders {
            let product = setting.chooseProduct(of: self, onDay: setting.arrivals.firstDay, &random)
            let ago = 1 + random.index(below: min(days, 360) + 1)
            spending.add(setting.catalogue.products[product].price * 2, onDay: setting.arrivals.firstDay - ago)
            plan(restockOf: product, boughtOn: setting.arrivals.firstDay - random.index(below: 40), setting, &random)
        }
        tier = ShopTier(spending: spending.total(onDay: setting.arrivals.firstDay))
        points = Int(Double(spending.total(onDay: setting.arrivals.firstDay)) * tier.pointsShare) / 10 * 10
    }

    /// What is agreed to at sign-up.
    mutating func consent(_ random: inout RandomSource) {
        let agreesToMarketing = random.chance(0.64)
        for channel in [WorldAction.Channel.email, .push, .kakao, .sms] {
            let share = channel == .push ? (nature.usesApp ? 0.85 : 0) : channel == .kakao ? 0.9 : 0.8
            if random.chance(share), agreesToMarketing { consents.insert(channel) }
        }
        consentsToNight = random.chance(0.2) && consents.contains(.push)
    }

    mutating func plan(
        restockOf product: Int, boughtOn day: Int, quantity: Int = 1, _ setting: ShopSetting,
        _ random: inout RandomSource
    ) {
        let cycle = setting.catalogue.shelves[setting.catalogue.products[product].shelf].cycleDays
        // The next one may as well be bought elsewhere.
        guard cycle > 0, random.chance(0.6) else { return }
        let days =
            cycle * nature.cycleFactor * (0.6 + 0.4 * Double(quantity)) * random.logNormal(mean: 0, deviation: 0.15)
        restocks.removeAll { $0.product == product }
        if restocks.count >= 4 { restocks.removeFirst() }
        restocks.append(ShopRestock(product: product, dueDay: day + max(5, Int(days))))
    }

    func resident(_ setting: ShopSetting) -> Resident {
        var random = setting.streams.of(index).source(.birth, 1)
        let year = KoreanCalendar.date(setting.arrivals.firstDay).year
        return Resident(index, year: year, femaleShare: 0.68, meanAge: 35, random: &random)
    }

    /// The phone, or the second device.
    func device(_ number: Int, _ setting: ShopSetting) -> Device {
        var random = setting.streams.of(index).source(.birth, 2 + number)
        let kind = number == 0 ? .phone : nature.secondDevice ?? .computer
        return Device(
            kind, isApp: number == 0 && nature.usesApp && isKnown, appName: "들꽃상회", random: &random)
    }
}
