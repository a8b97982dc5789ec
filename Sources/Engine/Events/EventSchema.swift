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
        guard let code = snapshot.eventNames.number(of: event) else {
            throw EngineError(
                .notFound, "there is no event '\(event)' here; 'dangol events schema' lists the names")
        }
        let numbers = (0..<snapshot.propertyNames.count).map { UInt16($0) }
        let (folds, _) = try snapshot.scan(Selection(events: [code], properties: numbers)) {
            SchemaFold(properties: numbers.count)
        }
        var total = SchemaFold(properties: numbers.count)
        for fold in folds { total.add(fold) }
        let properties = total.found.map { key, seen in
            Property(
                name: snapshot.propertyNames[UInt16(key.property)], type: key.type, count: seen.count,
                examples: seen.examples)
        }
        return EventSchema(
            event: event, count: total.rows,
            properties: properties.sorted {
                ($1.count, $0.name, $0.type.rawValue) < ($0.count, $1.name, $1.type.rawValue)
            })
    }
}

/// Counts the values of every property and type.
private struct SchemaFold: PersonFold, Sendable {
    struct Key: Hashable {
        var property: Int
        var type: PropertyType
    }

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

    let properties: Int
    var found: [Key: Seen] = [:]
    var rows = 0
    private var block: BlockReference?

    init(properties: Int) {
        self.properties = properties
    }

    mutating func enter(_ block: ScanBlock) {
        self.block = BlockReference(block, properties: properties)
    }

    mutating func visit(_ person: borrowing PersonView) {
        guard let block else { return }
        for row in person.rows {
            rows += 1
            for property in 0..<properties {
                for view in block.columns(property, source: row.source).views {
                    let entry = view.entry(at: row.row)
                    if entry >= 0 { note(Key(property: property, type: view.type), view, entry) }
                }
            }
        }
    }

    private mutating func note(_ key: Key, _ view: ColumnView, _ entry: Int) {
        var seen = found.removeValue(forKey: key) ?? Seen()
        seen.count += 1
        if seen.count <= 1000 { seen.offer(view.value(entry)) }
        found[key] = seen
    }

    mutating func add(_ other: SchemaFold) {
        rows += other.rows
        for (key, seen) in other.found {
            found[key, default: Seen()].count += seen.count
            for value in seen.examples { found[key]?.offer(value) }
        }
    }
}
