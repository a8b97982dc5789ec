import EventLog

/// Counts calendar retention for 64 people side by side: for each period one bit a person who did the target event in
/// it, and one who returned. Whoever belongs to a cohort and returned in a period then is a bit of both words, so that
/// a person costs their events and little more.
///
/// For questions without a breakdown in which one return event is enough; `RetentionCounter` counts the rest.
struct CohortBits: Sendable {
    private let plan: RetentionPlan
    /// People by cohort and cell, as in `RetentionCounter`.
    private(set) var table: [UInt32]
    /// By cohort: the cells within the range.
    private let visible: [Int]
    /// Whether each cell is a period, counted by itself.
    private let cellsArePeriods: Bool
    /// By period from 1; 0 is before the range.
    private var targets: [UInt64]
    private var returns: [UInt64]
    /// For few periods, the same by person until they are counted: in the lower half of a word a bit for each period
    /// with the target event, in the upper half for each with the return event.
    private var lanes: [UInt64]
    /// The bit of the next person.
    private var lane = 0

    /// Beyond this many periods most words would hold nobody.
    private static let periodLimit = 512
    /// With the one before the range, what half a word has bits for.
    private static let lanePeriodLimit = 31

    static func counts(_ plan: RetentionPlan) -> Bool {
        plan.groups == 1 && plan.minimumOccurrences == 1 && plan.rollingLength == nil && plan.periods <= periodLimit
    }

    init(_ plan: RetentionPlan) {
        self.plan = plan
        let cells = plan.cells
        visible = (0..<plan.periods).map { cells.visible(cohort: $0, periods: plan.periods) }
        cellsArePeriods = !plan.cumulative && plan.watched == nil && cells.starts == Array(0...cells.count)
        table = Array(repeating: 0, count: plan.tableCount)
        targets = Array(repeating: 0, count: plan.periods + 1)
        returns = Array(repeating: 0, count: plan.periods + 1)
        lanes = Array(repeating: 0, count: 64)
    }

    /// Counts the persons of a run.
    ///
    /// - Parameters:
    ///   - index: the periods.
    ///   - mask: bit 0 for a target event, bit 1 for a return event.
    ///   - watched: called with the place in the run of each person who is in the watched cell, if there is one.
    @inline(__always)
    mutating func count(
        _ run: borrowing PersonRun, _ index: BoundaryIndex.View, mask: (Row) -> UInt64, watched: (Int) -> Void
    ) {
        var first = 0
        while first < run.count {
            let end = min(run.count, first + 64 - lane)
            let lane = lane
            withPeriods { targets, returns in
                for place in first..<end {
                    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: lane &+ place &- first)
                    for row in run.rows(of: place) {
                        let mask = mask(row)
                        let period = index.position(of: row.time) &+ 1
                        targets[period] |= bit & (0 &- (mask & 1))
                        returns[period] |= bit & (0 &- (mask &>> 1 & 1))
                    }
                }
            }
            advance(first, to: end, watched)
            first = end
        }
    }

    /// The same from columns, whose planes 0 and 1 are the rows of the target and the return event.
    @inline(__always)
    mutating func count(
        _ run: borrowing ColumnRun, _ columns: SourceColumns, _ periods: StoredIntervals.View, watched: (Int) -> Void
    ) {
        let (targetRows, returnRows) = (columns.planes[0], columns.planes[1])
        var first = 0
        while first < run.count {
            let end = min(run.count, first + 64 - lane)
            let lane = lane
            if plan.periods <= Self.lanePeriodLimit {
                lanes.withUnsafeMutableBufferPointer { lanes in
                    for place in first..<end {
                        // In a register: a word in memory would have to come back from each row to the next.
                        var word: UInt64 = 0
                        let rows = columns.wanted(run.rows(of: place))
                        targetRows.forEach(in: rows, or: returnRows) { row, isTarget, isReturn in
                            word |= (isTarget | isReturn &<< 32) &<< UInt64(periods.number(ofRow: row))
                        }
                        lanes[lane &+ place &- first] = word
                    }
                }
            } else {
                withPeriods { targets, returns in
                    for place in first..<end {
                        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: lane &+ place &- first)
                        let rows = columns.wanted(run.rows(of: place))
                        targetRows.forEach(in: rows, or: returnRows) { row, isTarget, isReturn in
                            let period = periods.number(ofRow: row)
                            targets[period] |= bit & (0 &- isTarget)
                            returns[period] |= bit & (0 &- isReturn)
                        }
                    }
                }
            }
            advance(first, to: end, watched)
            first = end
        }
    }

    @inline(__always)
    private mutating func withPeriods(
        _ body: (UnsafeMutableBufferPointer<UInt64>, UnsafeMutableBufferPointer<UInt64>) -> Void
    ) {
        targets.withUnsafeMutableBufferPointer { targets in
            returns.withUnsafeMutableBufferPointer { returns in body(targets, returns) }
        }
    }

    /// Moves on after some persons of a run.
    @inline(__always)
    private mutating func advance(_ first: Int, to end: Int, _ watched: (Int) -> Void) {
        lane += end - first
        // A person can only be named while their run lasts.
        guard lane == 64 || plan.watched != nil else { return }
        var found = finish()
        while found != 0 {
            watched(first + found.trailingZeroBitCount)
            found &= found - 1
        }
    }

    /// Counts the people whose bits are set, and starts anew. Returns who is in the watched cell.
    ///
    /// - Complexity: O(periods x cells)
    @discardableResult
    mutating func finish() -> UInt64 {
        if plan.periods <= Self.lanePeriodLimit { gatherLanes() }
        if plan.kind != .recurring { keepFirst() }
        var watched: UInt64 = 0
        if cellsArePeriods { countPeriods() }
        for cohort in 0..<plan.periods where !cellsArePeriods && targets[cohort + 1] != 0 {
            let cell = plan.watched.flatMap { $0.cohort == cohort ? $0.cell : nil } ?? -1
            watched |= count(cohort, targets[cohort + 1], watching: cell)
        }
        for period in targets.indices {
            targets[period] = 0
            returns[period] = 0
        }
        lane = 0
        return watched
    }

    /// Adds the lanes to the words of the periods, and empties them.
    private mutating func gatherLanes() {
        lanes.withUnsafeMutableBufferPointer { BitMatrix.transpose($0) }
        for period in targets.indices {
            targets[period] |= lanes[period]
            returns[period] |= lanes[32 + period]
        }
        for lane in lanes.indices { lanes[lane] = 0 }
    }

    /// Leaves each person in their first cohort only; in none when that must be their first ever and they were there
    /// before the range.
    private mutating func keepFirst() {
        var known = plan.kind == .firstEver ? targets[0] : 0
        for period in 1..<targets.count {
            let present = targets[period]
            targets[period] = present & ~known
            known |= present
        }
    }

    /// The same as `count` for every cohort of plain cells, which nearly every question asks for.
    private mutating func countPeriods() {
        let (visible, width) = (visible, plan.cells.count)
        table.withUnsafeMutableBufferPointer { table in
            targets.withUnsafeBufferPointer { targets in
                returns.withUnsafeBufferPointer { returns in
                    for cohort in visible.indices where targets[cohort &+ 1] != 0 {
                        let members = targets[cohort &+ 1]
                        let (row, base) = (cohort &* width, cohort &+ 1)
                        table[row] &+= UInt32(truncatingIfNeeded: members.nonzeroBitCount)
                        for cell in 1..<max(visible[cohort], 1) {
                            let kept = returns[base &+ cell] & members
                            table[row &+ cell] &+= UInt32(truncatingIfNeeded: kept.nonzeroBitCount)
                        }
                    }
                }
            }
        }
    }

    private mutating func count(_ cohort: Int, _ members: UInt64, watching watchedCell: Int) -> UInt64 {
        let cells = plan.cells
        let base = cohort &* cells.count
        var watched = watchedCell == 0 ? members : 0
        table[base] &+= UInt32(truncatingIfNeeded: members.nonzeroBitCount)
        var kept: UInt64 = 0
        var cell = visible[cohort] &- 1
        while cell > 0 {
            let end = min(cohort &+ cells.starts[cell &+ 1], plan.periods)
            if !plan.cumulative { kept = 0 }
            for period in cohort &+ cells.starts[cell]..<end { kept |= returns[period &+ 1] }
            table[base &+ cell] &+= UInt32(truncatingIfNeeded: (kept & members).nonzeroBitCount)
            if cell == watchedCell { watched = kept & members }
            cell &-= 1
        }
        return watched
    }
}
