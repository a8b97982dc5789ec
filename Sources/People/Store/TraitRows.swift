import EventLog
import Foundation
import GRDB

/// Traits as rows: of persons and of groups, in tables of the same form.
struct TraitRows: Sendable {
    private let select: String
    private let upsert: String
    private let delete: String

    static let person = TraitRows(table: "trait", key: ["person"])
    static let group = TraitRows(table: "group_trait", key: ["group_type", "group_id"])

    private init(table: String, key: [String]) {
        let columns = [
            "name", "type", "value", "time", "base_time", "sequence", "source", "source_event", "source_detail",
        ]
        let own = key.map { "\($0) = ?" }.joined(separator: " AND ")
        let all = key + columns
        select = "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(own)"
        upsert = """
            INSERT OR REPLACE INTO \(table) (\(all.joined(separator: ", ")))
            VALUES (\(all.map { _ in "?" }.joined(separator: ", ")))
            """
        delete = "DELETE FROM \(table) WHERE \(own) AND name = ?"
    }

    func load(_ db: Database, key: [any DatabaseValueConvertible]) throws -> [String: Trait] {
        let statement = try db.cachedStatement(sql: select)
        let rows = try SQLRow.fetchCursor(statement, arguments: StatementArguments(key))
        var traits: [String: Trait] = [:]
        while let row = try rows.next() {
            let type: Int? = row[1]
            traits[row[0]] = Trait(
                value: TraitRows.value(type: type, row[2]), time: row[3], baseTime: row[4],
                sequence: UInt64(bitPattern: row[5]),
                source: TraitSource(
                    TraitSource.Kind(rawValue: row[6]) ?? .event, event: row[7], detail: row[8]))
        }
        return traits
    }

    /// Writes what changed.
    func store(
        _ details: PersonDraft.Details<String, Trait>, _ db: Database, key: [any DatabaseValueConvertible]
    ) throws {
        for (name, trait) in details.current where details.stored[name] != trait {
            let row: [(any DatabaseValueConvertible)?] =
                key + [
                    name, (trait.value?.type.rawValue).map { Int($0) }, TraitRows.column(trait.value), trait.time,
                    trait.baseTime, Int64(bitPattern: trait.sequence), trait.source.kind.rawValue,
                    trait.source.event, trait.source.detail,
                ]
            try db.cachedStatement(sql: upsert).execute(arguments: StatementArguments(row))
        }
        for name in details.stored.keys where details.current[name] == nil {
            try db.cachedStatement(sql: delete).execute(arguments: StatementArguments(key + [name]))
        }
    }

    // MARK: Values

    /// Texts, numbers, booleans and times as SQL knows them, so that filters can compare them; lists as JSON.
    static func column(_ value: PropertyValue?) -> DatabaseValue {
        switch value {
        case nil: .null
        case .string(let text): text.databaseValue
        case .number(let number): number.databaseValue
        case .boolean(let flag): flag.databaseValue
        case .time(let time): time.databaseValue
        case .strings(let list): JSONText.array(list.map(JSONText.string)).description.databaseValue
        case .numbers(let list): JSONText.array(list.map(JSONText.number)).description.databaseValue
        case .booleans(let list): JSONText.array(list.map(JSONText.boolean)).description.databaseValue
        case .times(let list): JSONText.array(list.map(JSONText.integer)).description.databaseValue
        }
    }

    static func value(type: Int?, _ column: DatabaseValue) -> PropertyValue? {
        guard let type, let raw = UInt8(exactly: type), let type = PropertyType(rawValue: raw) else { return nil }
        func list<Element>(_ element: (Any) -> Element?) -> [Element] {
            guard let text = String.fromDatabaseValue(column),
                let items = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any]
            else { return [] }
            return items.compactMap(element)
        }
        switch type {
        case .string: return String.fromDatabaseValue(column).map(PropertyValue.string)
        case .number: return Double.fromDatabaseValue(column).map(PropertyValue.number)
        case .boolean: return Bool.fromDatabaseValue(column).map(PropertyValue.boolean)
        case .time: return Int64.fromDatabaseValue(column).map(PropertyValue.time)
        case .strings: return .strings(list { $0 as? String })
        case .numbers: return .numbers(list { ($0 as? NSNumber)?.doubleValue })
        case .booleans: return .booleans(list { ($0 as? NSNumber)?.boolValue })
        case .times: return .times(list { ($0 as? NSNumber)?.int64Value })
        }
    }
}
