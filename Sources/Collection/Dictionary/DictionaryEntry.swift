/// What an event, or a property of one, means, and who looks after it: written by people for people.
package struct DictionaryEntry: Sendable, Hashable {
    package var event: String
    /// Nil: the event itself.
    package var property: String?
    package var text: String
    /// A name or a team; only events have one.
    package var owner: String

    package static let textLength = 1_000
    package static let ownerLength = 100

    package init(event: String, property: String? = nil, text: String, owner: String = "") {
        self.event = event
        self.property = property
        self.text = text
        self.owner = owner
    }

    /// - Throws: `CollectionError` with `invalid`.
    func check() throws(CollectionError) {
        guard text.count <= Self.textLength else {
            throw CollectionError(.invalid, "a description has at most \(Self.textLength) characters")
        }
        guard owner.count <= Self.ownerLength else {
            throw CollectionError(.invalid, "an owner has at most \(Self.ownerLength) characters")
        }
    }
}
