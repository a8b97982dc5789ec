import EventLog

extension FunnelQuery {
    /// - Throws: `QueryError`, and whatever the scan throws.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> FunnelResult {
        context.noteUnknownEvents(steps.map(\.selector) + exclusions.map(\.selector), &explanation)
        let plan = try explanation.time("prepare") { try FunnelPlan(self, context) }
        let folds =
            plan.isEmpty
            ? [FunnelFold(plan)] : try context.scan(plan.selection, &explanation) { FunnelFold(plan) }
        return explanation.time("combine") { combine(folds, plan) }
    }

    private func combine(_ folds: [FunnelFold], _ plan: FunnelPlan) -> FunnelResult {
        let none = FunnelTotals(stepCount: steps.count)
        let total = folds.flatMap(\.tallies).reduce(into: none) { $0.add($1) }
        var result = FunnelResult(steps: summarize(total))
        if let breakdown { result.breakdown = combineGroups(folds, none, limit: breakdown.limit) }
        if trend != nil { result.trend = combineTrend(folds, plan.grid) }
        if let conversion = plan.conversion {
            result.timeToConvert = FunnelResult.TimeToConvert(
                from: conversion.from, to: conversion.to, total.conversions, bins: timeToConvert?.bins)
        }
        if let people {
            var sample = PersonSample(limit: people.limit)
            for fold in folds { if let part = fold.people { sample.add(part) } }
            result.people = sample.ids
        }
        return result
    }

    private func combineGroups(_ folds: [FunnelFold], _ none: FunnelTotals, limit: Int) -> [FunnelResult.Group] {
        let groups = BreakdownGroups(
            folds.map { fold in (fold.breakdownValues, fold.groups.map { $0.counts[0] }) }, limit: limit)
        var totals = groups.values.map { _ in none }
        for (fold, groupOf) in zip(folds, groups.groupOf) {
            for (number, tally) in fold.groups.enumerated() {
                if let group = groupOf[number] { totals[group].add(tally) }
            }
        }
        return groups.values.indices.map { index in
            FunnelResult.Group(value: groups.values[index], steps: summarize(totals[index]))
        }
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

    /// The steps of an answer.
    private func summarize(_ totals: FunnelTotals) -> [FunnelResult.Step] {
        steps.indices.map { index in
            let base = index == 0 || reference == .total ? 0 : shape.stepBefore(index)
            let count = totals.counts[index]
            return FunnelResult.Step(
                name: steps[index].selector.label, count: count, conversionRate: rate(count, of: totals.counts[base]),
                averageSeconds: totals.durations[index].mean, medianSeconds: totals.durations[index].median)
        }
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
