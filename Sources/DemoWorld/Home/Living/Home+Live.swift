import Foundation
import Statistics

extension Home {
    package func live(_ place: inout Neighbourhood, until: Int64, _ events: inout EventSink) {
        while let time = place.agenda.next, time < until, let occasion = place.agenda.popFirst() {
            switch occasion {
            case .dawn(let day): begin(day, &place, at: time, &events)
            case .visit(let customer, let service, let number):
                visit(customer, for: service, number, &place, at: time, &events)
            case .browse(let customer): browse(customer, &place, at: time, &events)
            case .partnerLooks(let partner): look(partner, &place, at: time, &events)
            case .offers(let order): offer(order, &place, at: time, &events)
            case .work(let order): work(order, &place, at: time, &events)
            case .review(let order, let partner, let stars): review(order, partner, stars, &place, at: time, &events)
            }
        }
    }

    /// Decides who will come on a day, and when.
    private func begin(_ day: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        if KoreanCalendar.weekday(day) == 0 { endWeek(before: day, &place, at: time, &events) }
        for index in place.customers.indices where place.customers[index].joins <= day {
            want(index, on: day, &place)
        }
        for index in place.partners.indices {
            let partner = place.partners[index]
            if partner.joins > day || partner.state.hasLeft { continue }
            var random = streams.of(partner.index).source(.day, day)
            // Who finds fitting work looks every day.
            let looks = 0.25 + 0.55 * partner.state.morale - 0.02 * min(partner.state.annoyances, 8)
            if random.chance(looks) {
                let hour = random.choice(of: [7.5, 12.5, 20], weights: [4, 2, 4]) + random.uniform()
                place.agenda.add(.partnerLooks(partner: index), at: Home.at(hour, day))
            }
        }
        place.agenda.add(.dawn(day: day + 1), at: KoreanCalendar.midnight(day + 1))
    }

    static func at(_ hour: Double, _ day: Int) -> Int64 {
        KoreanCalendar.midnight(day) + Int64(min(max(hour, 0), 23.9) * Double(KoreanCalendar.hour))
    }

    // MARK: Customers

    /// What a customer will come for on a day.
    private func want(_ index: Int, on day: Int, _ place: inout Neighbourhood) {
        place.customers[index].state.messageLoad *= 0.85
        // Disappointment fades within a year or so.
        let shortfall = place.customers[index].nature.trustAtFirst - place.customers[index].state.trust
        if shortfall > 0 { place.customers[index].state.trust += 0.004 * shortfall }
        let customer = place.customers[index]
        let streams = streams.of(customer.index)
        for (number, need) in customer.state.needs.enumerated() where need.due <= day {
            var random = streams.source(.day, day, number)
            let offer = HomeService.all[need.service]
            place.customers[index].state.needs[number].due = day + Int(need.cycle) + 1
            if need.service == HomeService.moving || need.service == HomeService.smallMoving {
                moveSoon(index, on: day, &place, &random)
            }
            // Weather puts things off.
            if offer.id == "car-wash", weather[day].rains {
                place.customers[index].state.needs[number].due = day + 2
                continue
            }
            guard random.chance(Home.comes(customer)) else { continue }
            let hour = customer.nature.visitHour + random.normal(deviation: 1.2)
            place.agenda.add(.visit(customer: index, service: need.service, number: number), at: Home.at(hour, day))
        }
        // Weather makes wishes: what is hot or cold breaks.
        var random = streams.source(.day, day, 99)
        if let service = brokenByWeather(on: day, &random) {
            place.agenda.add(
                .visit(customer: index, service: service, number: 99), at: Home.at(random.uniform(8, 21), day))
        }
        if random.chance(0.011 * Home.comes(customer)) {
            place.agenda.add(.browse(customer: index), at: Home.at(random.uniform(8, 23.5), day))
        }
    }

    /// The probability that somebody who wants something comes here for it, and does not do it in another way.
    static func comes(_ customer: Customer) -> Double {
        logistic(-0.3 + 5 * (customer.state.trust - 0.6) + 0.35 * Double(min(customer.state.orders, 4)))
    }

    private static let airConditionerRepair = HomeService.index(id: "aircon-repair")
    private static let boilerRepair = HomeService.index(id: "boiler-repair")

    private func brokenByWeather(on day: Int, _ random: inout RandomSource) -> Int? {
        let celsius = weather[day].celsius
        if celsius > 27, random.chance(0.0006 * (celsius - 27)) { return Home.airConditionerRepair }
        if celsius < -3, random.chance(0.0004 * (-3 - celsius)) { return Home.boilerRepair }
        return nil
    }

    /// Who moves wants much else within days.
    private func moveSoon(_ index: Int, on day: Int, _ place: inout Neighbourhood, _ random: inout RandomSource) {
        for service in HomeService.movingNeeds where random.chance(HomeService.all[service].withMoving) {
            let due = day + 1 + random.index(below: 12)
            if let known = place.customers[index].state.needs.firstIndex(where: { $0.service == service }) {
                place.customers[index].state.needs[known].due = due
            } else {
                place.customers[index].state.needs.append(Customer.Need(service: service, cycle: 900, due: due))
            }
        }
    }

    private func browse(_ index: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        let customer = place.customers[index]
        var random = streams.of(customer.index).source(.session, KoreanCalendar.day(of: time), 98)
        let sender = greet(index, &place, at: time, mustSignIn: false, &events)
        events.track("App Opened", sender, at: time)
        for number in 0..<(1 + random.index(below: 2)) {
            let service = HomeService.all[random.index(below: HomeService.all.count)]
            let moment = time + Int64(number + 1) * 15_000
            events.track("Service Viewed", sender, at: moment) { Home.describe(service, &$0) }
        }
    }

    static func describe(_ service: HomeService, _ event: inout JSONMembers) {
        event.set("serviceId", service.id)
        event.set("service", service.korean)
        event.set("group", service.group.rawValue)
        event.set("price", service.price)
    }

    /// As whom somebody is seen: a stranger's device, until they sign in.
    func greet(
        _ index: Int, _ place: inout Neighbourhood, at time: Int64, mustSignIn: Bool, _ events: inout EventSink
    ) -> Sender {
        let customer = place.customers[index]
        if customer.state.isKnown { return customer.sender }
        let isOld = customer.joins < settings.firstDay
        if !mustSignIn, !isOld {
            let context = customer.device.context { context in
                if let campaign = customer.campaign { context.object("campaign", campaign.write) }
            }
            return Sender(userID: nil, anonymousID: customer.anonymousID, context: context)
        }
        place.customers[index].state.isKnown = true
        let district = place.quarter.districts[customer.nature.district]
        events.identify(customer.sender, at: time) { traits in
            traits.set("name", customer.resident.name)
            traits.set("email", customer.resident.email)
            traits.set("phone", customer.resident.phone)
            traits.set("birthYear", customer.resident.birthYear)
            traits.set("city", district.city)
            traits.set("district", district.name)
            traits.set("pyeong", customer.nature.pyeong)
            traits.set("createdAt", time: isOld ? KoreanCalendar.midnight(customer.joins) : time)
        }
        if !isOld { events.track("Signed Up", customer.sender, at: time + 300) { $0.set("method", "kakao") } }
        if customer.state.acceptsMessages {
            events.track("Consent Changed", customer.sender, at: time + 400) { event in
                event.set("purpose", "marketing")
                event.set("granted", true)
                event.set("source", "sign up")
            }
        }
        return customer.sender
    }

    // MARK: Partners

    private func look(_ index: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        introduce(index, &place, at: time, &events)
        let partner = place.partners[index]
        events.track("Jobs Browsed", partner.phone, at: time + 1_000) { event in
            event.set("promised", partner.state.promised.count)
        }
    }

    /// Tells the business who a partner is, at the first event.
    func introduce(_ index: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        if place.partners[index].state.isKnown { return }
        place.partners[index].state.isKnown = true
        let partner = place.partners[index]
        let district = place.quarter.districts[partner.nature.district]
        events.identify(partner.phone, at: time) { traits in
            traits.set("role", "partner")
            traits.set("name", partner.resident.name)
            traits.set("email", partner.resident.email)
            traits.set("phone", partner.resident.phone)
            traits.set("city", district.city)
            traits.set("district", district.name)
            traits.set("trades", HomeService.Trade.allCases.filter(partner.does).map(\.slug))
            traits.set("fromHour", partner.nature.from)
            traits.set("untilHour", partner.nature.until)
            traits.set("createdAt", time: KoreanCalendar.midnight(partner.joins))
        }
        if partner.joins >= settings.firstDay { events.track("Partner Joined", partner.phone, at: time + 300) }
    }

    /// On Monday: was the week worth it?
    private func endWeek(before day: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        for index in place.partners.indices {
            let partner = place.partners[index]
            if partner.joins > day || partner.state.hasLeft { continue }
            let worked = min(1.1, Double(partner.state.jobsThisWeek) / (0.6 * partner.nature.wantedPerWeek))
            let annoyance = min(0.03, 0.003 * partner.state.annoyances)
            let morale = partner.state.morale + 0.12 * (worked - partner.state.morale) - annoyance
            place.partners[index].state.morale = min(1, max(0, morale))
            place.partners[index].state.jobsThisWeek = 0
            place.partners[index].state.annoyances = 0
            let isBusy = !partner.state.promised.isEmpty
            let leaves = isBusy ? 0 : Home.leaves(place.partners[index])
            if streams.of(partner.index).uniform(.other, day) < leaves {
                place.partners[index].state.hasLeft = true
                if partner.state.isKnown {
                    events.track("Partner Left", partner.sender, at: time + 9 * KoreanCalendar.hour) { event in
                        event.set("reason", morale < 0.35 ? "too_little_work" : "personal")
                    }
                }
            }
        }
    }

    /// The probability of leaving at the end of a week.
    static func leaves(_ partner: Partner) -> Double { logistic(-4.6 + 6 * (0.4 - partner.state.morale)) }
}
