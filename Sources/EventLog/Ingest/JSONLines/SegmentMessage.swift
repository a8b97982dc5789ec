import CEventLog

/// Where the members of one message in Segment's shape are among the tokens of its line. -1 is absent; null and empty
/// ids count as absent.
struct SegmentMessage {
    enum Kind { case track, identify, page, screen, group, alias }

    private(set) var kind = Kind.track
    private(set) var userID = -1
    private(set) var anonymousID = -1
    private(set) var previousID = -1
    private(set) var groupID = -1
    private(set) var event = -1
    private(set) var name = -1
    private(set) var category = -1
    private(set) var timestamp = -1
    private(set) var originalTimestamp = -1
    private(set) var messageID = -1
    private(set) var properties = -1
    private(set) var traits = -1
    private(set) var context = -1

    /// - Throws: `LineProblem` for an unknown or missing type.
    init(_ tokens: JSONTokens) throws {
        var type = -1
        var index = 1
        while index < tokens.count {
            let token = tokens[index]
            if !token.isNull { note(token.keyBytes, index, token.text_count == 0, &type) }
            index = Int(token.next)
        }
        if type >= 0 {
            kind = try Self.kind(tokens[type])
        } else if event < 0 {
            throw LineProblem("there is no 'type'; it should be track, identify, page, screen, group or alias")
        }
    }

    @inline(__always)
    private mutating func note(_ key: UnsafeRawBufferPointer, _ index: Int, _ isEmpty: Bool, _ type: inout Int) {
        switch key.count {
        case 4:
            if key.equals("type") { type = index } else if key.equals("name") { name = index }
        case 5: if key.equals("event") { event = index }
        case 6:
            if key.equals("userId"), !isEmpty { userID = index } else if key.equals("traits") { traits = index }
        case 7:
            if key.equals("context") { context = index } else if key.equals("groupId"), !isEmpty { groupID = index }
        case 8: if key.equals("category") { category = index }
        case 9:
            if key.equals("timestamp") {
                timestamp = index
            } else if key.equals("messageId"), !isEmpty {
                messageID = index
            }
        case 10:
            if key.equals("properties") {
                properties = index
            } else if key.equals("previousId"), !isEmpty {
                previousID = index
            }
        case 11: if key.equals("anonymousId"), !isEmpty { anonymousID = index }
        case 17: if key.equals("originalTimestamp") { originalTimestamp = index }
        default: break
        }
    }

    private static func kind(_ token: ceventlog_json_token) throws -> Kind {
        let text = token.bytes
        if token.isString {
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
    static func id(_ token: ceventlog_json_token, _ name: StaticString) throws -> UnsafeRawBufferPointer {
        guard token.isString || token.isNumber else {
            throw LineProblem("'\(name)' is \(token.kindName); an id is a string or a number")
        }
        return token.bytes
    }

    func person(_ tokens: JSONTokens) throws -> UnsafeRawBufferPointer {
        if userID >= 0 { return try Self.id(tokens[userID], "userId") }
        if anonymousID >= 0 { return try Self.id(tokens[anonymousID], "anonymousId") }
        throw LineProblem("there is neither a 'userId' nor an 'anonymousId', so it is nobody's event")
    }

    func eventName(_ tokens: JSONTokens) throws -> UnsafeRawBufferPointer {
        switch kind {
        case .page: return UnsafeRawBufferPointer("Page Viewed" as StaticString)
        case .screen: return UnsafeRawBufferPointer("Screen Viewed" as StaticString)
        case .identify: return UnsafeRawBufferPointer("Identified" as StaticString)
        case .group: return UnsafeRawBufferPointer("Group Joined" as StaticString)
        case .track, .alias:
            guard event >= 0 else { throw LineProblem("a track line needs an 'event'") }
            guard tokens[event].isString else {
                throw LineProblem("'event' is \(tokens[event].kindName); it should be a string")
            }
            return tokens[event].bytes
        }
    }

    func time(_ tokens: JSONTokens) throws -> Int64 {
        let index = timestamp >= 0 ? timestamp : originalTimestamp
        guard index >= 0 else { throw LineProblem("there is no 'timestamp'") }
        let token = tokens[index]
        if token.isString {
            if let time = CivilTime(iso8601: token.bytes) {
                return time.milliseconds &- (time.offsetSeconds ?? 0) &* 1000
            }
            if let time = EpochTime.milliseconds(token.bytes) { return time }
        } else if token.isNumber, let time = EpochTime.milliseconds(token.number) {
            return time
        }
        let shown = String(decoding: token.bytes.prefix(40), as: UTF8.self)
        throw LineProblem(
            "the timestamp '\(shown)' is no time; write 2024-05-01T10:20:30.000Z, or seconds or milliseconds since 1970"
        )
    }
}
