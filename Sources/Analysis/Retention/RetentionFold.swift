import EventLog

/// Feeds everybody's events to a `RetentionCounter`, in one scan thread.
struct RetentionFold: ScanFold, Sendable {
    private var counter: RetentionCounter
    /// Takes the place of `counter` for the usual questions.
    private var bits: CohortBits?
    /// Who is in the watched cell.
    private(set) var people: PeopleSample
    private let index: BoundaryIndex
    private var matcher: EventMatcher
    private var groups: GroupReader?
    private let isPlain: Bool
    /// Of the present block, when persons come by columns: planes 0 and 1 are the target and the return event.
    private var columns: (source: SourceColumns, periods: StoredIntervals)?
    private let codeMasks: [UInt64]

    /// The classifier's selector 0 is the target event, 1 the return event.
    init(
        _ plan: RetentionPlan, _ index: BoundaryIndex, _ classifier: EventClassifier, groups: GroupReader?,
        peopleLimit: Int
    ) {
        people = PeopleSample(limit: peopleLimit)
        self.index = index
        matcher = classifier.makeMatcher()
        bits = CohortBits.counts(plan) && !matcher.readsPersons ? CohortBits(plan) : nil
        counter = RetentionCounter(plan)
        self.groups = groups
        isPlain = classifier.isPlain
        codeMasks = classifier.codeMasks
    }

    mutating func enter(_ block: ScanBlock) {
        if !isPlain { matcher.enter(block) }
        groups?.enter(block)
    }

    var narrowsAnchors: Bool { matcher.narrows(1) }

    mutating func narrow(_ anchors: borrowing Anchors) { matcher.narrow(anchors, to: 1) }

    /// What was counted; the end of counting.
    mutating func finish() -> [UInt32] {
        guard bits != nil else { return counter.table }
        bits?.finish()
        return bits?.table ?? []
    }

    mutating func visit(_ run: borrowing PersonRun) throws {
        if bits != nil { return countBits(run) }
        for index in 0..<run.count { try visit(run.person(index)) }
    }

    /// Filters have to be asked row by row.
    var columnUse: ColumnUse { bits != nil && isPlain ? .columns : .none }

    mutating func enter(_ columns: SourceColumns) { self.columns = (columns, StoredIntervals(index, columns.times)) }

    mutating func visit(_ run: borrowing ColumnRun) throws {
        guard let columns else { return }
        var watched: [Int] = []
        columns.periods.withView { bits?.count(run, columns.source, $0) { watched.append($0) } }
        for place in watched { people.add(run.person(place)) }
    }

    private mutating func countBits(_ run: borrowing PersonRun) {
        var watched: [Int] = []
        index.withView { index in
            if isPlain {
                codeMasks.withUnsafeBufferPointer { masks in
                    bits?.count(run, index, mask: { masks[Int($0.code)] }, watched: { watched.append($0) })
                }
            } else {
                bits?.count(run, index, mask: matcher.mask, watched: { watched.append($0) })
            }
        }
        for place in watched { people.add(run.person(place)) }
    }

    private mutating func visit(_ person: borrowing PersonView) throws {
        if !isPlain, matcher.readsPersons { try matcher.enter(person) }
        try groups?.enter(person)
        let (rows, index) = (person.rows, index)
        index.withView { count(rows, $0) }
        if counter.finish() { people.add(person) }
    }

    private mutating func count(_ rows: UnsafeBufferPointer<Row>, _ index: BoundaryIndex.View) {
        for row in rows {
            let mask = isPlain ? codeMasks[Int(row.code)] : matcher.mask(row)
            if mask & 3 == 0 { continue }
            let period = index.position(of: row.time)
            if mask & 1 != 0 {
                if groups != nil {
                    joinGroups(row, period)
                } else {
                    counter.target(at: row.time, period: period)
                }
            }
            if mask & 2 != 0 { counter.returned(at: row.time, period: period) }
        }
    }

    private mutating func joinGroups(_ row: Row, _ period: Int) {
        guard counter.wantsTargets else { return }
        let group = groups?.read(row) ?? -1
        if group == -2 {
            counter.target(at: row.time, period: period, groups: groups?.several ?? [])
        } else {
            counter.target(at: row.time, period: period, group: max(group, 0))
        }
    }
}

/// Some of the people that a scan finds, up to a limit: those with the least hashes, so that the choice does not depend
/// on how threads share the work.
struct PeopleSample: Sendable {
    let limit: Int
    private(set) var count = 0
    private var chosen: [(hash: UInt64, id: String)] = []

    init(limit: Int) { self.limit = limit }

    mutating func add(_ person: borrowing PersonView) {
        count += 1
        if limit == 0 { return }
        // Twice the limit is kept and cut down, so that each person costs O(log limit) amortised.
        if chosen.count >= 2 * limit { cut() }
        chosen.append((person.hash, person.id))
    }

    private mutating func cut() {
        chosen.sort { ($0.hash, $0.id) < ($1.hash, $1.id) }
        if chosen.count > limit { chosen.removeLast(chosen.count - limit) }
    }

    mutating func add(_ other: PeopleSample) {
        count += other.count
        chosen += other.chosen
        cut()
    }

    /// Sorted.
    var ids: [String] {
        var copy = self
        copy.cut()
        return copy.chosen.map(\.id).sorted()
    }
}
