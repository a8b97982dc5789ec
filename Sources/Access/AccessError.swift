/// Why a request or a change of access was refused.
package struct AccessError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such key, user or workspace.
        case notFound = "not_found"
        /// It is there already.
        case alreadyExists = "already_exists"
        /// A value breaks a rule; the message says which.
        case invalid
        /// No key and no session, or one that is not valid.
        case unauthenticated
        /// Known, but not allowed to do this.
        case forbidden
        /// Too many failed attempts; `retryAfterMilliseconds` says when to come back.
        case tooManyAttempts = "too_many_attempts"
    }

    package let code: Code
    package let message: String
    package var retryAfterMilliseconds: Int64?

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
