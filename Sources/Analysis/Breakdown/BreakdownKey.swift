/// What a query's answer is broken down by: `"city"`, `{"property": "city"}`, `{"person": "plan"}` or `{"group":
/// "company", "trait": "plan"}`; numbers may be put into `buckets`, given by their boundaries: `[0, 10, 100]` makes
/// below 0, 0 to below 10, 10 to below 100, and 100 or more.
package struct BreakdownKey: Sendable, Hashable, Codable {
    package var subject: FilterTest.Subject
    /// Ascending boundaries; empty leaves numbers as they are.
    package var buckets: [Double]

    package static let fields = ["property", "person", "group", "trait", "buckets"]

    package init(property: String, buckets: [Double] = []) {
        subject = .property(property)
        self.buckets = buckets
    }

    package init(person trait: String, buckets: [Double] = []) {
        subject = .person(trait)
        self.buckets = buckets
    }

    /// Reads the fields of a key from an object that may have others too.
    package init(_ fields: Fields) throws {
        let forms = ["property", "person", "group"].filter(fields.has)
        guard let form = forms.first, forms.count == 1 else {
            if forms.isEmpty {
                throw fields.error(
                    .missingField, "property",
                    "must be given: the property, or as 'person' the trait, to break down by")
            }
            throw fields.error(.conflict, forms[1], "cannot be given beside '\(forms[0])'")
        }
        let name = try fields.text(form) ?? ""
        switch form {
        case "property": subject = .property(name)
        case "person": subject = .person(name)
        default: subject = .group(kind: name, trait: try fields.groupTrait())
        }
        if form != "group", fields.has("trait") {
            throw fields.error(.conflict, "trait", "is given only beside 'group'")
        }
        buckets = try fields.list("buckets", of: Double.self, counts: 1...1_000) ?? []
        for (index, pair) in zip(buckets, buckets.dropFirst()).enumerated() where pair.0 >= pair.1 {
            throw fields.error(.invalidValue, "buckets[\(index + 1)]", "must be greater than the boundary before it")
        }
    }

    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard !name.isEmpty else { throw QueryError(.invalidValue, at: decoder.codingPath, "must not be empty") }
            self.init(property: name)
            return
        }
        try self.init(Fields(decoder, of: "a breakdown", allowed: BreakdownKey.fields))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        switch subject {
        case .property(let name): try container.encode(name, forKey: FieldName("property"))
        case .person(let trait): try container.encode(trait, forKey: FieldName("person"))
        case .group(let kind, let trait):
            try container.encode(kind, forKey: FieldName("group"))
            try container.encode(trait, forKey: FieldName("trait"))
        }
        if !buckets.isEmpty { try container.encode(buckets, forKey: FieldName("buckets")) }
    }
}

/// One value of a breakdown. Encodes as the plain value; `null` where there is none.
package enum BreakdownValue: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The event or person has no value.
    case missing
    case boolean(Bool)
    case number(Double)
    /// From a boundary to below the next; nil at the ends.
    case bucket(from: Double?, below: Double?)
    case string(String)
    /// All values beyond the most frequent ones.
    case other

    package var description: String {
        switch self {
        case .missing: "(none)"
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let number): NumberText.of(number)
        case .bucket(nil, let below?): "below \(NumberText.of(below))"
        case .bucket(let from?, nil): "\(NumberText.of(from)) or more"
        case .bucket(let from, let below): "\(NumberText.of(from ?? 0)) to below \(NumberText.of(below ?? 0))"
        case .string(let text): text
        case .other: "(other)"
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .missing: try container.encodeNil()
        case .boolean(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .bucket, .other: try container.encode(description)
        }
    }

    /// Reads an answer again, for display: buckets and `other` come back as their text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .missing
        } else if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    private var rank: Int {
        switch self {
        case .boolean: 0
        case .number: 1
        case .bucket: 2
        case .string: 3
        case .missing: 4
        case .other: 5
        }
    }

    /// Values of one type by size, missing and other last.
    package static func < (left: BreakdownValue, right: BreakdownValue) -> Bool {
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.number(let a), .number(let b)): a < b
        case (.string(let a), .string(let b)): a < b
        case (.bucket(let a, _), .bucket(let b, _)): (a ?? -.infinity) < (b ?? -.infinity)
        default: left.rank < right.rank
        }
    }
}
