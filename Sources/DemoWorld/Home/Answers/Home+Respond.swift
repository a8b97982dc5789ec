import Foundation
import Statistics

extension Home {
    package func respond(
        _ place: inout Neighbourhood, to action: WorldAction, person: String, time: Int64, _ events: inout EventSink
    ) -> WorldResponse {
        switch who(person, in: place) {
        case .customer(let index):
            if place.customers[index].joins > KoreanCalendar.day(of: time) { return WorldResponse() }
            return WorldResponse(ask(index, action, &place, at: time, &events))
        case .partner(let index):
            let partner = place.partners[index]
            if partner.state.hasLeft || partner.joins > KoreanCalendar.day(of: time) { return WorldResponse() }
            return WorldResponse(askPartner(index, action, &place, at: time, &events))
        case nil: return WorldResponse()
        }
    }

    // MARK: Customers

    private func ask(
        _ index: Int, _ action: WorldAction, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        let day = KoreanCalendar.day(of: time)
        place.customers[index].state.responses += 1
        let customer = place.customers[index]
        var random = streams.of(customer.index).source(.response, customer.state.responses)
        switch action {
        case .message(let message): return read(message, index, &place, at: time, &random, &events)
        case .recommendations(let placement, let items):
            if let order = alternative(placement, of: index, place) {
                return moveOrder(order, items, &place, at: time, &random, &events)
            }
            return pick(items, index, &place, at: time, &random, &events)
        case .help(let topic):
            guard let stopped = customer.state.stopped, random.chance(resumes(customer, topic: topic, day: day)) else {
                return []
            }
            let push = Push(fromStep: stopped.step, helped: customer.nature.hurdle)
            return book(index, stopped.service, &place, at: time + 60_000, push, &random, &events)
        case .offer(let offer): take(offer, index, &place)
        case .surcharge(let id, let factor):
            if let service = HomeService.index(id: id) { setFactor(factor, service, until: day, index, &place) }
        case .price(let id, let price):
            guard let service = HomeService.index(id: id) else { return [] }
            let usual = Double(HomeService.all[service].price)
            setFactor(price.map { Double($0) / usual } ?? 1, service, until: .max, index, &place)
        case .compensation(let amount):
            // Money soothes who was let down, and nobody else.
            guard customer.state.failures > 0, amount > 0 else { return [] }
            place.customers[index].state.failures = 0
            place.customers[index].state.trust = min(1, customer.state.trust + min(0.15, Double(amount) / 100_000))
        case .match(let id, let partner):
            return give(id, of: index, to: partner, &place, at: time, &random, &events)
        case .artwork, .job: return []
        }
        return []
    }

    private func setFactor(
        _ factor: Double, _ service: Int, until day: Int, _ index: Int, _ place: inout Neighbourhood
    ) {
        place.customers[index].state.factors.removeAll { $0.service == service }
        if factor != 1 { place.customers[index].state.factors.append((service, max(0.1, factor), day)) }
    }

    /// A coupon counts as a share of what most services cost.
    private func take(_ offer: WorldAction.Offer, _ index: Int, _ place: inout Neighbourhood) {
        place.customers[index].state.coupon = (Home.share(offer), KoreanCalendar.day(of: offer.expires))
    }

    static func share(_ offer: WorldAction.Offer) -> Double {
        min(0.8, offer.share + Double(offer.amount) / 70_000)
    }

    private func read(
        _ message: WorldAction.Message, _ index: Int, _ place: inout Neighbourhood, at time: Int64,
        _ random: inout RandomSource, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        let customer = place.customers[index]
        let reading = reading(message, customer, time: time)
        guard random.chance(reading.delivers) else { return [] }
        var reactions = [WorldResponse.Reaction(.delivered, time: time)]
        place.customers[index].state.messageLoad += 1
        let opened = time + Int64(random.exponential(rate: 1 / 1_500.0) * 1000)
        let opens = random.chance(reading.opens)
        if opens { reactions.append(WorldResponse.Reaction(.opened, time: opened)) }
        guard opens, random.chance(reading.clicks) else {
            if random.chance(reading.unsubscribes) {
                place.customers[index].state.acceptsMessages = false
                events.track("Consent Changed", customer.server, at: opened) { event in
                    event.set("purpose", "marketing")
                    event.set("granted", false)
                    event.set("source", "unsubscribe link")
                }
                reactions.append(WorldResponse.Reaction(.unsubscribed, time: opened))
            }
            return reactions
        }
        let clicked = opened + 8_000
        reactions.append(WorldResponse.Reaction(.clicked, time: clicked))
        if let offer = message.offer { take(offer, index, &place) }
        guard let service = reading.service else { return reactions }
        return reactions + book(index, service, &place, at: clicked, Push(), &random, &events)
    }

    /// Picks one of the services in a row, from the first on.
    private func pick(
        _ items: [String], _ index: Int, _ place: inout Neighbourhood, at time: Int64, _ random: inout RandomSource,
        _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        let customer = place.customers[index]
        let day = KoreanCalendar.day(of: time)
        for (position, service) in items.compactMap({ HomeService.index(id: $0) }).enumerated() {
            if random.chance(picks(service, at: position, customer, day: day)) {
                return book(index, service, &place, at: time, Push(), &random, &events)
            }
        }
        return []
    }

    // MARK: Orders

    /// The order that a row of alternatives is about: `alternatives/order-0300017`.
    func alternative(_ placement: String, of index: Int, _ place: Neighbourhood) -> Neighbourhood.Order? {
        let parts = placement.split(separator: "/")
        guard parts.count == 2, parts[0] == "alternatives" else { return nil }
        guard let order = open(String(parts[1]), place), order.customer == index else { return nil }
        return order
    }

    /// An order that waits for a partner.
    func open(_ id: String, _ place: Neighbourhood) -> Neighbourhood.Order? {
        guard let number = Home.number(id), number / 100_000 == place.index else { return nil }
        guard let order = place.orders[number % 100_000], order.partner == nil else { return nil }
        return order
    }

    /// How many days later an alternative is: `day+2`.
    static func days(_ item: String) -> Int? {
        item.hasPrefix("day+") ? Int(item.dropFirst(4)) : nil
    }

    private func moveOrder(
        _ order: Neighbourhood.Order, _ items: [String], _ place: inout Neighbourhood, at time: Int64,
        _ random: inout RandomSource, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        let customer = place.customers[order.customer]
        for item in items {
            guard let days = Home.days(item), random.chance(moves(customer, order, days: days)) else { continue }
            var moved = order
            moved.start += Int64(days) * KoreanCalendar.day
            moved.isMoved = true
            moved.rounds = 0
            moved.offered = []
            place.orders[order.number] = moved
            events.track("Alternative Accepted", customer.sender, at: time + 60_000) { event in
                event.set("orderId", Home.orderID(place.index, order.number))
                event.set("startsAt", time: moved.start)
            }
            plan(order.number, at: time + 2 * KoreanCalendar.minute, &place)
            return [WorldResponse.Reaction(.accepted, time: time + 60_000, item: item)]
        }
        return [WorldResponse.Reaction(.declined, time: time + 60_000)]
    }

    /// Gives an order to one partner, who may refuse.
    private func give(
        _ id: String, of customer: Int, to partner: String, _ place: inout Neighbourhood, at time: Int64,
        _ random: inout RandomSource,
        _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        guard let order = open(id, place), order.customer == customer,
            case .partner(let index)? = who(partner, in: place)
        else { return [] }
        place.orders[order.number]?.offered.append(index)
        let accepts = ask(index, order.number, pay: order.pay, &place, at: time, &random, &events)
        if accepts { match(order.number, index, &place, at: time + 5 * KoreanCalendar.minute, &events) }
        return [WorldResponse.Reaction(accepts ? .accepted : .declined, time: time + 60_000, item: id)]
    }

    // MARK: Partners

    private func askPartner(
        _ index: Int, _ action: WorldAction, _ place: inout Neighbourhood, at time: Int64, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        place.partners[index].state.responses += 1
        let partner = place.partners[index]
        var random = streams.of(partner.index).source(.response, partner.state.responses)
        func decide(_ id: String, pay: Int?) -> WorldResponse.Reaction? {
            guard let order = open(id, place) else { return nil }
            place.orders[order.number]?.offered.append(index)
            let pay = pay ?? order.pay
            place.orders[order.number]?.pay = pay
            let accepts = ask(index, order.number, pay: pay, &place, at: time, &random, &events)
            if accepts { match(order.number, index, &place, at: time + 5 * KoreanCalendar.minute, &events) }
            return WorldResponse.Reaction(accepts ? .accepted : .declined, time: time + 60_000, item: id)
        }
        switch action {
        case .job(let order, let pay): return decide(order, pay: pay).map { [$0] } ?? []
        case .recommendations(_, let items):
            // One after another, as long as there is time for them.
            return items.compactMap { decide($0, pay: nil) }
        case .message(let message):
            // To know that work is coming is a reason to stay.
            guard random.chance(0.9) else { return [] }
            let delivered = WorldResponse.Reaction(.delivered, time: time)
            guard random.chance(Home.partnerOpens) else { return [delivered] }
            if message.topic == "season" {
                place.partners[index].state.morale = min(1, partner.state.morale + 0.04)
            }
            return [delivered, WorldResponse.Reaction(.opened, time: time + 600_000)]
        case .compensation(let amount):
            place.partners[index].state.morale = min(1, partner.state.morale + min(0.1, Double(amount) / 300_000))
            return []
        case .offer, .price, .artwork, .match, .surcharge, .help: return []
        }
    }

    static let partnerOpens = 0.6
}
