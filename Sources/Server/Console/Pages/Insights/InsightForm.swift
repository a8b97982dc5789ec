package import Analysis
import EventLog
import Foundation

/// A question as the fields of a builder, and back. Fields that a builder does not show stay as they are, so that a
/// saved question of any form can be opened, looked at and saved again.
package struct InsightForm: Sendable, Hashable {
    package let kind: Query.Kind
    package var tree: FormTree

    /// Names of fields that say something else than the question.
    package static let reserved: Set<String> = [
        "part", "add", "remove", "move", "insight", "csrf", "name", "description", "table", "dashboard", "view", "note",
        "noteDay",
    ]

    package init(_ kind: Query.Kind, tree: FormTree) {
        self.kind = kind
        self.tree = tree
    }

    package init(_ kind: Query.Kind, fields: some Sequence<(name: String, value: String)>) {
        self.init(
            kind,
            tree: FormTree(
                fields.filter { field in !Self.reserved.contains(String(field.name.prefix { $0 != "." })) }))
    }

    /// Whether the part that a question of this kind cannot be without is missing.
    package var asksNothing: Bool {
        switch kind {
        case .funnel: tree["steps"] == nil
        case .trends, .stickiness: tree["series"] == nil
        case .retention: tree["targetEvent"] == nil
        case .correlation: tree["funnel"] == nil
        case .journeyMap: tree["stages"] == nil
        case .paths, .lifecycle, .sessions: tree.fields.isEmpty
        }
    }

    /// The part of an address that says the question: `steps.0.event=Order&days=28`.
    ///
    /// - Parameter hiding: gives what stands for a value that must not be in an address.
    package func address(hiding: (String) -> String) -> String {
        tree.fields.map { PageCall.escape($0.name) + "=" + PageCall.escape(hiding($0.value)) }.joined(separator: "&")
    }

    /// Where days and zone are in the query.
    private var rangePrefix: String { kind == .correlation ? "funnel." : "" }

    // MARK: From a query

    package init(_ query: Query) throws {
        let json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(query))
        self.init(query.kind, tree: Self.fields(json))
        tree.remove("kind")
        let prefix = rangePrefix
        if let days = Self.days(from: tree.text(prefix + "from"), to: tree.text(prefix + "to")) {
            tree["days"] = .text(String(days))
        } else {
            tree["days"] = .text("custom")
            tree["from"] = tree[prefix + "from"]
            tree["to"] = tree[prefix + "to"]
        }
        if !prefix.isEmpty || tree.text("days") != "custom" {
            tree.remove(prefix + "from")
            tree.remove(prefix + "to")
        }
        tree["timeZone"] = tree[prefix + "timeZone"]
        if !prefix.isEmpty { tree.remove(prefix + "timeZone") }
        shorten()
    }

    /// What every query of a kind has unless it is told otherwise.
    private static let standards: [(name: String, value: String)] = [
        ("smoothing", "1"), ("cumulative", "false"), ("compare", "false"), ("sessionTimeout", "30m"),
        ("timeout", "30m"),
        ("minimumOccurrences", "1"), ("windowMode", "calendar"), ("weekStart", "monday"), ("aggregateBy", "person"),
        ("reference", "total"), ("order", "ordered"), ("newness", "event"), ("minimumWeight", "1"), ("math", "dau"),
        ("collapseRepeats", "false"), ("listed", "5"), ("limit", "50"), ("minimumSupport", "5"), ("window", "14d"),
        ("excludeEvents", ""), ("properties", ""), ("traits", ""),
    ]

    /// Leaves out what says nothing, so that addresses stay short, and writes the simple forms simply.
    private mutating func shorten() {
        let prefix = rangePrefix
        for (name, value) in Self.standards {
            for path in [name, prefix + name] where tree[path] == .text(value) { tree.remove(path) }
        }
        for name in ["exclusions", "filters", "nodes", "groupings"] {
            for path in [name, prefix + name] where tree[path] == .list([]) { tree.remove(path) }
        }
        if tree.text("aggregateBy.session") == "30m" { tree["aggregateBy"] = .text("session") }
        if tree["timeToConvert"] == .map(["fromStep": .text("0")]) { tree["timeToConvert"] = .text("true") }
    }

    /// The number of days of `-27d` to today.
    private static func days(from: String?, to: String?) -> Int? {
        guard let from, from.first == "-", from.last == "d", let count = Int(from.dropFirst().dropLast()),
            to == nil || to == "0d"
        else { return nil }
        return count + 1
    }

    private static func fields(_ json: JSONValue) -> FormTree {
        switch json {
        case .null: return .text("")
        case .boolean(let flag): return .text(flag ? "true" : "false")
        case .number(let number): return .text(NumberText.of(number))
        case .string(let text): return .text(text)
        case .array(let list): return .list(list.map(fields))
        case .object(let members):
            var tree: [String: FormTree] = [:]
            for (key, value) in members {
                switch (key, value) {
                case ("events", .array(let list)):
                    tree["event"] = .text(list.map(plain).joined(separator: " | "))
                case ("value", .array(let list)), ("includeEvents", .array(let list)),
                    ("excludeEvents", .array(let list)), ("properties", .array(let list)), ("traits", .array(let list)):
                    tree[key] = .text(list.map { quoted(plain($0)) }.joined(separator: ", "))
                case ("property", .string(let name)) where members["math"] == nil && members["event"] == nil:
                    (tree["of"], tree["name"]) = (.text("property"), .text(name))
                case ("person", .string(let name)):
                    (tree["of"], tree["name"]) = (.text("person"), .text(name))
                default: tree[key] = fields(value)
                }
            }
            return .map(tree)
        }
    }

    private static func plain(_ json: JSONValue) -> String {
        if case .text(let text) = fields(json) { text } else { "" }
    }

    /// A value in a list whose elements are parted by commas.
    private static func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(",", with: "\\,")
    }

    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                parts[parts.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    // MARK: To a query

    /// The question that the fields ask; what is empty is left out.
    ///
    /// - Parameters:
    ///   - types: of properties by their names, which say how the values of filters are to be read.
    ///   - zone: of the workspace, when the fields name none.
    /// - Throws: `QueryError`, as for any query.
    func query(types: [String: PropertyType], zone: String) throws -> Query {
        var members: [String: JSONValue] = [:]
        if case .object(let own)? = Self.json(tree, key: "", isBelowPeople: false, types) { members = own }
        members["kind"] = .string(kind.rawValue)
        let days = members.removeValue(forKey: "days")
        var range: [String: JSONValue] = ["timeZone": members.removeValue(forKey: "timeZone") ?? .string(zone)]
        let (from, to) = (members.removeValue(forKey: "from"), members.removeValue(forKey: "to"))
        if case .string(let text)? = days, let count = Int(text), count > 0 {
            (range["from"], range["to"]) = (.string("-\(count - 1)d"), .string("0d"))
        } else {
            (range["from"], range["to"]) = (from, to)
        }
        if kind == .correlation {
            guard case .object(var funnel)? = members["funnel"] else { return try decode(members) }
            funnel.merge(range) { $1 }
            members["funnel"] = .object(funnel)
        } else {
            members.merge(range) { $1 }
        }
        return try decode(members)
    }

    private func decode(_ members: [String: JSONValue]) throws -> Query {
        try Query(json: JSONEncoder().encode(JSONValue.object(members)))
    }

    private static let wholeNumbers: Set<String> = [
        "intervals", "stepLimit", "edgeLimit", "minimumWeight", "fromStep", "toStep", "limit", "minimumOccurrences",
        "minimumSupport", "step", "smoothing", "occurrence", "after", "stage", "listed", "brackets", "bins", "buckets",
    ]
    private static let flags: Set<String> = [
        "optional", "cumulative", "collapseRepeats", "compare", "timeToConvert", "entryEvent",
    ]
    private static let lists: Set<String> = ["includeEvents", "excludeEvents", "properties", "traits"]

    private static func json(
        _ tree: FormTree, key: String, isBelowPeople: Bool, _ types: [String: PropertyType]
    ) -> JSONValue? {
        switch tree {
        case .text(let text):
            let text = text.trimmingCharacters(in: .whitespaces)
            if text.isEmpty { return nil }
            if lists.contains(key) { return .array(split(text).map { .string($0) }) }
            if flags.contains(key), text == "true" || text == "false" { return .boolean(text == "true") }
            let isNumber = wholeNumbers.contains(key) || isBelowPeople && ["interval", "to"].contains(key)
            // What is no number goes on as text, for the query's own words about it.
            return isNumber ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
        case .list(let list):
            let elements = list.compactMap { json($0, key: key, isBelowPeople: isBelowPeople, types) }
            return elements.isEmpty ? nil : .array(elements)
        case .map(let members):
            if members["op"] != nil || key == "filters" { return filter(members, types) }
            var result: [String: JSONValue] = [:]
            for (name, member) in members {
                result[name] = json(member, key: name, isBelowPeople: isBelowPeople || name == "people", types)
            }
            if case .string(let name)? = result.removeValue(forKey: "name"), let of = tree.text("of") {
                result[of] = .string(name)
            } else if let name = tree.text("name") {
                result["name"] = .string(name)
            }
            result["of"] = nil
            // A breakdown by nothing is none, and a step without an event is one that is still being chosen.
            if key == "trend", result["interval"] == nil { return nil }
            if key == "breakdown", result["property"] == nil, result["person"] == nil, result["entryEvent"] == nil {
                return nil
            }
            if ["steps", "series", "stages", "exclusions"].contains(key), tree.text("event") == nil { return nil }
            if let event = tree.text("event") {
                let names = event.split(separator: " | ").map(String.init)
                if names.count > 1 {
                    result["event"] = nil
                    result["events"] = .array(names.map { .string($0) })
                }
            }
            return result.isEmpty ? nil : .object(result)
        }
    }

    private static func filter(_ members: [String: FormTree], _ types: [String: PropertyType]) -> JSONValue? {
        let tree = FormTree.map(members)
        // Filters within others, which builders do not show.
        for name in ["and", "or", "not"] where members[name] != nil {
            guard let inner = members[name], let value = json(inner, key: "filters", isBelowPeople: false, types) else {
                return nil
            }
            return .object([name: value])
        }
        guard let name = tree.text("name") else { return nil }
        let of = tree.text("of") ?? "property"
        let op = tree.text("op").flatMap { FilterOperator(rawValue: $0) } ?? .equals
        var result: [String: JSONValue] = [of: .string(name), "op": .string(op.rawValue)]
        switch op {
        case .isSet, .isNotSet: return .object(result)
        default: break
        }
        guard let text = tree.text("value") else { return nil }
        func value(_ text: String) -> JSONValue {
            switch op {
            case .greater, .greaterOrEqual, .less, .lessOrEqual, .between:
                return Double(text).map { .number($0) } ?? .string(text)
            case .equals, .notEquals, .oneOf, .notOneOf:
                switch types[name] {
                case .number?, .numbers?: return Double(text).map { .number($0) } ?? .string(text)
                case .boolean?, .booleans?:
                    return ["true", "false"].contains(text) ? .boolean(text == "true") : .string(text)
                default: return of == "person" ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
                }
            default: return .string(text)
            }
        }
        switch op {
        case .oneOf, .notOneOf, .between, .dateBetween: result["value"] = .array(split(text).map(value))
        default: result["value"] = value(text)
        }
        return .object(result)
    }
}
