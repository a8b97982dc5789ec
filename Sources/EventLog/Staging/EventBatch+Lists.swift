extension EventBatch {
    /// Adds a list of strings, given as UTF-8. At most `Limits.valuesPerList` values.
    package mutating func add(_ property: UInt16, strings list: [UnsafeRawBufferPointer]) throws {
        try checkList(list.count)
        for bytes in list where bytes.count > Limits.valueBytes {
            throw EventLogError.limit("a value of \(bytes.count) bytes; at most \(Limits.valueBytes) are allowed")
        }
        let column = try column(property, .strings)
        for bytes in list { columns[column].append(string: bytes) }
        columns[column].ends.append(UInt32(columns[column].codes.count))
    }

    package mutating func add(_ property: UInt16, numbers list: [Double]) throws {
        try checkList(list.count)
        for number in list where !number.isFinite { throw EventLogError(.invalidEvent, "a number is not finite") }
        let column = try column(property, .numbers)
        columns[column].numbers += list
        columns[column].ends.append(UInt32(columns[column].numbers.count))
    }

    package mutating func add(_ property: UInt16, booleans list: [Bool]) throws {
        try checkList(list.count)
        let column = try column(property, .booleans)
        columns[column].booleans += list
        columns[column].ends.append(UInt32(columns[column].booleans.count))
    }

    package mutating func add(_ property: UInt16, times list: [Int64]) throws {
        try checkList(list.count)
        let column = try column(property, .times)
        columns[column].times += list
        columns[column].ends.append(UInt32(columns[column].times.count))
    }

    /// Adds a value of any type.
    package mutating func add(_ property: UInt16, _ value: PropertyValue) throws {
        switch value {
        case .string(var text): try text.withUTF8 { try add(property, string: UnsafeRawBufferPointer($0)) }
        case .number(let number): try add(property, number: number)
        case .boolean(let boolean): try add(property, boolean: boolean)
        case .time(let time): try add(property, time: time)
        case .strings(let list): try add(property, strings: list)
        case .numbers(let list): try add(property, numbers: list)
        case .booleans(let list): try add(property, booleans: list)
        case .times(let list): try add(property, times: list)
        }
    }

    private mutating func add(_ property: UInt16, strings list: [String]) throws {
        try checkList(list.count)
        for text in list where text.utf8.count > Limits.valueBytes {
            throw EventLogError.limit("a value of \(text.utf8.count) bytes; at most \(Limits.valueBytes) are allowed")
        }
        let column = try column(property, .strings)
        for var text in list { text.withUTF8 { columns[column].append(string: UnsafeRawBufferPointer($0)) } }
        columns[column].ends.append(UInt32(columns[column].codes.count))
    }

    private func checkList(_ count: Int) throws {
        if count > Limits.valuesPerList {
            throw EventLogError.limit("a list of \(count) values; at most \(Limits.valuesPerList) are allowed")
        }
    }
}
