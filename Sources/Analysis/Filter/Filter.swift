/// A condition on an event's properties, and on the traits of its person and of their groups.
///
/// ```json
/// {"property": "total", "op": "gte", "value": 50000}
/// {"person": "plan", "op": "in", "value": ["pro", "team"]}
/// {"group": "company", "trait": "seats", "op": "gte", "value": 50}
/// {"or": [{"property": "city", "value": "서울"}, {"not": {"property": "coupon", "op": "is_set"}}]}
/// ```
///
/// `op` is `equals` when left out.
package indirect enum Filter: Sendable, Hashable, Codable {
    case test(FilterTest)
    case and([Filter])
    case or([Filter])
    case not(Filter)

    package static func property(_ name: String, _ op: FilterOperator, _ values: FilterValue...) -> Filter {
        .test(FilterTest(subject: .property(name), op: op, values: values))
    }

    package static func person(_ trait: String, _ op: FilterOperator, _ values: FilterValue...) -> Filter {
        .test(FilterTest(subject: .person(trait), op: op, values: values))
    }

    /// Reads a field that holds a list of filters, all of which must hold, or a single one.
    package static func list(_ fields: Fields, _ name: String) throws -> [Filter] {
        guard fields.has(name) else { return [] }
        return try fields.required(name, as: FilterList.self).filters
    }

    private static let testFields = ["property", "person", "group", "trait", "op", "value"]

    package init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= 2 * QueryLimits.filterDepth + 6 else {
            throw QueryError(
                .limitExceeded, at: decoder.codingPath, "filters nest deeper than \(QueryLimits.filterDepth) levels")
        }
        let fields = try Fields(
            decoder, of: "a filter", allowed: Filter.testFields + ["and", "or", "not"])
        let forms = ["property", "person", "group", "and", "or", "not"].filter(fields.has)
        guard let form = forms.first, forms.count == 1 else {
            throw QueryError(
                forms.isEmpty ? .missingField : .conflict, at: decoder.codingPath,
                "a filter must have exactly one of property, person, group, and, or, not")
        }
        switch form {
        case "and", "or":
            try Filter.refuse(["trait", "op", "value"], beside: form, fields)
            let list =
                try fields.list(form, of: Filter.self, counts: 1...QueryLimits.filtersPerList) ?? []
            self = form == "and" ? .and(list) : .or(list)
        case "not":
            try Filter.refuse(["trait", "op", "value"], beside: form, fields)
            self = .not(try fields.required("not"))
        default:
            if form != "group" { try Filter.refuse(["trait"], beside: form, fields) }
            self = .test(try FilterTest(fields, subject: form))
        }
    }

    private static func refuse(_ names: [String], beside form: String, _ fields: Fields) throws {
        for name in names where fields.has(name) {
            throw fields.error(.conflict, name, "cannot be given beside '\(form)'")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        switch self {
        case .test(let test): try test.encode(to: &container)
        case .and(let list): try container.encode(list, forKey: FieldName("and"))
        case .or(let list): try container.encode(list, forKey: FieldName("or"))
        case .not(let filter): try container.encode(filter, forKey: FieldName("not"))
        }
    }
}

/// One comparison of a filter.
package struct FilterTest: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        /// A property of the event.
        case property(String)
        /// A trait of its person.
        case person(String)
        /// A trait of the groups of a kind that its person belongs to; `*` is any kind.
        case group(kind: String, trait: String)
    }

    package var subject: Subject
    package var op: FilterOperator
    /// One value, several, or none, as the operator takes.
    package var values: [FilterValue]

    package init(subject: Subject, op: FilterOperator, values: [FilterValue]) {
        self.subject = subject
        self.op = op
        self.values = values
    }

    init(_ fields: Fields, subject form: String) throws {
        let name = try fields.text(form) ?? ""
        if name.isEmpty { throw fields.error(.invalidValue, form, "must not be empty") }
        switch form {
        case "property": subject = .property(name)
        case "person": subject = .person(name)
        default: subject = .group(kind: name, trait: try fields.groupTrait())
        }
        op = try fields.choice("op", default: .equals)
        values = try FilterTest.values(fields)
        try check(fields)
    }

    private static func values(_ fields: Fields) throws -> [FilterValue] {
        guard fields.has("value") else { return [] }
        let values = try fields.required("value", as: OneOrMany.self).values
        guard values.count <= QueryLimits.valuesPerFilter else {
            throw fields.error(
                .limitExceeded, "value", "has \(values.count) values, but may have up to \(QueryLimits.valuesPerFilter)"
            )
        }
        return values
    }

    /// Whether the operator can take these values.
    private func check(_ fields: Fields) throws {
        let name = "'\(op.rawValue)'"
        switch op {
        case .isSet, .isNotSet:
            guard values.isEmpty else { throw fields.error(.conflict, "value", "cannot be given beside \(name)") }
            return
        case .equals, .notEquals, .oneOf, .notOneOf:
            guard !values.isEmpty else {
                throw fields.error(.missingField, "value", "must be given for \(name): a value or a list")
            }
        case .contains, .notContains:
            guard !values.isEmpty, values.allSatisfy(\.isString) else {
                throw fields.error(
                    values.isEmpty ? .missingField : .wrongType, "value",
                    "must be a text, or a list of texts, for \(name)")
            }
        case .regex, .notRegex:
            guard values.count == 1, case .string(let pattern) = values[0] else {
                throw fields.error(
                    values.isEmpty ? .missingField : .wrongType, "value", "must be one regular expression for \(name)")
            }
            do { _ = try TextPattern(pattern) } catch { throw fields.error(.invalidValue, "value", error.message) }
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            guard values.count == 1, case .number = values[0] else {
                throw fields.error(
                    values.isEmpty ? .missingField : .wrongType, "value",
                    "must be one number for \(name) (for dates use date_before, date_after or date_between)")
            }
        case .between:
            guard values.count == 2, case .number(let low) = values[0], case .number(let high) = values[1], low <= high
            else {
                throw fields.error(.invalidValue, "value", "must be two numbers for \(name), the lower first")
            }
        case .dateBefore, .dateAfter, .dateBetween:
            try checkDates(fields)
        }
    }

    private func checkDates(_ fields: Fields) throws {
        let count = op == .dateBetween ? 2 : 1
        guard values.count == count else {
            throw fields.error(
                values.isEmpty ? .missingField : .invalidValue, "value",
                "must be \(count == 2 ? "two dates" : "one date") for '\(op.rawValue)'")
        }
        for (index, value) in values.enumerated() {
            guard case .string(let text) = value, DayPoint(text) != nil else {
                throw fields.error(
                    .invalidValue, count == 2 ? "value[\(index)]" : "value", DayPoint.explain(value.description))
            }
        }
    }

    fileprivate func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
        switch subject {
        case .property(let name): try container.encode(name, forKey: FieldName("property"))
        case .person(let name): try container.encode(name, forKey: FieldName("person"))
        case .group(let kind, let trait):
            try container.encode(kind, forKey: FieldName("group"))
            try container.encode(trait, forKey: FieldName("trait"))
        }
        try container.encode(op.rawValue, forKey: FieldName("op"))
        if values.count == 1 {
            try container.encode(values[0], forKey: FieldName("value"))
        } else if !values.isEmpty {
            try container.encode(values, forKey: FieldName("value"))
        }
    }
}

extension Fields {
    /// The field `trait` that belongs to `group`.
    func groupTrait() throws -> String {
        guard let trait = try text("trait"), !trait.isEmpty else {
            throw error(.missingField, "trait", "must be given beside 'group': the trait of the group")
        }
        return trait
    }
}

extension FilterValue {
    var isString: Bool { if case .string = self { true } else { false } }
}

/// `[a, b]`, or `a` for a list of one.
private struct OneOrMany: Decodable {
    let values: [FilterValue]

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var values: [FilterValue] = []
            while !list.isAtEnd { values.append(try list.decode(FilterValue.self)) }
            self.values = values
        } else {
            values = [try FilterValue(from: decoder)]
        }
    }
}

/// `[filter, filter]`, or one filter for a list of one.
private struct FilterList: Decodable {
    let filters: [Filter]

    init(from decoder: any Decoder) throws {
        guard var list = try? decoder.unkeyedContainer() else {
            filters = [try Filter(from: decoder)]
            return
        }
        var filters: [Filter] = []
        while !list.isAtEnd { filters.append(try list.decode(Filter.self)) }
        guard filters.count <= QueryLimits.filtersPerList else {
            throw QueryError(
                .limitExceeded, at: decoder.codingPath,
                "has \(filters.count) filters, but may have up to \(QueryLimits.filtersPerList)")
        }
        self.filters = filters
    }
}
