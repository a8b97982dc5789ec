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
            let value: PropertyValue?
            switch instruction.subject {
            case .property: continue
            case .person(let trait): value = try traits.value(of: trait, person: id)
            case .group(let kind, let trait): value = try traits.value(of: trait, groupKind: kind, person: id)
            }
            steps[index].answer = value.map(instruction.matcher.matches) ?? false
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

    /// The same for many rows of one source: each answer becomes 1 for a row that is accepted, else 0. Not for filters
    /// that read persons.
    ///
    /// - Complexity: O(rows that reach each test); a nanosecond or two each for a test of a text or a number.
    func accept(_ rows: UnsafeBufferPointer<UInt32>, source: Int, _ answers: UnsafeMutablePointer<UInt8>) {
        // Usually there is one test.
        if count == 1, program.start == 0, steps[0].answer == nil {
            tests[0].match(rows, source: source, answers)
            let (onMatch, otherwise) = (isAccepted(steps[0].onMatch), isAccepted(steps[0].otherwise))
            if onMatch == 1, otherwise == 0 { return }
            for index in rows.indices { answers[index] = answers[index] == 1 ? onMatch : otherwise }
            return
        }
        // A jump always leads to an instruction of a lower number, so one pass over the instructions takes each row
        // from where it stands to where it goes.
        var places = [Int](repeating: program.start, count: rows.count)
        var present: [UInt32] = []
        for instruction in (0..<count).reversed() {
            present.removeAll(keepingCapacity: true)
            for index in rows.indices where places[index] == instruction { present.append(rows[index]) }
            let step = steps[instruction]
            if let answer = step.answer {
                answers.update(repeating: answer ? 1 : 0, count: present.count)
            } else {
                present.withUnsafeBufferPointer { tests[instruction].match($0, source: source, answers) }
            }
            var next = 0
            for index in rows.indices where places[index] == instruction {
                places[index] = answers[next] == 1 ? step.onMatch : step.otherwise
                next += 1
            }
        }
        for index in rows.indices { answers[index] = isAccepted(places[index]) }
    }

    /// Whether `keep` knows a way with a source.
    func answersAtOnce(source: Int) -> Bool {
        !readsPersons && (0..<count).allSatisfy { steps[$0].answer != nil || tests[$0].matchesAtOnce(source: source) }
    }

    /// Clears the bits of those rows of a range that are not accepted. For sources with `answersAtOnce`.
    ///
    /// - Parameters:
    ///   - rows: from a multiple of 64 on.
    ///   - words: one bit for each row.
    /// - Complexity: O(rows x tests), a quarter of a nanosecond each.
    func keep(_ rows: Range<Int>, source: Int, _ words: UnsafeMutablePointer<UInt64>) {
        let size = (rows.count + 63) / 64
        // For each instruction the rows that reach it; then those that are accepted, those that are not, and matches.
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 3) * size) { buffer in
            guard let reaching = buffer.baseAddress else { return }
            buffer.initialize(repeating: 0)
            let (accepted, refused) = (reaching + count * size, reaching + (count + 1) * size)
            let matches = reaching + (count + 2) * size
            func place(_ number: Int) -> UnsafeMutablePointer<UInt64> {
                number == FilterProgram.accept
                    ? accepted : number == FilterProgram.refuse ? refused : reaching + number * size
            }
            place(program.start).update(from: words, count: size)
            // A jump always leads to an instruction of a lower number.
            for instruction in (0..<count).reversed() {
                let step = steps[instruction]
                if let answer = step.answer {
                    matches.update(repeating: answer ? .max : 0, count: size)
                } else {
                    tests[instruction].match(rows, source: source, matches)
                }
                let (here, onMatch, otherwise) = (place(instruction), place(step.onMatch), place(step.otherwise))
                for word in 0..<size {
                    onMatch[word] |= here[word] & matches[word]
                    otherwise[word] |= here[word] & ~matches[word]
                }
            }
            words.update(from: accepted, count: size)
        }
    }

    private func isAccepted(_ place: Int) -> UInt8 { place == FilterProgram.accept ? 1 : 0 }
}
