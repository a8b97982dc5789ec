import EventLog

/// What one row says.
struct ShoppingAct: Sendable {
    enum Kind: Int, Sendable, Comparable {
        case searched, categoryViewed, viewed, added, bought

        static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    var kind: Kind
    var time: Int64
    /// A word of the terms, for a search.
    var term: Int32 = -1
    /// Whether a search had no results, as far as it says.
    var isEmpty = false
    var category: Int32 = -1
    var item: Int32 = -1
    var quantity = 1.0
}

/// A mapping bound to a log's names.
struct ShoppingPlan: Sendable {
    private(set) var selection: Selection
    private(set) var kinds: [UInt16: ShoppingAct.Kind] = [:]
    let term: Int?
    let results: Int?
    let item: Int?
    let category: [Int]
    let boughtItem: Int?
    let boughtQuantity: Int?
    /// The category of items of the catalogue.
    let categories: [String: String]

    /// - Returns: nil when the log has none of the events.
    init?(_ mapping: ShoppingMapping, _ snapshot: Snapshot, categories: [String: String] = [:]) {
        var properties = PropertyList(snapshot)
        term = properties.index(of: mapping.term)
        results = properties.index(of: mapping.results)
        item = properties.index(of: mapping.item)
        category = mapping.category.compactMap { properties.index(of: $0) }
        boughtItem = properties.index(of: mapping.boughtItem)
        boughtQuantity = properties.index(of: mapping.boughtQuantity)
        self.categories = categories
        for (name, kind) in [
            (mapping.searched, ShoppingAct.Kind.searched), (mapping.categoryViewed, .categoryViewed),
            (mapping.viewed, .viewed), (mapping.added, .added), (mapping.bought, .bought),
        ] {
            if let name, let code = snapshot.eventNames.number(of: name) { kinds[code] = kind }
        }
        guard !kinds.isEmpty else { return nil }
        selection = Selection(events: Set(kinds.keys), properties: properties.numbers)
    }
}

/// Reads the events of persons by a mapping, for a scan or for one person.
struct ShoppingReader: Sendable {
    let plan: ShoppingPlan
    var terms: Words
    var categories: Words
    var items: Words
    /// By item, as its views or the catalogue say; -1 is unknown.
    private(set) var categoryOfItem: [Int32] = []
    private var sources: [[RowColumn]] = []
    /// Levels of categories before they are joined.
    private var levels: Words
    private var joined: [[Int32]: Int32] = [:]

    init(_ plan: ShoppingPlan, _ limits: ShoppingLimits) {
        self.plan = plan
        terms = Words(countMax: limits.termsMax)
        categories = Words(countMax: limits.categoriesMax)
        levels = Words(countMax: limits.categoriesMax * 2)
        items = Words(countMax: limits.itemsMax)
    }

    mutating func enter(_ block: ScanBlock) {
        sources = (0..<block.sourceCount).map { source in
            plan.selection.properties.indices.map { index in
                RowColumn(block.column(index, source: source), fold: index == plan.term ? TermText.normal : nil)
            }
        }
    }

    /// Calls `body` with what each row says, in time order; a purchase of several items once for each.
    mutating func read(_ person: borrowing PersonView, _ body: (inout ShoppingReader, ShoppingAct) -> Void) {
        for row in person.rows {
            guard let kind = plan.kinds[row.code] else { continue }
            let source = Int(row.source)
            var act = ShoppingAct(kind: kind, time: row.time)
            switch kind {
            case .searched:
                guard let term = plan.term else { continue }
                act.term = sources[source][term].word(at: row.row, &terms)
                act.isEmpty = plan.results.flatMap { sources[source][$0].number(at: row.row) } == 0
                guard act.term >= 0 else { continue }
                body(&self, act)
            case .categoryViewed:
                act.category = category(row, source)
                guard act.category >= 0 else { continue }
                body(&self, act)
            case .viewed, .added:
                guard let item = plan.item else { continue }
                act.item = sources[source][item].word(at: row.row, &items)
                guard act.item >= 0 else { continue }
                act.category = category(of: act.item, told: category(row, source))
                body(&self, act)
            case .bought: bought(row, source, act, body)
            }
        }
    }

    private mutating func bought(
        _ row: Row, _ source: Int, _ act: ShoppingAct, _ body: (inout ShoppingReader, ShoppingAct) -> Void
    ) {
        guard let column = plan.boughtItem else { return }
        var bought: [Int32] = []
        sources[source][column].forEachWord(at: row.row, &items) { bought.append($0) }
        let quantities = plan.boughtQuantity.map { sources[source][$0].numbers(at: row.row) } ?? []
        for (place, item) in bought.enumerated() {
            var one = act
            one.item = item
            one.category = category(of: item, told: -1)
            if quantities.count == bought.count { one.quantity = min(max(quantities[place], 1), 1_000) }
            body(&self, one)
        }
    }

    /// The levels that a row names, joined by `>`.
    private mutating func category(_ row: Row, _ source: Int) -> Int32 {
        guard !plan.category.isEmpty else { return -1 }
        var path: [Int32] = []
        for column in plan.category {
            let level = sources[source][column].word(at: row.row, &levels)
            if level >= 0 { path.append(level) }
        }
        if path.isEmpty { return -1 }
        if let known = joined[path] { return known }
        let number = categories.number(of: path.map { levels[$0] }.joined(separator: " > "))
        joined[path] = number
        return number
    }

    private mutating func category(of item: Int32, told: Int32) -> Int32 {
        while categoryOfItem.count <= Int(item) {
            let name = items[Int32(categoryOfItem.count)]
            categoryOfItem.append(plan.categories[name].map { categories.number(of: $0) } ?? -1)
        }
        if told >= 0 { categoryOfItem[Int(item)] = told }
        return categoryOfItem[Int(item)]
    }
}
