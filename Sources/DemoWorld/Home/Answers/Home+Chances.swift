import Foundation

/// The true chances of answers, of which `respond` draws and which `expect` tells.
extension Home {
    struct Reading {
        var delivers: Double
        /// Given that it was delivered, and so on.
        var opens: Double
        var clicks: Double
        /// Given that it was delivered and not clicked.
        var unsubscribes: Double
        /// What a click leads to.
        var service: Int?
    }

    /// A message does most when it comes at a person's own time, about what they want then.
    func reading(_ message: WorldAction.Message, _ customer: Customer, time: Int64) -> Reading {
        let day = KoreanCalendar.day(of: time)
        let named = message.items.compactMap { HomeService.index(id: $0) }
        let needs = customer.state.needs.filter { named.isEmpty || named.contains($0.service) }
        let best = needs.max { Fit.urgency($0, day: day) < Fit.urgency($1, day: day) }
        let urgency = best.map { Fit.urgency($0, day: day) } ?? 0
        let offer = message.offer.map { 4 * Home.share($0) * customer.nature.priceSensitivity } ?? 0
        let delivers =
            switch message.channel {
            case .email: 0.97
            case .push: customer.state.isKnown ? 0.8 : 0
            case .sms, .kakao: 0.98
            case .inApp: 1.0
            }
        let channel = message.channel == .email ? -0.7 : message.channel == .kakao ? 0.3 : 0.0
        let opens = logistic(
            -1.5 + customer.nature.messageInterest + channel + 1.4 * urgency + min(0.8, 0.5 * offer)
                - 0.45 * customer.state.messageLoad)
        return Reading(
            delivers: customer.state.acceptsMessages ? delivers : 0, opens: opens,
            clicks: logistic(-2 + 3 * urgency + min(1.2, offer)),
            unsubscribes: min(0.3, 0.003 + 0.012 * customer.state.messageLoad * customer.state.messageLoad),
            service: best?.service ?? named.first)
    }

    /// The probability that the service at a place of a row is looked at and picked.
    func picks(_ service: Int, at position: Int, _ customer: Customer, day: Int) -> Double {
        let need = customer.state.needs.first { $0.service == service }
        let urgency = need.map { Fit.urgency($0, day: day) } ?? 0
        return pow(0.86, Double(position)) * logistic(-3.8 + 3.6 * urgency)
    }

    /// The probability that somebody goes on with a booking that they left, after a guide: what helps is what answers
    /// their own question.
    func resumes(_ customer: Customer, topic: String, day: Int) -> Double {
        guard let stopped = customer.state.stopped, day - stopped.day <= 7 else { return 0 }
        return topic == customer.nature.hurdle.guide ? 0.42 : 0.05
    }

    /// The probability that somebody agrees to another day.
    func moves(_ customer: Customer, _ order: Neighbourhood.Order, days: Int) -> Double {
        logistic(-1.6 + 3.6 * customer.nature.flexibility - 0.3 * Double(abs(days)) - (order.isMoved ? 1.5 : 0))
    }

    /// The probability that at least one partner would take an order as it stands, were all asked.
    func finds(_ order: Neighbourhood.Order, _ place: Neighbourhood, day: Int) -> Double {
        1
            - place.partners.indices.reduce(1.0) { nobody, index in
                if place.partners[index].joins > day { return nobody }
                return nobody * (1 - Fit.accepts(job(order, pay: order.pay, for: index, place), place.partners[index]))
            }
    }
}

extension Home: Oracle {
    package func expect(
        _ place: Neighbourhood, _ action: WorldAction, person: String, time: Int64
    ) -> Expectation {
        let day = KoreanCalendar.day(of: time)
        switch who(person, in: place) {
        case .customer(let index):
            let customer = place.customers[index]
            return customer.joins > day ? Expectation() : expect(customer, action, place, time: time)
        case .partner(let index):
            let partner = place.partners[index]
            if partner.state.hasLeft || partner.joins > day { return Expectation() }
            switch action {
            case .job(let id, let pay):
                guard let order = open(id, place) else { return Expectation() }
                return accepting(job(order, pay: pay ?? order.pay, for: index, place), partner)
            case .message: return Expectation([.delivered: 0.9, .opened: 0.9 * Home.partnerOpens])
            default: return Expectation()
            }
        case nil: return Expectation()
        }
    }

    private func accepting(_ job: Fit.Job, _ partner: Partner) -> Expectation {
        let accepts = Fit.accepts(job, partner)
        return Expectation([.accepted: accepts, .declined: 1 - accepts])
    }

    private func expect(
        _ customer: Customer, _ action: WorldAction, _ place: Neighbourhood, time: Int64
    ) -> Expectation {
        let day = KoreanCalendar.day(of: time)
        switch action {
        case .message(let message):
            let reading = reading(message, customer, time: time)
            let clicked = reading.delivers * reading.opens * reading.clicks
            var then = customer
            if let offer = message.offer {
                then.state.coupon = (Home.share(offer), KoreanCalendar.day(of: offer.expires))
            }
            let booked = reading.service.map { books(then, $0, day: day) } ?? 0
            return Expectation([
                .delivered: reading.delivers, .opened: reading.delivers * reading.opens, .clicked: clicked,
                .viewed: reading.service == nil ? 0 : clicked, .booked: clicked * booked,
                .unsubscribed: (reading.delivers - clicked) * reading.unsubscribes,
            ])
        case .recommendations(let placement, let items):
            if let order = alternative(placement, of: customer.index % 100_000, place) {
                let refused = items.compactMap(Home.days).reduce(1) { $0 * (1 - moves(customer, order, days: $1)) }
                return Expectation([.accepted: 1 - refused, .declined: refused])
            }
            var (left, viewed, booked) = (1.0, 0.0, 0.0)
            for (position, service) in items.compactMap({ HomeService.index(id: $0) }).enumerated() {
                let picked = left * picks(service, at: position, customer, day: day)
                viewed += picked
                booked += picked * books(customer, service, day: day)
                left -= picked
            }
            return Expectation([.viewed: viewed, .booked: booked])
        case .help(let topic):
            guard let stopped = customer.state.stopped else { return Expectation() }
            let push = Push(fromStep: stopped.step, helped: customer.nature.hurdle)
            let completes = completes(customer, stopped.service, day: day, push)
            return Expectation([.booked: resumes(customer, topic: topic, day: day) * completes])
        case .match(let id, let partner):
            guard let order = open(id, place), order.customer == customer.index % 100_000,
                case .partner(let index)? = who(partner, in: place)
            else { return Expectation() }
            return accepting(job(order, pay: order.pay, for: index, place), place.partners[index])
        case .artwork, .job, .offer, .price, .surcharge, .compensation: return Expectation()
        }
    }

    /// The probability that a look at a service ends with an order.
    func books(_ customer: Customer, _ service: Int, day: Int) -> Double {
        begins(customer, service, day: day, Push()) * completes(customer, service, day: day, Push())
    }
}
