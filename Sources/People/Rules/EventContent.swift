import EventLog
import Foundation

/// What an event says about its person: read once, in one pass over the properties. `reads` tells which.
struct EventContent {
    /// One operation on a trait.
    struct Change: Hashable {
        enum Operation: Hashable {
            case clearAll
            case unset
            case trait(Vocabulary.TraitOperation)

            /// Operations of one event take effect in this order, whatever order its properties are stored in.
            var rank: Int {
                switch self {
                case .clearAll: 0
                case .unset: 1
                case .trait(let operation): 2 + (Change.order.firstIndex(of: operation) ?? 0)
                }
            }
        }

        static let order: [Vocabulary.TraitOperation] = [
            .set, .setOnce, .add, .append, .prepend, .postInsert, .preInsert, .remove,
        ]

        var operation: Operation
        var trait: String
        /// Nil for `clearAll` and `unset`.
        var value: PropertyValue?
    }

    /// The device that the event came from, as far as it says.
    struct DeviceReading {
        var id: String?
        var kind: String?
        var model: String?
        var system: String?
        var pushToken: String?
    }

    var anonymousID: String?
    var previousID: String?
    var group: GroupID?
    /// On the traits of the person, in order.
    var changes: [Change] = []
    /// On the traits of `group`, in order.
    var groupChanges: [Change] = []
    var locale: String?
    var timeZone: String?
    var device: DeviceReading?
    var source: TraitSource
    /// Whether the person did something themselves: false for what was done to their profile.
    var isVisit = true

    init(_ event: Event) {
        let takesTraits = event.name == Vocabulary.identified
        let takesGroupTraits = event.name == Vocabulary.groupJoined
        source = TraitSource(.event, event: event.name)
        var groupID: String?
        var groupType: String?
        var plain: [Change] = []
        for property in event.properties {
            let name = property.name
            switch name.utf8.first {
            case UInt8(ascii: "$"): readOperation(name, property.value)
            case UInt8(ascii: "c") where name.hasPrefix(Vocabulary.contextPrefix): readContext(name, property.value)
            case UInt8(ascii: "a") where name == Vocabulary.anonymousID: anonymousID = property.value.id
            case UInt8(ascii: "p") where name == Vocabulary.previousID: previousID = property.value.id
            case UInt8(ascii: "g") where name == Vocabulary.groupID: groupID = property.value.id
            case UInt8(ascii: "g") where name == Vocabulary.groupType: groupType = property.value.id
            default:
                guard takesTraits || takesGroupTraits, !name.isEmpty else { continue }
                plain.append(Change(operation: .trait(.set), trait: name, value: property.value))
            }
        }
        if let id = groupID {
            group = GroupID(type: (groupType ?? GroupID.defaultType).composed, id: id.composed)
        }
        finish(event, plain: plain, takesTraits: takesTraits)
    }

    /// Whether anything is read of this property of such an event.
    static func reads(event: String, property: String) -> Bool {
        if wholes.contains(event) { return true }
        switch property.utf8.first {
        case UInt8(ascii: "$"): return true
        case UInt8(ascii: "c") where field(property) != nil: return true
        default: return ids.contains(property) || FirstTouch.reads(property)
        }
    }

    private static let wholes: Set = [
        Vocabulary.identified, Vocabulary.groupJoined, Vocabulary.groupChanged, Vocabulary.consentChanged,
    ]
    private static let ids: Set = [
        Vocabulary.anonymousID, Vocabulary.previousID, Vocabulary.groupID, Vocabulary.groupType,
    ]

    private mutating func finish(_ event: Event, plain: [Change], takesTraits: Bool) {
        if event.name == Vocabulary.groupChanged {
            groupChanges = changes
            changes = []
        } else if takesTraits {
            changes = plain.sorted { $0.trait < $1.trait } + changes
        } else if !plain.isEmpty {
            groupChanges = plain
        }
        if changes.count > 1 { changes = EventContent.inOrder(changes) }
        if groupChanges.count > 1 { groupChanges = EventContent.inOrder(groupChanges) }
        if source.kind != .event || Vocabulary.administrative.contains(event.name) { isVisit = false }
        if device?.id == nil { device = nil }
    }

    private static func inOrder(_ changes: [Change]) -> [Change] {
        // Stable, so that a trait in plain comes before the same one as `$set.`.
        changes.enumerated().sorted { a, b in
            (a.element.operation.rank, a.element.trait, a.offset) < (
                b.element.operation.rank, b.element.trait, b.offset
            )
        }.map(\.element)
    }

    private mutating func readOperation(_ name: String, _ value: PropertyValue) {
        if name == Vocabulary.unset {
            for trait in value.texts where !trait.isEmpty { changes.append(Change(operation: .unset, trait: trait)) }
            return
        }
        if name == Vocabulary.clearAll {
            if value == .boolean(true) { changes.append(Change(operation: .clearAll, trait: "")) }
            return
        }
        guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return }
        let end = name.utf8.index(after: dot)
        guard end < name.endIndex, let operation = Vocabulary.TraitOperation(rawValue: String(name[..<end])) else {
            return
        }
        changes.append(Change(operation: .trait(operation), trait: String(name[end...]), value: value))
    }

    private enum Field {
        case locale, timeZone, deviceID, deviceKind, deviceModel, deviceToken, system, origin, originDetail, library
    }

    /// Comparisons, which cost less than a dictionary: it is asked for several properties of each event.
    private static func field(_ name: String) -> Field? {
        switch name {
        case "context.locale": .locale
        case "context.timezone": .timeZone
        case PeopleProperty.library: .library
        case "context.device.id": .deviceID
        case "context.device.type": .deviceKind
        case "context.device.model": .deviceModel
        case "context.device.token": .deviceToken
        case "context.os.name": .system
        case PeopleProperty.origin: .origin
        case PeopleProperty.originDetail: .originDetail
        default: nil
        }
    }

    private mutating func readContext(_ name: String, _ value: PropertyValue) {
        guard case .string(let text) = value, !text.isEmpty, let field = EventContent.field(name) else { return }
        switch field {
        case .locale: locale = text
        case .timeZone: timeZone = text
        case .deviceID:
            device = device ?? DeviceReading()
            device?.id = text.composed
        case .deviceKind:
            device = device ?? DeviceReading()
            device?.kind = text
        case .deviceModel:
            device = device ?? DeviceReading()
            device?.model = text
        case .deviceToken:
            device = device ?? DeviceReading()
            device?.pushToken = text
        case .system:
            device = device ?? DeviceReading()
            device?.system = text
        case .library where source.detail.isEmpty: source.detail = text
        case .library: break
        case .originDetail: source.detail = text
        case .origin:
            guard let kind = TraitSource.Kind.allCases.first(where: { $0.name == text }) else { return }
            source.kind = kind
        }
    }
}

extension FirstTouch {
    /// How a visit came about, from its first event.
    init(_ event: Event) {
        self.init()
        for property in event.properties {
            guard case .string(let text) = property.value, !text.isEmpty else { continue }
            guard let (field, isSure) = FirstTouch.fields[property.name] else { continue }
            if isSure || self[field] == nil { self[field] = text }
        }
    }

    static func reads(_ property: String) -> Bool { fields[property] != nil }

    /// The property that a field is from; those that are not sure give way to those that are.
    private static let fields: [String: (field: Field, isSure: Bool)] = [
        "context.referrer.url": (.referrer, true), "context.page.referrer": (.referrer, true),
        "referrer": (.referrer, false), "$referrer": (.referrer, false),
        "context.page.url": (.url, true), "url": (.url, false), "$current_url": (.url, false),
        "context.campaign.source": (.source, true), "utm_source": (.source, false),
        "context.campaign.medium": (.medium, true), "utm_medium": (.medium, false),
        "context.campaign.name": (.campaign, true), "utm_campaign": (.campaign, false),
        "context.campaign.term": (.term, true), "utm_term": (.term, false),
        "context.campaign.content": (.content, true), "utm_content": (.content, false),
    ]
}

extension ConsentStatement {
    /// The statement that an event makes; nil when it names no purpose or does not say yes or no.
    init?(_ stored: StoredEvent) {
        let event = stored.event
        func text(_ name: String) -> String? {
            if case .string(let text) = event[name], !text.isEmpty { text } else { nil }
        }
        guard event.name == Vocabulary.consentChanged, let purpose = text(PeopleProperty.purpose),
            case .boolean(let granted) = event[PeopleProperty.granted]
        else { return nil }
        let period: Period =
            switch text(PeopleProperty.period) {
            case "day": .day
            case "night": .night
            default: .unsaid
            }
        self.init(
            purpose: ConsentPurpose(rawValue: purpose),
            channel: text(PeopleProperty.channel).map(MessageChannel.init(rawValue:)), period: period,
            granted: granted,
            evidence: Evidence(
                text: text(PeopleProperty.evidenceText), version: text(PeopleProperty.evidenceVersion),
                source: text(PeopleProperty.evidenceSource), addressHash: text(PeopleProperty.evidenceAddressHash)),
            time: event.time, sequence: stored.sequence, id: event.person)
    }
}

extension PropertyValue {
    /// The value as an id: a text, or a number in digits.
    fileprivate var id: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number): PropertyValue.digits(number)
        default: nil
        }
    }
}

extension String {
    /// In composed form (NFC), in which SQL and Swift agree about what is equal.
    var composed: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }
}
