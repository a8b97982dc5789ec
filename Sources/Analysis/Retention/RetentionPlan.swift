/// A retention query with its dates resolved: what the counting of each person needs.
struct RetentionPlan: Sendable {
    let kind: RetentionQuery.Kind
    let cells: RetentionCells
    let periods: Int
    let cumulative: Bool
    let minimumOccurrences: Int
    /// The length of a period in milliseconds when windows roll, or nil for calendar periods.
    let rollingLength: Int64?
    /// Group 0 is everybody; with a breakdown, the others are its values.
    let groups: Int
    /// The cell whose people are wanted.
    let watched: Watched?

    struct Watched: Sendable, Hashable {
        var group: Int
        var cohort: Int
        var cell: Int
    }

    /// Cells of the table at most: about 100 MB for each thread.
    static let cellLimit = 25_000_000

    var tableCount: Int { groups * periods * cells.count }

    static func rollingLength(_ period: Period) -> Int64 {
        switch period {
        case .hour: 3_600_000
        case .day: 86_400_000
        case .week: 7 * 86_400_000
        case .month: 30 * 86_400_000
        }
    }
}
