import EventLog

/// A breakdown that keeps the most frequent values by name: `"city"`, or `{"property": "city", "limit": 10}`. The
/// rest goes into one group `(other)`, in which a person with several of the values counts once.
package struct RankedBreakdown: Sendable, Hashable, Codable {
    package var key: BreakdownKey
    /// Values that keep their name.
    package var limit: Int

    package static let standardLimit = 25
    package static let limitBound = 1_000

    package init(_ key: BreakdownKey, limit: Int = RankedBreakdown.standardLimit) {
        self.key = key
        self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
        if (try? decoder.singleValueContainer().decode(String.self)) != nil {
            self.init(try BreakdownKey(from: decoder))
            return
        }
        let fields = try Fields(decoder, of: "a breakdown", allowed: BreakdownKey.fields + ["limit"])
        self.init(
            try BreakdownKey(fields),
            limit: try fields.integer("limit", in: 1...Self.limitBound, default: Self.standardLimit))
    }

    package func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(limit, forKey: FieldName("limit"))
    }
}

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
        _ breakdown: BreakdownPlan, limit: Int, mask: UInt64, _ classifier: EventClassifier, times: Range<Int64>,
        properties: [UInt16], in context: QueryContext, _ explanation: inout QueryExplanation
    ) throws -> RankedGroups {
        if classifier.codes?.isEmpty ?? false { return RankedGroups(BreakdownGroups([], limit: limit)) }
        let selection = Selection(events: classifier.codes, times: times, properties: properties)
        let folds = try context.scan(selection, &explanation) {
            RankFold(matcher: classifier.makeMatcher(), mask: mask, reader: breakdown.makeReader(), times: times)
        }
        return RankedGroups(BreakdownGroups(folds.map { ($0.reader.values, $0.weights) }, limit: limit))
    }
}

private struct RankFold: PersonFold, Sendable {
    let matcher: EventMatcher
    let mask: UInt64
    let reader: BreakdownReader
    let times: Range<Int64>
    var weights: [Int] = []

    mutating func enter(_ block: ScanBlock) {
        matcher.enter(block)
        reader.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        try matcher.enter(person)
        if reader.readsPersons { try reader.enter(person) }
        for row in person.rows where times.contains(row.time) && matcher.mask(row) & mask != 0 {
            reader.forEachNumber(of: row) { number in
                while weights.count <= Int(number) { weights.append(0) }
                weights[Int(number)] += 1
            }
        }
    }
}

/// The groups of rows in one scan thread.
struct GroupReader: Sendable {
    private let groups: RankedGroups
    private let reader: BreakdownReader
    /// By the reader's numbers; -2 when not asked yet.
    private var ofNumber: [Int32] = []
    /// The different groups of the last row that was asked about.
    private(set) var current: [Int] = []

    private let offset: Int

    /// - Parameter offset: added to the numbers of groups, for tables that keep other groups before them.
    init(_ groups: RankedGroups, _ plan: BreakdownPlan, offset: Int = 0) {
        self.groups = groups
        self.offset = offset
        reader = plan.makeReader()
    }

    func enter(_ block: ScanBlock) { reader.enter(block) }

    func enter(_ person: borrowing PersonView) throws {
        if reader.readsPersons { try reader.enter(person) }
    }

    /// Puts the groups of a row into `current`.
    mutating func read(_ row: Row) {
        current.removeAll(keepingCapacity: true)
        reader.forEachNumber(of: row) { number in
            let group = Int(group(ofNumber: Int(number)))
            if group >= 0, !current.contains(group &+ offset) { current.append(group &+ offset) }
        }
    }

    private mutating func group(ofNumber number: Int) -> Int32 {
        while ofNumber.count <= number { ofNumber.append(-2) }
        if ofNumber[number] == -2 { ofNumber[number] = groups.group(of: reader.values[number]) }
        return ofNumber[number]
    }
}
