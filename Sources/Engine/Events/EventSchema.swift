package import EventLog

/// What one event carries: its properties, how often each is set, and examples of values.
package struct EventSchema: Sendable, Hashable {
    package struct Property: Sendable, Hashable {
        package var name: String
        package var type: PropertyType
        /// Events that have a value.
        package var count: Int
        /// Up to three different values out of the first thousand of each thread.
        package var examples: [PropertyValue]

        package init(name: String, type: PropertyType, count: Int, examples: [PropertyValue]) {
            self.name = name
            self.type = type
            self.count = count
            self.examples = examples
        }
    }

    package var event: String
    package var count: Int
    /// The most frequent first.
    package var properties: [Property]

    package init(event: String, count: Int, properties: [Property]) {
        self.event = event
        self.count = count
        self.properties = properties
    }

    /// Reads every event of a name.
    ///
    /// - Throws: `EngineError` with `notFound` for a name that the log has not seen.
    /// - Complexity: O(events of the name × properties of the log).
    package static func read(_ event: String, from snapshot: Snapshot) throws -> EventSchema {
        guard let schema = try read([event], from: snapshot)[event] else {
            throw EngineError(
                .notFound, "there is no event '\(event)' here; 'dangol events schema' lists the names")
        }
        return schema
    }

    /// Reads the events of some names in one scan. Names that the log has not seen are left out.
    ///
    /// - Parameter isSample: looks at some events of each name only, the same ones each time: enough to tell what most
    ///   of them carry, in the time that it takes to pass over the others. The counts are then those of the sample.
    /// - Complexity: O(events of the names × properties of the log), of a sample O(events of the names).
    package static func read(
        _ events: [String], from snapshot: Snapshot, isSample: Bool = false
    ) throws -> [String: EventSchema] {
        var slots = [Int](repeating: -1, count: snapshot.eventNames.count)
        var names: [String] = []
        for event in events {
            guard let code = snapshot.eventNames.number(of: event), slots[Int(code)] < 0 else { continue }
            slots[Int(code)] = names.count
            names.append(event)
        }
        if names.isEmpty { return [:] }
        let numbers = (0..<snapshot.propertyNames.count).map { UInt16($0) }
        let codes = Set(slots.indices.filter { slots[$0] >= 0 }.map { UInt16($0) })
        let start = SchemaFold(
            slots: slots, names: names.count, properties: numbers.count, limit: isSample ? sampledPerBlock : .max)
        let (folds, _) = try snapshot.scan(Selection(events: codes, properties: numbers)) { start }
        var total = start
        for fold in folds { total.add(fold) }
        return Dictionary(
            uniqueKeysWithValues: names.enumerated().map { slot, name in
                (name, EventSchema(event: name, count: total.rows[slot], properties: total.properties(slot, snapshot)))
            })
    }

    /// Events of a name that a sample has of each part of the log. Parts hold persons by hash, so they are alike.
    private static let sampledPerBlock = 500
}

/// Counts the values of every property and type.
private struct SchemaFold: PersonFold, Sendable {
    struct Seen {
        var count = 0
        var examples: [PropertyValue] = []

        /// Keeps the three whose text has the smallest digest: a choice that does not depend on the order of a scan.
        mutating func offer(_ value: PropertyValue) {
            if examples.contains(value) { return }
            examples.append(value)
            examples.sort { Seen.digest($0) < Seen.digest($1) }
            if examples.count > 3 { examples.removeLast() }
        }

        /// FNV-1a, 64 bits.
        private static func digest(_ value: PropertyValue) -> UInt64 {
            var line = JSONLine()
            line.value(value)
            return line.bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        }
    }

    private static let types = PropertyType.allCases.count
    /// Values of a property and type that are offered as examples.
    private static let offered = 1_000

    /// By the log's code of a name: its place among those that are asked for, or -1.
    private let slots: [Int]
    private let propertyCount: Int
    private let limit: Int
    /// By `slot * properties + property`: where what was seen of it begins in `found`, a place for each type, or -1.
    private var places: [Int32]
    private var found: [Seen] = []
    /// By slot.
    private(set) var rows: [Int]
    private var rowsOfBlock: [Int]
    private var block: BlockReference?

    init(slots: [Int], names: Int, properties: Int, limit: Int) {
        self.slots = slots
        propertyCount = properties
        self.limit = limit
        places = Array(repeating: -1, count: names * properties)
        rows = Array(repeating: 0, count: names)
        rowsOfBlock = rows
    }

    mutating func enter(_ block: ScanBlock) {
        self.block = BlockReference(block, properties: propertyCount)
        for slot in rowsOfBlock.indices { rowsOfBlock[slot] = 0 }
    }

    mutating func visit(_ person: borrowing PersonView) {
        guard let block else { return }
        for row in person.rows {
            let slot = slots[Int(row.code)]
            if slot < 0 || rowsOfBlock[slot] >= limit { continue }
            rowsOfBlock[slot] += 1
            rows[slot] += 1
            for property in 0..<propertyCount {
                for view in block.columns(property, source: row.source).views {
                    let entry = view.entry(at: row.row)
                    if entry >= 0 { note(slot * propertyCount + property, view, entry) }
                }
            }
        }
    }

    private mutating func note(_ pair: Int, _ view: ColumnView, _ entry: Int) {
        let place = place(pair) + Int(view.type.rawValue)
        found[place].count += 1
        if found[place].count <= Self.offered { found[place].offer(view.value(entry)) }
    }

    private mutating func place(_ pair: Int) -> Int {
        if places[pair] < 0 {
            places[pair] = Int32(found.count)
            found += repeatElement(Seen(), count: Self.types)
        }
        return Int(places[pair])
    }

    mutating func add(_ other: SchemaFold) {
        for slot in rows.indices { rows[slot] += other.rows[slot] }
        for (pair, from) in other.places.enumerated() where from >= 0 {
            let place = place(pair)
            for type in 0..<Self.types {
                let seen = other.found[Int(from) + type]
                found[place + type].count += seen.count
                for value in seen.examples { found[place + type].offer(value) }
            }
        }
    }

    /// The most frequent first.
    func properties(_ slot: Int, _ snapshot: Snapshot) -> [EventSchema.Property] {
        var properties: [EventSchema.Property] = []
        for property in 0..<propertyCount {
            let place = Int(places[slot * propertyCount + property])
            for type in PropertyType.allCases where place >= 0 {
                let seen = found[place + Int(type.rawValue)]
                guard seen.count > 0 else { continue }
                properties.append(
                    EventSchema.Property(
                        name: snapshot.propertyNames[UInt16(property)], type: type, count: seen.count,
                        examples: seen.examples))
            }
        }
        return properties.sorted {
            ($1.count, $0.name, $0.type.rawValue) < ($0.count, $1.name, $1.type.rawValue)
        }
    }
}
