import Statistics

/// The people of a quarter and what is going on between them: a circle of the world.
package struct Neighbourhood: Sendable {
    package var index: Int
    package var quarter: Quarter
    package var customers: [Customer]
    package var partners: [Partner]
    /// What is not over, by number.
    var orders: [Int: Order] = [:]
    var orderCount = 0
    var agenda = Agenda()

    package struct Order: Sendable {
        package var number: Int
        var customer: Int
        var service: Int
        var start: Int64
        /// In won, after everything.
        var price: Int
        /// In won, to the partner.
        var pay: Int
        var partner: Int?
        /// When partners are asked next: a round that was planned before the order changed is void.
        var asksAt: Int64 = 0
        /// Rounds of offers so far.
        var rounds = 0
        var offered: [Int] = []
        /// Whether another day was proposed already.
        var isMoved = false
    }

    /// What is due, the earliest last.
    struct Agenda: Sendable {
        enum Occasion: Sendable {
            case dawn(day: Int)
            case visit(customer: Int, service: Int, number: Int)
            case browse(customer: Int)
            case partnerLooks(partner: Int)
            case offers(order: Int)
            case work(order: Int)
            case review(order: Order, partner: Int, stars: Double)
        }

        private var entries: [(time: Int64, what: Occasion)] = []

        var next: Int64? { entries.last?.time }

        /// Of equal times, what was put in first comes first.
        ///
        /// - Complexity: O(entries), a few hundred.
        mutating func add(_ what: Occasion, at time: Int64) {
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low + high) / 2
                if entries[middle].time > time { low = middle + 1 } else { high = middle }
            }
            entries.insert((time, what), at: low)
        }

        mutating func popFirst() -> Occasion? { entries.popLast()?.what }
    }
}
