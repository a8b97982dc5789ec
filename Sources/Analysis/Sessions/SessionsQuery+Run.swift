import EventLog

extension SessionsQuery {
    private static let quantiles = [0.5, 0.9, 0.95, 0.99]

    /// - Parameter valueLimit: how many lengths may be kept in memory for quantiles; with more, scans are repeated.
    /// - Throws: `QueryError`, `EventLogError`.
    func run(
        in context: QueryContext, _ explanation: inout QueryExplanation, valueLimit: Int = QuantileSink.totalLimit
    ) throws -> SessionsResult {
        context.noteUnknownEvents([event], &explanation)
        let resolved = try range.resolve(now: context.now, data: context.snapshot.timeRange)
        let grid = try IntervalGrid.of(interval, over: resolved, range.timeZone, weekStart, field: "interval")
        let plan = try plan(grid, in: context, &explanation)
        guard plan.lanes * grid.count <= SessionsPlan.cellLimit else {
            throw QueryError(
                .limitExceeded, "interval",
                "the answer would have \(plan.lanes) groups of \(grid.count) intervals; at most \(SessionsPlan.cellLimit) points are allowed: choose a longer interval or fewer values of the breakdown"
            )
        }
        var folds: [SessionsFold] = []
        if !(plan.classifier.codes?.isEmpty ?? false) {
            let limit = QuantileSink.limit(ofAll: valueLimit, in: context)
            folds = try context.scan(plan.selection, &explanation) { SessionsFold(plan, valueLimit: limit) }
        }
        let wanted = Array(repeating: Self.quantiles, count: plan.lanes)
        let lengths = try QuantileTable(wanted, intervals: grid.count, folds.map(\.lengths), threads: context.threads) {
            search in
            try context.scan(plan.selection, &explanation) { SessionsFold(plan, valueLimit: 0, search: search) }
                .map(\.lengths)
        }
        if lengths.scans > 0 { explanation.note(QuantileTable.note(lengths.scans)) }
        return explanation.time("combine") { result(plan, folds, lengths) }
    }

    private func plan(
        _ grid: IntervalGrid, in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> SessionsPlan {
        var properties = PropertyList(context.snapshot.propertyNames)
        let classifier = try EventClassifier(
            [(EventSelector(event.events), "event")], filters: event.filters, &properties, context, range.timeZone)
        var compiled: ValuePlan?
        var limit = 0
        switch breakdown {
        case nil: break
        case .entryEvent(let count)?: limit = count
        case .value(let breakdown)?:
            limit = breakdown.limit
            compiled = try ValuePlan(breakdown.key, field: "breakdown", &properties, context)
        }
        // Back by the timeout to see what began before the range; on to the end to see how long sessions last.
        let times = grid.range.lowerBound - timeout.milliseconds..<Limits.latestTime + 1
        let selection = Selection(events: classifier.codes, times: times, properties: properties.numbers)
        var plan = SessionsPlan(
            grid: grid, classifier: classifier, timeout: timeout.milliseconds, selection: selection, grouping: .none)
        if breakdown == nil || classifier.codes?.isEmpty ?? false { return plan }

        let (base, ranking) = (plan, compiled)
        let folds = try context.scan(selection, &explanation) { SessionsRankFold(base, ranking) }
        if let compiled {
            let groups = RankedGroups(
                BreakdownGroups(folds.map { ($0.values?.names ?? [], $0.weights) }, limit: limit))
            plan.grouping = .value(groups, compiled)
        } else {
            let names = context.snapshot.eventNames.names.map { BreakdownValue.string($0) }
            let groups = RankedGroups(BreakdownGroups(folds.map { (names, $0.weights) }, limit: limit))
            plan.grouping = .entryEvent(groups, ofCode: names.map { Int(groups.group(of: $0)) })
        }
        return plan
    }

    private func result(_ plan: SessionsPlan, _ folds: [SessionsFold], _ lengths: QuantileTable) -> SessionsResult {
        let intervals = plan.grid.count
        var cells = [SessionCell](repeating: SessionCell(), count: plan.lanes * intervals)
        var people = [Int](repeating: 0, count: plan.lanes)
        for fold in folds {
            for index in cells.indices { cells[index].add(fold.cells[index]) }
            for lane in people.indices { people[lane] += fold.people[lane] }
        }
        func total(_ lane: Int) -> SessionsResult.Summary {
            var sum = cells[lane * intervals..<(lane + 1) * intervals].reduce(into: SessionCell()) { $0.add($1) }
            sum.people = people[lane]
            return SessionsResult.Summary(sum, lengths.totals[lane])
        }
        func points(_ lane: Int) -> [SessionsResult.Summary] {
            (0..<intervals).map { interval in
                SessionsResult.Summary(cells[lane * intervals + interval], lengths.points[lane].map { $0[interval] })
            }
        }
        return SessionsResult(
            labels: plan.grid.labels, total: total(0), points: points(0),
            breakdown: breakdown == nil
                ? nil
                : (plan.grouping.values ?? []).enumerated().map { index, value in
                    SessionsResult.Group(breakdown: value, total: total(index + 1), points: points(index + 1))
                })
    }
}

extension SessionsResult.Summary {
    /// - Parameter quantiles: the median and the 90th, 95th and 99th percentile of the lengths in milliseconds.
    init(_ cell: SessionCell, _ quantiles: [Double?]) {
        let seconds = quantiles.map { $0.map { $0 / 1_000 } }
        func mean(_ amount: Double) -> Double? { cell.sessions == 0 ? nil : amount / Double(cell.sessions) }
        self.init(
            sessions: cell.sessions, people: cell.people, events: cell.events,
            averageSeconds: mean(Double(cell.length) / 1_000), medianSeconds: seconds[0], p90Seconds: seconds[1],
            p95Seconds: seconds[2], p99Seconds: seconds[3], eventsPerSession: mean(Double(cell.events)),
            bounceRate: mean(Double(cell.bounces)))
    }
}
