/// Why a request was refused.
package struct AudienceError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such key, user or workspace.
        case notFound = "not_found"
        /// A value breaks a rule; the message says which.
        case invalid
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
