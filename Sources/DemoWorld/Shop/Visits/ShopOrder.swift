import Statistics

struct ShopOrder {
    var lines: [(line: ShopCart.Line, price: Int)]
    /// All sums in KRW.
    var subtotal: Int
    var discount: Int
    var shipping: Int
    var pointsUsed: Int
    var coupon: String?
    var paymentMethod: StaticString
    var isSubscription: Bool

    var total: Int { subtotal - discount + shipping - pointsUsed }
}

extension ShopVisit {
    /// The order, and what comes of it.
    mutating func complete(_ order: ShopOrder, _ customer: inout ShopCustomer, _ events: inout EventSink) {
        customer.orders += 1
        let id = "O\(padded(customer.index))-\(customer.orders)"
        let catalogue = setting.catalogue
        let isFirst = customer.orders == 1
        events.track("Order Completed", sender, at: time) { event in
            event.set("orderId", id)
            event.set("total", order.total)
            event.set("revenue", order.subtotal - order.discount)
            event.set("discount", order.discount)
            event.set("shipping", order.shipping)
            if order.pointsUsed > 0 { event.set("pointsUsed", order.pointsUsed) }
            event.set("currency", "KRW")
            event.set("coupon", optional: order.coupon)
            event.set("paymentMethod", order.paymentMethod)
            event.set("isFirstOrder", isFirst)
            if order.isSubscription { event.set("isSubscription", true) }
            event.objects("products", order.lines) { item, line in
                item.add(catalogue.products[line.line.product].members)
                item.set("price", line.price)
                item.set("quantity", line.line.quantity)
            }
        }
        for (line, price) in order.lines {
            react(.bought, item: line.product, value: Double(price * line.quantity))
            customer.plan(
                restockOf: line.product, boughtOn: day, quantity: line.quantity, setting, &random)
            customer.wishes.removeAll { $0.product == line.product }
        }
        customer.spending.add(order.total, onDay: day)
        reward(order, id, &customer, &events)
        deliver(order, id, &customer, &events)
        considerSubscription(order, &customer, &events)
        pause(30)
    }

    private mutating func reward(
        _ order: ShopOrder, _ id: String, _ customer: inout ShopCustomer, _ events: inout EventSink
    ) {
        let earned = Int(Double(order.total) * customer.tier.pointsShare) / 10 * 10
        customer.points += earned - order.pointsUsed
        let balance = customer.points
        events.track("Points Earned", customer.backOffice, at: time + 300) { event in
            event.set("orderId", id)
            event.set("points", earned)
            event.set("balance", balance)
        }
        customer.reviewTier(onDay: day, at: time + 600, customer.backOffice, &events)
    }

    /// Delivery, return, review, questions: what follows in the days after.
    private mutating func deliver(
        _ order: ShopOrder, _ id: String, _ customer: inout ShopCustomer, _ events: inout EventSink
    ) {
        let nearFeast =
            (-6...0).contains(KoreanCalendar.daysAfterSeollal(day))
            || (-6...0).contains(KoreanCalendar.daysAfterChuseok(day))
        let isLate = random.chance(nearFeast ? 0.16 : 0.055)
        let days = 0.8 + random.gamma(shape: 3, scale: 0.28) + (isLate ? 2 + random.exponential(rate: 0.7) : 0)
        let delivered = time + Int64(days * Double(KoreanCalendar.day))
        events.track("Order Delivered", customer.backOffice, at: delivered) { event in
            event.set("orderId", id)
            event.set("days", (days * 10).rounded() / 10)
            event.set("isLate", isLate)
        }
        if isLate {
            customer.please(ShopEffects.lateDelivery)
            if random.chance(0.3) {
                ask("배송", at: time + Int64((days - 0.9) * Double(KoreanCalendar.day)), &customer, &events)
            }
        }
        for (line, price) in order.lines { judge(line, price, id, delivered, &customer, &events) }
    }

    private mutating func judge(
        _ line: ShopCart.Line, _ price: Int, _ order: String, _ delivered: Int64, _ customer: inout ShopCustomer,
        _ events: inout EventSink
    ) {
        let product = setting.catalogue.products[line.product]
        let shelf = setting.catalogue.shelves[product.shelf]
        let liking = product.quality + random.normal(deviation: 0.16)
        customer.please(liking < 0.5 ? ShopEffects.poorProduct : ShopEffects.goodProduct)
        if random.chance(shelf.returnShare * (liking < 0.5 ? 2.5 : 0.7)) {
            let back = delivered + Int64((0.2 + random.exponential(rate: 0.5)) * Double(KoreanCalendar.day))
            let reasons: [StaticString] =
                shelf.returnShare > 0.1
                ? ["사이즈", "색상", "단순변심", "품질불만"] : ["단순변심", "품질불만", "파손", "오배송"]
            let reason = reasons[random.index(below: reasons.count)]
            events.track("Order Refunded", customer.backOffice, at: back) { event in
                event.set("orderId", order)
                event.add(product.members)
                event.set("amount", price * line.quantity)
                event.set("reason", reason)
            }
            if random.chance(0.35) { ask("교환·환불", at: back - KoreanCalendar.hour, &customer, &events) }
        } else if random.chance(0.13) {
            let rating = min(max(Int((1.2 + 4.4 * liking).rounded()), 1), 5)
            let hasPhoto = random.chance(0.3)
            let written = delivered + Int64((0.2 + random.exponential(rate: 0.35)) * Double(KoreanCalendar.day))
            events.track("Review Written", customer.backOffice, at: written) { event in
                event.set("orderId", order)
                event.add(product.members)
                event.set("rating", rating)
                event.set("hasPhoto", hasPhoto)
            }
        }
    }

    private mutating func considerSubscription(
        _ order: ShopOrder, _ customer: inout ShopCustomer, _ events: inout EventSink
    ) {
        guard customer.subscription == nil, !order.isSubscription, customer.orders >= 2 else { return }
        guard let line = order.lines.first(where: { cycle($0.line.product) > 0 && cycle($0.line.product) < 50 }),
            random.chance(0.035 * customer.satisfaction / 0.7)
        else { return }
        let interval = max(14, Int(cycle(line.line.product) * customer.nature.cycleFactor / 7) * 7)
        customer.subscription = ShopSubscription(
            product: line.line.product, intervalDays: interval, nextDay: day + interval)
        customer.restocks.removeAll { $0.product == line.line.product }
        let product = setting.catalogue.products[line.line.product]
        events.track("Subscription Started", sender, at: time + 60_000) { event in
            event.add(product.members)
            event.set("intervalDays", interval)
            event.set("price", product.price / 100 * 9 / 10 * 100)
        }
    }

    private func cycle(_ product: Int) -> Double {
        setting.catalogue.shelves[setting.catalogue.products[product].shelf].cycleDays
    }
}

extension ShopCustomer {
    mutating func please(_ change: Double) { satisfaction = min(max(satisfaction + change, 0), 1) }

    /// Tiers rise at once and are reviewed downwards with each quarter.
    mutating func reviewTier(onDay day: Int, at time: Int64, _ sender: Sender, _ events: inout EventSink) {
        let earned = ShopTier(spending: spending.total(onDay: day))
        let date = KoreanCalendar.date(day)
        let isQuarter = date.day == 1 && date.month % 3 == 1
        guard earned > tier || (isQuarter && earned < tier) else { return }
        let old = tier
        tier = earned
        events.track("Tier Changed", sender, at: time) { event in
            event.set("from", old.name)
            event.set("to", earned.name)
            event.set("level", earned.rawValue)
        }
        events.identify(sender, at: time + 10) { $0.set("tier", earned.name) }
    }
}
