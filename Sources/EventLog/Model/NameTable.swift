/// The names of a log in the order in which they first came; the number of a name never changes.
package struct NameTable: Sendable, Hashable {
    package private(set) var names: [String] = []
    private var numbers: [String: UInt16] = [:]

    package init() {}

    package subscript(number: UInt16) -> String { names[Int(number)] }
    package func number(of name: String) -> UInt16? { numbers[name] }
    package var count: Int { names.count }

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
struct NameTables: Sendable, Hashable {
    var events = NameTable()
    var properties = NameTable()

    /// Numbers of a batch's names in the log, adding the new ones.
    ///
    /// - Throws: `limitExceeded`, with nothing added.
    mutating func map(_ batch: EventBatch) throws -> (codes: [UInt16], properties: [UInt16]) {
        let events = (0..<batch.names.count).map { batch.names.string($0) }
        let properties = (0..<batch.properties.count).map { batch.properties.string($0) }
        try NameTables.check(self.events, events, Limits.distinctEventNames, "event names")
        try NameTables.check(self.properties, properties, Limits.distinctPropertyNames, "property names")
        return (events.map { self.events.add($0) }, properties.map { self.properties.add($0) })
    }

    private static func check(_ table: NameTable, _ names: [String], _ limit: Int, _ what: String) throws {
        guard table.count + names.count > limit else { return }
        let new = Set(names.filter { table.number(of: $0) == nil })
        guard table.count + new.count > limit else { return }
        throw EventLogError(
            .limitExceeded,
            "the log would have more than \(limit) different \(what) (a new one is '\(new.min() ?? "")'); "
                + "put what varies into a property's value instead of a name")
    }
}
