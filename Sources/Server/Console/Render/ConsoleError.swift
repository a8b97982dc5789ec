/// Why the console's files cannot be used. Whoever runs the server can mend it, so the message says how.
package struct ConsoleError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
