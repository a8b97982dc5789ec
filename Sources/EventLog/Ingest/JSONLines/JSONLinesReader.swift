import CEventLog

/// Reads JSON Lines in Segment's shape into batches.
///
/// | `type` | becomes |
/// |---|---|
/// | `track` (or none, with an `event`) | an event named `event` |
/// | `page`, `screen` | `Page Viewed`, `Screen Viewed`, with `name` and `category` as properties |
/// | `identify` | `Identified` with the traits as properties; with both ids, `anonymousId` is merged into `userId` |
/// | `group` | `Group Joined` with `groupId` and the traits as properties |
/// | `alias` | no event: `previousId` is merged into `userId` |
///
/// The person is `userId`, else `anonymousId`; numbers keep their exact digits. `timestamp` (else `originalTimestamp`)
/// is ISO 8601, UTC when it names no zone, or a number since 1970. `context` becomes properties that begin with
/// `context.`.
/// Other members (`integrations`, `sentAt`, `receivedAt`, `version` and so on) belong to the transport and are left
/// out.
struct JSONLinesReader: RecordReader {
    private let parser: JSONParser
    private var properties: JSONProperties

    init(key: HashKey) throws {
        parser = try JSONParser()
        properties = JSONProperties(key: key)
    }

    /// To be called for every new batch.
    mutating func startBatch() { properties.startBatch() }

    mutating func readRecord(
        _ text: InputText, into batch: inout EventBatch, merges: inout Merges
    ) throws -> RecordOutcome {
        guard let line = try text.peekLine() else { return .end }
        if line.count > InputText.lineBytesMax { return .rejected(try .tooLong(text)) }
        let bytes = text.front(line.count)
        defer { text.consume(content: line.count, next: line.next, lines: 1) }
        do {
            try read(bytes, into: &batch, merges: &merges)
            return .event
        } catch {
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 9 || $0 == 13 }) { return .blank }
            return .rejected(Rejection(text, line.count, LineProblem.reason(of: error)))
        }
    }

    /// Reads one line, followed by at least `CEVENTLOG_JSON_PADDING` readable bytes. Adds one event, or a merge, or
    /// both.
    ///
    /// - Throws: `LineProblem` or `EventLogError` saying what is wrong with the line; nothing has been added then.
    mutating func read(
        _ line: UnsafeRawBufferPointer, into batch: inout EventBatch, merges: inout Merges
    ) throws {
        let tokens = try parser.parse(line)
        let message = try SegmentMessage(tokens)
        let before = batch.count
        properties.startLine()
        do {
            try add(message, tokens, to: &batch)
            try addMerge(message, tokens, to: &merges)
        } catch {
            batch.discard(to: before)
            throw error
        }
    }

    private mutating func add(_ message: SegmentMessage, _ tokens: JSONTokens, to batch: inout EventBatch) throws {
        guard message.kind != .alias else { return }
        let name = try batch.name(try message.eventName(tokens))
        let time = try message.time(tokens)
        try batch.begin(person: try message.person(tokens), name: name, time: time)
        switch message.kind {
        case .page, .screen:
            try addField("name", message.name, tokens, to: &batch)
            try addField("category", message.category, tokens, to: &batch)
        case .group:
            guard message.groupID >= 0 else { throw LineProblem("a group line needs a 'groupId'") }
            try addField("groupId", message.groupID, tokens, to: &batch)
        case .track, .identify, .alias: break
        }
        let content = message.kind == .identify || message.kind == .group ? message.traits : message.properties
        try properties.add(tokens, content, below: PropertyPaths.root, to: &batch)
        try properties.add(tokens, message.context, below: PropertyPaths.context, to: &batch)
        if message.messageID >= 0 {
            try batch.end(messageID: try SegmentMessage.id(tokens[message.messageID], "messageId"))
        } else {
            try batch.end()
        }
    }

    /// A member of the message itself that becomes a property; the same name among the properties then gives way.
    private mutating func addField(
        _ name: StaticString, _ index: Int, _ tokens: JSONTokens, to batch: inout EventBatch
    ) throws {
        guard index >= 0 else { return }
        let token = tokens[index]
        guard token.isString || token.isNumber else {
            throw LineProblem("'\(name)' is \(token.kindName); it should be a string")
        }
        try properties.addTop(name, token, to: &batch)
    }

    private func addMerge(_ message: SegmentMessage, _ tokens: JSONTokens, to merges: inout Merges) throws {
        switch message.kind {
        case .identify where message.userID >= 0 && message.anonymousID >= 0:
            try merges.add(
                alias: try SegmentMessage.id(tokens[message.anonymousID], "anonymousId"),
                person: try SegmentMessage.id(tokens[message.userID], "userId"))
        case .alias:
            guard message.previousID >= 0, message.userID >= 0 else {
                throw LineProblem("an alias line needs 'previousId' and 'userId'")
            }
            try merges.add(
                alias: try SegmentMessage.id(tokens[message.previousID], "previousId"),
                person: try SegmentMessage.id(tokens[message.userID], "userId"))
        default: break
        }
    }
}
