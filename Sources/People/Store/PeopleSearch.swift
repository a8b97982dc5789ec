import EventLog
import Foundation
import GRDB
import State

/// Finds persons: a query as SQL.
struct PeopleSearch {
    private var conditions: [String] = []
    private var arguments: [(any DatabaseValueConvertible)?] = []
    private let query: PeopleQuery
    private let column: String

    /// - Throws: `PeopleError`: `invalid` or `badCursor`.
    init(_ query: PeopleQuery) throws {
        guard PeopleQuery.limits.contains(query.limit) else {
            throw PeopleError(
                .invalid, "a page has from 1 to \(PeopleQuery.limits.upperBound) persons, not \(query.limit)")
        }
        guard query.traits.count <= PeopleQuery.maxFilters else {
            throw PeopleError(.invalid, "\(query.traits.count) filters; at most \(PeopleQuery.maxFilters) are allowed")
        }
        self.query = query
        column =
            switch query.sort {
            case .lastSeen: "v.last_time"
            case .created: "p.created_time"
            case .name: "COALESCE(p.name, '')"
            case .events: "v.events"
            }
        try addText()
        addFacts()
        for filter in query.traits { try add(filter) }
        try addCursor()
    }

    private mutating func add(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) {
        conditions.append(sql)
        arguments += values
    }

    // MARK: Conditions

    private mutating func addText() throws {
        let text = TextIndex.folded((query.text ?? "").trimmingCharacters(in: .whitespacesAndNewlines))
        guard !text.isEmpty else { return }
        guard text.count <= PeopleQuery.maxTextLength else {
            throw PeopleError(.invalid, "the text to search for is longer than \(PeopleQuery.maxTextLength) characters")
        }
        let exact = "p.number IN (SELECT person FROM identity WHERE id = ?)"
        let whole = query.text?.trimmingCharacters(in: .whitespacesAndNewlines)
        let characters = Array(text)
        var found: [(sql: String, value: (any DatabaseValueConvertible)?)] = []
        if characters.count >= 3 {
            found.append(("p.number IN (SELECT rowid FROM person_search WHERE text MATCH ?)", quoted(text)))
        } else if characters.contains(where: { !$0.isASCII }) {
            // Two syllables, or one: the pairs that begin with it.
            if characters.count == 2 {
                found.append(("p.number IN (SELECT person FROM person_pair WHERE pair = ?)", text))
            } else {
                let next = TextIndex.following(text)
                add(
                    "(\(exact) OR p.number IN (SELECT person FROM person_pair WHERE pair >= ? AND pair < ?))",
                    [whole, text, next])
                return
            }
        } else {
            found.append(
                ("p.number IN (SELECT rowid FROM person_search WHERE text LIKE ? ESCAPE '\\')", "%\(escaped(text))%"))
        }
        // A phone number is found however it is written.
        if let phone = AddressRules.phone(text) {
            found.append(("p.number IN (SELECT person FROM address WHERE channel = 'phone' AND value = ?)", phone))
        }
        let digits = text.filter { $0.isNumber && $0.isASCII }
        if digits.count >= 4, digits.count < text.count, text.allSatisfy({ $0.isNumber || "+-() .".contains($0) }) {
            let local = digits.hasPrefix("0") ? String(digits.dropFirst()) : digits
            found.append(("p.number IN (SELECT rowid FROM person_search WHERE text MATCH ?)", quoted(local)))
        }
        add(
            "(" + ([exact] + found.map(\.sql)).joined(separator: " OR ") + ")",
            [whole as (any DatabaseValueConvertible)?] + found.map(\.value))
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "%", with: "\\%")
            .replacingOccurrences(of: "_", with: "\\_")
    }

    private mutating func addFacts() {
        if let role = query.role { add("p.role = ?", [role.rawValue]) }
        if let isIdentified = query.isIdentified { add("p.is_identified = ?", [isIdentified]) }
        if let group = query.group {
            add("p.number IN (SELECT person FROM membership WHERE type = ? AND id = ?)", [group.type, group.id])
        }
        if let among = query.among, let list = try? JSONEncoder().encode(among) {
            add("p.canonical IN (SELECT value FROM json_each(?))", [String(decoding: list, as: UTF8.self)])
        }
        if let time = query.seenFrom { add("v.last_time >= ?", [time]) }
        if let time = query.seenBefore { add("v.last_time < ?", [time]) }
    }

    private mutating func add(_ filter: PeopleQuery.TraitFilter) throws {
        let own = "SELECT 1 FROM trait t WHERE t.person = p.number AND t.name = ? AND t.type IS NOT NULL"
        switch filter.test {
        case .exists: add("EXISTS (\(own))", [filter.trait])
        case .missing: add("NOT EXISTS (\(own))", [filter.trait])
        case .equals(let value): try addValues([value], own, filter.trait)
        case .oneOf(let values): try addValues(values, own, filter.trait)
        case .between(let low, let high):
            var sql = own + " AND t.type IN (1, 3)"
            var values: [(any DatabaseValueConvertible)?] = [filter.trait]
            if let low {
                sql += " AND t.value >= ?"
                values.append(low)
            }
            if let high {
                sql += " AND t.value <= ?"
                values.append(high)
            }
            add("EXISTS (\(sql))", values)
        }
    }

    /// A list has a value when it holds it.
    private mutating func addValues(_ values: [PropertyValue], _ own: String, _ trait: String) throws {
        guard !values.isEmpty, values.allSatisfy({ !$0.type.isList }) else {
            throw PeopleError(.invalid, "the filter on '\(trait)' needs single values to compare with")
        }
        let tests = values.map { _ in
            "(t.type = ? AND t.value = ?) OR (t.type = ? AND EXISTS "
                + "(SELECT 1 FROM json_each(CASE WHEN t.type >= 4 THEN t.value ELSE '[]' END) e WHERE e.value = ?))"
        }
        var all: [(any DatabaseValueConvertible)?] = [trait]
        for value in values {
            let column = TraitRows.column(value)
            all += [Int(value.type.rawValue), column, Int(value.type.rawValue) + 4, column]
        }
        add("EXISTS (\(own) AND (\(tests.joined(separator: " OR "))))", all)
    }

    // MARK: Pages

    /// A cursor holds the sort, the direction, the last person's value and number.
    private mutating func addCursor() throws {
        guard let cursor = query.cursor else { return }
        guard let data = Data(base64Encoded: cursor), let text = String(data: data, encoding: .utf8) else {
            throw PeopleSearch.badCursor
        }
        let parts = text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == query.sort.rawValue, parts[1] == (query.ascending ? "1" : "0"),
            let number = Int64(parts[2])
        else { throw PeopleSearch.badCursor }
        let value: any DatabaseValueConvertible
        if query.sort == .name {
            value = parts[3]
        } else {
            guard let number = Int64(parts[3]) else { throw PeopleSearch.badCursor }
            value = number
        }
        let comparison = query.ascending ? ">" : "<"
        add("(\(column), p.number) \(comparison) (?, ?)", [value, number])
    }

    private static let badCursor = PeopleError(
        .badCursor, "the cursor is not of this search; leave it out to begin with the first page")

    func page(_ db: Database, keys: PersonKeys) throws -> PeoplePage {
        let direction = query.ascending ? "ASC" : "DESC"
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = """
            SELECT p.number, p.canonical, p.role, p.is_identified, v.events, v.last_time, p.created_time, \(column)
            FROM person p JOIN visit v ON v.person = p.number \(filter)
            ORDER BY \(column) \(direction), p.number \(direction) LIMIT ?
            """
        let rows = try SQLRow.fetchAll(db, sql: sql, arguments: StatementArguments(arguments + [query.limit + 1]))
        let persons = try rows.prefix(query.limit).map { try summary($0, keys: keys, db) }
        var cursor: String?
        if rows.count > query.limit, let last = rows.prefix(query.limit).last {
            let value = query.sort == .name ? (last[7] as String) : String(last[7] as Int64)
            let number: Int64 = last[0]
            let text = "\(query.sort.rawValue)\n\(query.ascending ? "1" : "0")\n\(number)\n\(value)"
            cursor = Data(text.utf8).base64EncodedString()
        }
        return PeoplePage(persons: persons, cursor: cursor)
    }

    private func summary(_ row: SQLRow, keys: PersonKeys, _ db: Database) throws -> PersonSummary {
        let number: Int64 = row[0]
        let canonical: String = row[1]
        let traits = try TraitRows.person.load(db, key: [number])
        let addresses = AddressRules.addresses(traits: traits, devices: [])
        let lastSeen: Int64 = row[5]
        return PersonSummary(
            key: keys.key(of: canonical), canonicalID: canonical, name: SearchText.displayName { traits[$0]?.value },
            email: addresses.first { $0.kind == .email }?.value, phone: addresses.first { $0.kind == .phone }?.value,
            role: PersonRole(trait: traits[PersonRole.trait]?.value), isIdentified: row[3], events: row[4],
            lastSeen: lastSeen == .min ? nil : lastSeen, created: row[6])
    }
}
