import Analysis

/// How sessions are read, what is done at a moment, and for whom nothing is.
package struct IntentSettings: Sendable, Hashable, Codable {
    package struct Coupon: Sendable, Hashable, Codable {
        /// What the customer gets: `STAY5`.
        package var code: String
        /// What one costs when it is given, in the workspace's currency.
        package var cost: Double
        /// Of all coupons of a day of the workspace's time zone.
        package var budgetPerDay: Double
        /// How many somebody gets within `days`.
        package var perPerson: Int
        package var days: Int
        /// Who buys with a higher probability gets none.
        package var probabilityMax: Double

        package init(
            code: String, cost: Double, budgetPerDay: Double, perPerson: Int = 1, days: Int = 30,
            probabilityMax: Double = 0.5
        ) {
            self.code = code
            self.cost = cost
            self.budgetPerDay = budgetPerDay
            self.perPerson = perPerson
            self.days = days
            self.probabilityMax = probabilityMax
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(
                decoder, of: "a coupon",
                allowed: ["code", "cost", "budgetPerDay", "perPerson", "days", "probabilityMax"])
            self.init(
                code: try fields.required("code"), cost: try fields.required("cost"),
                budgetPerDay: try fields.required("budgetPerDay"),
                perPerson: try fields.optional("perPerson") ?? 1, days: try fields.optional("days") ?? 30,
                probabilityMax: try fields.optional("probabilityMax") ?? 0.5)
        }
    }

    /// Which events make a session; none: what the names of the log's events suggest.
    package var rules: [SessionRule]
    /// Whether anything is done at all.
    package var isOn: Bool
    package var coupon: Coupon?
    package var actionsPerSession: Int
    /// The share of people for whom nothing is done.
    package var holdout: Double
    /// Who is held out is drawn anew after so many days.
    package var periodDays: Int
    /// A purchase within so many hours counts for a decision.
    package var resultHours: Int

    package init() {
        rules = []
        isOn = false
        actionsPerSession = 2
        holdout = 0.1
        periodDays = 28
        resultHours = 24
    }

    private static let names = [
        "rules", "isOn", "coupon", "actionsPerSession", "holdout", "periodDays", "resultHours",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "settings of intent", allowed: Self.names)
        self.init()
        rules = try fields.list("rules", counts: 0...Self.rulesMax) ?? []
        isOn = try fields.optional("isOn") ?? isOn
        coupon = try fields.optional("coupon")
        actionsPerSession = try fields.optional("actionsPerSession") ?? actionsPerSession
        holdout = try fields.optional("holdout") ?? holdout
        periodDays = try fields.optional("periodDays") ?? periodDays
        resultHours = try fields.optional("resultHours") ?? resultHours
    }

    package static let rulesMax = 200

    /// - Throws: `LifecycleError` with `invalid` and the field that breaks a rule.
    package func checked() throws -> IntentSettings {
        func check(_ holds: Bool, _ field: String, _ message: String) throws {
            if !holds { throw LifecycleError(.invalid, field: field, "\(field) \(message)") }
        }
        try check(Set(rules.map(\.event)).count == rules.count, "rules", "names an event twice")
        try check((0...0.9).contains(holdout), "holdout", "must be from 0 to 0.9")
        try check((1...366).contains(periodDays), "periodDays", "must be from 1 to 366")
        try check((1...720).contains(resultHours), "resultHours", "must be from 1 to 720")
        try check((1...20).contains(actionsPerSession), "actionsPerSession", "must be from 1 to 20")
        guard let coupon else { return self }
        let isPlain = coupon.code.unicodeScalars.allSatisfy { $0.value >= 32 }
        try check((1...64).contains(coupon.code.count) && isPlain, "coupon.code", "must have 1 to 64 characters")
        try check((0...1e12).contains(coupon.cost), "coupon.cost", "must be from 0 to 1,000,000,000,000")
        try check(
            (0...1e15).contains(coupon.budgetPerDay), "coupon.budgetPerDay", "must be from 0 to 1,000,000,000,000,000")
        try check((0...1_000).contains(coupon.perPerson), "coupon.perPerson", "must be from 0 to 1,000")
        try check((1...3_660).contains(coupon.days), "coupon.days", "must be from 1 to 3,660")
        try check((0...1).contains(coupon.probabilityMax), "coupon.probabilityMax", "must be from 0 to 1")
        return self
    }
}
