/// The answer to a retention query: one cohort per period of the range, empty ones too.
package struct RetentionResult: Sendable, Hashable, Codable {
    package struct Cohort: Sendable, Hashable, Codable {
        /// The label of the cohort's period: `2024-06-10`.
        package var start: String
        /// People in the cohort.
        package var size: Int
        /// People by cell, as far as the range reaches; the first is `size`.
        package var values: [Int]
        /// How many of the first cells everybody in the cohort had the whole time to reach; later ones may still grow.
        package var completeValues: Int
    }

    /// All cohorts' cells taken together, each cell over the cohorts that reach it and have people.
    package struct Summary: Sendable, Hashable, Codable {
        /// The mean of the cohorts' rates; null for a cell that no such cohort reaches.
        package var mean: [Double?]
        /// The median of the cohorts' rates.
        package var median: [Double?]
        /// The mean weighted by cohort size: returned people over all people of those cohorts.
        package var weighted: [Double?]
        /// The sum of the cells.
        package var totals: [Int]
        /// The sum of the sizes of the cohorts that reach the cell.
        package var sizes: [Int]
    }

    package struct Group: Sendable, Hashable, Codable {
        /// The value of the breakdown.
        package var breakdown: BreakdownValue
        package var cohorts: [Cohort]
        package var summary: Summary
    }

    package struct People: Sendable, Hashable, Codable {
        package var cohort: String
        package var interval: Int
        /// All people of the cell.
        package var count: Int
        /// Canonical ids, sorted; a fixed choice of as many as the limit allows.
        package var ids: [String]
    }

    /// The names of the cells.
    package var labels: [String]
    package var cohorts: [Cohort]
    package var summary: Summary
    /// With a breakdown: the same for each value. A person of several values counts in each.
    package var breakdown: [Group]?
    package var people: People?
}

extension RetentionResult.Summary {
    init(_ cohorts: [RetentionResult.Cohort], cells: Int) {
        mean = []
        median = []
        weighted = []
        totals = []
        sizes = []
        for cell in 0..<cells {
            let reached = cohorts.filter { $0.size > 0 && cell < $0.values.count }
            var rates = reached.map { Double($0.values[cell]) / Double($0.size) }
            let total = reached.reduce(0) { $0 + $1.values[cell] }
            let size = reached.reduce(0) { $0 + $1.size }
            totals.append(total)
            sizes.append(size)
            mean.append(rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count))
            median.append(ExactQuantile.select(0.5, from: &rates))
            weighted.append(size == 0 ? nil : Double(total) / Double(size))
        }
    }
}
