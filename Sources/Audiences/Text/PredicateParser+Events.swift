import Analysis

extension PredicateParser {
    /// From `did` on. `position`: the word before was `first` or `last`.
    mutating func did(_ position: EventCondition.Question?) throws(AudienceError) -> AudiencePredicate {
        let start = token.offset
        try expect("did")
        let isNegative = take("not")
        let events = try eventNames()
        var parts = EventModifiers()
        try modifiers(&parts, position)
        if isWord("then") {
            if position != nil { throw unexpected("no 'then' after 'first did' or 'last did'") }
            let sequence = try sequence(events, parts)
            return isNegative ? .not(.sequence(sequence)) : .sequence(sequence)
        }
        if position != nil, parts.window == nil {
            throw error(
                "the first or last time needs something to compare it with",
                expected: "a time such as 'in the last 30 days' or 'before 2024-05-31'", at: start)
        }
        let condition = EventCondition(
            events, position ?? parts.question ?? .times(.atLeast(1)), window: parts.window, where: parts.filter,
            isLocal: parts.isLocal)
        return isNegative ? .not(.event(condition)) : .event(condition)
    }

    /// Nil for any event, which the name `*` stands for here as it does in JSON.
    private mutating func eventNames() throws(AudienceError) -> [String]? {
        var names: [String] = []
        if !take("any") {
            names = [try text("the name of an event")]
        } else if take("event") {
            return nil
        } else {
            try expect("of")
            try expectSign("(")
            repeat { names.append(try text("the name of an event")) } while takeSign(",")
            try expectSign(")")
        }
        return names.contains("*") ? nil : names
    }

    private struct EventModifiers {
        var question: EventCondition.Question?
        var window: TimeWindow?
        var filter: Filter?
        var isLocal = false
    }

    private mutating func modifiers(
        _ parts: inout EventModifiers, _ position: EventCondition.Question?
    ) throws(AudienceError) {
        while true {
            let start = token.offset
            if isWord("where") {
                if parts.filter != nil { throw unexpected("one 'where'; join conditions with 'and'") }
                advance()
                parts.filter = try filter()
            } else if isWord("in"), isWord("local", at: 1) {
                advance()
                advance()
                try expect("time")
                parts.isLocal = true
            } else if windowFollows {
                if parts.window != nil { throw unexpected("one time only; use 'between ... and ...' for two ends") }
                parts.window = try window()
                if parts.window?.reachesAhead == true {
                    throw error("events lie in the past", expected: "a time that ends now or earlier", at: start)
                }
            } else if let question = try question() {
                if parts.question != nil || position != nil {
                    throw error(
                        "only one number can be asked for", expected: "another condition, joined with 'and'", at: start)
                }
                parts.question = question
            } else {
                return
            }
        }
    }

    private mutating func question() throws(AudienceError) -> EventCondition.Question? {
        if isWord("with") {
            advance()
            return try measure()
        }
        if isWord("on") {
            advance()
            guard let comparison = try comparison() else { throw unexpected("'at least', 'at most' or 'exactly'") }
            _ = take("different")
            if !take("days") { try expect("day") }
            return .days(comparison)
        }
        guard let comparison = try comparison() else { return nil }
        if !take("times") { if !take("time") { throw unexpected("'times'") } }
        return .times(comparison)
    }

    private static let measures: [String: EventCondition.Measure] = [
        "sum": .sum, "total": .sum, "average": .average, "avg": .average, "mean": .average, "minimum": .minimum,
        "min": .minimum, "maximum": .maximum, "max": .maximum, "distinct": .distinct,
    ]

    private mutating func measure() throws(AudienceError) -> EventCondition.Question {
        guard case .word(let word) = token.kind, let measure = PredicateParser.measures[word.lowercased()] else {
            throw unexpected("'sum of', 'average of', 'minimum of', 'maximum of' or 'distinct of' and a property")
        }
        advance()
        try expect("of")
        let property = try name("the name of a property")
        guard let comparison = try comparison() else {
            throw unexpected("a comparison such as '>= 50000' or 'at least 50000'")
        }
        return .measure(measure, of: property, comparison)
    }

    /// Nil when none begins here.
    private mutating func comparison() throws(AudienceError) -> NumberComparison? {
        if case .sign(let sign) = token.kind {
            switch sign {
            case ">=":
                advance()
                return .atLeast(try number())
            case "<=":
                advance()
                return .atMost(try number())
            case ">":
                advance()
                return .moreThan(try number())
            case "<":
                advance()
                return .lessThan(try number())
            case "=":
                advance()
                return .exactly(try number())
            default: return nil
            }
        }
        if case .number(let number) = token.kind {
            advance()
            return .exactly(number)
        }
        if isWord("at") {
            advance()
            if take("least") { return .atLeast(try number()) }
            if take("most") { return .atMost(try number()) }
            throw unexpected("'least' or 'most'")
        }
        if take("exactly") { return .exactly(try number()) }
        if isWord("more", "less", "fewer") {
            let isMore = isWord("more")
            advance()
            try expect("than")
            let bound = try number()
            return isMore ? .moreThan(bound) : .lessThan(bound)
        }
        if isWord("between") {
            advance()
            let start = token.offset
            let low = try number()
            try expect("and")
            let high = try number()
            if low > high {
                throw error("the numbers are the wrong way round", expected: "the lower one first", at: start)
            }
            return .between(low, high)
        }
        return nil
    }

    // MARK: Sequences

    private mutating func sequence(
        _ events: [String]?, _ first: EventModifiers
    ) throws(AudienceError) -> SequenceCondition {
        var sequence = SequenceCondition([SequenceCondition.Step(events, where: first.filter)])
        var parts = first
        while isWord("then") {
            // What was said so far belongs to the step before; a time belongs to the whole and comes last.
            if parts.window != nil || parts.isLocal || parts.question != nil {
                throw unexpected("the time of a sequence at its end, and no number of times")
            }
            advance()
            let start = token.offset
            let isAbsent = take("not")
            var step = SequenceCondition.Step(try eventNames())
            parts = EventModifiers()
            while true {
                if isWord("within") {
                    advance()
                    step.within = try length()
                    if step.within?.milliseconds == nil {
                        throw error("months and years have no fixed length", expected: "days or weeks", at: start)
                    }
                } else if parts.question == nil, !isWord("then") {
                    let before = position
                    try modifiers(&parts, nil)
                    if position == before { break }
                } else {
                    break
                }
            }
            step.filter = parts.filter
            if isAbsent {
                if step.within == nil {
                    throw error("what did not follow needs a time", expected: "'within 2 hours'", at: start)
                }
                sequence.absent = step
                if isWord("then") { throw unexpected("nothing after 'then not'") }
            } else {
                sequence.steps.append(step)
            }
        }
        if parts.question != nil { throw unexpected("no number of times in a sequence") }
        if sequence.steps.count > PredicateLimits.steps {
            throw unexpected("at most \(PredicateLimits.steps) steps")
        }
        sequence.window = parts.window
        sequence.isLocal = parts.isLocal
        return sequence
    }
}
