import EventLog

/// Counts what everybody looked for, looked at and bought, in one scan.
struct ShoppingFold: PersonFold, Sendable {
    private(set) var reader: ShoppingReader
    private let limits: ShoppingLimits
    private let now: Int64
    private(set) var terms: [Int32: TermCounts] = [:]
    private(set) var cycles: [Int32: CycleCounts] = [:]
    private(set) var popularity: [Int32: Int] = [:]
    private(set) var persons = 0
    private(set) var searches = 0

    init(_ plan: ShoppingPlan, _ limits: ShoppingLimits, now: Int64) {
        reader = ShoppingReader(plan, limits)
        self.limits = limits
        self.now = now
    }

    mutating func enter(_ block: ScanBlock) { reader.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        persons += 1
        var acts: [ShoppingAct] = []
        reader.read(person) { _, act in acts.append(act) }
        countSearches(acts)
        countPurchases(acts)
        for act in acts where act.item >= 0 && act.time > now - limits.recent {
            popularity[act.item, default: 0] += act.kind == .bought ? 5 : 1
        }
    }

    /// A search that is not over yet.
    private struct OpenSearch {
        var search: ShoppingAct
        /// The strongest that came of it, the first of those alike.
        var best: ShoppingAct?
        /// What was looked at because of it. Only that can be added or bought because of it.
        var viewed: Set<Int32> = []
        /// Whether the person went elsewhere.
        var isLeft = false

        mutating func take(_ act: ShoppingAct) {
            switch act.kind {
            case .searched: break
            case .categoryViewed:
                // The page of a category right after a search is where it led. Later, or after nothing was found, it is
                // another way to look.
                if best == nil, !search.isEmpty, !isLeft { best = act } else { isLeft = true }
            case .viewed:
                guard !isLeft else { return }
                viewed.insert(act.item)
                if best?.kind ?? .categoryViewed < .viewed || best == nil { best = act }
            case .added, .bought:
                if viewed.contains(act.item), act.kind > best?.kind ?? .categoryViewed { best = act }
            }
        }
    }

    /// A search ends with the next one, or when its time is over.
    private mutating func countSearches(_ acts: [ShoppingAct]) {
        var open: OpenSearch?
        for act in acts {
            if let current = open, act.time - current.search.time > limits.searchWindow {
                close(current.search, current.best, next: nil)
                open = nil
            }
            if act.kind == .searched {
                if let current = open { close(current.search, current.best, next: act) }
                open = OpenSearch(search: act)
            } else {
                open?.take(act)
            }
        }
        if let current = open { close(current.search, current.best, next: nil) }
    }

    private mutating func close(_ search: ShoppingAct, _ best: ShoppingAct?, next: ShoppingAct?) {
        searches += 1
        guard terms[search.term] != nil || terms.count < limits.termsMax else { return }
        terms[search.term, default: TermCounts()].searches += 1
        if search.isEmpty { terms[search.term]?.empty += 1 }
        if let best {
            terms[search.term]?.led += 1
            if best.category >= 0 { terms[search.term]?.categories[best.category, default: 0] += 1 }
        } else if let next, next.term != search.term, next.time - search.time <= limits.rephraseWindow {
            terms[search.term]?.next[next.term, default: 0] += 1
        }
    }

    private mutating func countPurchases(_ acts: [ShoppingAct]) {
        var last: [Int32: ShoppingAct] = [:]
        for act in acts where act.kind == .bought {
            if let before = last[act.item] {
                let days = Double(act.time - before.time) / TrainScores.millisecondsPerDay
                // The same basket twice within a day is one purchase.
                if days < 1 { continue }
                cycles[act.item, default: CycleCounts()].addGap(days: days, quantity: before.quantity)
            }
            last[act.item] = act
        }
        for (item, act) in last {
            cycles[item, default: CycleCounts()]
                .addWaiting(days: Double(now - act.time) / TrainScores.millisecondsPerDay)
        }
    }
}
