/// Which column is what, after the names of a mapping have been looked up.
struct ColumnMapping {
    struct Property {
        var name: [UInt8]
        var column: Int
        var type: DelimitedOptions.ValueType
        /// Whether the type was told from the first rows: a value that does not fit it is kept as a string then.
        var isInferred = false
    }

    private(set) var columnCount: Int
    private(set) var person: Int
    private(set) var time: Int
    private(set) var event: Int?
    private(set) var messageID: Int?
    private(set) var properties: [Property]

    /// Looks the columns up among the names of a header, or by number among `columnCount` columns.
    ///
    /// - Throws: `ImportError` with code `mapping` for a name that is unknown or stands over two columns, a number out
    /// of
    ///   range, and a property name that comes twice.
    init(_ options: DelimitedOptions, header: [String]?, columnCount: Int, source: String) throws {
        let finder = ColumnFinder(header: header, columnCount: columnCount, source: source)
        self.columnCount = columnCount
        person = try finder.find(options.person, for: "the person")
        time = try finder.find(options.time, for: "the time")
        if case .column(let name) = options.event { event = try finder.find(name, for: "the event name") }
        messageID = try options.messageID.map { try finder.find($0, for: "the message id") }
        properties = []
        switch options.properties {
        case .listed(let list):
            for item in list {
                let column = try finder.find(item.column, for: "the property '\(item.name)'")
                properties.append(Property(name: Array(item.name.utf8), column: column, type: item.type))
            }
        case .allOthers:
            let used = Set([person, time, event, messageID].compactMap { $0 })
            for column in 0..<columnCount where !used.contains(column) {
                properties.append(Property(name: Array(finder.name(column).utf8), column: column, type: .automatic))
            }
        }
        try checkNames(source)
    }

    private func checkNames(_ source: String) throws {
        var seen: [[UInt8]: Int] = [:]
        for property in properties {
            let name = String(decoding: property.name, as: UTF8.self)
            if property.name.count > Limits.nameBytes {
                throw ImportError(
                    .mapping,
                    "the property name '\(name.prefix(40))...' has \(property.name.count) bytes; at most "
                        + "\(Limits.nameBytes) are allowed",
                    source: source)
            }
            if let before = seen.updateValue(property.column, forKey: property.name) {
                throw ImportError(
                    .mapping,
                    "columns \(before + 1) and \(property.column + 1) would both become the property "
                        + "'\(name)'; name the properties you want with --property name=number",
                    source: source)
            }
        }
        if properties.count > Limits.propertiesPerEvent {
            throw ImportError(
                .mapping,
                "\(properties.count) properties; at most \(Limits.propertiesPerEvent) are allowed in one event",
                source: source)
        }
    }

    /// Settles the types that the mapping leaves open by the values of some rows.
    mutating func inferTypes(_ rows: ArraySlice<[String]>) {
        for index in properties.indices where properties[index].type == .automatic {
            let column = properties[index].column
            let values = rows.compactMap { $0.count == columnCount && !$0[column].isEmpty ? $0[column] : nil }
            if values.isEmpty { continue }
            if values.allSatisfy({ PlainValue.isNumber($0) }) {
                properties[index].type = .number
                properties[index].isInferred = true
            } else if values.allSatisfy({ PlainValue.isBoolean($0) }) {
                properties[index].type = .boolean
                properties[index].isInferred = true
            } else {
                properties[index].type = .string
            }
        }
    }
}

/// Finds columns by header name or number.
private struct ColumnFinder {
    let header: [String]?
    let columnCount: Int
    let source: String

    func find(_ reference: String, for purpose: String) throws -> Int {
        if let header {
            let matches = header.indices.filter { header[$0] == reference }
            if matches.count > 1 {
                throw ImportError(
                    .mapping,
                    "columns \(matches[0] + 1) and \(matches[1] + 1) are both called '\(reference)'; say by "
                        + "number which is \(purpose)",
                    source: source)
            }
            if let match = matches.first { return match }
        }
        if let number = Int(reference) {
            if number >= 1, number <= columnCount { return number - 1 }
            throw ImportError(
                .mapping, "column \(number) for \(purpose) does not exist: there are \(columnCount), counted from 1",
                source: source)
        }
        let advice =
            header.map { "the columns are \(Self.list($0))" }
            ?? "there is no header row, so name columns by number from 1 to \(columnCount)"
        throw ImportError(.mapping, "there is no column '\(reference)' for \(purpose); \(advice)", source: source)
    }

    func name(_ column: Int) -> String {
        guard let header, !header[column].isEmpty else { return "column \(column + 1)" }
        return header[column]
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(30).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 30 ? shown + " and \(names.count - 30) more" : shown
    }
}
