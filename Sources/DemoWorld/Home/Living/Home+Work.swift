import Foundation
import Statistics

extension Home {
    /// The hour has come: somebody works, or does not come, or is not let in.
    func work(_ number: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        guard let order = place.orders[number], let index = order.partner else { return }
        place.orders[number] = nil
        let partner = place.partners[index]
        let customer = place.customers[order.customer]
        place.partners[index].state.promised.removeAll { $0.lowerBound == order.start }
        var random = streams.of(customer.index).source(.aftermath, number, 100)
        let service = HomeService.all[order.service]
        let orderID = Home.orderID(place.index, number)
        func write(_ event: inout JSONMembers) {
            event.set("orderId", orderID)
            event.set("serviceId", service.id)
        }
        if random.chance(weather[KoreanCalendar.day(of: time)].rains && service.trade == .car ? 0.25 : 0.03) {
            events.track("Booking Cancelled", customer.sender, at: time) { event in
                write(&event)
                event.set("by", "customer")
            }
            return
        }
        if !random.chance(partner.nature.reliability) {
            events.track("Booking Failed", customer.server, at: time + 30 * KoreanCalendar.minute) { event in
                write(&event)
                event.set("reason", "partner_did_not_come")
                event.set("partnerId", partner.id)
            }
            events.track("Job Missed", partner.sender, at: time + 30 * KoreanCalendar.minute, write)
            disappoint(order, by: 0.28, &place, at: time)
            return
        }
        let end = time + Int64(service.minutes) * KoreanCalendar.minute
        events.track("Job Completed", partner.phone, at: end) { event in
            write(&event)
            event.set("pay", order.pay)
            event.set("customerId", customer.id)
        }
        events.track("Service Completed", customer.server, at: end + 60_000) { event in
            write(&event)
            event.set("group", service.group.rawValue)
            event.set("total", order.price)
            event.set("currency", "KRW")
            event.set("partnerId", partner.id)
        }
        place.partners[index].state.jobs += 1
        remember(order, index, stars: Fit.stars(customer, partner) + random.normal(deviation: 0.45), &place)
        let stars = Fit.stars(customer, partner) + random.normal(deviation: 0.5)
        place.agenda.add(
            .review(order: order, partner: index, stars: stars),
            at: end + Int64(random.uniform(1, 30) * Double(KoreanCalendar.hour)))
    }

    /// What a visit leaves with the customer.
    private func remember(_ order: Neighbourhood.Order, _ partner: Int, stars: Double, _ place: inout Neighbourhood) {
        var state = place.customers[order.customer].state
        state.orders += 1
        state.trust = min(1, max(0, state.trust + 0.06 * (stars - 3.4)))
        let liking = 0.6 * (stars - 4)
        if let known = state.partners.firstIndex(where: { $0.partner == partner }) {
            state.partners[known].liking += 0.5 * (liking - state.partners[known].liking)
        } else {
            state.partners.append((partner, liking))
        }
        place.customers[order.customer].state = state
    }

    /// Both say how it was, if they like.
    func review(
        _ order: Neighbourhood.Order, _ index: Int, _ stars: Double, _ place: inout Neighbourhood, at time: Int64,
        _ events: inout EventSink
    ) {
        let customer = place.customers[order.customer]
        let partner = place.partners[index]
        var random = streams.of(customer.index).source(.aftermath, order.number, 101)
        let given = min(5, max(1, Int(stars.rounded())))
        let orderID = Home.orderID(place.index, order.number)
        let service = HomeService.all[order.service]
        if random.chance(customer.nature.reviews) {
            place.partners[index].state.stars += Double(given)
            place.partners[index].state.reviews += 1
            events.track("Review Written", customer.sender, at: time) { event in
                event.set("orderId", orderID)
                event.set("serviceId", service.id)
                event.set("partnerId", partner.id)
                event.set("rating", given)
            }
        }
        if random.chance(0.3) {
            let mutual = 4.2 + 0.7 * Fit.manner(customer, partner) + random.normal(deviation: 0.5)
            events.track("Review Written", partner.phone, at: time + 60_000) { event in
                event.set("orderId", orderID)
                event.set("serviceId", service.id)
                event.set("customerId", customer.id)
                event.set("rating", min(5, max(1, Int(mutual.rounded()))))
            }
        }
    }
}
