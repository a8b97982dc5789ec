import Statistics

extension ShopVisit {
    /// The whole visit.
    mutating func run(_ customer: inout ShopCustomer, _ events: inout EventSink, landing campaign: ShopCampaign?) {
        isSignedIn = customer.isKnown && (deviceNumber != 1 || customer.secondSignedIn)
        arrive(customer, campaign, &events)
        enter(&customer, &events)
        if customer.cart.time < time - 14 * KoreanCalendar.day { customer.cart = ShopCart() }
        follow(&customer, &events)
        browse(&customer, &events)
        checkOut(&customer, &events)
        wonder(&customer, &events)
        customer.visits += 1
        customer.interest *= 0.6
    }

    private func arrive(_ customer: ShopCustomer, _ campaign: ShopCampaign?, _ events: inout EventSink) {
        if device.isApp {
            events.track("App Opened", sender, at: time) { event in
                switch reason {
                case .message: event.set("from", "message")
                default: event.set("from", "icon")
                }
            }
        } else {
            let query = campaign?.query ?? ""
            show("Home", path: "/", title: "들꽃상회", referrer: campaign?.referrer, query: query, &events)
        }
    }

    /// Signs up or in, when it comes to that, and says who it is.
    private mutating func enter(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        if customer.isKnown {
            if !isSignedIn, random.chance(0.6) {
                pause(40)
                signIn(customer)
                customer.secondSignedIn = true
                introduce(&customer, &events)
                events.track("Signed In", sender, at: time) { $0.set("method", "password") }
            } else if isSignedIn, !customer.isIntroduced {
                introduce(&customer, &events)
            }
        } else if customer.visits > 0 || random.chance(0.3), goesOn(0.14) {
            signUp(&customer, &events)
        }
        pause(30)
    }

    mutating func signUp(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        pause(30)
        show("Sign Up", path: "/signup", title: "회원가입", &events)
        pause(150)
        customer.isKnown = true
        customer.signedUpDay = day
        customer.consent(&random)
        signIn(customer)
        introduce(&customer, &events)
        let methods: [StaticString] = ["kakao", "kakao", "naver", "email", "apple"]
        let method = methods[random.index(below: methods.count)]
        events.track("Signed Up", sender, at: time + 20) { $0.set("method", method) }
        for channel in WorldAction.Channel.allCases where channel != .inApp {
            if channel == .push && !customer.nature.usesApp { continue }
            sayConsent(channel, customer.consents.contains(channel), source: "signup", at: time + 40, &events)
        }
        if customer.consentsToNight { sayConsent(.push, true, night: true, source: "signup", at: time + 60, &events) }
        let coupon = WorldAction.Offer(
            code: "WELCOME10", share: 0.1, amount: 0, expires: time + 7 * KoreanCalendar.day)
        customer.coupons.append(coupon)
        events.track("Coupon Issued", sender, at: time + 80) { event in
            event.set("coupon", coupon.code)
            event.set("discountRate", coupon.share)
            event.set("expiresAt", time: coupon.expires)
        }
        pause(20)
    }

    func sayConsent(
        _ channel: WorldAction.Channel, _ granted: Bool, night: Bool = false, source: StaticString, at time: Int64,
        _ events: inout EventSink
    ) {
        events.track("Consent Changed", sender, at: time) { event in
            event.set("purpose", "marketing")
            event.set("channel", channel.rawValue)
            event.set("granted", granted)
            if night { event.set("period", "night") }
            event.set("source", source)
        }
    }

    private func introduce(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        let resident = customer.resident(setting)
        let campaign = ShopCampaign.all[customer.nature.campaign]
        let signedUp = KoreanCalendar.midnight(customer.signedUpDay ?? day)
        let (tier, orders) = (customer.tier, customer.orders)
        events.identify(sender, at: time) { traits in
            traits.set("name", resident.name)
            traits.set("email", resident.email)
            traits.set("phone", resident.phone)
            traits.set("gender", resident.gender.rawValue)
            traits.set("birthYear", resident.birthYear)
            traits.set("city", resident.cityName)
            traits.set("district", resident.districtName)
            traits.set("tier", tier.name)
            traits.set("signedUpAt", time: signedUp)
            traits.set("signUpSource", campaign.source)
            if orders > 0 { traits.set("orderCount", orders) }
        }
        customer.isIntroduced = true
    }

    /// Does first what the visit is for.
    private mutating func follow(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        switch reason {
        case .usual, .help: break
        case .restock(let product): consider(product, list: "reorder", eagerness: 4.5, &customer, &events)
        case .item(let product): consider(product, list: "recommendation", eagerness: 1.3, &customer, &events)
        case .message(let message):
            for id in message.items.prefix(3) {
                guard let product = setting.catalogue.index(ofProduct: id) else { continue }
                consider(product, list: "message", eagerness: 1.5, &customer, &events)
            }
        }
    }
}
