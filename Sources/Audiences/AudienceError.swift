/// Why a request was refused. The code is stable; the message says what was wrong, where, and what to do.
package struct AudienceError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such audience or person.
        case notFound = "not_found"
        /// A value breaks a rule; the message says which.
        case invalid
        /// The text of a predicate cannot be read; `place` says where.
        case syntax
        /// Another audience has that name.
        case exists
        /// Audiences would depend on each other in a circle.
        case cycle
        /// Another audience mentions this one.
        case inUse = "in_use"
        /// More than an audience may have.
        case limitExceeded = "limit_exceeded"
        /// Another change came in between.
        case conflict
    }

    /// A place in the text of a predicate, counted in characters from 1.
    package struct Place: Sendable, Hashable {
        package var line: Int
        package var column: Int
        /// What would have been right there.
        package var expected: String
        /// The line with a caret below the place.
        package var excerpt: String
    }

    package let code: Code
    /// Where in the JSON: `predicate.and[1].window`. Empty when it is about the request as a whole.
    package let field: String
    package let message: String
    package let place: Place?

    package init(_ code: Code, _ message: String, field: String = "", place: Place? = nil) {
        self.code = code
        self.field = field
        self.message = message
        self.place = place
    }

    package var description: String {
        if let place { return "line \(place.line), column \(place.column): \(message)\n\(place.excerpt)" }
        return field.isEmpty ? message : "\(field): \(message)"
    }
}
