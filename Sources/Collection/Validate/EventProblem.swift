import EventLog

/// Why one event of a request is not stored.
struct EventProblem: Error, Hashable {
    enum Kind: Hashable {
        case missing
        case invalid
        case tooLarge
        /// Amplitude's `min_id_length`.
        case idTooShort
    }

    var kind: Kind
    /// The member of the event that is wrong, as the sender's format calls it.
    var field: String
    var reason: String

    init(_ kind: Kind, _ field: String, _ reason: String) {
        self.kind = kind
        self.field = field
        self.reason = reason
    }

    static func missing(_ field: String) -> EventProblem {
        EventProblem(.missing, field, "the event has no '\(field)'")
    }

    static func invalid(_ field: String, _ value: JSONValue, _ rule: String) -> EventProblem {
        EventProblem(.invalid, field, "'\(field)' is \(value.kindName); it should be \(rule)")
    }

    /// The problem that an error of any kind is, when it came up in `field`.
    init(_ error: any Error, field: String) {
        self = error as? EventProblem ?? EventProblem(.invalid, field, LineProblem.reason(of: error))
    }
}
