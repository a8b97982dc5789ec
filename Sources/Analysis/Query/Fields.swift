/// The fields of one JSON object of a query, read strictly: a field that is not known, of the wrong type or outside its
/// range is a `QueryError` with its path. `null` reads as absent.
///
/// ```swift
/// let fields = try Fields(decoder, of: "a funnel step", allowed: ["event", "optional"])
/// optional = try fields.optional("optional") ?? false
/// ```
package struct Fields {
    private let container: KeyedDecodingContainer<FieldName>
    private let allowed: [String]
    private let path: [any CodingKey]

    /// - Parameter what: what the object is, for messages: "a funnel step".
    package init(_ decoder: any Decoder, of what: String, allowed: [String]) throws {
        path = decoder.codingPath
        self.allowed = allowed
        do {
            container = try decoder.container(keyedBy: FieldName.self)
        } catch is DecodingError {
            throw QueryError(.wrongType, at: path, "must be an object: \(what)")
        }
        let known = Set(allowed)
        for key in container.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
            let hint = NearestName.hint(for: key, among: allowed)
            throw QueryError(
                .unknownField, field(key),
                "\(what) has no field '\(key)'\(hint); its fields are \(allowed.sorted().joined(separator: ", "))")
        }
    }

    /// Where a field of this object is in the query.
    package func field(_ name: String) -> String { FieldPath.text(path + [FieldName(name)]) }

    package func error(_ code: QueryError.Code, _ name: String, _ message: String) -> QueryError {
        QueryError(code, field(name), message)
    }

    /// Whether the field is given, and not `null`.
    package func has(_ name: String) -> Bool {
        let key = FieldName(name)
        guard container.contains(key), let empty = try? container.decodeNil(forKey: key) else { return false }
        return !empty
    }

    package func optional<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        precondition(allowed.contains(name), "the field \(name) is read but not allowed")
        guard has(name) else { return nil }
        do {
            // Read as a number first: decoders call a fraction in the place of a whole number broken JSON.
            if Value.self == Int.self {
                let number = try container.decode(Double.self, forKey: FieldName(name))
                guard let whole = Int(exactly: number) as? Value else {
                    throw self.error(.wrongType, name, "must be a whole number")
                }
                return whole
            }
            return try container.decode(Value.self, forKey: FieldName(name))
        } catch let error as QueryError {
            throw error
        } catch let error as DecodingError {
            if Value.self == Int.self { throw self.error(.wrongType, name, "must be a whole number") }
            throw QueryError(error)
        } catch {
            // What a decoder throws for numbers beyond its range.
            throw self.error(.wrongType, name, "must be \(QueryError.name(of: Value.self)) that can be represented")
        }
    }

    package func required<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(name, as: type) else { throw error(.missingField, name, "must be given") }
        return value
    }

    /// A whole number within a range.
    package func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws -> Int {
        guard let value = try optional(name, as: Int.self) else { return standard }
        guard range.contains(value) else {
            throw error(
                .invalidValue, name, "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of the cases of an enumeration, by its raw value.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = try optional(name, as: String.self) else { return standard }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            throw error(
                .invalidValue, name,
                "is '\(text)', but must be one of \(names.joined(separator: ", "))\(NearestName.hint(for: text, among: names))"
            )
        }
        return choice
    }

    /// A text that is not empty.
    package func text(_ name: String) throws -> String? {
        guard let text = try optional(name, as: String.self) else { return nil }
        guard !text.isEmpty else { throw error(.invalidValue, name, "must not be empty") }
        return text
    }

    /// A list with a bounded number of elements.
    package func list<Element: Decodable>(
        _ name: String, of type: Element.Type = Element.self, counts: ClosedRange<Int>
    ) throws -> [Element]? {
        guard let list = try optional(name, as: [Element].self) else { return nil }
        guard counts.contains(list.count) else {
            throw error(
                list.count > counts.upperBound ? .limitExceeded : .invalidValue, name,
                "has \(list.count) elements, but must have from \(counts.lowerBound) to \(counts.upperBound)")
        }
        return list
    }
}

/// The name of any field.
struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
