/// What came of one record of a source.
enum RecordOutcome {
    /// An event was added.
    case event
    /// An empty line.
    case blank
    case rejected(Rejection)
    /// There is no further record.
    case end
}

/// Reads the records of one layout from the front of a text.
protocol RecordReader {
    /// To be called for every new batch: numbers of names belong to a batch.
    mutating func startBatch()

    /// Reads and consumes the next record.
    ///
    /// - Throws: only what ends the import; what is wrong with a record is an outcome.
    mutating func readRecord(_ text: InputText, into batch: inout EventBatch) throws -> RecordOutcome
}

extension Rejection {
    /// How much of a line that is too long is kept.
    static let longTextBytes = 1024

    /// A rejection of the `count` bytes at the front of a text.
    init(_ text: InputText, _ count: Int, _ reason: String) {
        self.init(line: text.line, reason: reason, text: String(decoding: text.front(count), as: UTF8.self))
    }

    /// Rejects the line at the front for its length, and passes it.
    static func tooLong(_ text: InputText) throws -> Rejection {
        let line = text.line
        let beginning = String(decoding: text.front(min(longTextBytes, text.window.count)), as: UTF8.self)
        let count = try text.consumeLongLine()
        let reason =
            "the line has \(count) bytes; at most \(InputText.lineBytesMax) are read. Its beginning is kept here"
        return Rejection(line: line, reason: reason, text: beginning)
    }
}
