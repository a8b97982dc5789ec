/// Why a request was refused. `CollectionOutcome(_:endpoint:)` says it in the shape that the SDK reads.
package struct CollectionError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The body cannot be read: not JSON, not gzip, no events.
        case unreadable
        case tooLarge = "too_large"
        case tooManyEvents = "too_many_events"
        /// There is no such write key, or none at all.
        case unauthorized
        case tooManyRequests = "too_many_requests"
        /// Nothing was stored; the same request may be sent again later.
        case unavailable
        /// There is no such dead letter.
        case notFound = "not_found"
        /// A value breaks a rule; the message says which.
        case invalid
    }

    package let code: Code
    package let message: String
    package var retryAfterSeconds: Int?

    package init(_ code: Code, _ message: String, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    package var description: String { message }
}
