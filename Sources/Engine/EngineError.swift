import Foundation

/// What can go wrong above the event log. `code` is stable; `description` says what was wrong, where, and what to do.
package struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// There is no such workspace, file or person.
        case notFound = "not_found"
        /// Something stands where a new thing should go.
        case alreadyExists = "already_exists"
        /// A name, a number or a combination of options makes no sense.
        case invalidArgument = "invalid_argument"
        /// A file could not be read or written.
        case io
        /// Ended on request before everything was done. What was finished is kept.
        case interrupted
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// The operating system's words for what went wrong, without Foundation's envelope.
func reason(_ error: any Error) -> String {
    let error = error as NSError
    if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError, inner.domain == NSPOSIXErrorDomain {
        return String(cString: strerror(Int32(inner.code)))
    }
    if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
    return error.localizedDescription
}
