extension EventBatch {
    /// Adds the rows of another batch with the same key, in order.
    ///
    /// - Parameter kept: which rows to take; nil is all.
    /// - Complexity: O(rows + values + different strings of `other`)
    package mutating func append(_ other: EventBatch, kept: [Bool]? = nil) {
        precondition(key == other.key, "batches of two logs")
        let persons = (0..<other.persons.count).map { self.persons.intern(other.persons, $0) }
        let names = (0..<other.names.count).map { UInt16(self.names.intern(other.names, $0)) }
        let properties = (0..<other.properties.count).map { addProperty(other.properties, $0) }
        /// The new row of each row of `other`; -1 when it is left out.
        var newRows = [Int](repeating: -1, count: other.count)
        for row in 0..<other.count where kept?[row] ?? true {
            newRows[row] = rowTimes.count
            rowPersons.append(persons[Int(other.rowPersons[row])])
            rowNames.append(names[Int(other.rowNames[row])])
            rowTimes.append(other.rowTimes[row])
        }
        for column in other.columns {
            let index = columnIndex(of: properties[Int(column.property)], column.type)
            columns[index].append(column, newRows: newRows)
            approximateBytes += column.rows.count * 14
        }
        other.messageBytes.withUnsafeBytes { bytes in
            for (entry, row) in other.messageRows.enumerated() where newRows[Int(row)] >= 0 {
                let start = entry == 0 ? 0 : other.messageEnds[entry - 1]
                messageRows.append(UInt32(newRows[Int(row)]))
                messageBytes.append(contentsOf: bytes[start..<other.messageEnds[entry]])
                messageEnds.append(messageBytes.count)
                messageHashes.append(other.messageHashes[entry])
            }
        }
        approximateBytes += other.count * 16 + other.messageBytes.count
    }
}

extension StagedColumn {
    fileprivate mutating func append(_ other: StagedColumn, newRows: [Int]) {
        // Strings are taken over only when a kept row has them.
        var codes = [UInt32](repeating: .max, count: other.dictionary.count)
        for (entry, row) in other.rows.enumerated() where newRows[Int(row)] >= 0 {
            append(other, entry: entry, row: UInt32(newRows[Int(row)])) { code, dictionary in
                if codes[code] == .max { codes[code] = dictionary.intern(other.dictionary, code) }
                return codes[code]
            }
        }
    }

    fileprivate mutating func append(_ other: StagedColumn, entry: Int, row: UInt32) {
        append(other, entry: entry, row: row) { $1.intern(other.dictionary, $0) }
    }

    /// Adds the value of one entry of another column; `intern` gives the number of one of its strings here.
    private mutating func append(
        _ other: StagedColumn, entry: Int, row: UInt32, intern: (Int, inout ByteInterner) -> UInt32
    ) {
        rows.append(row)
        let start = !type.isList ? entry : entry == 0 ? 0 : Int(other.ends[entry - 1])
        let values = start..<(type.isList ? Int(other.ends[entry]) : entry + 1)
        switch type.element {
        case .number: numbers.append(contentsOf: other.numbers[values])
        case .time: times.append(contentsOf: other.times[values])
        case .boolean: booleans.append(contentsOf: other.booleans[values])
        default: for value in values { codes.append(intern(Int(other.codes[value]), &dictionary)) }
        }
        if type.isList { ends.append(UInt32(valueCount)) }
    }

    /// All values of all rows.
    var valueCount: Int {
        switch type.element {
        case .number: numbers.count
        case .time: times.count
        case .boolean: booleans.count
        default: codes.count
        }
    }
}

extension ByteInterner {
    /// The number of an entry of another interner with the same key.
    mutating func intern(_ other: ByteInterner, _ index: Int) -> UInt32 {
        let hash = other.hashes[index]
        return other.withBytes(index) { intern($0, hash: hash) }
    }
}

extension EventBatch {
    /// Some rows, ascending, as a batch with the same numbers of names and properties.
    ///
    /// - Complexity: O(rows * columns * log count)
    func extract(_ rows: [UInt32]) -> EventBatch {
        var part = EventBatch(key: key)
        part.names = names
        for index in 0..<properties.count { _ = part.addProperty(properties, index) }
        for row in rows {
            part.rowPersons.append(part.persons.intern(persons, Int(rowPersons[Int(row)])))
            part.rowNames.append(rowNames[Int(row)])
            part.rowTimes.append(rowTimes[Int(row)])
        }
        for column in columns {
            var taken = StagedColumn(property: column.property, type: column.type, key: key)
            for (newRow, row) in rows.enumerated() {
                let entry = column.rows.partitioningIndex { $0 >= row }
                if entry < column.rows.count, column.rows[entry] == row {
                    taken.append(column, entry: entry, row: UInt32(newRow))
                }
            }
            if !taken.rows.isEmpty { part.columns[part.columnIndex(of: column.property, column.type)] = taken }
        }
        for (newRow, row) in rows.enumerated() {
            let entry = messageRows.partitioningIndex { $0 >= row }
            guard entry < messageRows.count, messageRows[entry] == row else { continue }
            part.messageRows.append(UInt32(newRow))
            part.messageBytes += messageBytes[(entry == 0 ? 0 : messageEnds[entry - 1])..<messageEnds[entry]]
            part.messageEnds.append(part.messageBytes.count)
            part.messageHashes.append(messageHashes[entry])
        }
        return part
    }
}
