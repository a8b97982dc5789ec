/// Why a request about persons was refused. `code` is stable.
package struct PeopleError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such person, merge or receipt.
        case notFound = "not_found"
        /// A value breaks a rule; the message says which.
        case invalid
        /// A file for import cannot be read; the message names the line.
        case badFile = "bad_file"
        /// A page's cursor was not made by this search.
        case badCursor = "bad_cursor"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func noPerson(_ id: String) -> PeopleError {
        PeopleError(.notFound, "there is no person with the id or key '\(id)'")
    }
}
