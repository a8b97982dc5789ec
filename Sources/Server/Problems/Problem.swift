package import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// Why a request was refused, as RFC 9457 has it: `application/problem+json`.
package struct Problem: Error, Sendable, Hashable {
    package var status: HTTPResponse.Status
    /// Stable, for programs. `type` is `urn:dangol:` and the code.
    package var code: String
    /// What was wrong, where, and what to do.
    package var detail: String
    /// The part of the request that is wrong, as a path: `steps[1].event`.
    package var field: String?
    /// Where in a text that people write, such as an audience's predicate.
    package var place: Place?
    package var headers = HTTPFields()

    package struct Place: Sendable, Hashable, Encodable {
        /// Counted from 1, as the column in characters.
        package var line: Int
        package var column: Int
        /// What would have been right there.
        package var expected: String
        /// The line with a caret below the place.
        package var excerpt: String
    }

    package init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
    }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        /// The request: the same id is in the response's header and in the log.
        var instance: String
        var code: String
        var field: String?
        var place: Place?
    }

    /// - Parameter requestID: what the response and the log call the request.
    package func json(requestID: String) -> Data {
        let body = Body(
            type: "urn:dangol:\(code)", title: status.reasonPhrase, status: status.code, detail: detail,
            instance: "urn:request:\(requestID)", code: code, field: field, place: place)
        // Strings and a number always encode.
        return (try? JSONText.encode(body)) ?? Data()
    }

    package func response(requestID: String) -> Response {
        var fields = headers
        fields[.contentType] = "application/problem+json"
        return Response(
            status: status, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json(requestID: requestID))))
    }
}

// MARK: - Kinds

extension Problem {
    package static func badRequest(_ detail: String, field: String? = nil) -> Problem {
        Problem(.badRequest, "invalid_request", detail, field: field)
    }

    package static func notFound(_ detail: String) -> Problem { Problem(.notFound, "not_found", detail) }

    package static func forbidden(_ detail: String) -> Problem { Problem(.forbidden, "forbidden", detail) }

    package static func unauthenticated(_ detail: String) -> Problem {
        var problem = Problem(.unauthorized, "unauthenticated", detail)
        problem.headers[.wwwAuthenticate] = "Bearer realm=\"dangol\""
        return problem
    }

    /// The caller sends too much.
    package static func tooMany(_ detail: String, retrySeconds: Double) -> Problem {
        var problem = Problem(.tooManyRequests, "rate_limited", detail)
        problem.headers[.retryAfter] = Problem.seconds(retrySeconds)
        return problem
    }

    /// The server has too much to do.
    package static func overloaded(_ detail: String, retrySeconds: Double) -> Problem {
        var problem = Problem(.serviceUnavailable, "overloaded", detail + "; try again in a moment")
        problem.headers[.retryAfter] = Problem.seconds(retrySeconds)
        return problem
    }

    package static func tooLarge(_ bytesMax: Int) -> Problem {
        Problem(.contentTooLarge, "too_large", "the body is too large; at most \(bytesMax) bytes are read")
    }

    /// Whole seconds, at least one.
    private static func seconds(_ seconds: Double) -> String {
        String(max(1, Int(min(seconds, 86_400).rounded(.up))))
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
    static let csrfToken = Self("X-CSRF-Token")!
    static let workspace = Self("Dangol-Workspace")!
    static let forwardedFor = Self("X-Forwarded-For")!
    /// Where the page is from that makes the request (W3C, Fetch Metadata).
    static let fetchSite = Self("Sec-Fetch-Site")!
    static let contentTypeOptions = Self("X-Content-Type-Options")!
    static let frameOptions = Self("X-Frame-Options")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
    static let lastEventID = Self("Last-Event-ID")!
}

/// JSON as the API writes it: members sorted, so that the same answer is the same text.
package enum JSONText {
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
