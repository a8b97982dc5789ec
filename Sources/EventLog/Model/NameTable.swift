/// The names of a log in the order in which they first came; the number of a name never changes.
package struct NameTable: Sendable, Hashable {
    package private(set) var names: [String] = []
    private var numbers: [String: UInt16] = [:]

    package init() {}

    package subscript(number: UInt16) -> String { names[Int(number)] }
    package func number(of name: String) -> UInt16? { numbers[name] }
    package var count: Int { names.count }

    func has(_ bytes: UnsafeRawBufferPointer) -> Bool { numbers[String(decoding: bytes, as: UTF8.self)] != nil }

    @discardableResult
    mutating func add(_ name: String) -> UInt16 {
        if let number = numbers[name] { return number }
        let number = UInt16(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}

/// Both kinds of names.
package struct NameTables: Sendable, Hashable {
    var events = NameTable()
    var properties = NameTable()

    /// Adds the names of another log state.
    mutating func formUnion(_ other: NameTables) {
        for name in other.events.names { events.add(name) }
        for name in other.properties.names { properties.add(name) }
    }

    /// Numbers of a batch's names in the log, adding the new ones that have rows: a line that was refused may have left
    /// names behind in the batch. What has no rows gets number 0.
    ///
    /// - Throws: `limitExceeded`, with nothing added.
    mutating func map(_ batch: EventBatch) throws -> (codes: [UInt16], properties: [UInt16]) {
        var usesName = [Bool](repeating: false, count: batch.names.count)
        for name in batch.rowNames { usesName[Int(name)] = true }
        var usesProperty = [Bool](repeating: false, count: batch.properties.count)
        for column in batch.columns where !column.rows.isEmpty { usesProperty[Int(column.property)] = true }
        let events = usesName.indices.map { usesName[$0] ? batch.names.string($0) : nil }
        let properties = usesProperty.indices.map { usesProperty[$0] ? batch.properties.string($0) : nil }
        try NameTables.check(self.events, events.compactMap(\.self), Limits.distinctEventNames, "event names")
        try NameTables.check(
            self.properties, properties.compactMap(\.self), Limits.distinctPropertyNames, "property names")
        return (
            events.map { $0.map { self.events.add($0) } ?? 0 },
            properties.map { $0.map { self.properties.add($0) } ?? 0 }
        )
    }

    private static func check(_ table: NameTable, _ names: [String], _ limit: Int, _ what: String) throws {
        guard table.count + names.count > limit else { return }
        let new = Set(names.filter { table.number(of: $0) == nil })
        guard table.count + new.count > limit else { return }
        throw tooMany(what, limit, new.min() ?? "")
    }

    static func tooMany(_ what: String, _ limit: Int, _ name: String) -> EventLogError {
        .limit(
            "the log would have more than \(limit) different \(what) (a new one is '\(name)'); "
                + "put what varies into a property's value instead of a name")
    }
}
