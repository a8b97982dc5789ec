extension EventBatch {
    /// The rows as they are stored: row 0 has sequence number `firstSequence`, the others follow it. Those whose name
    /// the selection does not want are left out.
    ///
    /// - Complexity: O(rows * columns that are wanted + values)
    package func storedEvents(
        firstSequence: UInt64, receivedTime: Int64, _ selection: TailSelection = .everything
    ) -> [StoredEvent] {
        let names = (0..<names.count).map { self.names.string($0) }
        let wantedNames = selection.wanted(names)
        if let wantedNames, !wantedNames.contains(true) { return [] }
        let all = columns.map { (name: properties.string(Int($0.property)), column: $0) }.sorted {
            ($0.name, $0.column.type.rawValue) < ($1.name, $1.column.type.rawValue)
        }
        let wanted = selection.columns(all, ofEvents: names)
        var readers = all.map { StagedReader($0.column) }
        var nextMessage = 0
        return messageBytes.withUnsafeBytes { bytes in
            (0..<count).compactMap { row in
                let name = Int(rowNames[row])
                if let wantedNames, !wantedNames[name] {
                    if nextMessage < messageRows.count, Int(messageRows[nextMessage]) == row { nextMessage += 1 }
                    return nil
                }
                var properties: [Event.Property] = []
                for index in wanted[name] {
                    guard let value = readers[index].value(atRow: row) else { continue }
                    properties.append(Event.Property(all[index].name, value))
                }
                var messageID: String?
                if nextMessage < messageRows.count, Int(messageRows[nextMessage]) == row {
                    if selection.messageIDs {
                        let start = nextMessage == 0 ? 0 : messageEnds[nextMessage - 1]
                        messageID = String(decoding: bytes[start..<messageEnds[nextMessage]], as: UTF8.self)
                    }
                    nextMessage += 1
                }
                return StoredEvent(
                    event: Event(
                        person: persons.string(Int(rowPersons[row])), name: names[name], time: rowTimes[row],
                        properties: properties, messageID: messageID),
                    sequence: firstSequence + UInt64(row), receivedTime: receivedTime)
            }
        }
    }
}

/// Reads a column with ascending rows.
private struct StagedReader {
    private let column: StagedColumn
    private var next = 0
    /// The latest string, because the same one often comes again.
    private var latest: (code: UInt32, value: PropertyValue)?

    init(_ column: StagedColumn) { self.column = column }

    mutating func value(atRow row: Int) -> PropertyValue? {
        while next < column.rows.count, Int(column.rows[next]) < row { next += 1 }
        guard next < column.rows.count, Int(column.rows[next]) == row else { return nil }
        guard column.type == .string else { return column.value(next) }
        let code = column.codes[next]
        if let latest, latest.code == code { return latest.value }
        let value = column.value(next)
        latest = (code, value)
        return value
    }
}

extension StagedColumn {
    /// The value of one entry.
    func value(_ entry: Int) -> PropertyValue {
        let start = !type.isList ? entry : entry == 0 ? 0 : Int(ends[entry - 1])
        let end = type.isList ? Int(ends[entry]) : entry + 1
        let values = start..<end
        return switch type {
        case .string: .string(dictionary.string(Int(codes[entry])))
        case .number: .number(numbers[entry])
        case .boolean: .boolean(booleans[entry])
        case .time: .time(times[entry])
        case .strings: .strings(codes[values].map { dictionary.string(Int($0)) })
        case .numbers: .numbers(Array(numbers[values]))
        case .booleans: .booleans(Array(booleans[values]))
        case .times: .times(Array(times[values]))
        }
    }
}
