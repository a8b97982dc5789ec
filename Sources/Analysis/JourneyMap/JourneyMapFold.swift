import EventLog

/// A journey map compiled against a log.
struct JourneyMapPlan: Sendable {
    let classifier: EventClassifier
    let selection: Selection
    let rules: [JourneyProgress.Rule]
    let people: JourneyMapQuery.People?
    let eventNames: Int

    init(_ query: JourneyMapQuery, _ context: QueryContext) throws {
        var properties = PropertyList(context.snapshot.propertyNames)
        classifier = try EventClassifier(
            query.stages.enumerated().map { ($1.selector, "stages[\($0)]") }, filters: query.filters, &properties,
            context, query.range.timeZone)
        // What people did last, and on their way, may be anything that somebody did, or that a stage names.
        let staged = classifier.codes ?? []
        let done = EventSelector(nil).codes(in: context.snapshot.eventNames)
        selection = Selection(
            events: done.map { $0.union(staged) }, anchors: classifier.codes,
            times: try query.range.resolve(now: context.now, data: context.snapshot.timeRange),
            properties: properties.numbers)
        rules = query.stages.map {
            JourneyProgress.Rule(occurrence: $0.occurrence, after: $0.after, pause: $0.pause?.milliseconds ?? 0)
        }
        people = query.people
        eventNames = context.snapshot.eventNames.count
    }
}

/// Counts who reaches which stage, and where they go from there.
struct JourneyMapFold: PersonFold, Sendable {
    /// People who go from one stage to another.
    struct Flow: Sendable {
        var seconds: [Double] = []
        var trails: [JourneyTrail: Int] = [:]
    }

    private let plan: JourneyMapPlan
    private var matcher: EventMatcher
    private var progress: JourneyProgress
    private(set) var counts: [Int]
    /// By stage and event number: what people who dropped off there did last.
    private(set) var lastEvents: [[Int]]
    /// By stage, then stage.
    private(set) var flows: [[Flow]]
    private(set) var people: PeopleSample

    init(_ plan: JourneyMapPlan) {
        self.plan = plan
        matcher = plan.classifier.makeMatcher()
        progress = JourneyProgress(plan.rules)
        counts = plan.rules.map { _ in 0 }
        lastEvents = plan.rules.map { _ in [Int](repeating: 0, count: plan.eventNames) }
        flows = plan.rules.map { _ in plan.rules.map { _ in Flow() } }
        people = PeopleSample(limit: plan.people?.limit ?? 0)
    }

    mutating func enter(_ block: ScanBlock) throws { matcher.enter(block) }

    mutating func visit(_ person: borrowing PersonView) throws {
        try matcher.enter(person)
        progress.clear()
        let rows = person.rows
        for (position, row) in rows.enumerated() {
            let mask = matcher.mask(row) & progress.open
            if mask == 0 { continue }
            progress.take(mask, row: position, time: row.time)
            if progress.open == 0 { break }
        }
        guard let last = rows.last else { return }
        var isWatched = false
        for stage in counts.indices where progress.rows[stage] >= 0 {
            counts[stage] += 1
            let next = progress.next(after: stage)
            if let next {
                let (from, to) = (progress.rows[stage], progress.rows[next])
                flows[stage][next].seconds.append(Double(progress.times[next] - progress.times[stage]) / 1_000)
                flows[stage][next].trails[JourneyTrail(rows, between: from, and: to), default: 0] += 1
            } else {
                lastEvents[stage][Int(last.code)] += 1
            }
            if let watched = plan.people, watched.stage == stage {
                isWatched =
                    switch watched.outcome {
                    case .reached: true
                    case .onward: next != nil && (watched.to == nil || watched.to == next)
                    case .dropped: next == nil
                    }
            }
        }
        if isWatched { people.add(person) }
    }
}
