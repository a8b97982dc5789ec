import EventLog

extension JourneyMapQuery {
    /// - Throws: `QueryError`, and whatever the scan throws.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> JourneyMapResult {
        context.noteUnknownEvents(stages.map(\.selector), &explanation)
        let plan = try explanation.time("prepare") { try JourneyMapPlan(self, context) }
        let isEmpty = plan.classifier.codes?.isEmpty ?? false
        let folds =
            isEmpty
            ? [JourneyMapFold(plan)] : try context.scan(plan.selection, &explanation) { JourneyMapFold(plan) }
        return explanation.time("combine") { combine(folds, context.snapshot.eventNames) }
    }

    private func combine(_ folds: [JourneyMapFold], _ names: NameTable) -> JourneyMapResult {
        var result = JourneyMapResult(stages: [], flows: [])
        for stage in stages.indices {
            var toNext: [Double] = []
            for target in stages.indices where target > stage {
                let parts = folds.map { $0.flows[stage][target] }
                var seconds = parts.flatMap(\.seconds)
                guard let median = ExactQuantile.select(0.5, from: &seconds) else { continue }
                toNext += seconds
                result.flows.append(
                    .init(
                        from: stage, to: target, count: seconds.count, medianSeconds: median,
                        paths: paths(parts.map(\.trails), names)))
            }
            let count = folds.reduce(0) { $0 + $1.counts[stage] }
            let onward = toNext.count
            result.stages.append(
                .init(
                    name: stages[stage].selector.label, count: count, onward: onward, dropped: count - onward,
                    conversionRate: count == 0 ? 0 : Double(onward) / Double(count),
                    medianSeconds: ExactQuantile.select(0.5, from: &toNext),
                    lastEvents: lastEvents(folds.map { $0.lastEvents[stage] }, names)))
        }
        if let people { result.people = PeopleList(folds.map(\.people), limit: people.limit) }
        return result
    }

    private func lastEvents(_ parts: [[Int]], _ names: NameTable) -> [JourneyMapResult.Named] {
        let counts = (0..<names.count).map { code in parts.reduce(0) { $0 + $1[code] } }
        let ranked = counts.enumerated().filter { $0.element > 0 }
            .map { JourneyMapResult.Named(event: names[UInt16($0.offset)], count: $0.element) }
            .sorted { ($1.count, $0.event) < ($0.count, $1.event) }
        return Array(ranked.prefix(listed))
    }

    private func paths(_ parts: [[JourneyTrail: Int]], _ names: NameTable) -> [JourneyMapResult.Path] {
        var counts: [JourneyTrail: Int] = [:]
        for part in parts { counts.merge(part, uniquingKeysWith: +) }
        let ranked = counts.map { trail, count in
            JourneyMapResult.Path(events: trail.codes.map { names[$0] }, count: count)
        }
        .sorted { ($1.count, $0.events.joined(separator: "\0")) < ($0.count, $1.events.joined(separator: "\0")) }
        return Array(ranked.prefix(listed))
    }
}
