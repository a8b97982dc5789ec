/// Reads JSON Lines in Segment's shape into batches: `SegmentMessage` says what becomes of each message.
///
/// `timestamp` (else `originalTimestamp`) is needed. `context` becomes properties that begin with `context.`. Other
/// members (`integrations`, `sentAt`, `receivedAt`, `version` and so on) belong to the transport and are left out.
///
/// Who is one person by an `identify` or an `alias` is not decided here, but by whoever reads the events.
struct JSONLinesReader: RecordReader {
    private let parser: JSONParser
    private var properties: JSONProperties

    init(key: HashKey) throws {
        parser = try JSONParser()
        properties = JSONProperties(key: key)
    }

    /// To be called for every new batch.
    mutating func startBatch() { properties.startBatch() }

    mutating func readRecord(_ text: InputText, into batch: inout EventBatch) throws -> RecordOutcome {
        guard let line = try text.peekLine() else { return .end }
        if line.count > InputText.lineBytesMax { return .rejected(try .tooLong(text)) }
        let bytes = text.front(line.count)
        defer { text.consume(content: line.count, next: line.next, lines: 1) }
        do {
            try read(bytes, into: &batch)
            return .event
        } catch {
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 9 || $0 == 13 }) { return .blank }
            return .rejected(Rejection(text, line.count, LineProblem.reason(of: error)))
        }
    }

    /// Reads one line, followed by at least `CEVENTLOG_JSON_PADDING` readable bytes, and adds its event.
    ///
    /// - Throws: `LineProblem` or `EventLogError` saying what is wrong with the line; nothing has been added then.
    mutating func read(_ line: UnsafeRawBufferPointer, into batch: inout EventBatch) throws {
        let message = try SegmentMessage(JSONValue(try parser.parse(line), 0))
        let before = batch.count
        properties.startLine()
        do {
            try message.begin(time: try message.time(), &properties, in: &batch)
            try properties.add(message.context, below: .context, to: &batch)
            try message.end(&batch)
        } catch {
            batch.discard(to: before)
            throw error
        }
    }
}
