import EventLog

/// Counts persons over the intervals of a grid: for each person `count` with the rows in time order, then `finish`.
protocol IntervalCounter: Sendable {
    /// - Parameters:
    ///   - mask: the selectors that a row fits.
    ///   - interval: -1 outside the grid.
    mutating func count(_ mask: UInt64, _ interval: Int)
    /// Ends the person.
    ///
    /// - Returns: whether the person is one of those asked for.
    mutating func finish() -> Bool
    mutating func add(_ other: Self)
}

/// Feeds everybody's rows to a counter, in one scan thread.
struct IntervalFold<Counter: IntervalCounter>: PersonFold, Sendable {
    private(set) var counter: Counter
    /// Who was asked for.
    private(set) var people: PeopleSample
    private let index: BoundaryIndex
    private let matcher: EventMatcher
    private let isPlain: Bool
    private let codeMasks: [UInt64]
    private let countsAll: Bool

    /// - Parameter countsAll: whether rows that fit no selector count too.
    init(
        _ counter: Counter, _ index: BoundaryIndex, _ classifier: EventClassifier, countsAll: Bool, peopleLimit: Int
    ) {
        self.counter = counter
        people = PeopleSample(limit: peopleLimit)
        self.index = index
        matcher = classifier.makeMatcher()
        isPlain = classifier.isPlain
        codeMasks = classifier.codeMasks
        self.countsAll = countsAll
    }

    mutating func enter(_ block: ScanBlock) {
        if !isPlain { matcher.enter(block) }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        if matcher.readsPersons { try matcher.enter(person) }
        let (rows, index) = (person.rows, index)
        index.withView { count(rows, $0) }
        if counter.finish() { people.add(person) }
    }

    private mutating func count(_ rows: UnsafeBufferPointer<Row>, _ index: BoundaryIndex.View) {
        for row in rows {
            let mask = isPlain ? codeMasks[Int(row.code)] : matcher.mask(row)
            if mask != 0 || countsAll { counter.count(mask, index.position(of: row.time)) }
        }
    }
}

extension QueryContext {
    /// Scans and joins what the threads have counted.
    ///
    /// - Parameters:
    ///   - start: a counter that has counted nobody.
    ///   - peopleLimit: how many of the people asked for to name; nil when none were.
    func count<Counter: IntervalCounter>(
        _ start: Counter, over index: BoundaryIndex, _ classifier: EventClassifier, countsAll: Bool = false,
        _ selection: Selection, peopleLimit: Int?, _ explanation: inout QueryExplanation
    ) throws -> (counter: Counter, people: PeopleList?) {
        var folds: [IntervalFold<Counter>] = []
        if !(classifier.codes?.isEmpty ?? false) {
            folds = try scan(selection, &explanation) {
                IntervalFold(start, index, classifier, countsAll: countsAll, peopleLimit: peopleLimit ?? 0)
            }
        }
        return explanation.time("combine") {
            var sum = start
            for fold in folds { sum.add(fold.counter) }
            return (sum, peopleLimit.map { PeopleList(folds.map(\.people), limit: $0) })
        }
    }
}
