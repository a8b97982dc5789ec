import Foundation
import Statistics

extension Home {
    /// How the business finds somebody by itself: it asks whoever the customer has liked before, and then, four at a
    /// time and every two hours, those who do the trade, by lot.
    func offer(_ number: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        guard var order = place.orders[number], order.partner == nil, order.asksAt == time else { return }
        let customer = place.customers[order.customer]
        var random = streams.of(customer.index).source(.aftermath, number, order.rounds)
        let day = KoreanCalendar.day(of: time)
        var candidates = place.partners.indices.filter { index in
            let partner = place.partners[index]
            return partner.joins <= day && !partner.state.hasLeft && !order.offered.contains(index)
                && partner.does(HomeService.all[order.service].trade)
        }
        candidates.shuffle(using: &random)
        if order.rounds == 0,
            let favourite = candidates.max(by: {
                customer.state.liking(of: $0) < customer.state.liking(of: $1)
            }), customer.state.liking(of: favourite) > 0.3
        {
            candidates = [favourite]
        }
        order.rounds += 1
        let asked = candidates.prefix(4)
        order.offered += asked
        place.orders[number] = order
        var accepted: Int?
        for (turn, index) in asked.enumerated() where accepted == nil {
            let moment = time + Int64(turn) * 1_000
            if ask(index, number, pay: order.pay, &place, at: moment, &random, &events) { accepted = index }
        }
        if let accepted {
            match(number, accepted, &place, at: time + 6 * KoreanCalendar.minute, &events)
            return
        }
        var next = time + 2 * KoreanCalendar.hour
        // Nobody is asked at night.
        if KoreanCalendar.hour(of: next) < 7 || KoreanCalendar.hour(of: next) >= 22 {
            next = Home.at(7.5, KoreanCalendar.day(of: next + 2 * KoreanCalendar.hour))
        }
        if order.rounds < 5, next < order.start - KoreanCalendar.hour {
            plan(number, at: next, &place)
        } else {
            giveUp(number, &place, at: time + 30 * KoreanCalendar.minute, &events)
        }
    }

    /// Plans the next round of offers.
    func plan(_ number: Int, at time: Int64, _ place: inout Neighbourhood) {
        place.orders[number]?.asksAt = time
        place.agenda.add(.offers(order: number), at: time)
    }

    /// What an order looks like to a partner.
    func job(_ order: Neighbourhood.Order, pay: Int, for index: Int, _ place: Neighbourhood) -> Fit.Job {
        let customer = place.customers[order.customer]
        return Fit.Job(
            service: HomeService.all[order.service], spot: customer.nature.spot, start: order.start, pay: Double(pay),
            liking: customer.state.liking(of: index))
    }

    /// Offers a job to one partner.
    ///
    /// - Returns: whether it was accepted; it still has to be matched.
    func ask(
        _ index: Int, _ number: Int, pay: Int, _ place: inout Neighbourhood, at time: Int64,
        _ random: inout RandomSource, _ events: inout EventSink
    ) -> Bool {
        guard let order = place.orders[number] else { return false }
        introduce(index, &place, at: time, &events)
        let partner = place.partners[index]
        let job = job(order, pay: pay, for: index, place)
        let kilometres = partner.nature.spot.kilometres(to: job.spot)
        func write(_ event: inout JSONMembers) {
            event.set("orderId", Home.orderID(place.index, number))
            event.set("serviceId", job.service.id)
            event.set("pay", pay)
            event.set("kilometres", kilometres)
            event.set("startsAt", time: order.start)
        }
        events.track("Job Offered", partner.sender, at: time, write)
        let answers = time + Int64(random.exponential(rate: 1 / 90.0) * 1000)
        let accepts = random.chance(Fit.accepts(job, partner))
        if accepts {
            events.track("Job Accepted", partner.phone, at: answers, write)
        } else {
            place.partners[index].state.annoyances += 1
            // Many simply do not answer.
            if random.chance(0.45) {
                events.track("Job Declined", partner.phone, at: answers) { event in
                    write(&event)
                    event.set("reason", Home.reason(job, partner, kilometres))
                }
            }
        }
        return accepts
    }

    private static func reason(_ job: Fit.Job, _ partner: Partner, _ kilometres: Double) -> StaticString {
        if !partner.isFree(for: job) { return "time" }
        let usual = Double(job.service.price) * Fit.payShare * partner.nature.payWish
        if job.pay < 0.9 * usual { return "pay" }
        return kilometres * partner.nature.distanceAversion > 0.8 ? "distance" : "other"
    }

    func match(
        _ number: Int, _ index: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink
    ) {
        guard var order = place.orders[number] else { return }
        order.partner = index
        place.orders[number] = order
        let end = order.start + Int64(HomeService.all[order.service].minutes) * KoreanCalendar.minute
        place.partners[index].state.promised.append(order.start..<end)
        place.partners[index].state.jobsThisWeek += 1
        let customer = place.customers[order.customer]
        events.track("Booking Matched", customer.server, at: time) { event in
            event.set("orderId", Home.orderID(place.index, number))
            event.set("serviceId", HomeService.all[order.service].id)
            event.set("partnerId", place.partners[index].id)
            event.set("round", order.rounds)
            event.set("isKnownPartner", customer.state.liking(of: index) != 0)
        }
        place.agenda.add(.work(order: number), at: max(order.start, time + 1_000))
    }

    /// Nobody was found.
    func giveUp(_ number: Int, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink) {
        guard let order = place.orders.removeValue(forKey: number) else { return }
        let customer = place.customers[order.customer]
        events.track("Booking Unmatched", customer.server, at: time) { event in
            event.set("orderId", Home.orderID(place.index, number))
            event.set("serviceId", HomeService.all[order.service].id)
            event.set("rounds", order.rounds)
            event.set("asked", order.offered.count)
        }
        disappoint(order, by: 0.16, &place, at: time)
    }

    /// Trust is lost faster than it is won. What was wanted is still wanted: in some days, here or elsewhere.
    func disappoint(_ order: Neighbourhood.Order, by loss: Double, _ place: inout Neighbourhood, at time: Int64) {
        let index = order.customer
        place.customers[index].state.trust = max(0, place.customers[index].state.trust - loss)
        place.customers[index].state.failures += 1
        if let need = place.customers[index].state.needs.firstIndex(where: { $0.service == order.service }) {
            place.customers[index].state.needs[need].due = KoreanCalendar.day(of: time) + 3
        }
    }
}
