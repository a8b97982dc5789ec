/// Why something about recommendations failed. The code is stable; the message says what was wrong, where, and what to
/// do.
package struct RecommendationError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such model, version or person.
        case notFound = "not_found"
        /// A setting makes no sense; the message names it.
        case invalid
        /// A file of a model is damaged.
        case corrupt
        /// A file could not be read or written.
        case io
        /// More than memory is set aside for.
        case limitExceeded = "limit_exceeded"
        /// Ended on request. Nothing was changed.
        case interrupted
        /// The data cannot answer.
        case insufficient
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
