extension EventBatch {
    /// The rows as they are stored: row 0 has sequence number `firstSequence`, the others follow it.
    ///
    /// - Complexity: O(rows * columns + values)
    package func storedEvents(firstSequence: UInt64, receivedTime: Int64) -> [StoredEvent] {
        let columns = columns.map { (name: properties.string(Int($0.property)), column: $0) }.sorted {
            ($0.name, $0.column.type.rawValue) < ($1.name, $1.column.type.rawValue)
        }
        let names = (0..<names.count).map { self.names.string($0) }
        // The entry of each column that is next: rows ascend.
        var next = [Int](repeating: 0, count: columns.count)
        var nextMessage = 0
        return messageBytes.withUnsafeBytes { bytes in
            (0..<count).map { row in
                var properties: [Event.Property] = []
                for (index, item) in columns.enumerated() {
                    let entry = next[index]
                    guard entry < item.column.rows.count, Int(item.column.rows[entry]) == row else { continue }
                    properties.append(Event.Property(item.name, item.column.value(entry)))
                    next[index] = entry + 1
                }
                var messageID: String?
                if nextMessage < messageRows.count, Int(messageRows[nextMessage]) == row {
                    let start = nextMessage == 0 ? 0 : messageEnds[nextMessage - 1]
                    messageID = String(decoding: bytes[start..<messageEnds[nextMessage]], as: UTF8.self)
                    nextMessage += 1
                }
                return StoredEvent(
                    event: Event(
                        person: persons.string(Int(rowPersons[row])), name: names[Int(rowNames[row])],
                        time: rowTimes[row], properties: properties, messageID: messageID),
                    sequence: firstSequence + UInt64(row), receivedTime: receivedTime)
            }
        }
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
