/// One session while it goes on: what was looked at and done since somebody came. It has a bounded size, whatever
/// happens in it.
struct Session: Sendable, Hashable {
    /// An item that was looked at.
    struct Look: Sendable, Hashable {
        var item: UInt64
        var category: UInt64
        var views: Int
        var price: Double?
    }

    /// Items beyond are counted, but not told apart.
    static let looksMax = 24

    let start: Int64
    private(set) var last: Int64
    private(set) var events = 0
    /// By role, in the order of `SessionRole.allCases`.
    private(set) var counts = [Int](repeating: 0, count: SessionRole.allCases.count)
    private(set) var lastRole = SessionRole.visit
    /// The latest is last.
    private(set) var looks: [Look] = []
    private(set) var distinctItems = 0
    /// Views of an item that had been viewed before.
    private(set) var repeatedViews = 0
    /// The same, of another item than the last one: back and forth.
    private(set) var returns = 0
    /// Different items of one category in a row, the current one included.
    private(set) var categoryStreak = 0
    private(set) var categories: Set<UInt64> = []
    private(set) var refinements = 0
    private(set) var emptySearches = 0
    /// Looks around after a step of checking out.
    private(set) var stepsBack = 0
    /// Prices that were not what they had been when the item was viewed before.
    private(set) var priceChanges = 0
    private(set) var lowestPrice: Double?
    private(set) var highestPrice: Double?
    private(set) var lastPrice: Double?
    /// The longest time between two events, in milliseconds.
    private(set) var longestPause: Int64 = 0
    private(set) var reachedCheckout = false

    init(at time: Int64) {
        start = time
        last = time
    }

    func count(_ role: SessionRole) -> Int { counts[Session.number(role)] }

    /// The most views of one item.
    var mostViews: Int { looks.map(\.views).max() ?? 0 }

    private static let numbers = Dictionary(
        uniqueKeysWithValues: SessionRole.allCases.enumerated().map { ($1, $0) })
    static func number(_ role: SessionRole) -> Int { numbers[role] ?? 0 }

    mutating func add(_ event: SessionEvent) {
        if events > 0 { longestPause = max(longestPause, event.time - last) }
        switch event.role {
        case .view: look(at: event)
        case .search:
            if lastRole == .search { refinements += 1 }
            if event.results == 0 { emptySearches += 1 }
        case .checkout, .payment: reachedCheckout = true
        default: break
        }
        if event.role.isLooking, lastRole.isCheckingOut { stepsBack += 1 }
        if event.role == .purchase { reachedCheckout = false }
        counts[Session.number(event.role)] += 1
        lastRole = event.role
        last = max(last, event.time)
        events += 1
    }

    private mutating func look(at event: SessionEvent) {
        let item = event.items.first ?? 0
        let before = looks.last
        if event.category != 0, categories.count < Session.looksMax { categories.insert(event.category) }
        if let place = looks.firstIndex(where: { $0.item == item }) {
            var look = looks.remove(at: place)
            repeatedViews += 1
            if before?.item != item { returns += 1 }
            if let old = look.price, let new = event.price, old != new { priceChanges += 1 }
            look.views += 1
            look.price = event.price ?? look.price
            looks.append(look)
        } else {
            distinctItems += 1
            if looks.count == Session.looksMax { looks.removeFirst() }
            looks.append(Look(item: item, category: event.category, views: 1, price: event.price))
        }
        if let before, before.category == event.category, event.category != 0 {
            if before.item != item { categoryStreak += 1 }
        } else {
            categoryStreak = 1
        }
        if let price = event.price, price > 0 {
            lowestPrice = min(lowestPrice ?? price, price)
            highestPrice = max(highestPrice ?? price, price)
            lastPrice = price
        }
    }
}

/// A person's sessions one after another: the current one, and what the earlier ones leave behind.
struct PersonSessions: Sendable, Hashable {
    /// Items in a cart that are told apart.
    static let cartMax = 32

    /// Milliseconds without an event that end a session.
    let gap: Int64
    private(set) var session: Session?
    /// Sessions that have ended.
    private(set) var sessionsBefore = 0
    private(set) var purchasesBefore = 0
    private(set) var lastEnd: Int64?
    /// Purchases of all sessions.
    private(set) var purchases = 0
    /// What is in the cart, from earlier sessions too.
    private(set) var cart: [UInt64] = []
    /// When something was last put in or looked at there.
    private(set) var cartTime: Int64?
    /// Whether the cart was filled before this session began.
    private(set) var cartIsOld = false

    init(gap: Int64) { self.gap = gap }

    /// Whether this event ends the session before.
    func begins(with time: Int64) -> Bool { session.map { time - $0.last > gap } ?? true }

    /// - Parameter event: not earlier than the one before.
    mutating func add(_ event: SessionEvent) {
        if begins(with: event.time) {
            if let ended = session {
                sessionsBefore += 1
                lastEnd = ended.last
            }
            purchasesBefore = purchases
            session = Session(at: event.time)
            // What was left for weeks is no cart any more, whatever the shop keeps of it.
            if let cartTime, event.time - cartTime > Self.cartAgeMax { empty() }
            cartIsOld = !cart.isEmpty
        }
        session?.add(event)
        switch event.role {
        case .add:
            for item in event.items.isEmpty ? [UInt64(cart.count + 1)] : event.items
            where !cart.contains(item) && cart.count < Self.cartMax { cart.append(item) }
            cartTime = event.time
        case .remove:
            if event.items.isEmpty {
                if !cart.isEmpty { cart.removeLast() }
            } else {
                cart.removeAll { event.items.contains($0) }
            }
        case .cart, .checkout, .payment: cartTime = event.time
        case .purchase:
            purchases += 1
            empty()
        default: break
        }
    }

    private static let cartAgeMax: Int64 = 30 * 86_400_000

    private mutating func empty() {
        cart = []
        cartTime = nil
        cartIsOld = false
    }

    /// The session that goes on at a moment; nil when there is none, or it has ended.
    func current(at now: Int64) -> Session? { session.flatMap { now - $0.last > gap ? nil : $0 } }
}
