import Analysis

extension PredicateParser {
    // MARK: Filters on properties

    /// After `where`: comparisons joined by `and`; alternatives stand in parentheses.
    mutating func filter() throws(AudienceError) -> Filter {
        var list = [try filterPart()]
        while isWord("and"), !conditionFollows(at: 1) {
            advance()
            list.append(try filterPart())
        }
        return list.count == 1 ? list[0] : .and(list)
    }

    private mutating func filterAlternatives() throws(AudienceError) -> Filter {
        var list = [try filter()]
        while take("or") { list.append(try filter()) }
        return list.count == 1 ? list[0] : .or(list)
    }

    private mutating func filterPart() throws(AudienceError) -> Filter {
        if take("not") { return .not(try nested { parser throws(AudienceError) in try parser.filterPart() }) }
        if takeSign("(") {
            let inner = try nested { parser throws(AudienceError) in try parser.filterAlternatives() }
            try expectSign(")")
            return inner
        }
        let property = try name("the name of a property")
        let (op, values) = try valueTest(dates: true)
        return .test(FilterTest(subject: .property(property), op: op, values: values))
    }

    /// An operator and its values. Properties also compare with fixed dates.
    private mutating func valueTest(dates: Bool) throws(AudienceError) -> (FilterOperator, [FilterValue]) {
        if case .sign(let sign) = token.kind { return try signTest(sign) }
        guard case .word(let word) = token.kind else { throw unexpected(Self.operators) }
        switch word.lowercased() {
        case "in":
            advance()
            return (.oneOf, try values())
        case "not":
            advance()
            try expect("in")
            return (.notOneOf, try values())
        case "is":
            advance()
            let isNegative = take("not")
            if take("set") { return (isNegative ? .isNotSet : .isSet, []) }
            return (isNegative ? .notEquals : .equals, [try value()])
        case "contains":
            advance()
            return (.contains, try texts())
        case "matches":
            advance()
            return (.regex, [try anyText("a regular expression")])
        case "does":
            advance()
            try expect("not")
            if take("contain") { return (.notContains, try texts()) }
            if take("match") { return (.notRegex, [try anyText("a regular expression")]) }
            throw unexpected("'contain' or 'match'")
        case "before" where dates:
            advance()
            return (.dateBefore, [try dateText()])
        case "after" where dates:
            advance()
            return (.dateAfter, [try dateText()])
        case "between":
            advance()
            if case .number = token.kind { return (.between, try twoNumbers()) }
            if !dates { throw unexpected("two numbers") }
            let first = try dateText()
            try expect("and")
            return (.dateBetween, [first, try dateText()])
        default: throw unexpected(Self.operators)
        }
    }

    private static let operators =
        "a comparison: =, !=, >, >=, <, <=, 'in (...)', 'contains', 'matches', 'between', 'is set' or 'is not set'"

    private mutating func signTest(_ sign: String) throws(AudienceError) -> (FilterOperator, [FilterValue]) {
        switch sign {
        case "=":
            advance()
            return (.equals, [try value()])
        case "!=":
            advance()
            return (.notEquals, [try value()])
        case ">":
            advance()
            return (.greater, [.number(try number())])
        case ">=":
            advance()
            return (.greaterOrEqual, [.number(try number())])
        case "<":
            advance()
            return (.less, [.number(try number())])
        case "<=":
            advance()
            return (.lessOrEqual, [.number(try number())])
        default: throw unexpected(Self.operators)
        }
    }

    private mutating func twoNumbers() throws(AudienceError) -> [FilterValue] {
        let start = token.offset
        let low = try number()
        try expect("and")
        let high = try number()
        if low > high {
            throw error("the numbers are the wrong way round", expected: "the lower one first", at: start)
        }
        return [.number(low), .number(high)]
    }

    private mutating func texts() throws(AudienceError) -> [FilterValue] {
        guard isSign("(") else { return [try anyText("a text")] }
        advance()
        var list = [try anyText("a text")]
        while takeSign(",") { list.append(try anyText("a text")) }
        try expectSign(")")
        return list
    }

    /// A text in quotes, which may be empty.
    private mutating func anyText(_ expected: String) throws(AudienceError) -> FilterValue {
        guard case .text(let text) = token.kind else { throw unexpected("\(expected) in double quotes") }
        advance()
        return .string(text)
    }

    // MARK: Traits, groups, consents, roles, audiences

    /// After `trait`.
    mutating func traitCondition() throws(AudienceError) -> TraitCondition {
        let name = try name("the name of a trait")
        guard windowFollows else {
            let (op, values) = try valueTest(dates: false)
            return TraitCondition(name, .value(op, values))
        }
        let window = try window()
        var isLocal = false
        if isWord("in"), isWord("local", at: 1) {
            advance()
            advance()
            try expect("time")
            isLocal = true
        }
        return TraitCondition(name, .time(window), isLocal: isLocal)
    }

    /// `group "company" trait plan = "pro"`, `group trait plan = "pro"`.
    mutating func groupTrait() throws(AudienceError) -> AudiencePredicate {
        try expect("group")
        let kind = isWord("trait") ? nil : try name("the kind of group, or 'trait'")
        try expect("trait")
        // As in JSON.
        return .groupTrait(kind: kind == "*" ? nil : kind, try traitCondition())
    }

    mutating func consent() throws(AudienceError) -> AudiencePredicate {
        try expect("consents")
        try expect("to")
        var question = ConsentQuestion(try name("a channel such as push or email"))
        if take("for") { question.purpose = try name("a purpose such as marketing") }
        if isWord("at"), isWord("night", at: 1) {
            advance()
            advance()
            question.atNight = true
        }
        return .consent(question)
    }

    mutating func role() throws(AudienceError) -> AudiencePredicate {
        try expect("role")
        if take("in") {
            try expectSign("(")
            var roles = [try name("a role")]
            while takeSign(",") { roles.append(try name("a role")) }
            try expectSign(")")
            return .role(roles)
        }
        if !takeSign("=") { try expect("is") }
        if take("not") { return .not(.role([try name("a role such as customer or partner")])) }
        return .role([try name("a role such as customer or partner")])
    }

    /// `in audience "VIP"`, `in group company "acme"`, `in group company`.
    mutating func membership() throws(AudienceError) -> AudiencePredicate {
        try expect("in")
        if take("audience") { return .audience(try text("the name of an audience")) }
        guard take("group") else { throw unexpected("'audience' or 'group'") }
        let kind = try name("the kind of group")
        if case .text = token.kind { return .group(kind: kind, id: try text("the id of a group")) }
        return .group(kind: kind, id: nil)
    }
}
