package import EventLog

/// A filter program at work on the rows of one scan thread: answers of texts are remembered per dictionary entry, so a row
/// costs a look-up.
///
/// ```swift
/// filter.enter(block)              // in PersonFold.enter
/// try filter.enter(person)         // in visit, when `readsPersons`
/// if filter.accepts(row) { ... }
/// ```
package final class RowFilter: @unchecked Sendable {
    // A fold owns it, and one thread at a time owns the fold.
    private let program: FilterProgram
    private let traits: (any PersonTraits)?
    private var tests: [ColumnTests]
    private var personMatches: [Bool]
    package let readsPersons: Bool

    package init(_ program: FilterProgram, traits: (any PersonTraits)?) {
        self.program = program
        self.traits = traits
        tests = program.instructions.map { ColumnTests($0.matcher) }
        personMatches = program.instructions.map { _ in false }
        readsPersons = program.readsPersons
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
            personMatches[index] = try traits.value(of: trait, person: id).map(instruction.matcher.matches) ?? false
        }
    }

    /// - Complexity: O(tests needed); a few nanoseconds each.
    package func accepts(_ row: Row) -> Bool {
        var next = program.start
        while next >= 0 {
            let instruction = program.instructions[next]
            let match: Bool
            switch instruction.subject {
            case .property(nil): match = false
            case .property: match = tests[next].matches(row)
            case .person: match = personMatches[next]
            }
            next = match ? instruction.onMatch : instruction.otherwise
        }
        return next == FilterProgram.accept
    }
}

/// One test of a property within a block: its columns in each source.
private struct ColumnTests {
    private let matcher: ValueMatcher
    private var columns: [ColumnTest] = []
    /// Where the columns of each source end.
    private var ends: [Int] = []

    init(_ matcher: ValueMatcher) {
        self.matcher = matcher
    }

    mutating func enter(_ block: ScanBlock, _ property: Int) {
        columns.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for source in 0..<block.sourceCount {
            for view in block.column(property, source: source).views { columns.append(ColumnTest(view, matcher)) }
            ends.append(columns.count)
        }
    }

    /// Whether the row has a value that matches. A row has a value of one type at most.
    mutating func matches(_ row: Row) -> Bool {
        let source = Int(row.source)
        var index = source == 0 ? 0 : ends[source - 1]
        let end = ends[source]
        while index < end {
            let entry = columns[index].view.entry(at: row.row)
            if entry >= 0 { return columns[index].matches(entry: entry, matcher) }
            index += 1
        }
        return false
    }
}

/// A test of one column.
private struct ColumnTest {
    private enum Way {
        case always
        /// One byte for each dictionary entry: 0 not asked yet, 1 no, 2 yes.
        case texts
        case numbers(ClosedRange<Double>)
        case each
    }

    let view: ColumnView
    private let way: Way
    private var answers: [UInt8] = []

    init(_ view: ColumnView, _ matcher: ValueMatcher) {
        self.view = view
        switch view.type {
        case _ where matcher.isAny: way = .always
        case .string, .strings:
            way = .texts
            answers = [UInt8](repeating: 0, count: view.dictionary.count)
        case .number:
            way = matcher.numberInterval.map { .numbers($0) } ?? .each
        default: way = .each
        }
    }

    mutating func matches(entry: Int, _ matcher: ValueMatcher) -> Bool {
        switch way {
        case .always: return true
        case .numbers(let range): return range.contains(view.number(entry))
        case .texts:
            for index in view.values(of: entry) where matches(code: view.code(index), matcher) { return true }
            return false
        case .each: return matchesEach(entry, matcher)
        }
    }

    private mutating func matches(code: Int, _ matcher: ValueMatcher) -> Bool {
        if answers[code] == 0 { answers[code] = matcher.matches(text: view.dictionary[code]) ? 2 : 1 }
        return answers[code] == 2
    }

    private func matchesEach(_ entry: Int, _ matcher: ValueMatcher) -> Bool {
        let values = view.values(of: entry)
        switch view.type.element {
        case .number: return values.contains { matcher.matches(number: view.number($0)) }
        case .boolean: return values.contains { matcher.matches(boolean: view.boolean($0)) }
        case .time: return values.contains { matcher.matches(time: view.time($0)) }
        default: return false
        }
    }
}
