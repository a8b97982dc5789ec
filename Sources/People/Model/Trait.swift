package import EventLog

/// One value that is known about a person or a group, and where it came from.
package struct Trait: Sendable, Hashable {
    /// Nil for a trait that was taken away: remembered, so that an older event that comes late does not bring it back.
    package var value: PropertyValue?
    /// Time of the event that changed it last, in milliseconds UTC.
    package var time: Int64
    /// Time of the event that last gave it a whole value (not a sum or a list entry).
    package var baseTime: Int64
    /// The sequence number of the event that changed it last.
    package var sequence: UInt64
    package var source: TraitSource

    package init(value: PropertyValue?, time: Int64, baseTime: Int64, sequence: UInt64, source: TraitSource) {
        self.value = value
        self.time = time
        self.baseTime = baseTime
        self.sequence = sequence
        self.source = source
    }
}

/// Who said it.
package struct TraitSource: Sendable, Hashable {
    package enum Kind: Int, Sendable, Hashable, CaseIterable {
        /// An event of a product.
        case event = 0
        /// A file that was imported.
        case file = 1
        /// Somebody who works with the program.
        case hand = 2

        package var name: String {
            switch self {
            case .event: "event"
            case .file: "import"
            case .hand: "hand"
            }
        }
    }

    package var kind: Kind
    /// The name of the event.
    package var event: String
    /// The sender's library (`context.library.name`), the file, or who did it; empty when unknown.
    package var detail: String

    package init(_ kind: Kind, event: String, detail: String = "") {
        self.kind = kind
        self.event = event
        self.detail = detail
    }
}

/// Properties of the environment (`context.`) that events made by this module carry.
package enum PeopleProperty {
    /// `import` or `hand`; absent for events of products.
    package static let origin = "context.origin"
    /// The file or the user that `origin` is about.
    package static let originDetail = "context.originDetail"
    package static let library = "context.library.name"

    // Of Consent Changed.
    package static let purpose = "purpose"
    package static let channel = "channel"
    package static let period = "period"
    package static let granted = "granted"
    package static let evidenceText = "text"
    package static let evidenceVersion = "version"
    package static let evidenceSource = "source"
    package static let evidenceAddressHash = "ipHash"
}
