/// Why a request about items was refused. The code is stable; the message says what was wrong, where, and what to do.
package struct CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such item.
        case notFound = "not_found"
        /// A value breaks a rule; `field` says which.
        case invalid
        /// A file cannot be read; the message names the line.
        case badFile = "bad_file"
        /// The cursor of a list is not one that this list gave.
        case badCursor = "bad_cursor"
        /// More than a catalogue may have.
        case limitExceeded = "limit_exceeded"
    }

    package let code: Code
    /// Where in the JSON: `artworks[1].tags.mood`. Empty when it is about the request as a whole.
    package let field: String
    package let message: String

    package init(_ code: Code, _ message: String, field: String = "") {
        self.code = code
        self.field = field
        self.message = message
    }

    package var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
