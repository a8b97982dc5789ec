import EventLog
import Foundation

extension RetentionQuery {
    /// - Throws: `QueryError`, `EventLogError`.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> RetentionResult {
        context.noteUnknownEvents([targetEvent, returnEvent], &explanation)
        let resolved = try range.resolve(now: context.now, data: context.snapshot.timeRange)
        let grid = try IntervalGrid.of(period, over: resolved, range.timeZone, weekStart, field: "period")
        var properties = PropertyList(context.snapshot.propertyNames)
        let classifier = try EventClassifier(
            [(targetEvent, "targetEvent"), (returnEvent, "returnEvent")], filters: filters, &properties, context,
            range.timeZone)
        let compiled = try breakdown.map { try ValuePlan($0.key, field: "breakdown", &properties, context) }
        var groups: RankedGroups?
        if let breakdown, let compiled {
            groups = try RankedGroups.rank(
                compiled, limit: breakdown.limit, mask: 1, classifier, times: grid.range,
                properties: properties.numbers, in: context, &explanation)
        }
        let plan = try plan(grid, groups)
        var table = [UInt32](repeating: 0, count: plan.tableCount)
        var people = PeopleSample(limit: self.people?.limit ?? 0)
        let targets = targetEvent.codes(in: context.snapshot.eventNames)
        if !(targets?.isEmpty ?? false) {
            let start = kind == .firstEver ? min(Limits.earliestTime, grid.range.lowerBound) : grid.range.lowerBound
            let everything = Set(context.snapshot.eventNames.names.indices.map(UInt16.init))
            let selection = Selection(
                events: classifier.codes, anchors: classifier.codes == nil ? nil : targets,
                times: start..<grid.range.upperBound, properties: properties.numbers,
                planes: [targets, returnEvent.codes(in: context.snapshot.eventNames)].map { $0 ?? everything })
            let limit = self.people?.limit ?? 0
            let ranked = groups
            let folds = try context.scan(selection, &explanation) {
                RetentionFold(
                    plan, grid.index, classifier,
                    groups: ranked.flatMap { ranked in compiled.map { GroupReader(ranked, $0, offset: 1) } },
                    peopleLimit: limit)
            }
            explanation.time("combine") {
                for var fold in folds {
                    for (cell, count) in fold.finish().enumerated() { table[cell] &+= count }
                    people.add(fold.people)
                }
            }
        }
        return result(grid, plan, table, groups, people, now: context.now)
    }

    private func plan(_ grid: IntervalGrid, _ groups: RankedGroups?) throws -> RetentionPlan {
        var watched: RetentionPlan.Watched?
        if let people {
            guard let cohort = grid.labels.firstIndex(of: people.cohort) else {
                throw QueryError(
                    .invalidValue, "people.cohort",
                    "is '\(people.cohort)', but must be the start of a cohort, such as '\(grid.label(0))'")
            }
            var group = 0
            if let wanted = people.breakdown {
                guard let index = groups?.values.firstIndex(where: { $0.description == wanted }) else {
                    throw QueryError(
                        .invalidValue, "people.breakdown", "is '\(wanted)', which is no value of the breakdown")
                }
                group = index + 1
            }
            watched = RetentionPlan.Watched(group: group, cohort: cohort, cell: people.interval)
        }
        let plan = RetentionPlan(
            kind: kind, cells: cells, periods: grid.count, cumulative: cumulative,
            minimumOccurrences: minimumOccurrences,
            rollingLength: windowMode == .rolling ? RetentionPlan.rollingLength(period) : nil,
            groups: 1 + (groups?.values.count ?? 0), watched: watched)
        guard plan.tableCount <= RetentionPlan.cellLimit else {
            throw QueryError(
                .limitExceeded, "period",
                "the answer would have \(plan.tableCount) cells, of which \(RetentionPlan.cellLimit) are allowed; choose a longer period, fewer intervals or fewer values of the breakdown"
            )
        }
        return plan
    }

    private func result(
        _ grid: IntervalGrid, _ plan: RetentionPlan, _ table: [UInt32], _ groups: RankedGroups?,
        _ sample: PeopleSample, now: Int64
    ) -> RetentionResult {
        let labels = grid.labels
        let cohorts = (0..<plan.groups).map { group in
            (0..<plan.periods).map { cohort(group, $0, labels[$0], grid, plan, table, now) }
        }
        let groupResults = groups?.values.enumerated().map { index, value in
            RetentionResult.Group(
                breakdown: value, cohorts: cohorts[index + 1],
                summary: .init(cohorts[index + 1], cells: plan.cells.count))
        }
        return RetentionResult(
            labels: (0..<plan.cells.count).map { plan.cells.label($0, period) }, cohorts: cohorts[0],
            summary: .init(cohorts[0], cells: plan.cells.count), breakdown: groupResults,
            people: people.map {
                .init(cohort: $0.cohort, interval: $0.interval, count: sample.count, ids: sample.ids)
            })
    }

    private func cohort(
        _ group: Int, _ period: Int, _ label: String, _ grid: IntervalGrid, _ plan: RetentionPlan,
        _ table: [UInt32], _ now: Int64
    ) -> RetentionResult.Cohort {
        let base = (group * plan.periods + period) * plan.cells.count
        let starts = plan.cells.starts
        let visible: Int
        if let length = plan.rollingLength {
            let room = grid.range.upperBound - grid[period].lowerBound
            visible = (0..<plan.cells.count).prefix { Int64(starts[$0]) * length < room }.count
        } else {
            visible = plan.cells.visible(cohort: period, periods: plan.periods)
        }
        let end = min(grid.range.upperBound, now)
        let complete = (0..<visible).prefix { cell in
            if let length = plan.rollingLength {
                return grid[period].upperBound + Int64(starts[cell + 1]) * length <= end
            }
            let last = period + starts[cell + 1] - 1
            return last < plan.periods && grid[last].upperBound <= end
                && !(last == grid.count - 1 && grid.isPartial(last))
        }.count
        return RetentionResult.Cohort(
            start: label, size: Int(table[base]),
            values: table[base..<base + visible].map(Int.init), completeValues: complete)
    }
}
