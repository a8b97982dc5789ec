import Statistics

extension ShopVisit {
    static let freeShippingFrom = 30_000
    static let shippingFee = 3_000

    /// From the cart to the order, with a chance to stop at every step.
    mutating func checkOut(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        guard !customer.cart.isEmpty else { return }
        // What was left in an earlier visit is mostly forgotten, unless the visit is about it.
        let isFresh = customer.cart.time > time - 2 * KoreanCalendar.hour
        guard isFresh || goesOn(resumes ? 0.9 : 0.2) else { return }
        guard goesOn(0.8) else { return leave(&customer, at: .collecting) }
        let value = subtotal(customer)
        viewCart(customer, value, &events)
        guard goesOn(customer.orders > 0 ? 0.66 : 0.48, ease(customer, value)) else {
            return leave(&customer, at: .cart)
        }
        events.track("Checkout Started", sender, at: time) { event in
            event.set("value", value)
            event.set("currency", "KRW")
            event.set("itemCount", customer.cart.lines.count)
        }
        pause(45)
        guard identify(&customer, &events), goesOn(0.88, ease(customer, value)) else {
            return leave(&customer, at: .checkout)
        }
        let fee = value >= Self.freeShippingFrom ? 0 : Self.shippingFee
        events.track("Shipping Entered", sender, at: time) { event in
            event.set("shipping", fee)
            event.set("method", "택배")
        }
        pause(60)
        guard goesOn(fee > 0 ? 0.8 : 0.93) else { return leave(&customer, at: .shipping) }
        pay(&customer, value, fee, &events)
    }

    /// Whether the visit is made to finish what was left.
    private var resumes: Bool {
        switch reason {
        case .message(let message): message.topic == "cart"
        case .help: true
        default: false
        }
    }

    private mutating func leave(_ customer: inout ShopCustomer, at stage: ShopCart.Stage) {
        customer.cart.stage = stage
        customer.cart.time = time
    }

    private func subtotal(_ customer: ShopCustomer) -> Int {
        customer.cart.lines.reduce(0) { $0 + setting.price($1.product, for: customer, onDay: day) * $1.quantity }
    }

    /// How a coupon or a small sum eases going on.
    private func ease(_ customer: ShopCustomer, _ value: Int) -> Double {
        let saved = bestCoupon(customer, value).map { Double(discount($0, value)) / Double(max(value, 1)) } ?? 0
        let strain = value > 150_000 ? 0.8 : 1
        return strain * (1 + 1.6 * saved * customer.nature.priceSensitivity)
    }

    private func bestCoupon(_ customer: ShopCustomer, _ value: Int) -> WorldAction.Offer? {
        customer.coupons.filter { $0.expires > time }.max { discount($0, value) < discount($1, value) }
    }

    private func discount(_ offer: WorldAction.Offer, _ value: Int) -> Int {
        min(value, offer.amount + Int(Double(value) * offer.share) / 10 * 10)
    }

    private mutating func viewCart(_ customer: ShopCustomer, _ value: Int, _ events: inout EventSink) {
        events.track("Cart Viewed", sender, at: time) { event in
            event.set("value", value)
            event.set("itemCount", customer.cart.lines.count)
            event.set("productIds", customer.cart.lines.map { setting.catalogue.products[$0.product].id })
        }
        pause(50)
    }

    /// An order needs an account: who has none signs up, or goes.
    private mutating func identify(_ customer: inout ShopCustomer, _ events: inout EventSink) -> Bool {
        if isSignedIn { return true }
        if !customer.isKnown {
            guard goesOn(0.66) else { return false }
            signUp(&customer, &events)
            return true
        }
        guard random.chance(0.85) else { return false }
        signIn(customer)
        customer.secondSignedIn = true
        events.track("Signed In", sender, at: time) { $0.set("method", "password") }
        pause(20)
        return true
    }

    private mutating func pay(
        _ customer: inout ShopCustomer, _ value: Int, _ fee: Int, _ events: inout EventSink
    ) {
        let coupon = bestCoupon(customer, value)
        var reduction = 0
        if let coupon {
            reduction = discount(coupon, value)
            events.track("Coupon Applied", sender, at: time) { event in
                event.set("coupon", coupon.code)
                event.set("discount", reduction)
            }
            pause(15)
        }
        let used = customer.points >= 1_000 && random.chance(0.4) ? min(customer.points, value / 10 / 100 * 100) : 0
        guard goesOn(0.94) else { return leave(&customer, at: .payment) }
        let methods: [StaticString] = ["카드", "카드", "간편결제", "간편결제", "간편결제", "계좌이체", "휴대폰"]
        let method = methods[random.index(below: methods.count)]
        events.track("Payment Entered", sender, at: time) { $0.set("method", method) }
        pause(40)
        if random.chance(0.04) {
            let reasons: [StaticString] = ["한도초과", "잔액부족", "통신오류", "인증실패"]
            let reason = reasons[random.index(below: reasons.count)]
            events.track("Payment Failed", sender, at: time) { event in
                event.set("method", method)
                event.set("reason", reason)
            }
            pause(60)
            guard goesOn(0.62) else { return leave(&customer, at: .payment) }
        }
        let order = ShopOrder(
            lines: customer.cart.lines.map { ($0, setting.price($0.product, for: customer, onDay: day)) },
            subtotal: value, discount: reduction, shipping: fee, pointsUsed: used, coupon: coupon?.code,
            paymentMethod: method, isSubscription: false)
        if let coupon { customer.coupons.removeAll { $0 == coupon } }
        customer.cart = ShopCart()
        complete(order, &customer, &events)
    }
}
