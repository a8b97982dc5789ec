/// Reads CSV and its relatives into batches, one event a record.
///
/// An empty field is an absent property. A record with more or fewer fields than the header, or the first record, is
/// rejected, and so is one whose quotes are wrong: reading then goes on with the line after the record's first.
struct DelimitedReader: RecordReader {
    private let mapping: ColumnMapping
    /// The header row as it stands in the source, for the digest; empty when there is none.
    let headerBytes: [UInt8]
    private var splitter: RecordSplitter
    private var times: TimeReader
    private var propertyTimes: TimeReader
    /// The event name that all events share.
    private let constantName: [UInt8]?
    private var constantNumber: UInt16 = 0
    private var propertyNumbers: [UInt16] = []
    private var isBatchNew = true

    /// Looks at the first rows, and passes the header if there is one.
    ///
    /// - Throws: `ImportError` with code `mapping` or `layout`.
    init(_ options: DelimitedOptions, _ text: InputText) throws {
        times = try TimeReader(options.timeFormat, zone: options.timeZone)
        propertyTimes = try TimeReader(.automatic, zone: options.timeZone)
        _ = try text.ensure(TextCheck.sampleBytes)
        let delimiter = options.delimiter == .automatic ? DelimitedSample.delimiter(of: text) : options.delimiter.byte
        splitter = RecordSplitter(delimiter: delimiter)
        let sample = DelimitedSample(text, delimiter: delimiter)
        guard let first = sample.rows.first else {
            throw ImportError(
                .layout,
                "the first row cannot be read: it is longer than \(TextCheck.sampleBytes) bytes or its quotes "
                    + "are wrong",
                source: text.name)
        }
        let hasHeader = try Self.hasHeader(options, first, &times, text.name)
        let options = options.settlingEvent(hasHeader ? first : nil)
        mapping = try {
            var mapping = try ColumnMapping(
                options, header: hasHeader ? first : nil, columnCount: first.count, source: text.name)
            mapping.inferTypes(sample.rows[(hasHeader ? 1 : 0)...])
            return mapping
        }()
        if case .constant(let name) = options.event { constantName = Array(name.utf8) } else { constantName = nil }
        try Self.checkName(constantName, text.name)
        headerBytes = hasHeader ? Self.passHeader(text, &splitter) : []
    }

    private static func checkName(_ name: [UInt8]?, _ source: String) throws {
        guard let name else { return }
        if name.isEmpty || name.count > Limits.nameBytes {
            throw ImportError(
                .mapping, "the event name has \(name.count) bytes; it needs 1 to \(Limits.nameBytes)", source: source)
        }
    }

    private static func hasHeader(
        _ options: DelimitedOptions, _ first: [String], _ times: inout TimeReader, _ source: String
    ) throws -> Bool {
        switch options.header {
        case .present: return true
        case .absent: return false
        case .automatic:
            if options.references.contains(where: { Int($0) == nil }) { return true }
            guard let column = Int(options.time), column >= 1, column <= first.count else { return false }
            var value = first[column - 1]
            return value.withUTF8 { times.read(UnsafeRawBufferPointer($0)) } == nil
        }
    }

    /// Passes blank lines and the header row, and returns the latter's bytes.
    private static func passHeader(_ text: InputText, _ splitter: inout RecordSplitter) -> [UInt8] {
        while splitter.split(text.window, isLast: text.sourceEnded) == .record {
            let header = splitter.isBlank ? [] : Array(text.front(splitter.contentEnd))
            let isBlank = splitter.isBlank
            text.consume(content: splitter.contentEnd, next: splitter.next, lines: UInt64(splitter.newlines))
            if !isBlank { return header }
        }
        return []
    }

    mutating func startBatch() { isBatchNew = true }

    mutating func readRecord(_ text: InputText, into batch: inout EventBatch) throws -> RecordOutcome {
        var status = splitter.split(text.window, isLast: text.sourceEnded)
        while status == .incomplete {
            if text.window.count > InputText.lineBytesMax { return try rejectLine(text, nil) }
            _ = try text.fill()
            if text.window.isEmpty { return .end }
            status = splitter.split(text.window, isLast: text.sourceEnded)
        }
        guard status == .record else { return try rejectLine(text, reason(status)) }
        let content = splitter.contentEnd
        if content > InputText.lineBytesMax { return try rejectLine(text, nil) }
        if text.window.isEmpty { return .end }
        defer { text.consume(content: content, next: splitter.next, lines: UInt64(splitter.newlines)) }
        if splitter.isBlank { return .blank }
        do {
            if let problem = text.problem(in: content) { throw LineProblem(problem) }
            try add(text.front(content), to: &batch)
            return .event
        } catch {
            return .rejected(Rejection(text, content, LineProblem.reason(of: error)))
        }
    }

    // MARK: Records that cannot be split

    private func reason(_ status: RecordSplitter.Status) -> String {
        let column = splitter.contentEnd + 1
        switch status {
        case .unclosedQuote: return "the quote at column \(column) is not closed before the end of the text"
        case .afterQuote:
            return "something follows the closing quote before column \(column); write a quote inside quotes twice"
        default: return "there are more than \(RecordSplitter.columnsMax) fields"
        }
    }

    /// Rejects the first line of a record. Without a reason, the record or its first line is too long.
    private func rejectLine(_ text: InputText, _ reason: String?) throws -> RecordOutcome {
        guard let line = try text.peekLine() else { return .end }
        if line.count > InputText.lineBytesMax { return .rejected(try .tooLong(text)) }
        let tooLong = "a quote is opened that is not closed within \(InputText.lineBytesMax) bytes"
        let rejection = Rejection(text, line.count, text.problem(in: line.count) ?? reason ?? tooLong)
        text.consume(content: line.count, next: line.next, lines: 1)
        return .rejected(rejection)
    }

    // MARK: One record

    private mutating func add(_ record: UnsafeRawBufferPointer, to batch: inout EventBatch) throws {
        if isBatchNew { try learnNumbers(&batch) }
        guard splitter.count == mapping.columnCount else {
            throw LineProblem("the row has \(splitter.count) fields; there should be \(mapping.columnCount)")
        }
        let before = batch.count
        do {
            try begin(record, &batch)
            for index in mapping.properties.indices { try addProperty(index, record, &batch) }
            if let column = mapping.messageID {
                try splitter.withValue(column, of: record) { try batch.end(messageID: $0) }
            } else {
                try batch.end()
            }
        } catch {
            batch.discard(to: before)
            throw error
        }
    }

    private mutating func learnNumbers(_ batch: inout EventBatch) throws {
        propertyNumbers = try mapping.properties.map { property in
            try property.name.withUnsafeBytes { try batch.property($0) }
        }
        if let constantName { constantNumber = try constantName.withUnsafeBytes { try batch.name($0) } }
        isBatchNew = false
    }

    private mutating func begin(_ record: UnsafeRawBufferPointer, _ batch: inout EventBatch) throws {
        let time = try splitter.withValue(mapping.time, of: record) { bytes in
            guard let time = times.read(bytes) else {
                let shown = String(decoding: bytes.prefix(40), as: UTF8.self)
                throw LineProblem("the time '\(shown)' does not fit the format \(times.format.label)")
            }
            return time
        }
        var name = constantNumber
        if let column = mapping.event { name = try splitter.withValue(column, of: record) { try batch.name($0) } }
        try splitter.withValue(mapping.person, of: record) { try batch.begin(person: $0, name: name, time: time) }
    }

    private mutating func addProperty(_ index: Int, _ record: UnsafeRawBufferPointer, _ batch: inout EventBatch) throws
    {
        let property = mapping.properties[index]
        let number = propertyNumbers[index]
        try splitter.withValue(property.column, of: record) { bytes in
            if bytes.isEmpty { return }
            switch property.type {
            case .string: try batch.add(number, string: bytes)
            case .number:
                if let value = property.isInferred ? PlainValue.number(bytes) : PlainValue.anyNumber(bytes) {
                    try batch.add(number, number: value)
                } else {
                    try Self.keep(bytes, property, "a number", number, &batch)
                }
            case .boolean:
                if let value = PlainValue.boolean(bytes) {
                    try batch.add(number, boolean: value)
                } else {
                    try Self.keep(bytes, property, "true or false", number, &batch)
                }
            case .time:
                guard let value = propertyTimes.read(bytes) else { throw Self.misfit(bytes, property, "a time") }
                try batch.add(number, time: value)
            case .automatic:
                if let value = PlainValue.number(bytes) {
                    try batch.add(number, number: value)
                } else if let value = PlainValue.boolean(bytes) {
                    try batch.add(number, boolean: value)
                } else {
                    try batch.add(number, string: bytes)
                }
            }
        }
    }

    /// A value that does not fit: kept as a string when the type was only told from the first rows.
    private static func keep(
        _ bytes: UnsafeRawBufferPointer, _ property: ColumnMapping.Property, _ expected: String, _ number: UInt16,
        _ batch: inout EventBatch
    ) throws {
        guard property.isInferred else { throw misfit(bytes, property, expected) }
        try batch.add(number, string: bytes)
    }

    private static func misfit(
        _ bytes: UnsafeRawBufferPointer, _ property: ColumnMapping.Property, _ expected: String
    ) -> LineProblem {
        let name = String(decoding: property.name, as: UTF8.self)
        return LineProblem(
            "the value '\(String(decoding: bytes.prefix(40), as: UTF8.self))' of '\(name)' is not \(expected)")
    }
}
