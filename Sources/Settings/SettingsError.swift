/// Why settings were refused.
package struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting: `timeZone`.
    package let field: String
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    package var description: String { "\(field) \(message)" }
}
