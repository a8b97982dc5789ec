import EventLog

extension CorrelationQuery {
    /// - Throws: `QueryError`, and whatever the scan throws.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> CorrelationResult {
        context.noteUnknownEvents(funnel.steps.map(\.selector) + funnel.exclusions.map(\.selector), &explanation)
        let plan = try explanation.time("prepare") { try CorrelationPlan(self, context) }
        let folds =
            plan.isEmpty
            ? [CorrelationFold(plan)] : try context.scan(plan.selection, &explanation) { CorrelationFold(plan) }
        return explanation.time("combine") { combine(folds, context.snapshot.eventNames) }
    }

    private func combine(_ folds: [CorrelationFold], _ names: NameTable) -> CorrelationResult {
        var total = CorrelationFold.Count()
        for fold in folds { total.add(fold.total) }
        return CorrelationResult(
            converted: total.converted, dropped: total.dropped, events: ranked(eventRows(folds, names, total)),
            values: ranked(valueRows(folds, total)))
    }

    private func ranked(_ rows: [CorrelationResult.Row]) -> [CorrelationResult.Row] {
        Array(
            rows.filter { $0.converted + $0.dropped >= minimumSupport }
                .sorted { left, right in
                    let (a, b) = (abs(left.association.score), abs(right.association.score))
                    return a == b ? left.label < right.label : a > b
                }
                .prefix(limit))
    }

    private func eventRows(
        _ folds: [CorrelationFold], _ names: NameTable, _ total: CorrelationFold.Count
    ) -> [CorrelationResult.Row] {
        let own = Set(funnel.steps.flatMap { $0.selector.events ?? [] } + excludeEvents)
        return names.names.indices.compactMap { code in
            if own.contains(names.names[code]) { return nil }
            var count = CorrelationFold.Count()
            for fold in folds { count.add(fold.events[code]) }
            var row = CorrelationResult.Row(count, of: total)
            row.event = names.names[code]
            return row
        }
    }

    private func valueRows(_ folds: [CorrelationFold], _ total: CorrelationFold.Count) -> [CorrelationResult.Row] {
        (properties + traits).indices.flatMap { factor in
            var counts: [BreakdownValue: CorrelationFold.Count] = [:]
            for fold in folds {
                for (value, count) in zip(fold.valuesOfFactor(factor), fold.values[factor]) where value != .missing {
                    counts[value, default: CorrelationFold.Count()].add(count)
                }
            }
            return counts.map { value, count in
                var row = CorrelationResult.Row(count, of: total)
                if factor < properties.count {
                    row.property = properties[factor]
                } else {
                    row.person = traits[factor - properties.count]
                }
                row.value = value
                return row
            }
        }
    }
}

extension CorrelationResult.Row {
    fileprivate init(_ count: CorrelationFold.Count, of total: CorrelationFold.Count) {
        self.init(
            converted: count.converted, dropped: count.dropped,
            association: OddsRatio(
                convertedWith: count.converted, droppedWith: count.dropped,
                convertedWithout: total.converted - count.converted, droppedWithout: total.dropped - count.dropped))
    }

    fileprivate var label: String {
        [event, property, person, value?.description].compactMap { $0 }.joined(separator: " ")
    }
}
