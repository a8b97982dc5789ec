import GRDB

/// What went wrong with a state database.
package struct StateError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file cannot be made or read: rights, a full disk.
        case cannotOpen = "cannot_open"
        /// The file is not what was written.
        case damaged
        /// A newer version of the program has written it.
        case tooNew = "too_new"
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: DatabaseError, path: String) {
        let damaged: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB]
        code = damaged.contains(error.resultCode) ? .damaged : .cannotOpen
        message = "\(path): \(error.message ?? "SQLite says \(error.resultCode)")"
    }

    package var description: String { message }
}
