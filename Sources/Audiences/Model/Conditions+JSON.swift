import Analysis

typealias PredicateContainer = KeyedEncodingContainer<PredicateKey>

extension PredicateContainer {
    fileprivate mutating func put(_ value: some Encodable, _ name: String) throws {
        try encode(value, forKey: PredicateKey(name))
    }
}

/// `{"op": "gte", "value": 3}`; `between` takes two values.
extension NumberComparison: Codable {
    private static let fields = ["op", "value"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a comparison", allowed: Self.fields)
        try self.init(fields)
    }

    init(_ fields: Fields) throws {
        let op: FilterOperator = try fields.choice("op", default: .greaterOrEqual)
        if op == .between {
            let numbers = try fields.list("value", of: Double.self, counts: 2...2) ?? []
            guard numbers.count == 2, numbers[0] <= numbers[1] else {
                throw fields.error(.invalidValue, "value", "must be two numbers for 'between', the lower first")
            }
            self = .between(numbers[0], numbers[1])
            return
        }
        let number: Double = try fields.required("value")
        switch op {
        case .greaterOrEqual: self = .atLeast(number)
        case .lessOrEqual: self = .atMost(number)
        case .equals: self = .exactly(number)
        case .greater: self = .moreThan(number)
        case .less: self = .lessThan(number)
        default:
            throw fields.error(.invalidValue, "op", "must be one of gte, lte, equals, gt, lt, between")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        try encode(to: &container)
    }

    func encode(to container: inout PredicateContainer) throws {
        let op: FilterOperator
        switch self {
        case .atLeast(let bound):
            op = .greaterOrEqual
            try container.put(bound, "value")
        case .atMost(let bound):
            op = .lessOrEqual
            try container.put(bound, "value")
        case .exactly(let bound):
            op = .equals
            try container.put(bound, "value")
        case .moreThan(let bound):
            op = .greater
            try container.put(bound, "value")
        case .lessThan(let bound):
            op = .less
            try container.put(bound, "value")
        case .between(let low, let high):
            op = .between
            try container.put([low, high], "value")
        }
        try container.put(op.rawValue, "op")
    }
}

/// `{"of": "total", "by": "sum", "op": "gte", "value": 50000}`
private struct MeasureFields: Codable {
    let measure: EventCondition.Measure
    let property: String
    let comparison: NumberComparison

    init(_ measure: EventCondition.Measure, _ property: String, _ comparison: NumberComparison) {
        self.measure = measure
        self.property = property
        self.comparison = comparison
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a measure", allowed: ["of", "by", "op", "value"])
        measure = try fields.choice("by", default: .sum)
        guard let name = try fields.text("of") else { throw fields.error(.missingField, "of", "must be given") }
        property = name
        comparison = try NumberComparison(fields)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        try container.put(property, "of")
        try container.put(measure.rawValue, "by")
        try comparison.encode(to: &container)
    }
}

extension EventCondition {
    static let fields = ["times", "days", "measure", "when", "window", "where", "localTime"]

    private enum When: String, CaseIterable { case any, first, last }

    init(_ fields: Fields) throws {
        let names = try fields.texts("did")
        let when: When = try fields.choice("when", default: .any)
        let questions = ["times", "days", "measure"].filter(fields.has)
        if questions.count + (when == .any ? 0 : 1) > 1 {
            throw fields.error(
                .conflict, questions.last ?? "when", "a condition asks for one of times, days, measure and when")
        }
        let question: Question
        switch when {
        case .first: question = .first
        case .last: question = .last
        case .any:
            if let days = try fields.optional("days", as: NumberComparison.self) {
                question = .days(days)
            } else if let measure = try fields.optional("measure", as: MeasureFields.self) {
                question = .measure(measure.measure, of: measure.property, measure.comparison)
            } else {
                question = .times(try fields.optional("times") ?? .atLeast(1))
            }
        }
        let window: TimeWindow? = try fields.optional("window")
        if when != .any, window == nil {
            throw fields.error(.missingField, "window", "must be given beside 'when'")
        }
        if window?.reachesAhead == true { throw fields.error(.invalidValue, "window", "must end now or earlier") }
        self.init(
            names.contains("*") ? nil : names, question, window: window, where: try fields.filter("where"),
            isLocal: try fields.optional("localTime") ?? false)
    }

    func encode(to container: inout PredicateContainer) throws {
        try container.put(events: events, "did")
        switch question {
        case .times(.atLeast(1)): break
        case .times(let comparison): try container.put(comparison, "times")
        case .days(let comparison): try container.put(comparison, "days")
        case .measure(let measure, let property, let comparison):
            try container.put(MeasureFields(measure, property, comparison), "measure")
        case .first: try container.put("first", "when")
        case .last: try container.put("last", "when")
        }
        if let window { try container.put(window, "window") }
        if let filter { try container.put(filter, "where") }
        if isLocal { try container.put(true, "localTime") }
    }
}

extension PredicateContainer {
    fileprivate mutating func put(events: [String]?, _ name: String) throws {
        if let events, events.count != 1 { try put(events, name) } else { try put(events?.first ?? "*", name) }
    }
}

extension SequenceCondition.Step: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a step", allowed: ["event", "where", "within"])
        let names = try fields.texts("event")
        let within: TimeLength? = try fields.optional("within")
        if let within, within.milliseconds == nil {
            throw fields.error(.invalidValue, "within", "must be of fixed length: months and years are not")
        }
        self.init(names.contains("*") ? nil : names, where: try fields.filter("where"), within: within)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        try container.put(events: events, "event")
        if let filter { try container.put(filter, "where") }
        if let within { try container.put(within, "within") }
    }
}

extension SequenceCondition {
    init(_ fields: Fields) throws {
        steps = try fields.list("sequence", of: Step.self, counts: 1...PredicateLimits.steps) ?? []
        absent = try fields.optional("absent")
        window = try fields.optional("window")
        isLocal = try fields.optional("localTime") ?? false
        if steps.count == 1, absent == nil {
            throw fields.error(.invalidValue, "sequence", "must have two steps, or one and 'absent'")
        }
        if steps[0].within != nil {
            throw fields.error(.conflict, "sequence[0].within", "the first step follows no other")
        }
        if absent != nil, absent?.within == nil { throw fields.error(.missingField, "absent.within", "must be given") }
        if window?.reachesAhead == true { throw fields.error(.invalidValue, "window", "must end now or earlier") }
    }

    func encode(to container: inout PredicateContainer) throws {
        try container.put(steps, "sequence")
        if let absent { try container.put(absent, "absent") }
        if let window { try container.put(window, "window") }
        if isLocal { try container.put(true, "localTime") }
    }
}

extension TraitCondition {
    static let fields = ["op", "value", "window", "localTime"]

    init(_ fields: Fields) throws {
        guard let name = try fields.text("trait") else { throw fields.error(.missingField, "trait", "must be given") }
        let isLocal = try fields.optional("localTime") ?? false
        if let window: TimeWindow = try fields.optional("window") {
            for other in ["op", "value"] where fields.has(other) {
                throw fields.error(.conflict, other, "cannot be given beside 'window'")
            }
            self.init(name, .time(window), isLocal: isLocal)
            return
        }
        let test = try TraitTest(fields)
        if isLocal { throw fields.error(.conflict, "localTime", "is for times, and needs a 'window'") }
        self.init(name, .value(test.op, test.values))
    }

    func encode(to container: inout PredicateContainer) throws {
        try container.put(name, "trait")
        switch test {
        case .value(let op, let values):
            try container.put(op.rawValue, "op")
            if values.count == 1 {
                try container.put(values[0], "value")
            } else if !values.isEmpty {
                try container.put(values, "value")
            }
        case .time(let window):
            try container.put(window, "window")
            if isLocal { try container.put(true, "localTime") }
        }
    }
}

/// The operator and values of a trait's comparison: as in a filter, which checks that they fit.
private struct TraitTest {
    let op: FilterOperator
    let values: [FilterValue]

    init(_ fields: Fields) throws {
        let op: FilterOperator = try fields.choice("op", default: .equals)
        var values: [FilterValue] = []
        if fields.has("value") {
            if let list = try? fields.optional("value", as: [FilterValue].self) {
                values = list
            } else {
                values = [try fields.required("value")]
            }
        }
        guard values.count <= QueryLimits.valuesPerFilter else {
            throw fields.error(.limitExceeded, "value", "may have up to \(QueryLimits.valuesPerFilter) values")
        }
        if let problem = TraitTest.problem(op, values) { throw fields.error(.invalidValue, "value", problem) }
        // One spelling for one meaning: a list is `in`.
        switch op {
        case .equals where values.count > 1: self.op = .oneOf
        case .notEquals where values.count > 1: self.op = .notOneOf
        default: self.op = op
        }
        self.values = values
    }

    private static func problem(_ op: FilterOperator, _ values: [FilterValue]) -> String? {
        let texts = values.allSatisfy { if case .string = $0 { true } else { false } }
        let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil } }
        switch op {
        case .isSet, .isNotSet: return values.isEmpty ? nil : "cannot be given beside '\(op.rawValue)'"
        case .equals, .notEquals, .oneOf, .notOneOf:
            return values.isEmpty ? "must be given: a value or a list" : nil
        case .contains, .notContains: return !values.isEmpty && texts ? nil : "must be a text, or a list of texts"
        case .regex, .notRegex: return values.count == 1 && texts ? nil : "must be one regular expression"
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            return values.count == 1 && numbers.count == 1
                ? nil : "must be one number for '\(op.rawValue)' (times are compared with 'window')"
        case .between:
            return values.count == 2 && numbers.count == 2 && numbers[0] <= numbers[1]
                ? nil : "must be two numbers, the lower first"
        case .dateBefore, .dateAfter, .dateBetween:
            return "traits are compared with times by 'window', not by '\(op.rawValue)'"
        }
    }
}
