import EventLog

extension FunnelQuery {
    /// - Throws: `QueryError`, and whatever the scan throws.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> FunnelResult {
        context.noteUnknownEvents(steps.map(\.selector) + exclusions.map(\.selector), &explanation)
        let plan = try explanation.time("prepare") { try FunnelPlan(self, context) }
        let folds =
            plan.isEmpty
            ? [FunnelFold(plan)] : try context.scan(plan.selection, &explanation) { FunnelFold(plan) }
        return explanation.time("combine") { combine(folds, plan, threads: context.threads) }
    }

    private func combine(_ folds: [FunnelFold], _ plan: FunnelPlan, threads: Int?) -> FunnelResult {
        var everybody = FunnelTotals()
        for fold in folds { fold.addTotals(to: &everybody) }
        let (values, groups) = breakdown.map { combineGroups(folds, limit: $0.limit) } ?? ([], [])
        // Of everybody and each group the steps: exact medians take time.
        let totals = [everybody] + groups
        let stepCount = steps.count
        let summaries = Parallel.map(totals.count * stepCount, threads: threads) { cell in
            summarize(totals[cell / stepCount], cell % stepCount)
        }
        func summary(_ number: Int) -> [FunnelResult.Step] {
            Array(summaries[number * stepCount..<(number + 1) * stepCount])
        }
        var result = FunnelResult(steps: summary(0))
        if breakdown != nil {
            result.breakdown = values.enumerated().map { FunnelResult.Group(value: $1, steps: summary($0 + 1)) }
        }
        if trend != nil { result.trend = combineTrend(folds, plan.grid) }
        if let conversion = plan.conversion {
            result.timeToConvert = FunnelResult.TimeToConvert(
                from: conversion.from, to: conversion.to, everybody.conversions, bins: timeToConvert?.bins)
        }
        if let people {
            var sample = PersonSample(limit: people.limit)
            for fold in folds { if let part = fold.people { sample.add(part) } }
            result.people = sample.ids
        }
        return result
    }

    private func combineGroups(_ folds: [FunnelFold], limit: Int) -> ([BreakdownValue], [FunnelTotals]) {
        let groups = BreakdownGroups(
            folds.map { fold in
                (fold.breakdownValues, (0..<fold.groups.groupCount).map { fold.groups.count($0, step: 0) })
            }, limit: limit)
        var totals = groups.values.map { _ in FunnelTotals() }
        for (fold, groupOf) in zip(folds, groups.groupOf) {
            for number in 0..<fold.groups.groupCount {
                if let group = groupOf[number] { totals[group].add(fold.groups, number) }
            }
        }
        return (groups.values, totals)
    }

    private func combineTrend(_ folds: [FunnelFold], _ grid: IntervalGrid?) -> [FunnelResult.TrendPoint] {
        guard let grid else { return [] }
        return (0..<grid.count).map { period in
            let entered = folds.reduce(0) { $0 + $1.trend[period].entered }
            let converted = folds.reduce(0) { $0 + $1.trend[period].converted }
            return FunnelResult.TrendPoint(
                start: grid.label(period), entered: entered, converted: converted,
                conversionRate: rate(converted, of: entered))
        }
    }

    /// A step of an answer.
    private func summarize(_ totals: FunnelTotals, _ step: Int) -> FunnelResult.Step {
        let base = step == 0 || reference == .total ? 0 : shape.stepBefore(step)
        let count = totals.count(step)
        let durations = totals.durations(step)
        return FunnelResult.Step(
            name: steps[step].selector.label, count: count, conversionRate: rate(count, of: totals.count(base)),
            averageSeconds: durations.mean, medianSeconds: durations.median)
    }
}

private func rate(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
}

extension FunnelResult.TimeToConvert {
    /// - Parameter bins: nil for Sturges' number, 1 + log2 of the number of values, rounded up.
    init(from: Int, to: Int, _ durations: Durations, bins: Int?) {
        fromStep = from
        toStep = to
        count = durations.count
        averageSeconds = durations.mean
        medianSeconds = durations.median
        self.bins = []
        guard let range = durations.range else { return }
        let (shortest, longest) = (range.lowerBound, range.upperBound)
        let sturges = Int.bitWidth - (max(1, count) - 1).leadingZeroBitCount + 1
        let number = shortest == longest ? 1 : bins ?? sturges
        let width = (longest - shortest) / Double(number)
        var counts = [Int](repeating: 0, count: number)
        for milliseconds in durations.parts.joined() {
            let value = Double(milliseconds) / 1_000
            let bin = width == 0 ? 0 : Int((value - shortest) / width)
            counts[min(bin, number - 1)] += 1
        }
        self.bins = counts.enumerated().map { index, count in
            Bin(
                fromSeconds: shortest + Double(index) * width,
                toSeconds: index == number - 1 ? longest : shortest + Double(index + 1) * width, count: count)
        }
    }
}
