/// A key that a program presents. It belongs to one workspace and reaches no other.
package struct AccessKey: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Public: it stands in web pages and apps, and can only send events.
        case write
        /// Secret, with scopes. Only its hash is kept.
        case api
    }

    /// Stable and public: `key_` and 12 letters or digits.
    package var id: String
    package var workspace: String
    package var kind: Kind
    /// What its owner calls it.
    package var name: String
    package var scopes: Set<Scope>
    /// The first characters, by which people tell keys apart; for a write key the whole key, because it is public.
    package var display: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdTime: Int64
    package var revokedTime: Int64?
}

/// A key just made: the only moment at which its text is known.
package struct NewKey: Sendable {
    package var key: AccessKey
    package var secret: String
}
