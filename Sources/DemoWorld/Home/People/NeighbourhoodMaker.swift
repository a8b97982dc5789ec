import Foundation
import Statistics

/// Draws the people of a quarter.
struct NeighbourhoodMaker {
    let settings: WorldSettings
    let streams: RandomStreams
    /// People go on coming for so long; a good part was there before the history begins.
    let joiningDays = 730

    func neighbourhood(_ index: Int) -> Neighbourhood {
        let quarter = Quarter.all[index]
        let share = settings.scale * Double(Quarter.all.count) / Double(Home.quarters(settings.scale)) * quarter.size
        let customers = max(10, Int(Home.customersPerQuarter * share))
        let partners = max(14, Int(Home.partnersPerQuarter * share))
        var neighbourhood = Neighbourhood(
            index: index, quarter: quarter, customers: (0..<customers).map { customer($0, in: index, quarter) },
            partners: (0..<partners).map { partner($0, in: index, quarter) })
        neighbourhood.agenda.add(.dawn(day: settings.firstDay), at: settings.start)
        return neighbourhood
    }

    private func spot(_ district: Quarter.District, _ random: inout RandomSource) -> Spot {
        Spot(
            east: district.east + random.normal(deviation: 1.3), north: district.north + random.normal(deviation: 1.3))
    }

    private func style(_ random: inout RandomSource) -> SIMD2<Double> {
        SIMD2(random.normal(), random.normal())
    }

    // MARK: Customers

    private func customer(_ number: Int, in quarterIndex: Int, _ quarter: Quarter) -> Customer {
        let index = quarterIndex * 100_000 + number
        var random = streams.of(index).source(.birth)
        let resident = Resident(
            index, year: KoreanCalendar.date(settings.firstDay).year, femaleShare: 0.66, meanAge: 38, random: &random)
        let device = Device(.phone, isApp: true, appName: Home.appName, random: &random)
        let district = random.index(below: quarter.districts.count)
        let nature = Customer.Nature(
            district: district, spot: spot(quarter.districts[district], &random),
            pyeong: random.choice(of: [8, 15, 24, 33, 45], weights: [14, 20, 30, 27, 9]),
            priceSensitivity: random.logNormal(mean: 0, deviation: 0.4),
            visitHour: random.choice(of: [9.5, 13, 21], weights: [3, 3, 5]) + random.normal(deviation: 1),
            serviceHour: random.choice(of: [9, 11, 14, 16, 18], weights: [5, 4, 5, 3, 2]),
            flexibility: random.beta(1.6, 1.6),
            hurdle: random.choice(of: Hurdle.allCases, weights: [2, 2, 2, 4, 3]), hurdleHeight: random.beta(1.6, 2.6),
            style: style(&random), messageInterest: random.normal(deviation: 0.6), reviews: random.beta(1.5, 2),
            trustAtFirst: 0.5 + 0.3 * random.uniform())
        let joins = joinDay(before: 0.45, &random)
        let id = Home.id("customer", quarterIndex, number)
        let anonymous = Home.id("app", quarterIndex, number)
        return Customer(
            index: index, id: id, resident: resident, device: device,
            sender: Sender(userID: id, anonymousID: anonymous, context: device.context),
            server: Sender(userID: id, anonymousID: nil), anonymousID: anonymous, campaign: campaign(&random),
            nature: nature, joins: joins,
            state: Customer.State(
                trust: nature.trustAtFirst, needs: needs(from: max(joins, settings.firstDay), &random),
                acceptsMessages: random.chance(0.64)))
    }

    private func campaign(_ random: inout RandomSource) -> Campaign? {
        switch random.index(below: 10) {
        case 0...2: Campaign(source: "naver", medium: "cpc", name: "cleaning_search")
        case 3: Campaign(source: "instagram", medium: "paid_social", name: "before_after")
        case 4: Campaign(source: "kakao", medium: "message", name: "friend_invite")
        case 5: Campaign(source: "daangn", medium: "local", name: "neighbourhood")
        default: nil
        }
    }

    private func joinDay(before share: Double, _ random: inout RandomSource) -> Int {
        settings.firstDay
            + (random.chance(share)
                ? -1 - Int(random.exponential(rate: 1.0 / 250)) : random.index(below: joiningDays))
    }

    /// What a household wants, and when for the first time.
    private func needs(from day: Int, _ random: inout RandomSource) -> [Customer.Need] {
        var needs: [Customer.Need] = []
        for (service, offer) in HomeService.all.enumerated() {
            guard random.chance(offer.share) else { continue }
            switch offer.group {
            case .regular:
                let cycle = max(3, offer.cycleDays * random.logNormal(mean: 0, deviation: 0.35))
                needs.append(
                    Customer.Need(service: service, cycle: cycle, due: day + Int(random.uniform() * cycle)))
            case .event:
                let cycle = 500 * random.logNormal(mean: 0, deviation: 0.4)
                needs.append(
                    Customer.Need(service: service, cycle: cycle, due: day + Int(random.uniform() * cycle)))
            case .seasonal:
                let own = 30.4 * offer.seasonMonths * random.normal()
                needs.append(
                    Customer.Need(
                        service: service, cycle: 365, due: NeighbourhoodMaker.season(offer, after: day, own: own)))
            }
        }
        // Every third year or so a household moves: three in five with everything.
        let service = random.chance(0.6) ? HomeService.moving : HomeService.smallMoving
        let cycle = 900 * random.logNormal(mean: 0, deviation: 0.3)
        needs.append(Customer.Need(service: service, cycle: cycle, due: day + Int(random.uniform() * cycle)))
        return needs
    }

    /// The next day of a service's season after `day`, with a household's own distance to the middle of it, in days.
    static func season(_ service: HomeService, after day: Int, own: Double) -> Int {
        let year = KoreanCalendar.date(day).year
        let middle = (service.season - 1) * 30.4 + 15 + own
        for next in 0... {
            let due = KoreanCalendar.day(year + next, 1, 1) + Int(middle)
            if due >= day { return due }
        }
        return day
    }

    // MARK: Partners

    private func partner(_ number: Int, in quarterIndex: Int, _ quarter: Quarter) -> Partner {
        let index = quarterIndex * 100_000 + 50_000 + number
        var random = streams.of(index).source(.birth)
        let resident = Resident(
            index, year: KoreanCalendar.date(settings.firstDay).year, femaleShare: 0.5, meanAge: 46, random: &random)
        let device = Device(.phone, isApp: true, appName: Home.partnerAppName, random: &random)
        let district = random.index(below: quarter.districts.count)
        // The first ones see to it that every trade is there, however small the world is.
        let trades = HomeService.Trade.allCases
        let first =
            number < trades.count
            ? trades[number] : random.choice(of: trades, weights: [38, 10, 8, 5, 12, 4, 4, 5, 4, 7, 3])
        var skills: UInt16 = 1 << UInt16(first.rawValue)
        if random.chance(0.35) { skills |= 1 << UInt16(trades[random.index(below: trades.count)].rawValue) }
        var weekdays: UInt8 = 0
        for day in 0..<7 where random.chance(day < 5 ? 0.86 : 0.55) { weekdays |= 1 << UInt8(day) }
        let nature = Partner.Nature(
            district: district, spot: spot(quarter.districts[district], &random), trades: skills,
            weekdays: weekdays | 1, from: random.choice(of: [8, 9, 10, 13], weights: [3, 5, 2, 1]),
            until: random.choice(of: [16, 18, 20, 22], weights: [2, 5, 3, 1]),
            wantedPerWeek: 3 + random.gamma(shape: 3, scale: 2), payWish: random.logNormal(mean: 0, deviation: 0.15),
            distanceAversion: random.gamma(shape: 4, scale: 0.025), skill: random.normal(),
            reliability: 0.94 + 0.06 * random.beta(3, 1), style: style(&random))
        let id = Home.id("partner", quarterIndex, number)
        return Partner(
            index: index, id: id, resident: resident, sender: Sender(userID: id, anonymousID: nil),
            phone: Sender(
                userID: id, anonymousID: Home.id("partnerapp", quarterIndex, number), context: device.context),
            nature: nature, joins: number < trades.count ? settings.firstDay - 100 : joinDay(before: 0.6, &random))
    }
}
