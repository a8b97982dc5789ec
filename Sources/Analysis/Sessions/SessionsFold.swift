import EventLog

/// What is counted of the sessions of one cell.
struct SessionCell: Sendable, Hashable {
    var sessions = 0
    /// Different people, for a single interval or the whole range.
    var people = 0
    var events = 0
    var bounces = 0
    /// Milliseconds.
    var length: Int64 = 0

    mutating func add(_ session: SessionCutter.Session) {
        sessions += 1
        events += session.events
        length += session.length
        if session.events == 1 { bounces += 1 }
    }

    mutating func add(_ other: SessionCell) {
        sessions += other.sessions
        people += other.people
        events += other.events
        bounces += other.bounces
        length += other.length
    }
}

/// A sessions query with everything resolved. Lane 0 is all sessions; with a breakdown, the others are its values.
struct SessionsPlan: Sendable {
    enum Grouping: Sendable {
        case none
        /// The group of each event number, from 0.
        case entryEvent(RankedGroups, ofCode: [Int])
        case value(RankedGroups, ValuePlan)

        var values: [BreakdownValue]? {
            switch self {
            case .none: nil
            case .entryEvent(let groups, _), .value(let groups, _): groups.values
            }
        }
    }

    let grid: IntervalGrid
    let classifier: EventClassifier
    /// Milliseconds.
    let timeout: Int64
    let selection: Selection
    var grouping: Grouping

    var lanes: Int { 1 + (grouping.values?.count ?? 0) }
    /// Cells at most: 40 MB for each thread, and as much for each quantile of the answer.
    static let cellLimit = 1_000_000
}

/// Cuts everybody's events into sessions and counts them, in one scan thread.
struct SessionsFold: PersonFold, Sendable {
    private let plan: SessionsPlan
    /// By lane and interval.
    private(set) var cells: [SessionCell]
    /// Different people by lane.
    private(set) var people: [Int]
    /// Lengths in milliseconds.
    private(set) var lengths: QuantileSink
    private var matcher: EventMatcher
    private var groups: GroupReader?
    private var cutter: SessionCutter
    private var person = 0
    /// By lane: the person who counted last and their last interval.
    private var lastPerson: [Int]
    private var lastInterval: [Int]
    private var lanes: [Int] = [0]

    init(_ plan: SessionsPlan, valueLimit: Int, search: QuantileSearch? = nil) {
        self.plan = plan
        cells = Array(repeating: SessionCell(), count: plan.lanes * plan.grid.count)
        people = Array(repeating: 0, count: plan.lanes)
        lastPerson = people
        lastInterval = people
        lengths = QuantileSink(lanes: plan.lanes, intervals: plan.grid.count, limit: valueLimit, search: search)
        matcher = plan.classifier.makeMatcher()
        if case .value(let groups, let breakdown) = plan.grouping {
            self.groups = GroupReader(groups, breakdown, offset: 1)
        }
        cutter = SessionCutter(timeout: plan.timeout)
    }

    mutating func enter(_ block: ScanBlock) {
        matcher.enter(block)
        groups?.enter(block)
    }

    mutating func visit(_ view: borrowing PersonView) throws {
        person += 1
        if matcher.readsPersons { try matcher.enter(view) }
        try groups?.enter(view)
        let end = plan.grid.range.upperBound
        for row in view.rows where matcher.mask(row) != 0 {
            guard let session = cutter.add(row) else { continue }
            count(session)
            // Sessions that start after the range are none of ours.
            if row.time >= end { break }
        }
        if let session = cutter.finish() { count(session) }
    }

    private mutating func count(_ session: SessionCutter.Session) {
        let interval = plan.grid.index.position(of: session.entry.time)
        if interval < 0 { return }
        lanes.removeLast(lanes.count - 1)
        switch plan.grouping {
        case .none: break
        case .entryEvent(_, let ofCode):
            let group = ofCode[Int(session.entry.code)]
            if group >= 0 { lanes.append(group + 1) }
        case .value:
            let group = groups?.read(session.entry) ?? -1
            if group >= 0 { lanes.append(group) } else if group == -2 { lanes += groups?.several ?? [] }
        }
        for lane in lanes {
            let cell = lane * plan.grid.count + interval
            cells[cell].add(session)
            lengths.add(Double(session.length), lane, interval)
            if lastPerson[lane] != person {
                lastPerson[lane] = person
                people[lane] += 1
            } else if lastInterval[lane] == interval {
                continue
            }
            lastInterval[lane] = interval
            cells[cell].people += 1
        }
    }
}

/// Ranks the values of a breakdown by the sessions of the range that start with them.
struct SessionsRankFold: PersonFold, Sendable {
    private let range: Range<Int64>
    private var matcher: EventMatcher
    /// Nil for a breakdown by the name of the entry event.
    private(set) var values: ValueReader?
    /// By event number, or by the reader's number.
    private(set) var weights: [Int] = []
    private var cutter: SessionCutter

    init(_ plan: SessionsPlan, _ breakdown: ValuePlan?) {
        range = plan.grid.range
        matcher = plan.classifier.makeMatcher()
        values = breakdown.map { ValueReader($0) }
        cutter = SessionCutter(timeout: plan.timeout)
    }

    mutating func enter(_ block: ScanBlock) {
        matcher.enter(block)
        values?.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        try values?.enter(person)
        for row in person.rows where matcher.mask(row) != 0 {
            guard let session = cutter.add(row) else { continue }
            count(session)
            if row.time >= range.upperBound { break }
        }
        if let session = cutter.finish() { count(session) }
    }

    private mutating func count(_ session: SessionCutter.Session) {
        guard range.contains(session.entry.time) else { return }
        let number = values?.read(session.entry) ?? Int(session.entry.code)
        if number >= 0 { return weigh(number) }
        for number in values?.several ?? [] { weigh(Int(number)) }
    }

    private mutating func weigh(_ number: Int) {
        while weights.count <= number { weights.append(0) }
        weights[number] += 1
    }
}
