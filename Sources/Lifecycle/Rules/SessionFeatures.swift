import Foundation

/// A moment of a session as numbers for the models.
///
/// Counts enter as their logarithm: the second view says more than the twentieth. The idle time is a feature like any
/// other, so what is thought of somebody changes with time alone.
enum SessionFeatures {
    /// To be raised with every change of meaning or order, so that a model of before is not asked with other numbers.
    static let version = 1

    /// What each number is, in order.
    static let names: [String] =
        SessionRole.allCases.map { "count.\($0.rawValue)" }
        + SessionRole.allCases.map { "last.\($0.rawValue)" } + [
            "minutes", "idle", "idleLong", "idleVeryLong", "longestPause", "items", "repeatedViews", "returns",
            "categoryStreak", "categories", "refinements", "emptySearches", "stepsBack", "priceChanges", "priceSpread",
            "priceLevel", "mostViews", "cartItems", "cartIsOld", "cartAge", "inCheckout", "isFirstSession",
            "sessionsBefore", "purchasesBefore", "daysSince", "cartAndIdle", "checkoutAndIdle",
        ]

    static var count: Int { names.count }

    /// - Parameter now: not before the last event of the session.
    static func values(_ person: PersonSessions, _ session: Session, now: Int64) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(names.count)
        func logged(_ number: Int) -> Float { Float(log1p(Double(max(number, 0)))) }
        func logged(_ number: Double) -> Float { Float(log1p(max(number, 0))) }
        for count in session.counts { values.append(logged(count)) }
        let last = Session.number(session.lastRole)
        for number in session.counts.indices { values.append(number == last ? 1 : 0) }
        let idle = Double(max(now - session.last, 0)) / 1_000
        let idleLevel = logged(idle / 10)
        values.append(logged(Double(session.last - session.start) / 60_000))
        values.append(idleLevel)
        values.append(logged(max(idle - 60, 0) / 30))
        values.append(logged(max(idle - 240, 0) / 60))
        values.append(logged(Double(session.longestPause) / 30_000))
        for number in [
            session.distinctItems, session.repeatedViews, session.returns, session.categoryStreak,
            session.categories.count, session.refinements, session.emptySearches, session.stepsBack,
            session.priceChanges,
        ] {
            values.append(logged(number))
        }
        values.append(range(session.lowestPrice, session.highestPrice))
        values.append(level(session))
        values.append(logged(session.mostViews))
        values.append(logged(person.cart.count))
        values.append(person.cartIsOld ? 1 : 0)
        values.append(person.cartTime.map { logged(Double(now - $0) / 3_600_000) } ?? 0)
        values.append(session.reachedCheckout ? 1 : 0)
        values.append(person.sessionsBefore == 0 ? 1 : 0)
        values.append(logged(person.sessionsBefore))
        values.append(logged(person.purchasesBefore))
        values.append(person.lastEnd.map { logged(Double(session.start - $0) / 86_400_000) } ?? 0)
        values.append(person.cart.isEmpty ? 0 : idleLevel)
        values.append(session.reachedCheckout ? idleLevel : 0)
        return values
    }

    private static func range(_ low: Double?, _ high: Double?) -> Float {
        guard let low, let high, low > 0 else { return 0 }
        return Float(log(high / low))
    }

    /// How dear the last item is among those that were viewed: below 0 is cheaper than their middle.
    private static func level(_ session: Session) -> Float {
        guard let low = session.lowestPrice, let high = session.highestPrice, let last = session.lastPrice, low > 0
        else { return 0 }
        return Float(log(last / (low * high).squareRoot()))
    }
}
