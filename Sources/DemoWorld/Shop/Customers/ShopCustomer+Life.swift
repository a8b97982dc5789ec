import Foundation
import Statistics

extension ShopCustomer {
    /// Lives from visit to visit; see `Business.live`.
    mutating func live(until: Int64, _ setting: ShopSetting, _ events: inout EventSink) {
        while true {
            while let start = agenda.first {
                if start >= until { return }
                agenda.removeFirst()
                visit(at: start, setting, &events)
            }
            if hasLeft || KoreanCalendar.midnight(nextDay) >= until { return }
            let day = nextDay
            nextDay += 1
            begin(day, setting, &events)
        }
    }

    // MARK: A day

    private mutating func begin(_ day: Int, _ setting: ShopSetting, _ events: inout EventSink) {
        let own = setting.streams.of(index)
        interest *= 0.5
        messageLoad *= 0.8
        if !coupons.isEmpty { expireCoupons(day, &events) }
        if subscription != nil { renewSubscription(day, setting, &events) }
        if isKnown, day > arrival {
            let time = KoreanCalendar.midnight(day) + 4 * KoreanCalendar.hour
            reviewTier(onDay: day, at: time, backOffice, &events)
        }
        if day != arrival, own.uniform(.day, day, 1) < hazard {
            leftDay = day
            return
        }
        let isFirstDay = day == arrival
        guard isFirstDay || own.uniform(.day, day) < visitChance(onDay: day, setting) else { return }
        var random = own.source(.day, day, 2)
        agenda = [setting.start(ofVisitOn: day, nature, &random)]
        if random.chance(0.11) {
            agenda.append(setting.start(ofVisitOn: day, nature, &random))
            // An hour apart at least, so that they are two visits.
            agenda.sort()
            if agenda[1] - agenda[0] < KoreanCalendar.hour { agenda.removeLast() }
        }
    }

    /// The chance to lose interest for good on a day.
    var hazard: Double {
        if !isKnown { return nature.hazard }
        var hazard = nature.hazard * (orders == 0 ? 0.16 : 0.075 / (1 + 0.4 * Double(orders)))
        hazard *= exp(2.4 * (0.7 - satisfaction))
        hazard *= 1 + ShopEffects.hazardPerMessage * nature.irritability * messageLoad * messageLoad
        return subscription == nil ? hazard : hazard * 0.3
    }

    /// The chance to come on a day.
    func visitChance(onDay day: Int, _ setting: ShopSetting) -> Double {
        var chance = nature.visitRate * setting.busyness(ofDay: day) * (1 + 2 * interest)
        if orders > 0 { chance *= 1.1 }
        if dueRestock(onDay: day) != nil { chance += 0.07 }
        if !cart.isEmpty, KoreanCalendar.day(of: cart.time) >= day - 2 { chance += 0.06 }
        return min(chance, 0.9)
    }

    /// What has been used up of late, and is not yet bought elsewhere.
    func dueRestock(onDay day: Int) -> ShopRestock? {
        restocks.first { (0...9).contains(day - $0.dueDay) }
    }

    // MARK: A visit

    private mutating func visit(at time: Int64, _ setting: ShopSetting, _ events: inout EventSink) {
        let day = KoreanCalendar.day(of: time)
        var random = setting.streams.of(index).source(.session, day, Int(time % 1_000_000_007))
        let campaign = landing(&random)
        var reason = ShopVisit.Reason.usual
        if let due = dueRestock(onDay: day), random.chance(0.85) { reason = .restock(product: due.product) }
        var visit = ShopVisit(setting, self, at: time, for: reason, campaign: campaign, random: random)
        visit.run(&self, &events, landing: campaign)
    }

    /// The campaign by which somebody comes this time: always the first time, now and then later.
    private func landing(_ random: inout RandomSource) -> ShopCampaign? {
        let campaign = ShopCampaign.all[nature.campaign]
        if visits == 0 && !isKnown { return campaign }
        return !campaign.isPaid || random.chance(0.12) ? (random.chance(0.3) ? campaign : nil) : nil
    }

    // MARK: What time brings

    /// Sends what the shop's own systems know.
    var backOffice: Sender { Sender(userID: userID, anonymousID: nil) }

    private mutating func expireCoupons(_ day: Int, _ events: inout EventSink) {
        let end = KoreanCalendar.midnight(day)
        for coupon in coupons where coupon.expires < end {
            events.track("Coupon Expired", backOffice, at: end + 5 * KoreanCalendar.minute) { event in
                event.set("coupon", coupon.code)
            }
        }
        coupons.removeAll { $0.expires < end }
    }

    private mutating func renewSubscription(_ day: Int, _ setting: ShopSetting, _ events: inout EventSink) {
        guard var plan = subscription, plan.nextDay <= day else { return }
        var random = setting.streams.of(index).source(.aftermath, day)
        let time = KoreanCalendar.midnight(day) + 7 * KoreanCalendar.hour + Int64(random.uniform(0, 3_600_000))
        let product = setting.catalogue.products[plan.product]
        plan.nextDay = day + plan.intervalDays
        if plan.isPaused {
            plan.isPaused = false
            events.track("Subscription Resumed", backOffice, at: time) { $0.add(product.members) }
        } else if random.chance(min(0.5, 0.07 * exp(3 * (0.7 - satisfaction)))) {
            let reasons: [StaticString] = ["다 쓰지 못해서", "가격", "다른 상품으로", "배송 문제"]
            let reason = reasons[random.index(below: reasons.count)]
            events.track("Subscription Cancelled", backOffice, at: time) { event in
                event.add(product.members)
                event.set("reason", reason)
                event.set("renewals", plan.renewals)
            }
            subscription = nil
            return
        } else if random.chance(0.04) {
            plan.isPaused = true
            events.track("Subscription Paused", backOffice, at: time) { $0.add(product.members) }
        }
        if plan.isPaused {
            subscription = plan
            return
        }
        plan.renewals += 1
        subscription = plan
        var visit = ShopVisit(setting, self, at: time, for: .usual, campaign: nil, random: random)
        visit.sender = backOffice
        let price = setting.price(plan.product, for: self, onDay: day)
        let order = ShopOrder(
            lines: [(ShopCart.Line(product: plan.product, quantity: 1), price)], subtotal: price,
            discount: price / 100 / 10 * 100, shipping: 0, pointsUsed: 0, coupon: nil, paymentMethod: "정기결제",
            isSubscription: true)
        visit.complete(order, &self, &events)
        restocks.removeAll { $0.product == plan.product }
    }
}
