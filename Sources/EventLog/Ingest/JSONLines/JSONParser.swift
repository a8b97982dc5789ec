package import CEventLog

/// One parsed JSON object as a flat list of tokens in document order: see `ceventlog.h`.
package typealias JSONTokens = UnsafeBufferPointer<ceventlog_json_token>

/// A JSON parser with buffers that are used again for every line.
final class JSONParser {
    /// Objects and arrays within each other.
    static let depthMax = 64

    // Owned: freed in deinit.
    private let parser: OpaquePointer

    init() throws {
        guard let parser = ceventlog_json_make(Self.depthMax) else {
            throw ImportError(.io, "there is not enough memory for a JSON parser")
        }
        self.parser = parser
    }

    deinit { ceventlog_json_free(parser) }

    /// Parses one line. At least `CEVENTLOG_JSON_PADDING` readable bytes must follow it.
    ///
    /// - Returns: tokens that are valid until the next call and refer to the bytes of `line`.
    /// - Throws: `LineProblem` saying what is wrong and at which byte column.
    func parse(_ line: UnsafeRawBufferPointer) throws -> JSONTokens {
        var tokens: UnsafePointer<ceventlog_json_token>?
        var count = 0
        var offset = Int.max
        let bytes = line.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let error = ceventlog_json_parse(parser, bytes, line.count, &tokens, &count, &offset)
        if error == 0 { return JSONTokens(start: tokens, count: count) }
        if let problem = TextCheck.problem(line) { throw LineProblem(problem) }
        let place = offset >= 0 && offset <= line.count ? ", at column \(offset + 1)" : ""
        let limit = Int(error) == Int(CEVENTLOG_JSON_DEPTH) ? " (more than \(Self.depthMax))" : ""
        throw LineProblem(String(cString: ceventlog_json_error_text(error)) + limit + place)
    }
}

extension ceventlog_json_token {
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: text, count: Int(text_count)) }
    var keyBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: key, count: Int(key_count)) }

    var isObject: Bool { kind == UInt8(CEVENTLOG_JSON_OBJECT) }
    var isArray: Bool { kind == UInt8(CEVENTLOG_JSON_ARRAY) }
    var isString: Bool { kind == UInt8(CEVENTLOG_JSON_STRING) }
    var isNumber: Bool { kind == UInt8(CEVENTLOG_JSON_NUMBER) }
    var isTrue: Bool { kind == UInt8(CEVENTLOG_JSON_TRUE) }
    var isBoolean: Bool { isTrue || kind == UInt8(CEVENTLOG_JSON_FALSE) }
    var isNull: Bool { kind == UInt8(CEVENTLOG_JSON_NULL) }

    /// What errors call the value's kind.
    var kindName: String {
        isObject
            ? "an object"
            : isArray ? "an array" : isString ? "a string" : isNumber ? "a number" : isNull ? "null" : "a boolean"
    }
}
