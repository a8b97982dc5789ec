import EventLog

/// Judges each person of a scan and keeps the numbers.
struct FunnelFold: ScanFold, Sendable {
    let plan: FunnelPlan
    let matcher: EventMatcher
    let breakdown: BreakdownReader?
    private let held: BreakdownReader?
    private let unit: BreakdownReader?
    private var evaluator: FunnelEvaluator
    var outcome: FunnelOutcome
    private var part: FunnelOutcome
    /// Everybody; the fast rule counts a unit once, under its group if there are groups.
    private let everybody: FunnelTallies
    /// By the reader's number of the breakdown value.
    let groups: FunnelTallies
    /// The steps of the present block as bits, when persons come by columns.
    var bits: OrderedBits?
    var columns: SourceColumns?
    /// For each period of the trend: units that entered in it, and those of them that converted.
    private(set) var trend: [(entered: Int, converted: Int)]
    private(set) var people: PersonSample?

    private var events: [FunnelEvent] = []
    /// The rows of a person that pass the filters.
    private var passing: [Row] = []
    /// By step: the last time of such a row.
    private var lastTimes: [Int64]

    init(_ plan: FunnelPlan) {
        self.plan = plan
        matcher = plan.classifier.makeMatcher()
        breakdown = plan.breakdown?.makeReader()
        held = plan.held?.makeReader()
        unit = plan.unit?.makeReader()
        evaluator = FunnelEvaluator(plan.shape)
        outcome = FunnelOutcome(stepCount: plan.shape.stepCount)
        part = outcome
        everybody = FunnelTallies(stepCount: plan.shape.stepCount)
        groups = FunnelTallies(stepCount: plan.shape.stepCount)
        lastTimes = Array(repeating: 0, count: plan.shape.stepCount)
        trend = Array(repeating: (0, 0), count: plan.grid?.count ?? 0)
        people = plan.people.map { PersonSample(limit: $0.limit) }
    }

    /// Adds everybody's.
    func addTotals(to totals: inout FunnelTotals) {
        if everybody.groupCount > 0 { totals.add(everybody, 0) }
        if plan.stepOfCode != nil { for group in 0..<groups.groupCount { totals.add(groups, group) } }
    }

    var breakdownValues: [BreakdownValue] { breakdown?.values ?? [] }

    mutating func enter(_ block: ScanBlock) throws {
        matcher.enter(block)
        breakdown?.enter(block)
        held?.enter(block)
        unit?.enter(block)
    }

    var narrowsAnchors: Bool { matcher.narrows(plan.shape.openingBits) }

    mutating func narrow(_ anchors: borrowing Anchors) { matcher.narrow(anchors, to: plan.shape.openingBits) }

    mutating func visit(_ run: borrowing PersonRun) throws {
        if let steps = plan.stepOfCode { return try visitFast(run, steps) }
        for index in 0..<run.count { try visit(run.person(index)) }
    }

    private mutating func visit(_ person: borrowing PersonView) throws {
        try matcher.enter(person)
        try breakdown?.enter(person)
        events.removeAll(keepingCapacity: true)
        if let pause = plan.sessionPause {
            visitSessions(person, pause)
        } else {
            for row in person.rows { collect(row) }
            if unit == nil {
                judge(events, person)
            } else {
                for part in plan.shape.parts(of: events, by: \.unit) { judge(part, person) }
            }
        }
    }

    /// Judges rows as they lie.
    private mutating func visitFast(_ run: borrowing PersonRun, _ steps: [UInt8]) throws {
        if plan.classifier.isPlain {
            for index in 0..<run.count { try judgeFast(run.rows(of: index), run, index, steps) }
            return
        }
        var passing = self.passing
        self.passing = []
        for index in 0..<run.count {
            if matcher.readsPersons { try matcher.enter(run.person(index)) }
            passing.removeAll(keepingCapacity: true)
            filter(run.rows(of: index), steps, into: &passing)
            try passing.withUnsafeBufferPointer { try judgeFast($0, run, index, steps) }
        }
        self.passing = passing
    }

    /// Adds the rows that pass the filters. Reading a property costs more than everything else about a row, so the rows
    /// of a later step are left out unasked where no row of the step before it lies within the window.
    private mutating func filter(_ rows: UnsafeBufferPointer<Row>, _ steps: [UInt8], into passing: inout [Row]) {
        // A breakdown may take its value from any row of a step.
        let asksAll = breakdown != nil
        for step in lastTimes.indices { lastTimes[step] = .min / 2 }
        for (index, row) in rows.enumerated() {
            let step = Int(steps[Int(row.code)])
            if step == 255 { continue }
            if step > 0, !asksAll, row.time - lastTimes[step - 1] > plan.shape.window {
                // Of rows of one instant, the step before may be among those that follow.
                let isLast = index + 1 == rows.count || rows[index + 1].time != row.time
                if isLast { continue }
            }
            if matcher.mask(row) == 0 { continue }
            lastTimes[step] = row.time
            passing.append(row)
        }
    }

    private mutating func judgeFast(
        _ rows: UnsafeBufferPointer<Row>, _ run: borrowing PersonRun, _ index: Int, _ steps: [UInt8]
    ) throws {
        evaluator.evaluate(rows, steps: steps, entry: plan.entry, &outcome)
        guard outcome.counts else { return }
        if plan.people != nil { sample(outcome, run.person(index)) }
        guard let breakdown else { return count(under: nil) }
        if breakdown.readsPersons { try breakdown.enter(run.person(index)) }
        let isFirst = plan.attribution == .firstTouch
        count(under: isFirst ? touch(rows, steps, breakdown) : touch(rows.reversed(), steps, breakdown))
    }

    /// Counts a unit that the fast rule has judged.
    private mutating func count(under group: Int32?) {
        if let group {
            groups.add(outcome, to: Int(group), conversion: plan.conversion)
        } else {
            everybody.add(outcome, to: 0, conversion: plan.conversion)
        }
    }

    /// The same by its times.
    @inline(__always)
    mutating func count(_ times: UnsafePointer<Int64>, under group: Int32?) {
        if let group {
            groups.add(times, to: Int(group), conversion: plan.conversion)
        } else {
            everybody.add(times, to: 0, conversion: plan.conversion)
        }
    }

    /// The value of the first row of a step that has one.
    private func touch(_ rows: some Sequence<Row>, _ steps: [UInt8], _ breakdown: BreakdownReader) -> Int32 {
        for row in rows where steps[Int(row.code)] != 255 {
            let group = breakdown.number(of: row)
            if group != 0 { return group }
        }
        return 0
    }

    private mutating func visitSessions(_ person: borrowing PersonView, _ pause: Int64) {
        var previous = person.rows.first?.time ?? 0
        for row in person.rows {
            if row.time - previous > pause {
                judge(events, person)
                events.removeAll(keepingCapacity: true)
            }
            previous = row.time
            collect(row)
        }
        judge(events, person)
    }

    private mutating func collect(_ row: Row) {
        let mask = matcher.mask(row)
        if mask == 0 {
            if plan.shape.order != .strict { return }
            // Of events in a row that fit nothing, one at each end does all that they do: it stands between steps.
            if events.count > 1, events[events.count - 1].mask == 0, events[events.count - 2].mask == 0 {
                events.removeLast()
            }
        }
        events.append(
            FunnelEvent(
                time: row.time, mask: mask, group: breakdown?.number(of: row) ?? 0, held: held?.number(of: row) ?? 0,
                unit: unit?.number(of: row) ?? 0))
    }
}

extension FunnelFold {
    /// Judges the events of one unit and counts it wherever it belongs.
    private mutating func judge(_ events: [FunnelEvent], _ person: borrowing PersonView) {
        let opening = plan.shape.openingBits
        guard events.contains(where: { $0.mask & opening != 0 && plan.entry.contains($0.time) }) else { return }
        evaluate(events, plan.entry)
        if outcome.counts {
            count(under: nil)
            sample(outcome, person)
        }
        if breakdown != nil { countGroups(events) }
        if let grid = plan.grid { countTrend(events, grid) }
    }

    /// The best attempt of a unit, into `outcome`.
    private mutating func evaluate(_ events: [FunnelEvent], _ entry: Range<Int64>) {
        guard held != nil else {
            events.withUnsafeBufferPointer { evaluator.evaluate($0, entry: entry, &outcome) }
            return
        }
        outcome.clear()
        for part in plan.shape.parts(of: events, by: \.held) {
            part.withUnsafeBufferPointer { evaluator.evaluate($0, entry: entry, &self.part) }
            outcome.merge(self.part, required: plan.shape.required)
        }
    }

    /// Counts a unit under the values that attribution gives it. `outcome` is that of all its events.
    private mutating func countGroups(_ events: [FunnelEvent]) {
        switch plan.attribution {
        case .firstTouch, .lastTouch:
            guard outcome.counts else { return }
            let steps = plan.shape.stepBits
            let isTouch = { (event: FunnelEvent) in event.group != 0 && event.mask & steps != 0 }
            let touch = plan.attribution == .firstTouch ? events.first(where: isTouch) : events.last(where: isTouch)
            countGroup(touch?.group ?? 0)
        case .allEvents:
            for group in Set(events.map(\.group)).sorted() {
                evaluate(events.filter { $0.group == group }, plan.entry)
                if outcome.counts { countGroup(group) }
            }
        case .step(let step):
            let bit = UInt64(1) << UInt64(step)
            let values = Set(events.filter { $0.mask & bit != 0 }.map(\.group))
            for group in values.isEmpty ? [0] : values.sorted() {
                let own = events.map { event in
                    var event = event
                    if event.group != group { event.mask &= ~bit }
                    return event
                }
                evaluate(own, plan.entry)
                if outcome.counts { countGroup(group) }
            }
        }
    }

    private mutating func countGroup(_ group: Int32) { groups.add(outcome, to: Int(group), conversion: nil) }

    /// A funnel for each period in which the unit could enter.
    private mutating func countTrend(_ events: [FunnelEvent], _ grid: IntervalGrid) {
        let opening = plan.shape.openingBits
        var previous = -1
        for event in events where event.mask & opening != 0 && plan.entry.contains(event.time) {
            guard let period = grid.index(of: event.time), period != previous else { continue }
            previous = period
            evaluate(events, grid[period])
            guard outcome.counts else { continue }
            trend[period].entered += 1
            if outcome.depth == plan.shape.required.count - 1 { trend[period].converted += 1 }
        }
    }

    /// Takes the person in when they are asked for.
    mutating func sample(_ outcome: FunnelOutcome, _ person: borrowing PersonView) {
        guard let wanted = plan.people else { return }
        let done = outcome.reaches(wanted.step)
        let fits: Bool
        switch wanted.outcome {
        case .converted: fits = done
        case .dropped: fits = !done && outcome.reaches(plan.shape.stepBefore(wanted.step))
        }
        if fits, people?.wants(person.hash) ?? false { people?.add(person.hash, person.id) }
    }
}
