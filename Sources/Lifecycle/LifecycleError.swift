/// Why something about the moments of people failed. The code is stable; the message says what was wrong, where, and
/// what to do.
package struct LifecycleError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such model or version.
        case notFound = "not_found"
        /// A setting makes no sense; the message names it.
        case invalid
        /// A file of a model is damaged.
        case corrupt
        /// A file could not be read or written.
        case io
        /// Ended on request. Nothing was changed.
        case interrupted
        /// There is too little to learn from.
        case insufficient
    }

    package let code: Code
    /// The setting that is meant, when one is.
    package let field: String?
    package let message: String

    package init(_ code: Code, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    package var description: String { message }
}
