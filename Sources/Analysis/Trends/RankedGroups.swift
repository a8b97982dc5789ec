import EventLog

/// The groups of a breakdown, fixed by a first scan that ranks the values by their number of events. Knowing them, the
/// counting scan needs a bounded table and is exact for people too.
struct RankedGroups: Sendable {
    /// The names of the groups: the most frequent first, `other` last if there are more.
    let values: [BreakdownValue]
    private let groups: [BreakdownValue: Int32]
    private let other: Int32

    init(_ joined: BreakdownGroups) {
        values = joined.values
        var groups: [BreakdownValue: Int32] = [:]
        for (index, value) in joined.values.enumerated() where value != .other { groups[value] = Int32(index) }
        self.groups = groups
        other = joined.values.last == .other ? Int32(joined.values.count - 1) : -1
    }

    /// The group of a value, or -1 when no event of the ranking had it.
    func group(of value: BreakdownValue) -> Int32 { groups[value] ?? other }

    /// Ranks the values by the events that fit any selector in `mask` within `times`.
    static func rank(
        _ breakdown: ValuePlan, limit: Int, mask: UInt64, _ classifier: EventClassifier, times: Range<Int64>,
        properties: [UInt16], in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> RankedGroups {
        if classifier.codes?.isEmpty ?? false { return RankedGroups(BreakdownGroups([], limit: limit)) }
        let selection = Selection(events: classifier.codes, times: times, properties: properties)
        let folds = try context.scan(selection, &explanation) {
            RankFold(matcher: classifier.makeMatcher(), mask: mask, values: ValueReader(breakdown), times: times)
        }
        return RankedGroups(BreakdownGroups(folds.map { ($0.values.names, $0.weights) }, limit: limit))
    }
}

private struct RankFold: PersonFold, Sendable {
    let matcher: EventMatcher
    let mask: UInt64
    var values: ValueReader
    let times: Range<Int64>
    private(set) var weights: [Int] = []

    init(matcher: EventMatcher, mask: UInt64, values: ValueReader, times: Range<Int64>) {
        self.matcher = matcher
        self.mask = mask
        self.values = values
        self.times = times
    }

    private mutating func weigh(_ number: Int) {
        while weights.count <= number { weights.append(0) }
        weights[number] += 1
    }

    mutating func enter(_ block: ScanBlock) {
        matcher.enter(block)
        values.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        try values.enter(person)
        for row in person.rows where times.contains(row.time) && matcher.mask(row) & mask != 0 {
            let number = values.read(row)
            if number >= 0 {
                weigh(number)
            } else {
                for index in values.several.indices { weigh(Int(values.several[index])) }
            }
        }
    }
}

/// The groups of rows in one scan thread.
struct GroupReader: Sendable {
    private let groups: RankedGroups
    private let offset: Int
    private var values: ValueReader
    /// By the reader's numbers; -2 when not asked yet.
    private var ofNumber: [Int32] = []
    /// The different groups of a row that has several values.
    private(set) var several: [Int] = []

    /// - Parameter offset: added to the numbers of groups, for tables that keep other groups before them.
    init(_ groups: RankedGroups, _ plan: ValuePlan, offset: Int = 0) {
        self.groups = groups
        self.offset = offset
        values = ValueReader(plan)
    }

    mutating func enter(_ block: ScanBlock) { values.enter(block) }

    func enter(_ person: borrowing PersonView) throws { try values.enter(person) }

    /// The group of a row, -1 when its value has none, or -2 when the row has several values: their groups are then in
    /// `several`.
    @inline(__always)
    mutating func read(_ row: Row) -> Int {
        let number = values.read(row)
        if number >= 0, number < ofNumber.count, ofNumber[number] >= 0 { return Int(ofNumber[number]) &+ offset }
        return readSlowly(number)
    }

    private mutating func readSlowly(_ number: Int) -> Int {
        if number >= 0 {
            let group = group(ofNumber: number)
            return group < 0 ? -1 : group + offset
        }
        several.removeAll(keepingCapacity: true)
        for index in values.several.indices {
            let group = group(ofNumber: Int(values.several[index]))
            if group >= 0, !several.contains(group + offset) { several.append(group + offset) }
        }
        return -2
    }

    private mutating func group(ofNumber number: Int) -> Int {
        while ofNumber.count <= number { ofNumber.append(-2) }
        if ofNumber[number] == -2 { ofNumber[number] = groups.group(of: values.names[number]) }
        return Int(ofNumber[number])
    }
}
