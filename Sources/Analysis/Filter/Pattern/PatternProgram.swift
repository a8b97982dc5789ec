/// A regular expression as a nondeterministic machine, and its simulation (Pike's form of Thompson's construction).
struct PatternProgram: Sendable {
    private enum Instruction: Sendable {
        /// Takes one scalar and goes on to the next instruction.
        case take(PatternSet)
        /// Goes on to the next instruction when it holds.
        case check(PatternAssertion)
        case jump(Int)
        case fork(Int, Int)
        case match
    }

    private var instructions: [Instruction] = []
    private let ignoresCase: Bool

    static let instructionLimit = 5_000

    init(_ node: PatternNode, ignoresCase: Bool) throws(TextPattern.Failure) {
        self.ignoresCase = ignoresCase
        try add(node)
        instructions.append(.match)
    }

    private mutating func add(_ node: PatternNode) throws(TextPattern.Failure) {
        if instructions.count > PatternProgram.instructionLimit {
            throw TextPattern.Failure(
                message:
                    "the regular expression is too large: its repetitions make more than \(PatternProgram.instructionLimit) steps"
            )
        }
        switch node {
        case .set(let set): instructions.append(.take(set))
        case .assertion(let assertion): instructions.append(.check(assertion))
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let choices): try addChoice(choices)
        case .repetition(let part, let least, let most): try addRepetition(part, least, most)
        }
    }

    private mutating func addChoice(_ choices: [PatternNode]) throws(TextPattern.Failure) {
        var ends: [Int] = []
        for (index, choice) in choices.enumerated() {
            let isLast = index == choices.count - 1
            let fork = instructions.count
            if !isLast { instructions.append(.fork(fork + 1, 0)) }
            try add(choice)
            if isLast { continue }
            ends.append(instructions.count)
            instructions.append(.jump(0))
            instructions[fork] = .fork(fork + 1, instructions.count)
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func addRepetition(_ part: PatternNode, _ least: Int, _ most: Int?) throws(TextPattern.Failure) {
        for _ in 0..<least { try add(part) }
        guard let most else {
            let fork = instructions.count
            instructions.append(.fork(fork + 1, 0))
            try add(part)
            instructions.append(.jump(fork))
            instructions[fork] = .fork(fork + 1, instructions.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(instructions.count)
            instructions.append(.fork(instructions.count + 1, 0))
            try add(part)
        }
        for fork in forks { instructions[fork] = .fork(fork + 1, instructions.count) }
    }
}

extension PatternProgram {
    /// The instructions that take a scalar, reached at one place of the text.
    private struct Threads {
        var places: [Int] = []
        /// The place of the text at which each instruction was last reached.
        var seen: [Int]
    }

    func isFound(in text: [Unicode.Scalar]) -> Bool {
        var now = Threads(seen: Array(repeating: -1, count: instructions.count))
        var then = now
        var stack: [Int] = []
        for position in 0...text.count {
            let before = position > 0 ? text[position - 1] : nil
            let after = position < text.count ? text[position] : nil
            // A match may begin anywhere.
            if reach(0, position, before, after, &now, &stack) { return true }
            guard let after else { return false }
            let beyond = position + 1 < text.count ? text[position + 1] : nil
            then.places.removeAll(keepingCapacity: true)
            for place in now.places {
                guard case .take(let set) = instructions[place], set.contains(after, ignoresCase: ignoresCase) else {
                    continue
                }
                if reach(place + 1, position + 1, after, beyond, &then, &stack) { return true }
            }
            swap(&now, &then)
        }
        return false
    }

    /// Follows everything that takes no scalar; true when it leads to a match.
    private func reach(
        _ start: Int, _ position: Int, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?, _ threads: inout Threads,
        _ stack: inout [Int]
    ) -> Bool {
        stack.removeAll(keepingCapacity: true)
        stack.append(start)
        while let place = stack.popLast() {
            if threads.seen[place] == position { continue }
            threads.seen[place] = position
            switch instructions[place] {
            case .take: threads.places.append(place)
            case .check(let assertion): if assertion.holds(between: before, and: after) { stack.append(place + 1) }
            case .jump(let target): stack.append(target)
            case .fork(let first, let second):
                stack.append(first)
                stack.append(second)
            case .match: return true
            }
        }
        return false
    }
}
