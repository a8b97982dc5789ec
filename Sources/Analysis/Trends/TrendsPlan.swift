import EventLog

/// A trends query over one range, with everything resolved that the counting of a person needs.
struct TrendsPlan: Sendable {
    let grid: IntervalGrid
    let math: [TrendMath]
    let classifier: EventClassifier
    /// Indices into `selection.properties` of the numeric property of each series.
    let numbers: [Int?]
    let breakdown: ValuePlan?
    let groups: RankedGroups?
    /// By series with a rolling window: where the windows start that end with each interval, and the end of the range.
    let windows: [BoundaryIndex?]
    /// Milliseconds.
    let sessionTimeout: Int64
    let selection: Selection

    /// Cells (series x groups x intervals) at most: 80 MB for each counter of a thread.
    static let cellLimit = 10_000_000

    var groupCount: Int { groups?.values.count ?? 1 }
    var intervals: Int { grid.count }
    var laneCount: Int { math.count * groupCount }
    var cellCount: Int { laneCount * intervals }
    var needsSessions: Bool { math.contains(.uniqueSessions) }

    /// Whether counting needs only the names and times of events.
    var isPlain: Bool {
        classifier.isPlain && breakdown == nil && math.allSatisfy { $0 == .total || $0 == .dau }
    }

    /// The times that the events of the query lie in: further back than the range for rolling windows, to the beginning
    /// for first times.
    static func times(_ math: [TrendMath], _ range: Range<Int64>, _ windows: [BoundaryIndex?]) -> Range<Int64> {
        if math.contains(.firstTime) { return min(Limits.earliestTime, range.lowerBound)..<range.upperBound }
        return rankedTimes(range, windows)
    }

    /// The range, with what rolling windows see before it.
    static func rankedTimes(_ range: Range<Int64>, _ windows: [BoundaryIndex?]) -> Range<Int64> {
        windows.reduce(range.lowerBound) { min($0, $1?.boundaries[0] ?? $0) }..<range.upperBound
    }

    /// The starts of windows of some days that end with each interval, and the end of the range: the calendar days up
    /// to the interval's last, and for hours 24 hours each.
    static func windows(_ days: Int, _ grid: IntervalGrid) -> BoundaryIndex {
        let starts: [Int64] = (0..<grid.count).map { position in
            let end = grid[position].upperBound
            if grid.period == .hour { return end - Int64(days) * 86_400_000 }
            return grid.clock.start(of: grid.clock.date(at: end - 1).adding(days: 1 - days))
        }
        return BoundaryIndex(starts + [grid.range.upperBound])
    }
}
