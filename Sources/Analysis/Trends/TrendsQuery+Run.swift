import EventLog

extension TrendsQuery {
    /// - Parameter valueLimit: how many numbers may be kept in memory for quantiles; with more, scans are repeated.
    /// - Throws: `QueryError`, `EventLogError`.
    func run(
        in context: QueryContext, _ explanation: inout QueryExplanation, valueLimit: Int = QuantileSink.totalLimit
    ) throws -> TrendsResult {
        context.noteUnknownEvents(series.map(\.event), &explanation)
        for name in Set(series.compactMap(\.property)) where context.snapshot.propertyNames.number(of: name) == nil {
            let hint = NearestName.hint(for: name, among: context.snapshot.propertyNames.names)
            explanation.note("the log has no property '\(name)'\(hint)")
        }
        let resolved = try range.resolve(now: context.now, data: context.snapshot.timeRange)
        let grid = try IntervalGrid.of(interval, over: resolved, range.timeZone, weekStart, field: "interval")
        let plan = try explanation.time("prepare") { try self.plan(grid, nil, in: context) }
        let ranked = try rank(plan, in: context, &explanation)
        let current = try lines(plan.with(ranked), valueLimit, in: context, &explanation)

        var previous: [Line] = []
        var previousGrid: IntervalGrid?
        if compare != .none {
            let earlier = try IntervalGrid.of(
                interval, over: compare == .year ? grid.rangeOfYearBefore : grid.precedingRange, range.timeZone,
                weekStart, field: "interval")
            let plan = try self.plan(earlier, ranked, in: context)
            previous = try lines(plan, valueLimit, in: context, &explanation)
            previousGrid = earlier
        }
        return TrendsResult(
            labels: grid.labels, partialFirst: grid.isPartial(0), partialLast: grid.isPartial(grid.count - 1),
            series: current.enumerated().map { index, line in
                TrendsResult.Series(
                    name: line.name, label: line.label, breakdown: line.breakdown, points: finished(line.points),
                    total: line.total, previous: previous.isEmpty ? nil : aligned(previous[index], to: grid.count))
            },
            previousLabels: previousGrid?.labels,
            people: try people.map { try $0.list(plan.with(ranked), in: context, &explanation) })
    }

    /// A series of the answer before smoothing.
    private struct Line {
        var name: String
        var label: String
        var breakdown: BreakdownValue?
        var points: [Double?]
        var total: Double?
    }

    private func finished(_ points: [Double?]) -> [Double?] {
        let smooth = PointSmoothing.rollingMean(points, width: smoothing)
        return cumulative ? PointSmoothing.cumulative(smooth) : smooth
    }

    private func aligned(_ line: Line, to count: Int) -> TrendsResult.Previous {
        var points = Array(finished(line.points).prefix(count))
        points += Array(repeating: nil, count: count - points.count)
        return TrendsResult.Previous(points: points, total: line.total)
    }

    private func plan(_ grid: IntervalGrid, _ groups: RankedGroups?, in context: QueryContext) throws -> TrendsPlan {
        var properties = PropertyList(context.snapshot.propertyNames)
        let selectors = series.enumerated().map { (selector: $1.event, field: "series[\($0)]") }
        let classifier = try EventClassifier(selectors, filters: filters, &properties, context, range.timeZone)
        let numbers = series.map { $0.property.flatMap { properties.index(of: $0) } }
        let breakdown = try breakdown.map {
            try ValuePlan($0.key, field: "breakdown", &properties, context)
        }
        let windows = series.map { $0.math.windowDays.map { TrendsPlan.windows($0, grid) } }
        let math = series.map(\.math)
        let sessions = math.contains(.uniqueSessions)
        // Bits are of use where some names are not wanted.
        let codes = classifier.codes
        let isEvery = (codes?.count ?? .max) >= context.snapshot.eventNames.count
        let selection = Selection(
            events: sessions || isEvery ? nil : codes, anchors: sessions ? codes : nil,
            times: TrendsPlan.times(math, grid.range, windows), properties: properties.numbers,
            planes: isEvery ? [] : codes.map { [$0] } ?? [])
        return TrendsPlan(
            grid: grid, math: math, classifier: classifier, numbers: numbers, breakdown: breakdown, groups: groups,
            windows: windows, sessionTimeout: sessionTimeout.milliseconds, selection: selection)
    }

    private func rank(
        _ plan: TrendsPlan, in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> RankedGroups? {
        guard let breakdown, let compiled = plan.breakdown else { return nil }
        return try RankedGroups.rank(
            compiled, limit: breakdown.limit, mask: .max, plan.classifier,
            times: TrendsPlan.rankedTimes(plan.grid.range, plan.windows), properties: plan.selection.properties,
            in: context, &explanation)
    }

    /// The series, or the formulas over them, for each group.
    private func lines(
        _ plan: TrendsPlan, _ valueLimit: Int, in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> [Line] {
        guard plan.cellCount <= TrendsPlan.cellLimit else {
            throw QueryError(
                .limitExceeded, "interval",
                "the answer would have \(plan.laneCount) series of \(plan.intervals) points; at most \(TrendsPlan.cellLimit) points are allowed: choose a longer interval or fewer values of the breakdown"
            )
        }
        let table = try TrendsTable(plan, valueLimit: valueLimit, in: context, &explanation)
        let formulas = try parsedFormulas()
        let groups = plan.groupCount
        var lines: [Line] = []
        for index in 0..<(formulas.isEmpty ? series.count : formulas.count) {
            for group in 0..<groups {
                let value = plan.groups.map { $0.values[group] }
                if formulas.isEmpty {
                    let lane = index * groups + group
                    lines.append(
                        Line(
                            name: SeriesName.name(index), label: series[index].label,
                            breakdown: value, points: table.points[lane], total: table.totals[lane]))
                } else {
                    let formula = formulas[index]
                    let points = (0..<plan.intervals).map { interval in
                        formula.value { table.points[$0 * groups + group][interval] }
                    }
                    let total = formula.value { table.totals[$0 * groups + group] }
                    lines.append(
                        Line(name: formula.text, label: formula.text, breakdown: value, points: points, total: total))
                }
            }
        }
        return lines
    }
}

extension TrendsPlan {
    func with(_ groups: RankedGroups?) -> TrendsPlan {
        TrendsPlan(
            grid: grid, math: math, classifier: classifier, numbers: numbers, breakdown: breakdown, groups: groups,
            windows: windows, sessionTimeout: sessionTimeout, selection: selection)
    }
}
