/// Why a query cannot be answered. `code` is stable, `field` is where in the query's JSON (`steps[1].event`; empty for
/// the query as a whole), `message` says what is allowed.
public struct QueryError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    public enum Code: String, Sendable, Codable {
        /// The text is not JSON.
        case invalidJSON = "invalid_json"
        /// `kind` names no query.
        case unknownKind = "unknown_kind"
        /// A field that this object does not have.
        case unknownField = "unknown_field"
        /// A field that must be given is not.
        case missingField = "missing_field"
        /// The value has another type than the field.
        case wrongType = "wrong_type"
        /// The value is of the right type, but not one that is allowed.
        case invalidValue = "invalid_value"
        /// The value makes no sense beside another field.
        case conflict
        /// More of something than a query may have.
        case limitExceeded = "limit_exceeded"
        /// The query asks for something that this installation does not have, such as person traits.
        case unavailable
    }

    public var code: Code
    public var field: String
    public var message: String

    public init(_ code: Code, _ field: String, _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    /// An error at the place that a decoder has reached.
    init(_ code: Code, at path: [any CodingKey], _ message: String) {
        self.init(code, FieldPath.text(path), message)
    }

    public var description: String {
        field.isEmpty ? message : "\(field): \(message)"
    }
}

/// Places in a query's JSON as people write them: `steps[1].filters[0].op`.
enum FieldPath {
    static func text(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text
    }
}

extension QueryError {
    /// The same fault in our words: decoders describe it by Swift types, which mean nothing to the writer of a query.
    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            self.init(.wrongType, at: context.codingPath, "must be \(QueryError.name(of: type))")
        case .keyNotFound(let key, let context):
            self.init(.missingField, at: context.codingPath + [key], "must be given")
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty {
                self.init(.invalidJSON, "", "the query is not valid JSON\(QueryError.reason(context))")
            } else {
                self.init(.wrongType, at: context.codingPath, context.debugDescription)
            }
        @unknown default:
            self.init(.invalidJSON, "", "the query cannot be read")
        }
    }

    private static func reason(_ context: DecodingError.Context) -> String {
        // Without a place the decoder has nothing to add.
        context.underlyingError.map { ": \($0)" } ?? ""
    }

    /// What the writer of a query calls a type.
    static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text in quotes"
        case is Bool.Type: "true or false"
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is any ListType.Type: "a list"
        default: "an object"
        }
    }
}

private protocol ListType {}
extension Array: ListType {}
