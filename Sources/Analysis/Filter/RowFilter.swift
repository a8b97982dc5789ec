package import EventLog

/// A filter program at work on the rows of one scan thread: answers of texts are remembered per dictionary entry, so a
/// row costs a look-up.
///
/// ```swift
/// filter.enter(block)              // in PersonFold.enter
/// try filter.enter(person)         // in visit, when `readsPersons`
/// if filter.accepts(row) { ... }
/// ```
package final class RowFilter: @unchecked Sendable {
    // A fold owns it, and one thread at a time owns the fold. The steps and tests lie in memory of its own, because
    // this is run for every row: an array in a class would be checked for uniqueness and exclusive access each time.
    private let program: FilterProgram
    private let traits: (any PersonTraits)?
    private let steps: UnsafeMutablePointer<Step>
    private let tests: UnsafeMutablePointer<ColumnTests>
    private let count: Int
    package let readsPersons: Bool

    /// An instruction without its matcher.
    private struct Step {
        /// The answer, when it is the same for all rows of the person or block.
        var answer: Bool?
        let onMatch: Int
        let otherwise: Int
    }

    package init(_ program: FilterProgram, traits: (any PersonTraits)?) {
        self.program = program
        self.traits = traits
        readsPersons = program.readsPersons
        count = program.instructions.count
        steps = .allocate(capacity: count)
        tests = .allocate(capacity: count)
        for (index, instruction) in program.instructions.enumerated() {
            let isRead = if case .property(_?) = instruction.subject { true } else { false }
            (steps + index).initialize(
                to: Step(
                    answer: isRead ? nil : false, onMatch: instruction.onMatch, otherwise: instruction.otherwise))
            (tests + index).initialize(to: ColumnTests(instruction.matcher))
        }
    }

    deinit {
        steps.deinitialize(count: count).deallocate()
        tests.deinitialize(count: count).deallocate()
    }

    package func enter(_ block: ScanBlock) {
        for (index, instruction) in program.instructions.enumerated() {
            if case .property(let property?) = instruction.subject { tests[index].enter(block, property) }
        }
    }

    /// Looks the person's traits up. Needed only when `readsPersons`.
    package func enter(_ person: borrowing PersonView) throws {
        guard readsPersons, let traits else { return }
        let id = person.id
        for (index, instruction) in program.instructions.enumerated() {
            guard case .person(let trait) = instruction.subject else { continue }
            steps[index].answer = try traits.value(of: trait, person: id).map(instruction.matcher.matches) ?? false
        }
    }

    /// - Complexity: O(tests needed); a few nanoseconds each.
    package func accepts(_ row: Row) -> Bool {
        var next = program.start
        while next >= 0 {
            let match = steps[next].answer ?? tests[next].matches(row)
            next = match ? steps[next].onMatch : steps[next].otherwise
        }
        return next == FilterProgram.accept
    }
}

/// One test of a property within a block: its columns in each source.
private struct ColumnTests: ~Copyable {
    private let matcher: ValueMatcher
    private var columns = UnsafeMutableBufferPointer<ColumnTest>(start: nil, count: 0)
    /// Where the columns of each source end.
    private var ends = UnsafeMutableBufferPointer<Int>(start: nil, count: 0)

    init(_ matcher: ValueMatcher) {
        self.matcher = matcher
    }

    deinit {
        columns.deinitialize().deallocate()
        ends.deallocate()
    }

    mutating func enter(_ block: ScanBlock, _ property: Int) {
        columns.deinitialize().deallocate()
        ends.deallocate()
        let views = (0..<block.sourceCount).map { block.column(property, source: $0).views }
        columns = .allocate(capacity: views.reduce(0) { $0 + $1.count })
        ends = .allocate(capacity: views.count)
        var index = 0
        for (source, views) in views.enumerated() {
            for view in views {
                columns.initializeElement(at: index, to: ColumnTest(view, matcher))
                index += 1
            }
            ends.initializeElement(at: source, to: index)
        }
    }

    /// Whether the row has a value that matches. A row has a value of one type at most.
    @inline(__always)
    func matches(_ row: Row) -> Bool {
        let source = Int(row.source)
        var index = source == 0 ? 0 : ends[source &- 1]
        let end = ends[source]
        while index < end {
            if let answer = columns[index].answer(row.row, matcher) { return answer }
            index &+= 1
        }
        return false
    }
}

/// A test of one column.
private struct ColumnTest: ~Copyable {
    private enum Way {
        case always
        /// One byte for each dictionary entry: 0 not asked yet, 1 no, 2 yes.
        case text
        case texts
        case numbers(ClosedRange<Double>)
        case each
    }

    private let probe: ColumnProbe
    /// The same without counting references.
    private let unmanaged: Unmanaged<ColumnProbe>
    private let way: Way
    private let answers: UnsafeMutableBufferPointer<UInt8>

    init(_ view: ColumnView, _ matcher: ValueMatcher) {
        probe = ColumnProbe(view)
        unmanaged = .passUnretained(probe)
        let isText = view.type.element == .string && !matcher.isAny
        answers = .allocate(capacity: isText ? view.dictionary.count : 0)
        answers.initialize(repeating: 0)
        switch view.type {
        case _ where matcher.isAny: way = .always
        case .string: way = .text
        case .strings: way = .texts
        case .number: way = matcher.numberInterval.map { .numbers($0) } ?? .each
        default: way = .each
        }
    }

    deinit { answers.deallocate() }

    /// Whether the row's value matches; nil when it has none in this column.
    @inline(__always)
    borrowing func answer(_ row: UInt32, _ matcher: borrowing ValueMatcher) -> Bool? {
        switch way {
        case .text:
            let code = unmanaged._withUnsafeGuaranteedRef { $0.code(at: row) }
            return code < 0 ? nil : answer(code: code, matcher)
        case .numbers(let range):
            let number = unmanaged._withUnsafeGuaranteedRef { $0.number(at: row) }
            return number.isNaN ? nil : range.contains(number)
        case .always: return unmanaged._withUnsafeGuaranteedRef { $0.entry(at: row) } < 0 ? nil : true
        case .texts, .each:
            let entry = unmanaged._withUnsafeGuaranteedRef { $0.entry(at: row) }
            return entry < 0 ? nil : matchesEach(entry, matcher)
        }
    }

    @inline(__always)
    private borrowing func answer(code: Int, _ matcher: borrowing ValueMatcher) -> Bool {
        let known = answers[code]
        return known == 0 ? ask(code, matcher) : known == 2
    }

    private borrowing func ask(_ code: Int, _ matcher: borrowing ValueMatcher) -> Bool {
        let matches = matcher.matches(text: probe.view.dictionary[code])
        answers[code] = matches ? 2 : 1
        return matches
    }

    private borrowing func matchesEach(_ entry: Int, _ matcher: borrowing ValueMatcher) -> Bool {
        let view = probe.view
        for index in view.values(of: entry) {
            let matches =
                switch view.type.element {
                case .string: answer(code: view.code(index), matcher)
                case .number: matcher.matches(number: view.number(index))
                case .boolean: matcher.matches(boolean: view.boolean(index))
                case .time: matcher.matches(time: view.time(index))
                default: false
                }
            if matches { return true }
        }
        return false
    }
}
