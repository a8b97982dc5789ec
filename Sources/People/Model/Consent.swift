/// What a consent is for.
///
/// Any other word may be used too; the rules treat it like `marketing`: refused until granted.
package struct ConsentPurpose: Sendable, Hashable, RawRepresentable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Recording what the person does.
    package static let tracking = ConsentPurpose(rawValue: "tracking")
    /// Deriving from it what the person may like or do.
    package static let profiling = ConsentPurpose(rawValue: "profiling")
    /// Advertising messages.
    package static let marketing = ConsentPurpose(rawValue: "marketing")
    /// Messages that a contract needs: orders, deliveries, safety.
    package static let service = ConsentPurpose(rawValue: "service")
}

/// How a message reaches a person.
package struct MessageChannel: Sendable, Hashable, RawRepresentable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let email = MessageChannel(rawValue: "email")
    package static let sms = MessageChannel(rawValue: "sms")
    package static let push = MessageChannel(rawValue: "push")
    package static let kakao = MessageChannel(rawValue: "kakao")
    package static let inApp = MessageChannel(rawValue: "inApp")
    package static let web = MessageChannel(rawValue: "web")

    /// Whether an advertisement at night needs a consent of its own.
    ///
    /// Korea's Network Act (article 50, paragraph 3) asks for it between 21:00 and 08:00; its decree (article 61)
    /// leaves out e-mail. What is shown only while the person uses the product is not sent to them.
    package var isQuietAtNight: Bool { ![.email, .inApp, .web].contains(self) }
}

/// One thing that a person said, or that was recorded for them. Never changed afterwards.
package struct ConsentStatement: Sendable, Hashable {
    package enum Period: Int, Sendable, Hashable {
        case day = 0
        case night = 1
        /// A statement without a period: a grant is for the day, a refusal for always.
        case unsaid = 2

        package var name: String? {
            switch self {
            case .day: "day"
            case .night: "night"
            case .unsaid: nil
            }
        }

        /// Nil for a word that names no period.
        package init?(name: String) {
            switch name {
            case "day": self = .day
            case "night": self = .night
            default: return nil
            }
        }
    }

    /// What proves it.
    package struct Evidence: Sendable, Hashable {
        /// The text that the person agreed to, and its version.
        package var text: String?
        package var version: String?
        /// The page, form or call where it was said.
        package var source: String?
        /// A hash of the network address that it came from.
        package var addressHash: String?

        package init(
            text: String? = nil, version: String? = nil, source: String? = nil, addressHash: String? = nil
        ) {
            self.text = text
            self.version = version
            self.source = source
            self.addressHash = addressHash
        }
    }

    package var purpose: ConsentPurpose
    /// Nil: every channel.
    package var channel: MessageChannel?
    package var period: Period
    package var granted: Bool
    package var evidence: Evidence
    package var time: Int64
    package var sequence: UInt64
    /// The id that the statement came under.
    package var id: String

    package init(
        purpose: ConsentPurpose, channel: MessageChannel? = nil, period: Period = .unsaid, granted: Bool,
        evidence: Evidence = Evidence(), time: Int64 = 0, sequence: UInt64 = 0, id: String = ""
    ) {
        self.purpose = purpose
        self.channel = channel
        self.period = period
        self.granted = granted
        self.evidence = evidence
        self.time = time
        self.sequence = sequence
        self.id = id
    }
}
