import EventLog
import Foundation

/// Reads items from JSON, strictly: a member that is not known or of the wrong type is a `CatalogError` with its path.
struct ItemDecoder {
    private static let members = [
        "id", "kind", "name", "description", "categories", "category", "attributes", "price", "stock", "availability",
        "variants", "parent", "season", "position", "artworks", "url", "image",
    ]
    /// Written by the store and the API; read and left out, so that what came out can go in again.
    private static let stamps: Set<String> = ["createdAt", "updatedAt", "deletedAt"]

    static func item(_ value: JSONValue) throws -> Item {
        let object = try Members(value, at: "", what: "an item", allowed: members, ignored: stamps)
        var item = Item(
            id: try object.required("id").precomposedStringWithCanonicalMapping,
            kind: try object.text("kind") ?? "product", name: try object.required("name"))
        item.description = try object.text("description")
        item.categories = try categories(object)
        if let attributes = object["attributes"] { item.attributes = try self.attributes(attributes) }
        if let price = object["price"] { item.price = try self.price(price) }
        item.stock = try object.whole("stock")
        if let windows = object["availability"] { item.windows = try self.windows(windows) }
        if let variants = object["variants"] { item.variants = try self.variants(variants) }
        item.parent = try object.text("parent")?.precomposedStringWithCanonicalMapping
        if let position = try object.whole("position") {
            item.place = SequencePlace(season: try object.whole("season") ?? 1, position: position)
        } else if object["season"] != nil {
            throw CatalogError(.invalid, "is given, but 'position' is not", field: "season")
        }
        if let artworks = object["artworks"] { item.artworks = try self.artworks(artworks) }
        item.url = try object.text("url")
        item.image = try object.text("image")
        try ItemRules.check(item)
        return item
    }

    /// Paths (`[["스킨케어", "크림"]]`), or one as text (`"스킨케어 > 크림"`).
    private static func categories(_ object: Members) throws -> [[String]] {
        if let text = try object.text("category") { return ItemRules.paths(text) }
        guard let value = object["categories"] else { return [] }
        return try elements(value, "categories").enumerated().map { index, path in
            if path.isString { return ItemRules.paths(path.text).first ?? [] }
            return try elements(path, "categories[\(index)]").map { try text($0, "categories[\(index)]") }
        }
    }

    private static func price(_ value: JSONValue) throws -> Price {
        if value.isNumber { return Price(amount: value.number, currency: Price.standardCurrency) }
        let object = try Members(
            value, at: "price", what: "a price", allowed: ["amount", "currency", "listAmount"])
        guard let amount = try object.number("amount") else {
            throw CatalogError(.invalid, "must be given", field: "price.amount")
        }
        return Price(
            amount: amount, currency: try object.text("currency") ?? Price.standardCurrency,
            listAmount: try object.number("listAmount"))
    }

    private static func windows(_ value: JSONValue) throws -> [AvailabilityWindow] {
        try elements(value, "availability").enumerated().map { index, value in
            let path = "availability[\(index)]"
            let object = try Members(value, at: path, what: "a window", allowed: ["regions", "from", "until"])
            let regions = try object["regions"].map { list in
                try elements(list, path + ".regions").map { try text($0, path + ".regions") }
            }
            return AvailabilityWindow(
                regions: regions ?? [], from: try object.time("from"), until: try object.time("until"))
        }
    }

    private static func variants(_ value: JSONValue) throws -> [String: ItemVariant] {
        guard value.isObject else { throw wrong(value, "variants", "an object of languages") }
        var variants: [String: ItemVariant] = [:]
        for child in value.children {
            let locale = String(decoding: child.key, as: UTF8.self)
            let object = try Members(
                child, at: "variants.\(locale)", what: "a variant", allowed: ["name", "description", "image"])
            variants[locale] = ItemVariant(
                name: try object.text("name"), description: try object.text("description"),
                image: try object.text("image"))
        }
        return variants
    }

    private static func artworks(_ value: JSONValue) throws -> [Artwork] {
        try elements(value, "artworks").enumerated().map { index, value in
            let path = "artworks[\(index)]"
            let object = try Members(value, at: path, what: "an artwork", allowed: ["id", "url", "tags", "locale"])
            return Artwork(
                id: try object.required("id"), url: try object.required("url"),
                tags: try object["tags"].map { try tags($0, path + ".tags") } ?? [:],
                locale: try object.text("locale"))
        }
    }

    /// Weights (`{"couple": 0.8}`), or plain tags (`["couple"]`), which weigh 1.
    private static func tags(_ value: JSONValue, _ path: String) throws -> [String: Double] {
        var tags: [String: Double] = [:]
        if value.isArray {
            for child in value.children { tags[try text(child, path)] = 1 }
            return tags
        }
        guard value.isObject else { throw wrong(value, path, "an object of weights, or a list of tags") }
        for child in value.children {
            let name = String(decoding: child.key, as: UTF8.self)
            guard child.isNumber else { throw wrong(child, "\(path).\(name)", "a number from 0 to 1") }
            tags[name] = child.number
        }
        return tags
    }

    // MARK: Attributes

    private static func attributes(_ value: JSONValue) throws -> [String: PropertyValue] {
        guard value.isObject else { throw wrong(value, "attributes", "an object") }
        var attributes: [String: PropertyValue] = [:]
        for child in value.children where !child.isNull {
            let name = String(decoding: child.key, as: UTF8.self)
            attributes[name] = try attribute(child, "attributes.\(name)")
        }
        return attributes
    }

    private static func attribute(_ value: JSONValue, _ path: String) throws -> PropertyValue? {
        if value.isString { return ItemRules.value(value.text) }
        if value.isNumber { return .number(value.number) }
        if value.isBoolean { return .boolean(value.isTrue) }
        guard value.isArray else { throw wrong(value, path, "a text, a number, true or false, or a list of these") }
        let list = Array(value.children)
        guard let first = list.first else { return nil }
        func all(_ test: (JSONValue) -> Bool) throws {
            if let other = list.first(where: { !test($0) }) {
                throw CatalogError(
                    .invalid, "holds \(first.kindName) and \(other.kindName); a list has one type", field: path)
            }
        }
        if first.isString {
            try all(\.isString)
            return .strings(list.map(\.text))
        }
        if first.isNumber {
            try all(\.isNumber)
            return .numbers(list.map(\.number))
        }
        guard first.isBoolean else { throw wrong(first, path + "[0]", "a text, a number, true or false") }
        try all(\.isBoolean)
        return .booleans(list.map(\.isTrue))
    }

    // MARK: Pieces

    fileprivate static func elements(_ value: JSONValue, _ path: String) throws -> [JSONValue] {
        guard value.isArray else { throw wrong(value, path, "a list") }
        return Array(value.children)
    }

    fileprivate static func text(_ value: JSONValue, _ path: String) throws -> String {
        guard value.isString else { throw wrong(value, path, "a text") }
        return value.text
    }

    fileprivate static func wrong(_ value: JSONValue, _ path: String, _ expected: String) -> CatalogError {
        CatalogError(.invalid, "is \(value.kindName), but must be \(expected)", field: path)
    }
}

/// The members of one JSON object; `null` reads as absent.
private struct Members {
    let value: JSONValue
    let path: String

    init(
        _ value: JSONValue, at path: String, what: String, allowed: [String], ignored: Set<String> = []
    ) throws {
        guard value.isObject else {
            throw CatalogError(.invalid, "\(what) must be an object, but is \(value.kindName)", field: path)
        }
        for child in value.children {
            let name = String(decoding: child.key, as: UTF8.self)
            guard allowed.contains(name) || ignored.contains(name) else {
                throw CatalogError(
                    .invalid, "\(what) has no member '\(name)'; its members are \(allowed.joined(separator: ", "))",
                    field: path.isEmpty ? name : "\(path).\(name)")
            }
        }
        self.value = value
        self.path = path.isEmpty ? "" : path + "."
    }

    subscript(_ name: String) -> JSONValue? {
        for child in value.children where child.key.elementsEqual(name.utf8) { return child.isNull ? nil : child }
        return nil
    }

    /// Empty text reads as absent.
    func text(_ name: String) throws -> String? {
        guard let value = self[name] else { return nil }
        // Ids are often numbers; their exact digits are the text.
        if value.isNumber, name == "id" || name == "parent" { return String(decoding: value.bytes, as: UTF8.self) }
        let text = try ItemDecoder.text(value, path + name)
        return text.isEmpty ? nil : text
    }

    func required(_ name: String) throws -> String {
        guard let text = try text(name) else { throw CatalogError(.invalid, "must be given", field: path + name) }
        return text
    }

    func number(_ name: String) throws -> Double? {
        guard let value = self[name] else { return nil }
        guard value.isNumber else { throw ItemDecoder.wrong(value, path + name, "a number") }
        return value.number
    }

    func whole(_ name: String) throws -> Int? {
        guard let number = try number(name) else { return nil }
        guard let whole = Int(exactly: number) else {
            throw CatalogError(.invalid, "must be a whole number", field: path + name)
        }
        return whole
    }

    /// Milliseconds UTC.
    func time(_ name: String) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard let time = value.time else {
            throw CatalogError(.invalid, "must be a time such as 2026-03-01T00:00:00Z", field: path + name)
        }
        return time
    }
}
