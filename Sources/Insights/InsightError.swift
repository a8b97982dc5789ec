/// Why a request was refused. The code is stable; the message says what was wrong, where, and what to do.
package struct InsightError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such insight, dashboard, annotation or share.
        case notFound = "not_found"
        /// A value breaks a rule; the message says which.
        case invalid
        /// More than there may be.
        case limitExceeded = "limit_exceeded"
        /// The link has expired or was revoked.
        case expired
    }

    package let code: Code
    /// Where in the JSON: `tiles[1].width`. Empty when it is about the request as a whole.
    package let field: String
    package let message: String

    package init(_ code: Code, _ message: String, field: String = "") {
        self.code = code
        self.field = field
        self.message = message
    }

    package var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
