import EventLog
import Foundation

/// What an item must be.
package enum ItemRules {
    /// - Throws: `CatalogError` with `invalid` or `limitExceeded`, naming the field.
    package static func check(_ item: Item) throws {
        try text(item.id, "id", CatalogLimits.idBytes)
        guard item.id.allSatisfy({ !$0.isNewline && $0 != "\t" && $0 != "\0" }) else {
            throw CatalogError(.invalid, "must not hold tabs or line ends", field: "id")
        }
        try text(item.kind, "kind", CatalogLimits.nameBytes)
        try text(item.name, "name", CatalogLimits.nameBytes)
        if let description = item.description { try text(description, "description", CatalogLimits.textBytes) }
        if let url = item.url { try text(url, "url", CatalogLimits.textBytes) }
        if let image = item.image { try text(image, "image", CatalogLimits.textBytes) }
        try checkCategories(item.categories)
        try checkAttributes(item.attributes)
        if let price = item.price { try check(price) }
        if let stock = item.stock, !(0...1_000_000_000).contains(stock) {
            throw CatalogError(.invalid, "is \(stock), but must be from 0 to 1000000000", field: "stock")
        }
        try checkWindows(item.windows)
        try count(item.variants.count, "variants", CatalogLimits.locales)
        if item.parent == item.id { throw CatalogError(.invalid, "an item is not part of itself", field: "parent") }
        try checkArtworks(item.artworks)
    }

    private static func checkCategories(_ categories: [[String]]) throws {
        try count(categories.count, "categories", CatalogLimits.categories)
        for (index, path) in categories.enumerated() {
            let field = "categories[\(index)]"
            guard !path.isEmpty else { throw CatalogError(.invalid, "names no category", field: field) }
            try count(path.count, field, CatalogLimits.categoryLevels)
            for name in path {
                try text(name, field, CatalogLimits.nameBytes)
                guard !name.contains(">") else {
                    throw CatalogError(.invalid, "must not hold '>', which separates levels", field: field)
                }
            }
        }
    }

    private static func checkAttributes(_ attributes: [String: PropertyValue]) throws {
        try count(attributes.count, "attributes", CatalogLimits.attributes)
        for (name, value) in attributes {
            let field = "attributes.\(name)"
            try text(name, field, CatalogLimits.attributeNameBytes)
            switch value {
            case .string(let one): try length(one, field, CatalogLimits.textBytes)
            case .strings(let list):
                try count(list.count, field, CatalogLimits.valuesPerAttribute)
                for one in list { try length(one, field, CatalogLimits.textBytes) }
            case .numbers(let list): try count(list.count, field, CatalogLimits.valuesPerAttribute)
            case .booleans(let list): try count(list.count, field, CatalogLimits.valuesPerAttribute)
            case .times(let list): try count(list.count, field, CatalogLimits.valuesPerAttribute)
            case .number, .boolean, .time: break
            }
        }
    }

    private static func check(_ price: Price) throws {
        let amounts = 0...1e15
        guard amounts.contains(price.amount) else {
            throw CatalogError(.invalid, "must be from 0 to 10^15", field: "price.amount")
        }
        if let list = price.listAmount, !amounts.contains(list) {
            throw CatalogError(.invalid, "must be from 0 to 10^15", field: "price.listAmount")
        }
        guard price.currency.count == 3, price.currency.utf8.allSatisfy({ (0x41...0x5a).contains($0) }) else {
            throw CatalogError(
                .invalid, "'\(price.currency.prefix(20))' is no currency of ISO 4217 such as KRW",
                field: "price.currency")
        }
    }

    private static func checkWindows(_ windows: [AvailabilityWindow]) throws {
        try count(windows.count, "availability", CatalogLimits.windows)
        for (index, window) in windows.enumerated() {
            let field = "availability[\(index)]"
            try count(window.regions.count, field + ".regions", CatalogLimits.regionsPerWindow)
            if let from = window.from, let until = window.until, until <= from {
                throw CatalogError(.invalid, "ends before it begins", field: field)
            }
        }
    }

    private static func checkArtworks(_ artworks: [Artwork]) throws {
        try count(artworks.count, "artworks", CatalogLimits.artworks)
        var ids: Set<String> = []
        for (index, artwork) in artworks.enumerated() {
            let field = "artworks[\(index)]"
            try text(artwork.id, field + ".id", CatalogLimits.idBytes)
            try text(artwork.url, field + ".url", CatalogLimits.textBytes)
            guard ids.insert(artwork.id).inserted else {
                throw CatalogError(.invalid, "'\(artwork.id)' is there twice", field: field + ".id")
            }
            try count(artwork.tags.count, field + ".tags", CatalogLimits.tagsPerArtwork)
            for (tag, weight) in artwork.tags where !(0...1).contains(weight) {
                throw CatalogError(.invalid, "must be from 0 to 1", field: "\(field).tags.\(tag)")
            }
        }
    }

    private static func text(_ text: String, _ field: String, _ limit: Int) throws {
        guard !text.allSatisfy(\.isWhitespace) else { throw CatalogError(.invalid, "must not be empty", field: field) }
        try length(text, field, limit)
    }

    private static func length(_ text: String, _ field: String, _ limit: Int) throws {
        guard text.utf8.count <= limit else {
            throw CatalogError(
                .limitExceeded, "has \(text.utf8.count) bytes; at most \(limit) are allowed", field: field)
        }
    }

    private static func count(_ count: Int, _ field: String, _ limit: Int) throws {
        guard count <= limit else {
            throw CatalogError(.limitExceeded, "has \(count) elements; at most \(limit) are allowed", field: field)
        }
    }

    // MARK: Texts

    /// Category paths in one text: levels by `>`, paths by `|`.
    static func paths(_ text: String) -> [[String]] {
        text.split(separator: "|").map { path in
            path.split(separator: ">").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }.filter { !$0.isEmpty }
    }

    /// A text, or the instant that it writes in full: `2026-03-01T09:00:00.000Z`.
    static func value(_ text: String) -> PropertyValue {
        Timestamp.milliseconds(text).map(PropertyValue.time) ?? .string(text)
    }
}

extension Price {
    /// Of an amount without one.
    package static let standardCurrency = "KRW"
}
