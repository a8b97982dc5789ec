import EventLog
import Foundation

/// Where a search leads, what to offer when it finds nothing, and what a person is about to buy again.
package struct ShoppingService: Sendable {
    /// Tables are made anew after this time, in milliseconds.
    package static let ageMax: Int64 = 15 * 60_000

    struct Known: Sendable {
        var mapping: ShoppingMapping
        var tables: ShoppingTables
        var categories: [String: String]
    }

    let history: any InteractionHistory
    let items: any ItemSource
    let now: @Sendable () -> Int64
    let limits: ShoppingLimits
    private let mapping: @Sendable () throws -> ShoppingMapping?
    private let known: Refreshed<Known>

    /// - Parameter mapping: which events tell what is searched and bought; nil when none does.
    package init(
        history: any InteractionHistory, items: any ItemSource = NoItems(), limits: ShoppingLimits = ShoppingLimits(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime,
        mapping: @escaping @Sendable () throws -> ShoppingMapping?
    ) {
        self.history = history
        self.items = items
        self.limits = limits
        self.now = now
        self.mapping = mapping
        known = Refreshed(age: Self.ageMax, now: now)
    }

    /// Makes the tables anew with the next question, as after the mapping was changed.
    package func forget() { known.forget() }

    /// - Throws: `insufficient` when no events tell what is searched or bought.
    func tables() throws -> Known {
        try known.value {
            guard let mapping = try mapping() else {
                throw RecommendationError(
                    .insufficient,
                    "no event here tells what is searched or bought: there is none such as 'Product Searched' or "
                        + "'Order Completed'. Say which are: PUT /v1/shopping/mapping")
            }
            var categories: [String: String] = [:]
            try items.forEachItem { item in
                if let path = item.categories.last {
                    categories[item.id] = path.split(separator: "/").joined(separator: " > ")
                }
            }
            let tables = try history.snapshot().shopping(mapping, limits, categories: categories, now: now())
            return Known(mapping: mapping, tables: tables, categories: categories)
        }
    }

    /// Where a search term leads.
    package func category(of term: String, threshold: Double = TermCategories.threshold) throws -> TermCategories.Answer
    {
        try tables().tables.leading.answer(term, threshold: threshold)
    }

    /// What to offer when a search finds nothing.
    package func rescue(_ term: String, threshold: Double = TermCategories.threshold) throws -> Rescue {
        var rescue = try tables().tables.rescue(term, threshold: threshold)
        rescue.items = try offered(rescue.items)
        return rescue
    }

    /// The items that may be offered now, in the same order.
    private func offered(_ ids: [String]) throws -> [String] {
        let found = Dictionary(try items.items(ids).map { ($0.id, $0) }) { first, _ in first }
        return ids.filter { found[$0]?.mayBeOffered(at: now(), in: nil) ?? true }
    }

    package static let historyMax = 2_000

    /// What a person is about to buy again, the likeliest within the horizon first.
    ///
    /// - Parameters:
    ///   - horizonDays: from 1 to 365.
    ///   - isRepeated: only what the person bought twice or more.
    /// - Complexity: O(rows of the person + log-normal tables of what they bought)
    package func reorder(
        for person: String, count: Int = 20, horizonDays: Double = 7, isRepeated: Bool = false
    ) throws -> [ReorderItem] {
        let known = try tables()
        let snapshot = try history.view(of: person)
        guard let plan = ShoppingPlan(known.mapping, snapshot, categories: known.categories) else { return [] }
        var fold = OwnPurchases(plan, limits)
        try snapshot.visit(person: person, plan.selection, &fold)
        let tables = known.tables
        let today = Double(now()) / TrainScores.millisecondsPerDay
        let judged = fold.purchases.compactMap { id, purchases -> ReorderItem? in
            guard !isRepeated || purchases.count > 1 else { return nil }
            let number = tables.itemNumbers[id]
            return Reorder.judge(
                id, category: number.flatMap(tables.category), purchases: purchases,
                cycle: number.map(tables.cycle) ?? tables.overallCycle, slope: tables.slope, today: today,
                within: horizonDays)
        }
        .sorted { $0.score != $1.score ? $0.score > $1.score : $0.item < $1.item }
        let fit = Set(try offered(judged.map(\.item)))
        return Array(judged.lazy.filter { fit.contains($0.item) }.prefix(count))
    }
}

/// One person's purchases by item, in time order: day and quantity.
private struct OwnPurchases: PersonFold {
    private var reader: ShoppingReader
    private(set) var purchases: [String: [(day: Double, quantity: Double)]] = [:]

    init(_ plan: ShoppingPlan, _ limits: ShoppingLimits) { reader = ShoppingReader(plan, limits) }

    mutating func enter(_ block: ScanBlock) { reader.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        var acts: [ShoppingAct] = []
        reader.read(person) { _, act in
            if act.kind == .bought { acts.append(act) }
        }
        for act in acts.suffix(ShoppingService.historyMax) {
            let id = reader.items[act.item]
            let day = Double(act.time) / TrainScores.millisecondsPerDay
            if let last = purchases[id]?.last, day - last.day < 1 { continue }
            purchases[id, default: []].append((day, act.quantity))
        }
    }
}
