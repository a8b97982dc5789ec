/// One message in Segment's shape: where its members are. Null and empty ids count as absent.
///
/// Import and collection both write their events through it, so that they make the same of the same message:
///
/// | `type` | becomes |
/// |---|---|
/// | `track` (or none, with an `event`) | an event named `event` |
/// | `page`, `screen` | `Page Viewed`, `Screen Viewed`, with `name` and `category` as properties |
/// | `identify` | `Identified` with the traits as properties |
/// | `group` | `Group Joined` with `groupId` and the traits as properties |
/// | `alias` | `Aliased` with `previousId` |
///
/// The person is `userId`, else `anonymousId`; when both came, `anonymousId` is a property too. Numbers keep their
/// exact digits.
package struct SegmentMessage {
    package enum Kind: String, Sendable, CaseIterable { case track, identify, page, screen, group, alias }

    package private(set) var kind = Kind.track
    package private(set) var userID: JSONValue?
    package private(set) var anonymousID: JSONValue?
    package private(set) var previousID: JSONValue?
    package private(set) var groupID: JSONValue?
    package private(set) var event: JSONValue?
    package private(set) var name: JSONValue?
    package private(set) var category: JSONValue?
    package private(set) var timestamp: JSONValue?
    package private(set) var originalTimestamp: JSONValue?
    package private(set) var messageID: JSONValue?
    package private(set) var properties: JSONValue?
    package private(set) var traits: JSONValue?
    package private(set) var context: JSONValue?

    /// - Parameter kind: what the message is when it does not say so itself.
    /// - Throws: `LineProblem` for an unknown or missing type.
    package init(_ message: JSONValue, kind defaultKind: Kind? = nil) throws {
        var type: JSONValue?
        for member in message.children where !member.isNull { note(member, &type) }
        if let type {
            kind = try Self.kind(type)
        } else if let defaultKind {
            kind = defaultKind
        } else if event == nil {
            throw LineProblem("there is no 'type'; it should be track, identify, page, screen, group or alias")
        }
    }

    @inline(__always)
    private mutating func note(_ member: JSONValue, _ type: inout JSONValue?) {
        let key = member.key
        switch key.count {
        case 4:
            if key.equals("type") { type = member } else if key.equals("name") { name = member }
        case 5: if key.equals("event") { event = member }
        case 6:
            if key.equals("userId") { Self.set(&userID, member) } else if key.equals("traits") { traits = member }
        case 7:
            if key.equals("context") {
                context = member
            } else if key.equals("groupId") {
                Self.set(&groupID, member)
            }
        case 8: if key.equals("category") { category = member }
        case 9:
            if key.equals("timestamp") {
                timestamp = member
            } else if key.equals("messageId") {
                Self.set(&messageID, member)
            }
        case 10:
            if key.equals("properties") {
                properties = member
            } else if key.equals("previousId") {
                Self.set(&previousID, member)
            }
        case 11: if key.equals("anonymousId") { Self.set(&anonymousID, member) }
        case 17: if key.equals("originalTimestamp") { originalTimestamp = member }
        default: break
        }
    }

    private static func set(_ id: inout JSONValue?, _ member: JSONValue) {
        if !member.bytes.isEmpty { id = member }
    }

    private static func kind(_ value: JSONValue) throws -> Kind {
        let text = value.bytes
        if value.isString {
            if text.equals("track") { return .track }
            if text.equals("page") { return .page }
            if text.equals("identify") { return .identify }
            if text.equals("screen") { return .screen }
            if text.equals("group") { return .group }
            if text.equals("alias") { return .alias }
        }
        let shown = String(decoding: text.prefix(40), as: UTF8.self)
        throw LineProblem("the type '\(shown)' is unknown; it should be track, identify, page, screen, group or alias")
    }

    /// The bytes of an id: a string, or a number with its exact digits.
    package static func id(_ value: JSONValue, _ name: StaticString) throws -> UnsafeRawBufferPointer {
        guard value.isString || value.isNumber else {
            throw LineProblem("'\(name)' is \(value.kindName); an id is a string or a number")
        }
        return value.bytes
    }

    package func person() throws -> UnsafeRawBufferPointer {
        if let userID { return try Self.id(userID, "userId") }
        if let anonymousID { return try Self.id(anonymousID, "anonymousId") }
        throw LineProblem("there is neither a 'userId' nor an 'anonymousId', so it is nobody's event")
    }

    package func eventName() throws -> UnsafeRawBufferPointer {
        switch kind {
        case .page: return UnsafeRawBufferPointer("Page Viewed" as StaticString)
        case .screen: return UnsafeRawBufferPointer("Screen Viewed" as StaticString)
        case .identify: return UnsafeRawBufferPointer("Identified" as StaticString)
        case .group: return UnsafeRawBufferPointer("Group Joined" as StaticString)
        case .alias: return UnsafeRawBufferPointer("Aliased" as StaticString)
        case .track:
            guard let event else { throw LineProblem("a track message needs an 'event'") }
            guard event.isString else {
                throw LineProblem("'event' is \(event.kindName); it should be a string")
            }
            return event.bytes
        }
    }

    /// Whether the message says when it happened.
    package var hasTime: Bool { timestamp != nil || originalTimestamp != nil }

    /// When it happened by the sender's clock, in milliseconds UTC.
    package func time() throws -> Int64 {
        guard let value = timestamp ?? originalTimestamp else { throw LineProblem("there is no 'timestamp'") }
        if let time = value.time { return time }
        let shown = String(decoding: value.bytes.prefix(40), as: UTF8.self)
        throw LineProblem(
            "the timestamp '\(shown)' is no time; write 2024-05-01T10:20:30.000Z, or seconds or milliseconds since 1970"
        )
    }
}

extension SegmentMessage {
    /// Begins the message's event and adds everything but its context. The caller adds that and ends the event, or
    /// discards it after a throw.
    package func begin(
        time: Int64, _ properties: inout JSONProperties, in batch: inout EventBatch
    ) throws {
        let name = try batch.name(try eventName())
        try batch.begin(person: try person(), name: name, time: time)
        if userID != nil, let anonymousID {
            try properties.add(
                string: try Self.id(anonymousID, "anonymousId"), as: .anonymousID, to: &batch)
        }
        switch kind {
        case .page, .screen:
            try addField("name", self.name, as: .name, &properties, &batch)
            try addField("category", category, as: .category, &properties, &batch)
        case .group:
            guard let groupID else { throw LineProblem("a group message needs a 'groupId'") }
            try properties.add(string: try Self.id(groupID, "groupId"), as: .groupID, to: &batch)
        case .alias:
            guard let previousID, userID != nil else {
                throw LineProblem("an alias message needs 'previousId' and 'userId'")
            }
            try properties.add(string: try Self.id(previousID, "previousId"), as: .previousID, to: &batch)
        case .track, .identify: break
        }
        switch kind {
        // RudderStack's SDKs for servers write the traits into the context.
        case .identify: try properties.add(traits ?? context?["traits"], below: .root, to: &batch)
        case .group: try properties.add(traits, below: .root, to: &batch)
        default: try properties.add(self.properties, below: .root, to: &batch)
        }
    }

    /// A member of the message itself that becomes a property; the same name among the properties then gives way.
    private func addField(
        _ name: StaticString, _ value: JSONValue?, as place: JSONProperties.Place, _ properties: inout JSONProperties,
        _ batch: inout EventBatch
    ) throws {
        guard let value else { return }
        if value.isString {
            try properties.add(string: value.bytes, as: place, to: &batch)
        } else if value.isNumber {
            try properties.add(number: value.number, as: place, to: &batch)
        } else {
            throw LineProblem("'\(name)' is \(value.kindName); it should be a string")
        }
    }

    /// Ends the event that `begin` began, with the message's id.
    package func end(_ batch: inout EventBatch) throws {
        if let messageID {
            try batch.end(messageID: try Self.id(messageID, "messageId"))
        } else {
            try batch.end()
        }
    }
}
