/// Reads JSON Lines in Segment's shape into batches: `SegmentMessage` says what becomes of each message.
///
/// Ids that an `identify` or an `alias` joins are merged as well. `timestamp` (else `originalTimestamp`) is needed
/// except by an alias, which without one is a merge and no event. `context` becomes properties that begin with
/// `context.`. Other members (`integrations`, `sentAt`, `receivedAt`, `version` and so on) belong to the transport and
/// are left out.
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
        let message = try SegmentMessage(JSONValue(try parser.parse(line), 0))
        let before = batch.count
        properties.startLine()
        do {
            try add(message, to: &batch)
            try addMerge(message, to: &merges)
        } catch {
            batch.discard(to: before)
            throw error
        }
    }

    private mutating func add(_ message: SegmentMessage, to batch: inout EventBatch) throws {
        if message.kind == .alias, !message.hasTime { return }
        try message.begin(time: try message.time(), &properties, in: &batch)
        try properties.add(message.context, below: .context, to: &batch)
        try message.end(&batch)
    }

    private func addMerge(_ message: SegmentMessage, to merges: inout Merges) throws {
        switch message.kind {
        case .identify:
            guard let userID = message.userID, let anonymousID = message.anonymousID else { return }
            try merges.add(
                alias: try SegmentMessage.id(anonymousID, "anonymousId"),
                person: try SegmentMessage.id(userID, "userId"))
        case .alias:
            guard let previousID = message.previousID, let userID = message.userID else {
                throw LineProblem("an alias message needs 'previousId' and 'userId'")
            }
            try merges.add(
                alias: try SegmentMessage.id(previousID, "previousId"),
                person: try SegmentMessage.id(userID, "userId"))
        default: break
        }
    }
}
