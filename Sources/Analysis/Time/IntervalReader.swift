import EventLog

/// Goes through the rows of persons for folds over a grid: tells of each row which selectors it fits and in which
/// interval it lies.
struct IntervalReader: Sendable {
    private let index: BoundaryIndex
    private let matcher: EventMatcher
    private let isPlain: Bool
    private let codeMasks: [UInt64]
    /// Whether rows that fit no selector are told of too.
    private let readsAll: Bool

    init(_ index: BoundaryIndex, _ classifier: EventClassifier, readsAll: Bool = false) {
        self.index = index
        matcher = classifier.makeMatcher()
        isPlain = classifier.isPlain
        codeMasks = classifier.codeMasks
        self.readsAll = readsAll
    }

    func enter(_ block: ScanBlock) {
        if !isPlain { matcher.enter(block) }
    }

    /// Calls `body` with each row's mask of selectors and interval, -1 outside the grid, in time order.
    @inline(__always)
    func visit(_ person: borrowing PersonView, _ body: (_ mask: UInt64, _ interval: Int) -> Void) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        let rows = person.rows
        index.withView { index in
            for row in rows {
                let mask = isPlain ? codeMasks[Int(row.code)] : matcher.mask(row)
                if mask != 0 || readsAll { body(mask, index.position(of: row.time)) }
            }
        }
    }
}
