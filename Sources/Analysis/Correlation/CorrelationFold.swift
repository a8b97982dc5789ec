import EventLog

/// A correlation compiled against a log.
struct CorrelationPlan: Sendable {
    let shape: FunnelShape
    let classifier: EventClassifier
    let entry: Range<Int64>
    let step: Int
    let selection: Selection
    /// Properties first, then traits.
    let factors: [BreakdownPlan]
    let propertyCount: Int
    let eventCount: Int

    init(_ query: CorrelationQuery, _ context: QueryContext) throws {
        let funnel = query.funnel
        shape = funnel.shape
        step = query.step ?? funnel.steps.count - 1
        var properties = PropertyList(context.snapshot.propertyNames)
        let selectors =
            funnel.steps.enumerated().map { ($1.selector, "funnel.steps[\($0)]") }
            + funnel.exclusions.enumerated().map { ($1.selector, "funnel.exclusions[\($0)]") }
        classifier = try EventClassifier(selectors, filters: funnel.filters, &properties, context, funnel.timeZone)
        var factors: [BreakdownPlan] = []
        for (index, name) in query.properties.enumerated() {
            factors.append(
                try BreakdownPlan(BreakdownKey(property: name), field: "properties[\(index)]", &properties, context))
        }
        for (index, name) in query.traits.enumerated() {
            factors.append(
                try BreakdownPlan(BreakdownKey(person: name), field: "traits[\(index)]", &properties, context))
        }
        self.factors = factors
        propertyCount = query.properties.count
        eventCount = context.snapshot.eventNames.count
        let range = try funnel.range.resolve(now: context.now, data: context.snapshot.timeRange)
        entry = range
        let masks = classifier.codeMasks
        let opening = shape.openingBits
        let anchors = masks.indices.filter { masks[$0] & opening != 0 }.map(UInt16.init)
        selection = Selection(
            anchors: anchors.count == masks.count ? nil : Set(anchors),
            times: range.lowerBound..<range.upperBound + funnel.window.milliseconds, properties: properties.numbers)
    }

    var isEmpty: Bool { entry.isEmpty || selection.anchors?.isEmpty ?? false || eventCount == 0 }
}

/// Counts, for each event and value, the converted and dropped people who did or had it.
struct CorrelationFold: PersonFold, Sendable {
    struct Count: Sendable {
        var converted = 0
        var dropped = 0

        mutating func add(_ isConverted: Bool) {
            if isConverted { converted += 1 } else { dropped += 1 }
        }

        mutating func add(_ other: Count) {
            converted += other.converted
            dropped += other.dropped
        }
    }

    private let plan: CorrelationPlan
    private var matcher: EventMatcher
    private let readers: [BreakdownReader]
    private var evaluator: FunnelEvaluator
    private var outcome: FunnelOutcome
    private(set) var total = Count()
    /// By event code.
    private(set) var events: [Count]
    /// By factor and its reader's number.
    private(set) var values: [[Count]]

    private var history: [FunnelEvent] = []
    /// The last person in whose span each event (and value) was seen: tells what a person did more than once.
    private var seenEvent: [Int]
    private var seenValue: [[Int]]
    private var personNumber = 0

    init(_ plan: CorrelationPlan) {
        self.plan = plan
        matcher = plan.classifier.makeMatcher()
        readers = plan.factors.map { $0.makeReader() }
        evaluator = FunnelEvaluator(plan.shape)
        outcome = FunnelOutcome(stepCount: plan.shape.stepCount)
        events = Array(repeating: Count(), count: plan.eventCount)
        values = plan.factors.map { _ in [] }
        seenEvent = Array(repeating: 0, count: plan.eventCount)
        seenValue = plan.factors.map { _ in [] }
    }

    func valuesOfFactor(_ factor: Int) -> [BreakdownValue] { readers[factor].values }

    mutating func enter(_ block: ScanBlock) throws {
        matcher.enter(block)
        for reader in readers { reader.enter(block) }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        try matcher.enter(person)
        history.removeAll(keepingCapacity: true)
        for row in person.rows {
            let mask = matcher.mask(row)
            if mask != 0 || plan.shape.order == .strict { history.append(FunnelEvent(time: row.time, mask: mask)) }
        }
        history.withUnsafeBufferPointer { [entry = plan.entry] in evaluator.evaluate($0, entry: entry, &outcome) }
        guard outcome.counts else { return }
        let isConverted = outcome.reaches(plan.step)
        personNumber += 1
        total.add(isConverted)
        let start = outcome.times[0]
        let end = isConverted ? outcome.times[plan.step] : start + plan.shape.window
        for reader in readers { try reader.enter(person) }
        for row in person.rows where row.time >= start && row.time <= end { count(row, isConverted) }
        for factor in plan.propertyCount..<readers.count {
            if let row = person.rows.first { count(readers[factor].number(of: row), factor, isConverted) }
        }
    }

    private mutating func count(_ row: Row, _ isConverted: Bool) {
        let code = Int(row.code)
        if seenEvent[code] != personNumber {
            seenEvent[code] = personNumber
            events[code].add(isConverted)
        }
        for factor in 0..<plan.propertyCount {
            readers[factor].forEachNumber(of: row) { count($0, factor, isConverted) }
        }
    }

    private mutating func count(_ number: Int32, _ factor: Int, _ isConverted: Bool) {
        let number = Int(number)
        while values[factor].count <= number {
            values[factor].append(Count())
            seenValue[factor].append(0)
        }
        if seenValue[factor][number] == personNumber { return }
        seenValue[factor][number] = personNumber
        values[factor][number].add(isConverted)
    }
}
