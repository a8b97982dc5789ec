import EventLog

/// One test of a property within a block: its columns in each source.
struct ColumnTests: ~Copyable {
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

    /// The same for many rows of one source: each match becomes 1 or 0.
    func match(_ rows: UnsafeBufferPointer<UInt32>, source: Int, _ matches: UnsafeMutablePointer<UInt8>) {
        let start = source == 0 ? 0 : ends[source - 1]
        if ends[source] == start + 1, columns[start].answer(rows, matcher, matches) { return }
        for (index, row) in rows.enumerated() {
            matches[index] = self.matches(Row(at: Int(row), source: source)) ? 1 : 0
        }
    }

    /// Whether `match` knows a way with all rows of a source at once.
    func matchesAtOnce(source: Int) -> Bool {
        let start = source == 0 ? 0 : ends[source - 1]
        return ends[source] == start || (ends[source] == start + 1 && columns[start].answersAtOnce)
    }

    /// The same for all rows of a range, which begins at a multiple of 64: bits are set for matches and cleared for
    /// others. For sources with `matchesAtOnce`.
    func match(_ rows: Range<Int>, source: Int, _ matches: UnsafeMutablePointer<UInt64>) {
        let start = source == 0 ? 0 : ends[source - 1]
        if ends[source] == start {
            matches.update(repeating: 0, count: (rows.count + 63) / 64)
        } else {
            columns[start].answer(rows, matcher, matches)
        }
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

    /// Answers many rows at once; false when this kind of test has no way to do so.
    borrowing func answer(
        _ rows: UnsafeBufferPointer<UInt32>, _ matcher: borrowing ValueMatcher, _ matches: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard let first = rows.baseAddress else { return true }
        switch way {
        case .text:
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows.count) { codes in
                guard let base = codes.baseAddress else { return }
                probe.codes(at: first, count: rows.count, into: base)
                for index in rows.indices {
                    let code = Int(base[index])
                    matches[index] = code >= 0 && answer(code: code, matcher) ? 1 : 0
                }
            }
        case .numbers(let range):
            withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { numbers in
                guard let base = numbers.baseAddress else { return }
                probe.numbers(at: first, count: rows.count, into: base)
                // NaN, for rows without a number, is in no range.
                for index in rows.indices { matches[index] = range.contains(base[index]) ? 1 : 0 }
            }
        case .always, .texts, .each:
            return false
        }
        return true
    }

    var answersAtOnce: Bool {
        switch way {
        case .always: true
        case .text: probe.hasMembers
        case .texts, .numbers, .each: false
        }
    }

    /// Answers all rows of a range.
    borrowing func answer(
        _ rows: Range<Int>, _ matcher: borrowing ValueMatcher, _ matches: UnsafeMutablePointer<UInt64>
    ) {
        if case .always = way { return probe.present(rows, into: matches) }
        probe.members(rows, into: matches) { answer(code: $0, matcher) }
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
