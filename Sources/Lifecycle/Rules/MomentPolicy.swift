import Statistics

/// Which action a moment calls for.
///
/// | State | Action |
/// |---|---|
/// | about to leave or hesitating, something in the cart | a coupon, within its limits; else reassurance |
/// | hesitating, empty cart | reassurance |
/// | comparing, looking for help | a guide |
/// | about to buy, about to leave with an empty cart, browsing | nothing |
///
/// Who is about to buy is left alone: a coupon would give away what is bought anyway, and a question would disturb.
enum MomentPolicy {
    struct Plan: Sendable, Hashable {
        var action: MomentAction
        /// Why, and what stood in the way of more.
        var reasons: [String]
    }

    /// What limits a coupon at this moment.
    struct Limits: Sendable, Hashable {
        /// Coupons that the person had within the settings' days.
        var couponsOfPerson = 0
        /// In the workspace's currency.
        var spentToday = 0.0
    }

    static func plan(_ reading: IntentReading, _ settings: IntentSettings, _ limits: Limits) -> Plan {
        let hasCart = reading.session.cartItems > 0
        switch reading.state {
        case .aboutToBuy: return Plan(action: .nothing, reasons: ["buys_anyway"])
        case .aboutToLeave where !hasCart: return Plan(action: .nothing, reasons: ["nothing_in_cart"])
        case .aboutToLeave: return coupon(reading, settings, limits, because: "leaves_cart")
        case .hesitating where hasCart: return coupon(reading, settings, limits, because: "hesitates_with_cart")
        case .hesitating: return Plan(action: .reassurance, reasons: ["hesitates"])
        case .comparing: return Plan(action: .guide, reasons: ["compares"])
        case .lookingForHelp: return Plan(action: .guide, reasons: ["looks_for_help"])
        case .browsing: return Plan(action: .nothing, reasons: ["browses"])
        }
    }

    private static func coupon(
        _ reading: IntentReading, _ settings: IntentSettings, _ limits: Limits, because reason: String
    ) -> Plan {
        func instead(_ obstacle: String) -> Plan { Plan(action: .reassurance, reasons: [reason, obstacle]) }
        guard let coupon = settings.coupon else { return instead("no_coupon") }
        if let buys = reading.probability(.aboutToBuy), buys > coupon.probabilityMax {
            return instead("likely_to_buy")
        }
        if limits.couponsOfPerson >= coupon.perPerson { return instead("coupon_limit_of_person") }
        if limits.spentToday + coupon.cost > coupon.budgetPerDay { return instead("coupon_budget_spent") }
        return Plan(action: .coupon, reasons: [reason])
    }
}

/// Who gets nothing, so that what the actions do can be seen.
enum Holdout {
    /// Whether a person is held out at a time: the same for a whole period, and drawn anew with each.
    static func contains(_ person: String, at time: Int64, share: Double, periodDays: Int) -> Bool {
        let draw = SplitMix64.mix(
            SplitMix64.mix(TextDigest.of(person)) ^ UInt64(bitPattern: period(time, days: periodDays)))
        return Double(draw >> 11) * 0x1p-53 < share
    }

    /// The number of a period: days are those of UTC.
    static func period(_ time: Int64, days: Int) -> Int64 {
        let length = Int64(max(days, 1)) * 86_400_000
        return time >= 0 ? time / length : (time - length + 1) / length
    }
}
