package import Access
import Analysis
package import Engine
package import Foundation
package import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore

/// One request that has been let in: who asks, about which workspace, and what came with it.
package struct Call: Sendable {
    package let request: Request
    package let route: APIRoute
    package let parts: ServerParts
    /// Nil where anybody may ask.
    package let principal: Principal?
    /// The address of the caller, as far as it is known.
    package let address: String?
    /// The value of the session's cookie, when that is what lets the caller in.
    package let sessionToken: String?
    package let logger: Logger
    let requestID: String
    let parameters: Parameters
    /// The workspace that is asked about, which the principal reaches.
    package let workspaceName: String
    /// What a form of the console sent; the gate has read it to find the session's token.
    var form: FormValues?

    package var access: AccessService { parts.installation.access }

    /// The workspace that is asked about.
    package func workspace() throws -> LiveWorkspace { try parts.installation.workspace(workspaceName) }

    /// Who makes a change, for the audit log.
    package var change: Change {
        Change(principal?.actor ?? AuditActor(kind: .anonymous), address: address)
    }

    /// Says in the log what the caller is not told.
    func note(failure error: any Error) {
        logger.error("a request failed", metadata: ["error": "\(String(reflecting: error).prefix(2000))"])
    }

    // MARK: What came along

    /// A part of the path, decoded: `a%2Fb` is `a/b`.
    package func pathParameter(_ name: String) throws -> String {
        guard let text = parameters.get(name)?.removingPercentEncoding, !text.isEmpty else {
            throw Problem.badRequest("the path is no valid text in UTF-8", field: name)
        }
        return text
    }

    package func text(_ name: String) -> String? { texts(name).first }

    /// All values of a parameter of the query that may be repeated.
    package func texts(_ name: String) -> [String] {
        // As forms and libraries write it: a plus is a blank.
        ((try? FormValues(body: (request.uri.query ?? "").utf8)) ?? FormValues()).all(name)
    }

    package func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem.badRequest(
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)", field: name)
        }
        return number
    }

    package func flag(_ name: String) throws -> Bool {
        switch text(name) {
        case nil, "false": return false
        case "true", "": return true
        default: throw Problem.badRequest("must be true or false", field: name)
        }
    }

    /// The whole body.
    ///
    /// - Throws: `Problem` of status 413, or 408 when it does not come in time.
    package func bytes() async throws -> ByteBuffer {
        let limit = route.bodyBytes ?? parts.settings.bodyBytes
        let body = request.body
        do {
            return try await Deadline.run(seconds: parts.settings.bodySeconds) { try await body.collect(upTo: limit) }
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit)
        } catch is Deadline.Passed {
            throw Problem(.requestTimeout, "timeout", "the body did not come in time")
        }
    }

    /// The body as JSON of a type. Types read their fields strictly, with `Fields`.
    ///
    /// - Parameter known: what the type finds out otherwise.
    package func json<Value: Decodable>(
        _ type: Value.Type = Value.self, known: [CodingUserInfoKey: any Sendable] = [:]
    ) async throws -> Value {
        let data = Data(try await bytes().readableBytesView)
        if NullCharacter.isEscaped(in: data) { throw NullCharacter.refused }
        let decoder = JSONDecoder()
        decoder.userInfo = known
        do {
            return try decoder.decode(Value.self, from: data)
        } catch let error as DecodingError {
            throw Problem(.badRequest, "invalid_json", Call.describe(error))
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "the body is not valid JSON"
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            "the body is not as documented at '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
        @unknown default: "the body cannot be read"
        }
    }

    // MARK: Answers

    package func answer(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Call.json(try JSONText.encode(value), status: status)
    }

    package static func json(_ data: Data, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    package func nothing() -> Response { Response(status: .noContent) }

    /// - Throws: `Problem` of status 401 when there is no such key. Takes from the key's rate.
    package func admit(writeKey: String) throws -> AccessKey {
        guard let key = try access.key(writeKey), key.scopes.contains(.collect) else {
            throw Problem.unauthenticated("this write key is not valid here")
        }
        try RequestGate.takeRate(parts, caller: key.id, isKnown: true)
        return key
    }
}

/// U+0000, at which the state database would end a text: what was sent would be stored as less, without a word.
enum NullCharacter {
    static let refused = Problem.badRequest("a text holds U+0000, which cannot be kept")

    /// Whether a text of this JSON holds one. JSON has it as an escape only: `\u0000` after an even number of
    /// backslashes.
    static func isEscaped(in json: Data) -> Bool {
        var rest = json[...]
        let escape = Data("\\u0000".utf8)
        while let found = rest.range(of: escape) {
            let backslashes = json[..<found.lowerBound].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            if backslashes % 2 == 0 { return true }
            rest = json[found.upperBound...]
        }
        return false
    }
}

/// A bound on how long something may take.
enum Deadline {
    struct Passed: Error {}

    static func run<Value: Sendable>(
        seconds: Double, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw Passed()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw Passed() }
            return value
        }
    }
}
