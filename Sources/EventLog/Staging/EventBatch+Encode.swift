extension EventBatch {
    /// The batch as bytes, for the write-ahead log: its tables of strings, then its columns as they lie in memory.
    func encode(to writer: inout ByteWriter) {
        persons.encode(to: &writer)
        names.encode(to: &writer)
        properties.encode(to: &writer)
        writer.write(array: rowPersons)
        writer.write(array: rowNames)
        writer.write(array: rowTimes)
        writer.write(array: messageRows)
        writer.write(array: messageEnds.map(UInt32.init))
        writer.write(array: messageBytes)
        writer.write(UInt32(columns.count))
        for column in columns {
            writer.write(column.property)
            writer.write(column.type.rawValue)
            writer.write(array: column.rows)
            if column.type.isList { writer.write(array: column.ends) }
            switch column.type.element {
            case .number: writer.write(array: column.numbers)
            case .time: writer.write(array: column.times)
            case .boolean: writer.write(array: column.booleans.map { $0 ? UInt8(1) : 0 })
            default:
                column.dictionary.encode(to: &writer)
                writer.write(array: column.codes)
            }
        }
    }

    /// - Throws: `corrupt` for anything that `encode` cannot have written.
    init(from reader: inout ByteReader, key: HashKey) throws {
        self.init(key: key)
        persons = try ByteInterner(from: &reader, key: key)
        names = try ByteInterner(from: &reader, key: key)
        let properties = try ByteInterner(from: &reader, key: key)
        for index in 0..<properties.count { _ = addProperty(properties, index) }
        rowPersons = try reader.readArray()
        rowNames = try reader.readArray()
        rowTimes = try reader.readArray()
        messageRows = try reader.readArray()
        messageEnds = try reader.readArray(of: UInt32.self).map(Int.init)
        messageBytes = try reader.readArray()
        let count = self.count
        try reader.check(rowPersons.count == count && rowNames.count == count, "rows of different lengths")
        try reader.check(rowPersons.allSatisfy { $0 < persons.count }, "persons that are not there")
        try reader.check(rowNames.allSatisfy { $0 < names.count }, "names that are not there")
        try reader.check(
            rowTimes.allSatisfy { $0 >= Limits.earliestTime && $0 <= Limits.latestTime }, "times out of range")
        try reader.check(messageRows.isAscending(below: count), "message ids of impossible rows")
        try reader.check(
            messageEnds.count == messageRows.count && messageEnds.isSortedUp(to: messageBytes.count),
            "message ids of impossible lengths")
        hashMessages()
        let columnCount = Int(try reader.read(UInt32.self))
        for _ in 0..<columnCount { try readColumn(&reader) }
        approximateBytes = count * 40
    }

    private mutating func hashMessages() {
        messageHashes = messageBytes.withUnsafeBytes { bytes in
            var start = 0
            return messageEnds.map { end in
                defer { start = end }
                return key.hash(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            }
        }
    }

    private mutating func readColumn(_ reader: inout ByteReader) throws {
        let property: UInt16 = try reader.read()
        let rawType: UInt8 = try reader.read()
        guard let type = PropertyType(rawValue: rawType), Int(property) < properties.count else {
            throw EventLogError(.corrupt, "\(reader.subject): an impossible column")
        }
        var column = StagedColumn(property: property, type: type, key: key)
        column.rows = try reader.readArray()
        try reader.check(column.rows.isAscending(below: count), "values of impossible rows")
        if type.isList { column.ends = try reader.readArray() }
        switch type.element {
        case .number:
            column.numbers = try reader.readDoubles()
            try reader.check(column.numbers.allSatisfy(\.isFinite), "numbers that are not finite")
        case .time: column.times = try reader.readArray()
        case .boolean: column.booleans = try reader.readArray(of: UInt8.self).map { $0 != 0 }
        default:
            column.dictionary = try ByteInterner(from: &reader, key: key)
            column.codes = try reader.readArray()
            try reader.check(column.codes.allSatisfy { $0 < column.dictionary.count }, "strings that are not there")
        }
        if type.isList {
            try reader.check(
                column.ends.count == column.rows.count && column.ends.isSortedUp(to: UInt32(column.valueCount)),
                "lists of impossible lengths")
        } else {
            try reader.check(column.valueCount == column.rows.count, "values are missing")
        }
        let index = columnIndex(of: property, type)
        try reader.check(columns[index].rows.isEmpty && index == columns.count - 1, "a column twice")
        columns[index] = column
    }
}

extension ByteInterner {
    func encode(to writer: inout ByteWriter) {
        writer.write(array: ends.map(UInt32.init))
        writer.write(array: arena)
    }

    init(from reader: inout ByteReader, key: HashKey) throws {
        self.init(key: key)
        let ends = try reader.readArray(of: UInt32.self).map(Int.init)
        let bytes = try reader.readArray(of: UInt8.self)
        try reader.check(ends.isSortedUp(to: bytes.count), "strings of impossible lengths")
        bytes.withUnsafeBytes { bytes in
            var start = 0
            for end in ends {
                _ = intern(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
        try reader.check(count == ends.count, "a string twice in a table")
    }
}

extension ByteReader {
    func check(_ holds: Bool, _ problem: String) throws {
        if !holds { throw EventLogError(.corrupt, "\(subject): \(problem)") }
    }
}

extension Array where Element: FixedWidthInteger {
    /// Each element is larger than the one before, and all are below `limit`.
    fileprivate func isAscending(below limit: Int) -> Bool {
        guard let last else { return true }
        return last < limit && zip(self, dropFirst()).allSatisfy { $0 < $1 }
    }

    /// No element is smaller than the one before, and the last is `end`.
    fileprivate func isSortedUp(to end: Element) -> Bool {
        last ?? 0 == end && zip(self, dropFirst()).allSatisfy { $0 <= $1 } && first ?? 0 >= 0
    }
}
