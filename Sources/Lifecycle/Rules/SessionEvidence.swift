/// Something that speaks for hesitating or for comparing, in words that a page can show.
package enum SessionSign: String, Sendable, Hashable, Codable, CaseIterable {
    // Of hesitating.
    case pausesWithCart
    case backFromCheckout
    case looksAtCartAgain
    case takesOut
    case viewsAgainAndAgain
    case checksPrice
    // Of comparing.
    case sameCategoryInRow
    case manyOfCategory
    case backAndForth
}

/// What cannot be read off what comes next is defined by rules on what has been done. How often the outcome that each
/// should foretell has come about is measured level by level: see `LevelRates`.
///
/// *Hesitating* is: something keeps somebody from taking what they want. Signs: `pausesWithCart` (60 s or more without
/// an event, something in the cart or at checkout), `backFromCheckout` (looked around after a step of checking out),
/// `looksAtCartAgain` (twice or more, before checkout), `takesOut` (something out of the cart),
/// `viewsAgainAndAgain` (an item three times or more), `checksPrice` (an item again, at another price).
///
/// *Comparing* is: choosing among things of one kind. Signs: `sameCategoryInRow` (two different items of one category
/// in a row), `manyOfCategory` (three or more), `backAndForth` (back to an item after another).
enum SessionEvidence {
    static let pauseSeconds = 60.0

    static func hesitating(_ person: PersonSessions, _ session: Session, now: Int64) -> [SessionSign] {
        // Who has just bought is done.
        if session.lastRole == .purchase { return [] }
        var signs: [SessionSign] = []
        let isOpen = !person.cart.isEmpty || session.reachedCheckout
        if isOpen, Double(now - session.last) / 1_000 >= pauseSeconds { signs.append(.pausesWithCart) }
        if isOpen, session.stepsBack > 0 { signs.append(.backFromCheckout) }
        if isOpen, session.count(.cart) > 1, !session.reachedCheckout { signs.append(.looksAtCartAgain) }
        if session.count(.remove) > 0 { signs.append(.takesOut) }
        if session.mostViews >= 3 { signs.append(.viewsAgainAndAgain) }
        if session.priceChanges > 0 { signs.append(.checksPrice) }
        return signs
    }

    static func comparing(_ session: Session) -> [SessionSign] {
        // Comparing is over with a step to the purchase.
        guard session.lastRole.isLooking || session.lastRole == .like else { return [] }
        var signs: [SessionSign] = []
        if session.categoryStreak >= 2 { signs.append(.sameCategoryInRow) }
        if session.categoryStreak >= 3 { signs.append(.manyOfCategory) }
        if session.returns > 0 { signs.append(.backAndForth) }
        return signs
    }

    /// Whether somebody could hesitate at all: something is in the cart, checkout has begun, or there are signs.
    static func isOpen(_ person: PersonSessions, _ session: Session, _ signs: [SessionSign]) -> Bool {
        !signs.isEmpty || (session.lastRole != .purchase && (!person.cart.isEmpty || session.reachedCheckout))
    }

    /// Signs are told apart up to this many.
    static let levelMax = 3

    static func level(_ signs: [SessionSign]) -> Int { min(signs.count, levelMax) }
}

/// How often an outcome came about after so many signs.
package struct LevelRates: Sendable, Hashable, Codable {
    /// By number of signs, from none on.
    package private(set) var counts = [Int](repeating: 0, count: SessionEvidence.levelMax + 1)
    package private(set) var hits = [Int](repeating: 0, count: SessionEvidence.levelMax + 1)

    package init() {}

    mutating func add(level: Int, hit: Bool) {
        counts[level] += 1
        if hit { hits[level] += 1 }
    }

    /// The share at a level, drawn towards that of all levels together by ten observations.
    func rate(_ level: Int) -> Double {
        let (total, all) = (counts.reduce(0, +), hits.reduce(0, +))
        guard total > 0 else { return 0 }
        let base = Double(all) / Double(total)
        return (Double(hits[level]) + 10 * base) / (Double(counts[level]) + 10)
    }

    var isSound: Bool {
        counts.count == SessionEvidence.levelMax + 1 && hits.count == counts.count
            && zip(hits, counts).allSatisfy { $0 >= 0 && $0 <= $1 }
    }
}
