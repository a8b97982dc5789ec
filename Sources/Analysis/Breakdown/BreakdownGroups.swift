/// Joins the values that several scan threads have numbered on their own: the most frequent keep their name, the rest
/// become `other`.
package struct BreakdownGroups: Sendable {
    /// The groups of the answer, the most frequent first (ties by value), `missing` among them by its size, `other`
    /// last.
    package private(set) var values: [BreakdownValue] = []
    /// For each thread the group of each of its numbers; nil when no event counted under it.
    package private(set) var groupOf: [[Int?]] = []

    /// - Parameters:
    ///   - threads: the values of each thread's reader and how much each counts for.
    ///   - limit: how many values keep their name.
    package init(_ threads: [(values: [BreakdownValue], weights: [Int])], limit: Int) {
        var totals: [BreakdownValue: Int] = [:]
        for (values, weights) in threads {
            for (value, weight) in zip(values, weights) where weight > 0 { totals[value, default: 0] += weight }
        }
        let ranked = totals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        values = ranked.prefix(limit).map(\.key)
        if ranked.count > limit { values.append(.other) }
        var groups: [BreakdownValue: Int] = [:]
        for (index, value) in values.enumerated() { groups[value] = index }
        let rest = ranked.count > limit ? values.count - 1 : nil
        groupOf = threads.map { thread in
            thread.values.map { totals[$0] == nil ? nil : groups[$0] ?? rest }
        }
    }
}
