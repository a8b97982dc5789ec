import Foundation
import Statistics

extension Home {
    func visit(
        _ index: Int, for service: Int, _ number: Int, _ place: inout Neighbourhood, at time: Int64,
        _ events: inout EventSink
    ) {
        let customer = place.customers[index]
        var random = streams.of(customer.index).source(.session, KoreanCalendar.day(of: time), number)
        let sender = greet(index, &place, at: time, mustSignIn: false, &events)
        events.track("App Opened", sender, at: time)
        _ = book(index, service, &place, at: time + 8_000, Push(), &random, &events)
    }

    /// What speaks for a booking beyond the wish itself.
    struct Push {
        /// Log odds of going on at each question.
        var ease = 0.0
        /// The price relative to the usual one.
        var factor = 1.0
        /// The question to begin with: somebody who comes back goes on where they stopped.
        var fromStep = 0
        /// The hurdle that does not count, for who was helped over it.
        var helped: Hurdle?
    }

    /// The probability of beginning the form after a look at the service and its price.
    func begins(_ customer: Customer, _ service: Int, day: Int, _ push: Push) -> Double {
        let factor = push.factor * priceFactor(customer, service, day: day)
        return logistic(1.5 + push.ease - 5 * customer.nature.priceSensitivity * (factor - 1))
    }

    /// The probability of stopping at a question.
    func stops(_ customer: Customer, step: Int, factor: Double, _ push: Push) -> Double {
        var chance = step == 0 ? 0.05 : 0.025
        if step == customer.nature.hurdle.step, push.helped != customer.nature.hurdle {
            // Who has booked before knows how it goes.
            let height = customer.nature.hurdleHeight * (customer.state.orders > 0 ? 0.45 : 1)
            chance += height
        }
        if step == 4 { chance += 0.5 * customer.nature.priceSensitivity * max(0, factor - 1) }
        return min(0.95, chance * exp(-0.6 * push.ease))
    }

    /// The probability that a booking that begins ends with an order.
    func completes(_ customer: Customer, _ service: Int, day: Int, _ push: Push) -> Double {
        let factor = push.factor * priceFactor(customer, service, day: day)
        return (push.fromStep..<FormStep.names.count).reduce(1) {
            $0 * (1 - stops(customer, step: $1, factor: factor, push))
        }
    }

    private func priceFactor(_ customer: Customer, _ service: Int, day: Int) -> Double {
        var factor = customer.state.factors.last { $0.service == service && $0.day >= day }?.factor ?? 1
        if let coupon = customer.state.coupon, coupon.day >= day { factor *= 1 - coupon.share }
        return factor
    }

    /// Looks at a service, fills in the form, and books or stops on the way.
    func book(
        _ index: Int, _ service: Int, _ place: inout Neighbourhood, at time: Int64, _ push: Push,
        _ random: inout RandomSource, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        let offer = HomeService.all[service]
        let customer = place.customers[index]
        let day = KoreanCalendar.day(of: time)
        var now = time
        var reactions: [WorldResponse.Reaction] = []
        var sender = greet(index, &place, at: now, mustSignIn: false, &events)
        if push.fromStep == 0 {
            events.track("Service Viewed", sender, at: now) { Home.describe(offer, &$0) }
            reactions.append(WorldResponse.Reaction(.viewed, time: now, item: offer.id))
            now += Int64(random.uniform(8_000, 60_000))
            guard random.chance(begins(customer, service, day: day, push)) else { return reactions }
        }
        sender = greet(index, &place, at: now, mustSignIn: true, &events)
        events.track("Request Started", sender, at: now + 1_000) { Home.describe(offer, &$0) }
        let factor = push.factor * priceFactor(customer, service, day: day)
        for step in push.fromStep..<FormStep.names.count {
            now += Int64(random.uniform(5_000, 45_000))
            if random.chance(stops(customer, step: step, factor: factor, push)) {
                place.customers[index].state.stopped = (service, step, day)
                return reactions
            }
            events.track("Request Step Completed", sender, at: now) { event in
                event.set("serviceId", offer.id)
                event.set("step", step + 1)
                event.set("question", FormStep.names[step])
                answer(step, customer, place, &event)
            }
        }
        place.customers[index].state.stopped = nil
        let price = Int((Double(offer.price) * factor / 100).rounded()) * 100
        let start = start(of: offer, customer, after: now, &random)
        order(index, service, price: price, start: start, &place, at: now, &events)
        reactions.append(
            WorldResponse.Reaction(.booked, time: now, item: offer.id, value: Double(price)))
        return reactions
    }

    private func answer(_ step: Int, _ customer: Customer, _ place: Neighbourhood, _ event: inout JSONMembers) {
        switch step {
        case 0: event.set("answer", place.quarter.districts[customer.nature.district].name)
        case 1: event.set("answer", "\(customer.nature.pyeong)평")
        default: break
        }
    }

    /// When it shall be done: the customer's hour on one of the next days that suits; for a removal there is a date.
    private func start(
        of service: HomeService, _ customer: Customer, after time: Int64, _ random: inout RandomSource
    ) -> Int64 {
        let ahead =
            service.trade == .moving && service.minutes > 100
            ? 10 + random.index(below: 18)
            : service.group == .regular ? 1 + random.index(below: 4) : 2 + random.index(below: 7)
        let hour = min(18, max(8, (customer.nature.serviceHour + random.normal(deviation: 1)).rounded()))
        return Home.at(service.minutes > 250 ? 8 : hour, KoreanCalendar.day(of: time) + ahead)
    }

    private func order(
        _ index: Int, _ service: Int, price: Int, start: Int64, _ place: inout Neighbourhood, at time: Int64,
        _ events: inout EventSink
    ) {
        let number = place.orderCount
        place.orderCount += 1
        let offer = HomeService.all[service]
        let pay = Int(Double(offer.price) * Fit.payShare)
        place.orders[number] = Neighbourhood.Order(
            number: number, customer: index, service: service, start: start, price: price, pay: pay)
        place.customers[index].state.coupon = nil
        let customer = place.customers[index]
        if let need = customer.state.needs.firstIndex(where: { $0.service == service }) {
            let cycle = Int(customer.state.needs[need].cycle)
            place.customers[index].state.needs[need].due = KoreanCalendar.day(of: start) + cycle
            place.customers[index].state.needs[need].lastBooked = KoreanCalendar.day(of: time)
        }
        events.track("Booking Requested", customer.sender, at: time) { event in
            event.set("orderId", Home.orderID(place.index, number))
            Home.describe(offer, &event)
            event.set("total", price)
            event.set("currency", "KRW")
            event.set("startsAt", time: start)
            event.set("district", place.quarter.districts[customer.nature.district].name)
        }
        plan(number, at: time + 5 * KoreanCalendar.minute, &place)
    }
}
