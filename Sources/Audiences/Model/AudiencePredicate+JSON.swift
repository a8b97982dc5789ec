import Analysis
package import Foundation

/// The name of a field.
struct PredicateKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension AudiencePredicate: Codable {
    /// Each kind of condition by the field that tells it, with the other fields that it may have.
    private static let forms: [(field: String, others: [String])] = [
        ("everyone", []), ("did", EventCondition.fields), ("sequence", ["absent", "window", "localTime"]),
        ("group", ["trait"] + TraitCondition.fields), ("trait", TraitCondition.fields), ("inGroup", ["id"]),
        ("consents", ["purpose", "atNight"]), ("role", []), ("audience", []), ("and", []), ("or", []), ("not", []),
    ]

    package init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= 2 * PredicateLimits.depth + 8 else {
            throw QueryError(
                .limitExceeded, decoder.codingPath.fieldText,
                "conditions nest deeper than \(PredicateLimits.depth) levels")
        }
        let names = AudiencePredicate.forms.map(\.field)
        let all = try Fields(
            decoder, of: "a predicate", allowed: Array(Set(AudiencePredicate.forms.flatMap(\.others) + names)))
        // A group's trait has both fields.
        let found = names.filter { all.has($0) && !($0 == "trait" && all.has("group")) }
        guard let name = found.first, found.count == 1,
            let form = AudiencePredicate.forms.first(where: { $0.field == name })
        else {
            throw QueryError(
                found.isEmpty ? .missingField : .conflict,
                found.count > 1 ? all.field(found[1]) : decoder.codingPath.fieldText,
                "a predicate must have exactly one of \(names.joined(separator: ", "))")
        }
        let fields = try Fields(decoder, of: "a condition with '\(name)'", allowed: [name] + form.others)
        switch name {
        case "everyone":
            guard try fields.required("everyone", as: Bool.self) else {
                throw fields.error(.invalidValue, "everyone", "must be true")
            }
            self = .everyone
        case "did": self = .event(try EventCondition(fields))
        case "sequence": self = .sequence(try SequenceCondition(fields))
        case "trait": self = .trait(try TraitCondition(fields))
        case "group":
            let kind = try fields.text("group") ?? ""
            self = .groupTrait(kind: kind == "*" ? nil : kind, try TraitCondition(fields))
        case "inGroup": self = .group(kind: try fields.text("inGroup") ?? "", id: try fields.text("id"))
        case "consents":
            self = .consent(
                ConsentQuestion(
                    try fields.text("consents") ?? "", purpose: try fields.text("purpose"),
                    atNight: try fields.optional("atNight") ?? false))
        case "role": self = .role(try fields.texts("role"))
        case "audience": self = .audience(try fields.text("audience") ?? "")
        case "not": self = .not(try fields.required("not"))
        default:
            let list = try fields.list(name, of: AudiencePredicate.self, counts: 1...PredicateLimits.parts) ?? []
            self = list.count == 1 ? list[0] : name == "and" ? .and(list) : .or(list)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        func put(_ value: some Encodable, _ name: String) throws {
            try container.encode(value, forKey: PredicateKey(name))
        }
        switch self {
        case .everyone: try put(true, "everyone")
        case .event(let condition): try condition.encode(to: &container)
        case .sequence(let condition): try condition.encode(to: &container)
        case .trait(let condition): try condition.encode(to: &container)
        case .groupTrait(let kind, let condition):
            try put(kind ?? "*", "group")
            try condition.encode(to: &container)
        case .group(let kind, let id):
            try put(kind, "inGroup")
            if let id { try put(id, "id") }
        case .consent(let question):
            try put(question.channel, "consents")
            if let purpose = question.purpose { try put(purpose, "purpose") }
            if question.atNight { try put(true, "atNight") }
        case .role(let roles):
            if roles.count == 1 { try put(roles[0], "role") } else { try put(roles, "role") }
        case .audience(let name): try put(name, "audience")
        case .and(let list): try put(list, "and")
        case .or(let list): try put(list, "or")
        case .not(let inner): try put(inner, "not")
        }
    }

    /// Reads a predicate from JSON: an object, or a string that holds the readable text.
    ///
    /// - Throws: `AudienceError` with `invalid` and the field, or `syntax`.
    package init(json: Data) throws(AudienceError) {
        do {
            if let text = try? JSONDecoder().decode(String.self, from: json) {
                self = try AudiencePredicate(text: text)
                return
            }
            self = try JSONDecoder().decode(AudiencePredicate.self, from: json)
        } catch {
            throw AudienceError(decoding: error, in: "predicate")
        }
        try check()
    }

    /// Compact JSON with sorted fields: the same predicate always gives the same bytes.
    package var json: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a predicate fails to encode: numbers are finite by how they are read.
        return (try? encoder.encode(self)) ?? Data()
    }
}

extension AudienceError {
    /// A decoder's error, in our words and with the path of the field.
    init(decoding error: any Error, in root: String) {
        switch error {
        case let error as AudienceError: self = error
        case let error as QueryError:
            let separator = error.field.isEmpty || root.isEmpty || error.field.hasPrefix("[") ? "" : "."
            self.init(
                error.code == .limitExceeded ? .limitExceeded : .invalid, error.message,
                field: root + separator + error.field)
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            self.init(.invalid, "has the wrong type", field: AudienceError.path(context.codingPath, in: root))
        case DecodingError.keyNotFound(let key, let context):
            self.init(.invalid, "must be given", field: AudienceError.path(context.codingPath + [key], in: root))
        case DecodingError.dataCorrupted(let context):
            self.init(.invalid, "is not valid JSON", field: AudienceError.path(context.codingPath, in: root))
        default: self.init(.invalid, "cannot be read: \(error)", field: root)
        }
    }

    private static func path(_ keys: [any CodingKey], in root: String) -> String {
        let text = keys.fieldText
        return root.isEmpty || text.isEmpty || text.hasPrefix("[") ? root + text : root + "." + text
    }
}

extension [any CodingKey] {
    /// The place as people write it: `and[1].window`.
    var fieldText: String {
        reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
    }
}

extension Fields {
    /// A text, or a list of texts.
    func texts(_ name: String) throws -> [String] {
        if let one = try? optional(name, as: String.self) {
            guard !one.isEmpty else { throw error(.invalidValue, name, "must not be empty") }
            return [one]
        }
        let list = try list(name, of: String.self, counts: 1...QueryLimits.eventsPerSelector) ?? []
        if let index = list.firstIndex(of: "") { throw error(.invalidValue, "\(name)[\(index)]", "must not be empty") }
        if list.isEmpty { throw error(.missingField, name, "must be given") }
        return list
    }

    /// A filter, or a list of filters that must all hold.
    func filter(_ name: String) throws -> Filter? {
        guard has(name) else { return nil }
        guard (try? optional(name, as: [AnyValue].self)) != nil else {
            return try optional(name, as: Filter.self)?.normalized
        }
        let list = try list(name, of: Filter.self, counts: 1...QueryLimits.filtersPerList) ?? []
        return Filter.and(list).normalized
    }
}

extension Filter {
    /// One spelling for one meaning: a list of values is `in`, and what holds of one is no list.
    fileprivate var normalized: Filter {
        switch self {
        case .and(let list): list.count == 1 ? list[0].normalized : .and(list.map(\.normalized))
        case .or(let list): list.count == 1 ? list[0].normalized : .or(list.map(\.normalized))
        case .not(let inner): .not(inner.normalized)
        case .test(let test) where test.values.count > 1 && test.op == .equals:
            .test(FilterTest(subject: test.subject, op: .oneOf, values: test.values))
        case .test(let test) where test.values.count > 1 && test.op == .notEquals:
            .test(FilterTest(subject: test.subject, op: .notOneOf, values: test.values))
        case .test: self
        }
    }
}

/// Anything, to find out whether a value is a list.
private struct AnyValue: Decodable {
    init(from decoder: any Decoder) {}
}
