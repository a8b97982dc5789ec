import EventLog

/// Counts everybody's events for a trends query, in one scan thread.
struct TrendsFold: ScanFold, Sendable {
    private let plan: TrendsPlan
    private(set) var counters: TrendsCounters
    /// The numbers that quantiles are asked of.
    private(set) var values: QuantileSink
    private var matcher: EventMatcher
    private var groups: GroupReader?
    private var numbers: NumberReader
    private let codeMasks: [UInt64]
    /// Bits of series that count people alone.
    private let peopleMask: UInt64
    private let isPlain: Bool
    /// The present block, when persons come by columns.
    private var plain: PlainColumns?
    /// Persons so far; the number of the current one, from 1.
    private var person: UInt64 = 0
    /// Sessions so far; the number of the current one, from 1.
    private var session: UInt64 = 0
    /// By series: the last person whose first event has been seen.
    private var firstSeen: [UInt64]

    init(_ plan: TrendsPlan, valueLimit: Int, search: QuantileSearch? = nil) {
        self.plan = plan
        counters = TrendsCounters(plan)
        let quantiles = plan.math.contains { $0.quantile != nil }
        values = QuantileSink(
            lanes: quantiles ? plan.laneCount : 0, intervals: plan.intervals, limit: valueLimit, search: search)
        matcher = plan.classifier.makeMatcher()
        if let groups = plan.groups, let breakdown = plan.breakdown { self.groups = GroupReader(groups, breakdown) }
        numbers = NumberReader(plan.numbers)
        codeMasks = plan.classifier.codeMasks
        isPlain = plan.isPlain
        var people: UInt64 = 0
        for (series, math) in plan.math.enumerated() where math == .dau { people |= 1 << UInt64(series) }
        peopleMask = people
        firstSeen = Array(repeating: 0, count: plan.math.count)
    }

    mutating func enter(_ block: ScanBlock) {
        if isPlain { return }
        matcher.enter(block)
        groups?.enter(block)
        numbers.enter(block)
    }

    mutating func visit(_ run: borrowing PersonRun) throws {
        if isPlain {
            counters.countPlain(run, after: person, masks: codeMasks, people: peopleMask, plan.grid.index)
            person &+= UInt64(run.count)
            return
        }
        for index in 0..<run.count { try visit(run.person(index)) }
    }

    var columnUse: ColumnUse { counters.totals != nil ? .columns : isPlain ? .times : .none }

    mutating func enter(_ columns: SourceColumns) {
        if counters.totals != nil {
            counters.enter(columns, masks: codeMasks, plan.grid.index)
        } else {
            plain = PlainColumns(columns, masks: codeMasks, people: peopleMask)
        }
    }

    mutating func visit(_ run: borrowing ColumnRun) throws {
        if let plain { counters.count(run, plain, plan.grid.index) } else { counters.countTotals(run) }
    }

    private mutating func visit(_ view: borrowing PersonView) throws {
        person &+= 1
        if matcher.readsPersons { try matcher.enter(view) }
        try groups?.enter(view)
        var lastTime = Int64.min
        for row in view.rows {
            if plan.needsSessions {
                if lastTime == .min || row.time &- lastTime > plan.sessionTimeout { session &+= 1 }
                lastTime = row.time
            }
            let mask = matcher.mask(row)
            if mask != 0 { count(row, mask) }
        }
    }

    private mutating func count(_ row: Row, _ mask: UInt64) {
        let interval = plan.grid.index.position(of: row.time)
        let groupCount = plan.groupCount
        let group = groups?.read(row) ?? 0
        if group == -1 { return countFirst(mask) }
        var open = mask
        while open != 0 {
            let series = open.trailingZeroBitCount
            open &= open &- 1
            if plan.math[series] == .firstTime {
                if firstSeen[series] == person { continue }
                firstSeen[series] = person
            }
            if group >= 0 {
                count(row, series, lane: series &* groupCount &+ group, interval)
                continue
            }
            let several = groups?.several ?? []
            for group in several { count(row, series, lane: series &* groupCount &+ group, interval) }
        }
    }

    /// Notes that events have been seen that count nowhere.
    private mutating func countFirst(_ mask: UInt64) {
        for series in plan.math.indices where mask >> UInt64(series) & 1 == 1 { firstSeen[series] = person }
    }

    private mutating func count(_ row: Row, _ series: Int, lane: Int, _ interval: Int) {
        let math = plan.math[series]
        if math.windowDays != nil {
            guard let last = plan.windows[series]?.position(of: row.time), last >= 0 else { return }
            let first = interval >= 0 ? interval : row.time < plan.grid.range.lowerBound ? 0 : plan.intervals
            return counters.countWindow(person, lane, from: first, through: last)
        }
        guard interval >= 0 else { return }
        switch math {
        case .total, .firstTime: counters.countEvent(lane, interval)
        case .dau: counters.countOnce(person, lane, interval)
        case .uniqueSessions: counters.countOnce(session, lane, interval)
        case .averageCountPerActor:
            counters.countOnce(person, lane, interval)
            counters.addEvent(lane, interval)
        case .averageSumPerActor:
            numbers.forEachNumber(row, series: series) { number in
                counters.add(number, lane, interval)
                counters.countOnce(person, lane, interval)
            }
        case .sum, .avg, .min, .max:
            numbers.forEachNumber(row, series: series) { counters.add($0, lane, interval) }
        case .median, .p90, .p95, .p99:
            numbers.forEachNumber(row, series: series) { values.add($0, lane, interval) }
        case .weeklyActive, .monthlyActive: break
        }
    }
}
