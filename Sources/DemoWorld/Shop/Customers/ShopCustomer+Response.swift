import Foundation
import Statistics

extension ShopCustomer {
    /// What the customer does because of an action; see `Business.respond`.
    mutating func respond(
        to action: WorldAction, at time: Int64, _ setting: ShopSetting, _ events: inout EventSink
    ) -> WorldResponse {
        let day = KoreanCalendar.day(of: time)
        // The first answer of a day has the same numbers in every world, whatever was answered on other days.
        var random = setting.streams.of(index).source(.response, day, answers & 7)
        answers += 1
        switch action {
        case .message(let message): return receive(message, at: time, &random, setting, &events)
        case .offer(let offer):
            take(offer, at: time, &events)
            interest += 0.5 * offer.share * nature.priceSensitivity
        case .price(let item, let price):
            if let product = setting.catalogue.index(ofProduct: item) { ownPrices[product] = price }
        case .recommendations(_, let items):
            return look(at: items, at: time, &random, setting, &events)
        case .compensation(let amount):
            let relief = Double(amount) / 10_000 * ShopEffects.compensationPerTenThousand
            please(min(relief, ShopEffects.compensationMax))
        case .help(let topic):
            return accept(helpAbout: topic, at: time, &random, setting, &events)
        case .artwork, .job, .match, .surcharge: break
        }
        return WorldResponse()
    }

    private mutating func take(_ offer: WorldAction.Offer, at time: Int64, _ events: inout EventSink) {
        coupons.append(offer)
        events.track("Coupon Issued", backOffice, at: time) { event in
            event.set("coupon", offer.code)
            if offer.share > 0 { event.set("discountRate", offer.share) }
            if offer.amount > 0 { event.set("discountAmount", offer.amount) }
            event.set("expiresAt", time: offer.expires)
        }
    }

    // MARK: Messages

    /// Whether a message may be sent and arrives.
    func isReached(on channel: WorldAction.Channel) -> Bool {
        isKnown && (channel == .inApp || consents.contains(channel))
    }

    private mutating func receive(
        _ message: WorldAction.Message, at time: Int64, _ random: inout RandomSource, _ setting: ShopSetting,
        _ events: inout EventSink
    ) -> WorldResponse {
        guard isReached(on: message.channel) else { return WorldResponse() }
        var response = WorldResponse([.init(.delivered, time: time)])
        if let offer = message.offer { take(offer, at: time, &events) }
        // All numbers are drawn first, so that worlds which differ in the message stay together.
        let (open, click, leave) = (random.uniform(), random.uniform(), random.uniform())
        let wait = random.exponential(rate: message.channel == .email ? 1 / 9_000 : 1 / 1_500)
        let chances = chances(of: message, at: time, setting)
        messageLoad += 1
        interest += ShopEffects.interestUnopened
        if leave < chances.leave {
            unsubscribe(from: message.channel, at: time + 60_000, &events)
            response.reactions.append(.init(.unsubscribed, time: time + 60_000))
            return response
        }
        guard open < chances.open else { return response }
        let opened = time + Int64(wait * 1_000)
        note("Message Opened", message, at: opened, &events)
        response.reactions.append(.init(.opened, time: opened))
        guard click < chances.click else { return response }
        if hasLeft {
            leftDay = nil
            nextDay = KoreanCalendar.day(of: opened) + 1
            interest = 1
        }
        note("Message Clicked", message, at: opened + 4_000, &events)
        response.reactions.append(.init(.clicked, time: opened + 4_000))
        response.reactions += comeBy(
            .message(message), at: opened + 6_000,
            readiness: ShopEffects.readinessAfterClick * (0.3 + chances.fit), random, setting, &events)
        return response
    }

    /// How likely a message that arrives is opened, followed, or the last straw.
    struct MessageChances {
        /// How much it is about what the person wants now: from 0 to 1.
        var fit: Double
        var leave: Double
        /// Of those who do not leave.
        var open: Double
        /// Of those who open it.
        var click: Double
    }

    func chances(of message: WorldAction.Message, at time: Int64, _ setting: ShopSetting) -> MessageChances {
        let fit = relevance(of: message, at: time, setting)
        let offer = min(0.5, message.offer.map { $0.share + Double($0.amount) / 40_000 } ?? 0)
        let leave =
            ShopEffects.unsubscribeBase * nature.irritability * exp(ShopEffects.unsubscribePerMessage * messageLoad)
        let fromBest = KoreanCalendar.hour(of: time) - (21 + nature.hourShift)
        let open =
            ShopEffects.openBase(message.channel) + (nature.openness[message.channel] ?? 0)
            + ShopEffects.openAtBestHour * cos(2 * .pi * fromBest / 24) + ShopEffects.relevance * fit
            + ShopEffects.openPerMessage * messageLoad - (hasLeft ? 1 : 0)
        let click =
            hasLeft
            ? ShopEffects.winBack + ShopEffects.winBackPerOffer * offer
            : logistic(
                ShopEffects.clickBase + ShopEffects.relevance * fit
                    + ShopEffects.clickPerOffer * offer * nature.priceSensitivity)
        return MessageChances(fit: fit, leave: min(leave, 1), open: logistic(open), click: click)
    }

    /// How much a message is about what the person wants now: from 0 to 1.
    func relevance(of message: WorldAction.Message, at time: Int64, _ setting: ShopSetting) -> Double {
        let day = KoreanCalendar.day(of: time)
        switch message.topic {
        case "cart":
            if cart.isEmpty { return 0.05 }
            return exp(-Double(time - cart.time) / Double(36 * KoreanCalendar.hour))
        case "cycle":
            let nearest = restocks.map { abs(day - $0.dueDay) }.min() ?? 60
            return exp(-Double(nearest) / 5)
        case "price-drop", "back-in-stock":
            let falls = wishes.contains { setting.price($0.product, for: self, onDay: day) < $0.price }
            return falls ? 0.85 : 0.1
        case "winback": return hasLeft ? 0.5 : 0.15
        default:
            let products = message.items.compactMap(setting.catalogue.index(ofProduct:))
            if products.isEmpty { return 0.15 }
            return products.map { taste(for: $0, setting) }.reduce(0, +) / Double(products.count)
        }
    }

    /// From 0 to 1; 0.5 for what somebody of usual tastes feels.
    func taste(for product: Int, _ setting: ShopSetting) -> Double {
        let department = setting.catalogue.products[product].department
        let own = nature.taste[department]
        return own / (own + setting.catalogue.departments[department].share)
    }

    private mutating func unsubscribe(
        from channel: WorldAction.Channel, at time: Int64, _ events: inout EventSink
    ) {
        consents.remove(channel)
        events.track("Consent Changed", backOffice, at: time) { event in
            event.set("purpose", "marketing")
            event.set("channel", channel.rawValue)
            event.set("granted", false)
            event.set("source", "message")
        }
    }

    private func note(
        _ name: StaticString, _ message: WorldAction.Message, at time: Int64, _ events: inout EventSink
    ) {
        events.track(name, backOffice, at: time) { event in
            event.set("channel", message.channel.rawValue)
            event.set("topic", message.topic)
            if !message.id.isEmpty { event.set("deliveryId", message.id) }
        }
    }

    // MARK: Rows and help

    private mutating func look(
        at items: [String], at time: Int64, _ random: inout RandomSource, _ setting: ShopSetting,
        _ events: inout EventSink
    ) -> WorldResponse {
        var chosen: Int?
        for (position, item) in items.enumerated() {
            // A number for each place, drawn whether it is needed or not.
            let draw = random.uniform()
            if chosen == nil, draw < chance(ofChoosing: item, at: position, setting) {
                chosen = setting.catalogue.index(ofProduct: item)
            }
        }
        guard let chosen else { return WorldResponse() }
        let click = WorldResponse.Reaction(
            .clicked, time: time, item: setting.catalogue.products[chosen].id)
        return WorldResponse(
            [click] + comeBy(.item(product: chosen), at: time + 2_000, readiness: 0, random, setting, &events))
    }

    /// How likely somebody who has not chosen yet takes an item in a row.
    func chance(ofChoosing item: String, at position: Int, _ setting: ShopSetting) -> Double {
        guard !hasLeft, let product = setting.catalogue.index(ofProduct: item) else { return 0 }
        let appeal = taste(for: product, setting) * (0.5 + 0.7 * setting.catalogue.products[product].quality)
        return 0.3 * ShopEffects.examination(position) * appeal
    }

    private mutating func accept(
        helpAbout topic: String, at time: Int64, _ random: inout RandomSource, _ setting: ShopSetting,
        _ events: inout EventSink
    ) -> WorldResponse {
        guard random.chance(chance(ofAcceptingHelpAbout: topic)) else { return WorldResponse() }
        let click = WorldResponse.Reaction(.clicked, time: time + 30_000)
        return WorldResponse(
            [click] + comeBy(.help, at: time + 30_000, readiness: 0.6, random, setting, &events))
    }

    func chance(ofAcceptingHelpAbout topic: String) -> Double {
        if cart.isEmpty || hasLeft { return 0 }
        return topic == "\(cart.stage)" ? ShopEffects.helpWhereStopped : ShopEffects.helpElsewhere
    }

    private mutating func comeBy(
        _ reason: ShopVisit.Reason, at time: Int64, readiness: Double, _ random: RandomSource,
        _ setting: ShopSetting, _ events: inout EventSink
    ) -> [WorldResponse.Reaction] {
        var visit = ShopVisit(setting, self, at: time, for: reason, campaign: nil, random: random)
        visit.readiness += readiness
        visit.run(&self, &events, landing: nil)
        return visit.reactions
    }
}
