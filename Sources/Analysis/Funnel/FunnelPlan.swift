import EventLog

/// A funnel query compiled against a log.
struct FunnelPlan: Sendable {
    let shape: FunnelShape
    let classifier: EventClassifier
    /// The step of each event code, 255 for none, when a name says which one step an event can fit and the fast rule
    /// applies; else nil. Filters may still refuse events.
    let stepOfCode: [UInt8]?
    let entry: Range<Int64>
    /// Whether the fast rule can do with one bit a row for each step.
    let readsBits: Bool
    private(set) var selection: Selection
    let breakdown: BreakdownPlan?
    let attribution: FunnelBreakdown.Attribution
    let held: BreakdownPlan?
    let unit: BreakdownPlan?
    /// Milliseconds; nil unless the funnel is by session.
    let sessionPause: Int64?
    let grid: IntervalGrid?
    let conversion: (from: Int, to: Int)?
    let people: FunnelPeople?

    init(_ query: FunnelQuery, _ context: QueryContext) throws {
        var properties = PropertyList(context.snapshot.propertyNames)
        let range = try query.range.resolve(now: context.now, data: context.snapshot.timeRange)
        entry = range
        shape = query.shape
        let selectors =
            query.steps.enumerated().map { ($1.selector, "steps[\($0)]") }
            + query.exclusions.enumerated().map { ($1.selector, "exclusions[\($0)]") }
        classifier = try EventClassifier(selectors, filters: query.filters, &properties, context, query.timeZone)
        breakdown = try query.breakdown.map {
            try BreakdownPlan($0.key, field: "breakdown", &properties, context)
        }
        attribution = query.breakdown?.attribution ?? .firstTouch
        held = try query.holdConstant.map {
            try BreakdownPlan(BreakdownKey(property: $0), field: "holdConstant", &properties, context)
        }
        switch query.aggregateBy {
        case .person:
            unit = nil
            sessionPause = nil
        case .session(let pause):
            unit = nil
            sessionPause = pause.milliseconds
        case .property(let name):
            unit = try BreakdownPlan(BreakdownKey(property: name), field: "aggregateBy", &properties, context)
            sessionPause = nil
        }
        grid = try query.trend.flatMap { try FunnelPlan.grid($0, range, query) }
        conversion = query.timeToConvert.map { ($0.fromStep, $0.toStep ?? query.steps.count - 1) }
        people = query.people
        selection = FunnelPlan.selection(query, range, classifier, properties)
        let isTouch = attribution == .firstTouch || attribution == .lastTouch
        let isFast =
            query.order == .ordered && query.exclusions.isEmpty && !shape.hasOptionalSteps
            && (breakdown == nil || isTouch) && held == nil && unit == nil && sessionPause == nil && grid == nil
        let stepOfCode = isFast ? FunnelPlan.stepOfCode(classifier.codeMasks) : nil
        self.stepOfCode = stepOfCode
        // A breakdown with filters may have to ask about every row of a step.
        readsBits = stepOfCode != nil && (breakdown == nil || classifier.isPlain) && selection.anchors != nil
        if readsBits {
            selection.planes = FunnelPlan.planes(
                classifier.codeMasks, stepCount: query.steps.count, withUnion: breakdown != nil)
        }
    }

    private static func grid(_ trend: FunnelTrend, _ range: Range<Int64>, _ query: FunnelQuery) throws -> IntervalGrid?
    {
        if range.isEmpty { return nil }
        guard let grid = IntervalGrid(trend.interval, over: range, in: query.timeZone.zone, weekStart: trend.weekStart)
        else {
            throw QueryError(
                .limitExceeded, "trend.interval",
                "there are more than \(IntervalGrid.limit) of these in the range; choose a longer interval or a shorter range"
            )
        }
        return grid
    }

    private static func selection(
        _ query: FunnelQuery, _ range: Range<Int64>, _ classifier: EventClassifier, _ properties: PropertyList
    ) -> Selection {
        let needsEveryEvent: Bool
        if case .session = query.aggregateBy {
            needsEveryEvent = true
        } else {
            needsEveryEvent = query.order == .strict
        }
        let codes = needsEveryEvent ? nil : classifier.codes
        let opening: UInt64 = query.order == .unordered ? (1 << UInt64(query.steps.count)) - 1 : 1
        let anchors = classifier.codeMasks.indices.filter { classifier.codeMasks[$0] & opening != 0 }
        let isEvery = anchors.count == classifier.codeMasks.count
        return Selection(
            events: codes, anchors: isEvery ? nil : Set(anchors.map(UInt16.init)),
            times: range.lowerBound..<range.upperBound + query.window.milliseconds, properties: properties.numbers)
    }

    /// The events of each step, for the fast rule.
    private static func planes(_ masks: [UInt64], stepCount: Int, withUnion: Bool) -> [Set<UInt16>] {
        let steps = (0..<stepCount).map { step in
            Set(masks.indices.filter { masks[$0] >> UInt64(step) & 1 == 1 }.map(UInt16.init))
        }
        return withUnion ? steps + [steps.reduce(into: []) { $0.formUnion($1) }] : steps
    }

    /// Nil when an event name fits two steps.
    private static func stepOfCode(_ masks: [UInt64]) -> [UInt8]? {
        var steps: [UInt8] = []
        for mask in masks {
            if mask.nonzeroBitCount > 1 { return nil }
            steps.append(mask == 0 ? 255 : UInt8(mask.trailingZeroBitCount))
        }
        return steps
    }

    /// Whether no event that the log has can open the funnel.
    var isEmpty: Bool { entry.isEmpty || selection.anchors?.isEmpty ?? false || classifier.codeMasks.isEmpty }
}

extension FunnelQuery {
    package var shape: FunnelShape {
        FunnelShape(
            optional: steps.map(\.optional), order: order, window: window.milliseconds,
            exclusions: exclusions.map { ($0.fromStep, $0.toStep) })
    }
}
