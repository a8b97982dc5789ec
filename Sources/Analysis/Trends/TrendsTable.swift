import EventLog

/// The points and totals of every lane over one range.
struct TrendsTable: Sendable {
    /// By lane.
    private(set) var points: [[Double?]]
    private(set) var totals: [Double?]

    /// Scans and counts. Quantiles of more than `valueLimit` values take several scans.
    init(
        _ plan: TrendsPlan, valueLimit: Int, in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws {
        points = Array(repeating: Array(repeating: nil, count: plan.intervals), count: plan.laneCount)
        totals = Array(repeating: nil, count: plan.laneCount)
        var folds: [TrendsFold] = []
        if !(plan.classifier.codes?.isEmpty ?? false) {
            let limit = QuantileSink.limit(ofAll: valueLimit, in: context)
            folds = try context.scan(plan.selection, &explanation) { TrendsFold(plan, valueLimit: limit) }
        }
        explanation.time("combine") {
            var sum = TrendsCounters(plan)
            for fold in folds { sum.add(fold.counters) }
            for lane in 0..<plan.laneCount { fill(lane, plan, sum) }
        }
        if plan.math.contains(where: { $0.quantile != nil }) {
            try fillQuantiles(plan, folds, in: context, &explanation)
        }
    }

    private mutating func fill(_ lane: Int, _ plan: TrendsPlan, _ sum: TrendsCounters) {
        let math = plan.math[lane / plan.groupCount]
        let cells = lane * plan.intervals..<(lane + 1) * plan.intervals
        let counts = sum.counts[cells]
        switch math {
        case .total, .firstTime:
            points[lane] = counts.map(Double.init)
            totals[lane] = Double(counts.reduce(0, +))
        case .dau, .uniqueSessions:
            points[lane] = counts.map(Double.init)
            totals[lane] = Double(sum.distinct[lane])
        case .weeklyActive, .monthlyActive:
            var people = 0
            points[lane] = counts.map { difference in
                people += difference
                return Double(people)
            }
            totals[lane] = points[lane].last ?? 0
        case .averageCountPerActor:
            points[lane] = cells.map { ratio(Double(sum.events[$0]), sum.counts[$0]) }
            totals[lane] = ratio(Double(sum.events[cells].reduce(0, +)), sum.distinct[lane])
        case .averageSumPerActor:
            points[lane] = cells.map { ratio(sum.numbers[$0].sum.value, sum.counts[$0]) }
            totals[lane] = ratio(joined(sum.numbers[cells]).sum.value, sum.distinct[lane])
        case .sum, .avg, .min, .max:
            points[lane] = cells.map { statistic(math, sum.numbers[$0]) }
            totals[lane] = statistic(math, joined(sum.numbers[cells]))
        case .median, .p90, .p95, .p99: break
        }
    }

    private func joined(_ cells: ArraySlice<NumberCell>) -> NumberCell {
        cells.reduce(into: NumberCell()) { $0.add($1) }
    }

    private func ratio(_ amount: Double, _ people: Int) -> Double? { people == 0 ? nil : amount / Double(people) }

    private func statistic(_ math: TrendMath, _ cell: NumberCell) -> Double? {
        if math == .sum { return cell.sum.value }
        if cell.count == 0 { return nil }
        switch math {
        case .min: return cell.least
        case .max: return cell.greatest
        default: return cell.sum.value / Double(cell.count)
        }
    }
}

extension TrendsTable {
    private mutating func fillQuantiles(
        _ plan: TrendsPlan, _ folds: [TrendsFold], in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws {
        let wanted = (0..<plan.laneCount).map { lane in plan.math[lane / plan.groupCount].quantile.map { [$0] } ?? [] }
        let table = try QuantileTable(wanted, intervals: plan.intervals, folds.map(\.values), threads: context.threads)
        { search in
            try context.scan(plan.selection, &explanation) { TrendsFold(plan, valueLimit: 0, search: search) }
                .map(\.values)
        }
        if table.scans > 0 { explanation.note(QuantileTable.note(table.scans)) }
        for lane in wanted.indices where !wanted[lane].isEmpty {
            points[lane] = table.points[lane][0]
            totals[lane] = table.totals[lane][0]
        }
    }
}
