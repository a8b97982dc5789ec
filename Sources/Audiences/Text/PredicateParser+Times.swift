import Analysis

extension PredicateParser {
    /// Whether a time begins here.
    var windowFollows: Bool {
        if isWord("in"), isWord("the", at: 1) { return true }
        if isWord("today", "yesterday", "tomorrow", "before", "after", "since") { return true }
        if isWord("this", "last", "next") { return isWord("week", "month", "year", at: 1) }
        if isWord("on") { return isDate(1) }
        if isWord("more", "less", "fewer"), isWord("than", at: 1) { return isLength(2) }
        if isWord("between") { return isDate(1) || isLength(1) }
        return false
    }

    private func isDate(_ distance: Int) -> Bool {
        switch peek(distance).kind {
        case .date: true
        case .text(let text): DayPoint(text) != nil
        default: false
        }
    }

    private func isLength(_ distance: Int) -> Bool {
        guard case .number = peek(distance).kind, case .word(let word) = peek(distance + 1).kind else { return false }
        return PredicateParser.unit(word) != nil
    }

    mutating func window() throws(AudienceError) -> TimeWindow {
        if take("in") {
            try expect("the")
            if take("last") { return .last(try length()) }
            if take("next") { return .next(try length()) }
            throw unexpected("'last' or 'next' and a length such as '30 days'")
        }
        for period in CalendarPeriod.allCases {
            let words = period.words.split(separator: " ")
            if isWord(String(words[0])), words.count == 1 || isWord(String(words[1]), at: 1) {
                for _ in words { advance() }
                return .period(period)
            }
        }
        if take("before") { return .before(try point()) }
        if take("after") { return .after(try point()) }
        if take("since") { return .since(try point()) }
        if take("on") {
            guard case .date(let day) = try point(), day.isDay else { throw unexpected("a day such as 2024-05-31") }
            return .on(day)
        }
        if take("between") {
            let first = try point()
            try expect("and")
            return .between(first, try point())
        }
        // `more than 30 days ago` is before that moment, `less than` is since.
        let isMore = isWord("more")
        advance()
        try expect("than")
        let length = try length()
        try expect("ago")
        return isMore ? .before(.ago(length)) : .last(length)
    }

    private mutating func point() throws(AudienceError) -> TimePoint {
        let text: String
        switch token.kind {
        case .date(let date): text = date
        case .text(let quoted): text = quoted
        case .number:
            let length = try length()
            if take("ago") { return .ago(length) }
            try expect("from")
            try expect("now")
            return .fromNow(length)
        default: throw unexpected("a date such as 2024-05-31, or a length such as '30 days ago'")
        }
        guard let point = DayPoint(text), !point.isRelative else {
            throw error(
                "'\(text)' is not a date", expected: "2024-05-31, 2024-05-31T14:00 or 2024-05-31T14:00:00Z",
                at: token.offset)
        }
        advance()
        return .date(point)
    }

    /// A date as a filter's value.
    mutating func dateText() throws(AudienceError) -> FilterValue {
        let start = token.offset
        guard case .date(let point) = try point() else {
            throw error(
                "a property is compared with fixed dates only", expected: "a date such as 2024-05-31", at: start)
        }
        return .string(point.description)
    }

    mutating func length() throws(AudienceError) -> TimeLength {
        let start = token.offset
        let number = try number()
        guard case .word(let word) = token.kind, let unit = PredicateParser.unit(word) else {
            throw unexpected("a unit: seconds, minutes, hours, days, weeks, months or years")
        }
        guard let count = Int(exactly: number), TimeLength(count, unit).isValid else {
            throw error("this is no length of time", expected: "a whole number, up to a century", at: start)
        }
        advance()
        return TimeLength(count, unit)
    }

    private static func unit(_ word: String) -> TimeLength.Unit? {
        let word = word.lowercased()
        return TimeLength.Unit(rawValue: word.hasSuffix("s") ? String(word.dropLast()) : word)
    }
}
