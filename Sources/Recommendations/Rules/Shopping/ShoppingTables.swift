import EventLog
import Foundation

/// Bounds and windows of the tables of shopping.
package struct ShoppingLimits: Sendable, Hashable {
    /// Different search terms that a thread keeps; what comes after is left out.
    package var termsMax = 100_000
    package var itemsMax = 500_000
    package var categoriesMax = 5_000
    /// What is done within so many milliseconds after a search comes of it.
    package var searchWindow: Int64 = 30 * 60_000
    /// Somebody who searches again within this time has rephrased.
    package var rephraseWindow: Int64 = 10 * 60_000
    /// What is viewed or bought within this time is popular these days.
    package var recent: Int64 = 28 * 86_400_000

    package init() {}
}

/// What came of one search term.
struct TermCounts: Sendable, Hashable {
    var searches = 0
    /// Searches without a result, as far as the events say so.
    var empty = 0
    /// Searches after which something was looked at or bought.
    var led = 0
    /// By category that people ended up in.
    var categories: [Int32: Int] = [:]
    /// By term that they tried next, when the first led nowhere.
    var next: [Int32: Int] = [:]

    mutating func add(_ other: TermCounts, term: (Int32) -> Int32, category: (Int32) -> Int32) {
        searches += other.searches
        empty += other.empty
        led += other.led
        for (number, count) in other.categories { categories[category(number), default: 0] += count }
        for (number, count) in other.next { next[term(number), default: 0] += count }
    }
}

/// What everybody looked for, looked at and bought, kept between requests.
struct ShoppingTables: Sendable {
    var terms: [String: TermCounts] = [:]
    /// The words that the counts of terms refer to.
    var termNames: [String] = []
    var categories: [String] = []
    var items: [String] = []
    /// By item: its category; -1 is unknown.
    var categoryOfItem: [Int32] = []
    /// By item: how often it was viewed or bought these days; purchases count five times.
    var popularity: [Int32: Int] = [:]
    /// By item, and by category.
    var cycles: [Int32: CycleCounts] = [:]
    var categoryCycles: [Int32: CycleCounts] = [:]
    var persons = 0
    var searches = 0
    /// What was left out because a table was full.
    var refused = 0

    // Of what follows from them.
    private(set) var leading = TermCategories([:])
    private(set) var slope = 0.5
    private(set) var overallCycle = Cycle(logMean: log(30), logDeviation: 0.7, share: 0.3, gaps: 0)
    private(set) var itemNumbers: [String: Int32] = [:]
    /// By category: its most popular items these days.
    private(set) var popular: [String: [String]] = [:]
    /// Terms that led somewhere, for spelling: with their letters, the most used first.
    private(set) var led: [(term: String, letters: [Character], count: Int)] = []

    static let popularMax = 20
    /// Of terms that are compared with an unknown one.
    static let ledMax = 20_000

    mutating func finish() {
        itemNumbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, Int32($0)) })
        leading = TermCategories(
            terms.mapValues { counts in
                Dictionary(counts.categories.map { (categories[Int($0)], $1) }, uniquingKeysWith: +)
            })
        led = terms.filter { $0.value.led > 0 }
            .map { (term: $0.key, letters: Jamo.letters(of: $0.key), count: $0.value.led) }
            .sorted { $0.count != $1.count ? $0.count > $1.count : $0.term < $1.term }
        if led.count > Self.ledMax { led.removeLast(led.count - Self.ledMax) }
        let ranked = popularity.sorted { ($1.value, items[Int($0.key)]) < ($0.value, items[Int($1.key)]) }
        for (item, _) in ranked {
            let category = categoryOfItem[Int(item)]
            guard category >= 0, popular[categories[Int(category)], default: []].count < Self.popularMax else {
                continue
            }
            popular[categories[Int(category)], default: []].append(items[Int(item)])
        }
        judgeCycles()
    }

    private mutating func judgeCycles() {
        var (xy, xx) = (0.0, 0.0)
        var all = CycleCounts()
        for counts in categoryCycles.values {
            xy += counts.slopeSums.xy
            xx += counts.slopeSums.xx
            all.add(counts)
        }
        // As if ten pairs had shown that twice as much lasts √2 times as long.
        slope = min(1, max(0, (xy + 0.5 * 5) / (xx + 5)))
        overallCycle = all.cycle(slope: slope, above: overallCycle)
    }

    /// The cycle of an item, drawn to that of its category, and that to everything's.
    func cycle(of item: Int32) -> Cycle {
        let category = categoryOfItem[Int(item)]
        let above =
            category < 0
            ? overallCycle
            : (categoryCycles[category] ?? CycleCounts()).cycle(slope: slope, above: overallCycle)
        return (cycles[item] ?? CycleCounts()).cycle(slope: slope, above: above)
    }

    func category(of item: Int32) -> String? {
        let number = categoryOfItem[Int(item)]
        return number < 0 ? nil : categories[Int(number)]
    }
}

extension ShoppingTables {
    /// Joins what several threads counted: each has numbers of its own.
    init(merging folds: [ShoppingFold]) {
        self.init()
        var (termWords, categoryWords, itemWords) = (
            Words(countMax: .max), Words(countMax: .max), Words(countMax: .max)
        )
        for fold in folds {
            let reader = fold.reader
            let newTerms = reader.terms.names.map { termWords.number(of: $0) }
            let newCategories = reader.categories.names.map { categoryWords.number(of: $0) }
            let newItems = reader.items.names.map { itemWords.number(of: $0) }
            while categoryOfItem.count < itemWords.names.count { categoryOfItem.append(-1) }
            for (item, category) in reader.categoryOfItem.enumerated() where category >= 0 {
                let place = Int(newItems[item])
                // Of two answers the smaller name, so that the order of the threads does not matter.
                let (old, new) = (categoryOfItem[place], newCategories[Int(category)])
                if old < 0 || categoryWords[new] < categoryWords[old] { categoryOfItem[place] = new }
            }
            for (term, counts) in fold.terms {
                terms[reader.terms[term], default: TermCounts()]
                    .add(counts, term: { newTerms[Int($0)] }, category: { newCategories[Int($0)] })
            }
            for (item, counts) in fold.cycles { cycles[newItems[Int(item)], default: CycleCounts()].add(counts) }
            for (item, count) in fold.popularity { popularity[newItems[Int(item)], default: 0] += count }
            persons += fold.persons
            searches += fold.searches
            refused += reader.terms.refused + reader.items.refused + reader.categories.refused
        }
        (termNames, categories, items) = (termWords.names, categoryWords.names, itemWords.names)
        for (item, counts) in cycles.sorted(by: { $0.key < $1.key }) where categoryOfItem[Int(item)] >= 0 {
            categoryCycles[categoryOfItem[Int(item)], default: CycleCounts()].add(counts)
        }
        finish()
    }
}

extension Snapshot {
    /// - Complexity: O(rows of shopping); memory is bounded by the limits.
    func shopping(
        _ mapping: ShoppingMapping, _ limits: ShoppingLimits, categories: [String: String], now: Int64,
        threads: Int? = nil
    ) throws -> ShoppingTables {
        guard let plan = ShoppingPlan(mapping, self, categories: categories) else { return ShoppingTables() }
        let end = end(now)
        let folds = try scan(plan.selection, threads: threads) { ShoppingFold(plan, limits, now: end) }.folds
        return ShoppingTables(merging: folds)
    }
}
