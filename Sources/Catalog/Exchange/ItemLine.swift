import EventLog
import Foundation

/// Makes an item of one line of a table.
struct ItemLine {
    private let options: ItemFileOptions
    private var item: Item
    private var amount: Double?
    private var listAmount: Double?
    private var currency: String?
    private var season: Int?
    private var position: Int?
    private var window = AvailabilityWindow()
    private var hasID = false
    private var hasName = false

    private init(_ options: ItemFileOptions) {
        self.options = options
        item = Item(id: "", kind: options.kind, name: "")
    }

    /// - Parameters:
    ///   - names: of the columns, for messages.
    /// - Throws: `CatalogError`, naming the column.
    static func item(
        _ fields: [String], _ columns: [ItemColumn], _ names: [String], _ options: ItemFileOptions
    ) throws -> Item {
        guard fields.count == columns.count else {
            throw CatalogError(
                .invalid, "\(fields.count) fields, but the first line has \(columns.count) columns")
        }
        var line = ItemLine(options)
        for index in fields.indices {
            let text = fields[index].trimmingCharacters(in: .whitespacesAndNewlines)
            if !text.isEmpty { try line.set(columns[index], text, names[index]) }
        }
        return try line.finished()
    }

    private mutating func set(_ column: ItemColumn, _ text: String, _ name: String) throws {
        switch column {
        case .ignored: return
        case .attribute(let attribute, let isList):
            item.attributes[attribute] = isList ? ItemLine.strings(text) : ItemLine.guessed(text)
        case .variantName(let locale): item.variants[locale, default: ItemVariant()].name = text
        case .variantDescription(let locale): item.variants[locale, default: ItemVariant()].description = text
        case .artwork(let id, let tags):
            item.artworks.append(
                Artwork(id: id, url: text, tags: Dictionary(tags.map { ($0, 1) }, uniquingKeysWith: { $1 })))
        case .member(let member): try set(member, text, name)
        }
    }

    private mutating func set(_ member: ItemColumn.Member, _ text: String, _ name: String) throws {
        switch member {
        case .id:
            item.id = text.precomposedStringWithCanonicalMapping
            hasID = true
        case .name:
            item.name = text
            hasName = true
        case .kind: item.kind = text
        case .description: item.description = text
        case .category: item.categories = ItemRules.paths(text)
        case .price: amount = try number(text, name)
        case .listPrice: listAmount = try number(text, name)
        case .currency: currency = text.uppercased()
        case .stock: item.stock = try whole(text, name)
        case .parent: item.parent = text.precomposedStringWithCanonicalMapping
        case .season: season = try whole(text, name)
        case .position: position = try whole(text, name)
        case .regions: window.regions = ItemLine.list(text)
        case .from: window.from = try time(text, name)
        case .until: window.until = try time(text, name)
        case .url: item.url = text
        case .image: item.image = text
        }
    }

    private consuming func finished() throws -> Item {
        guard hasID else { throw CatalogError(.invalid, "the item's id is empty", field: "id") }
        if !hasName { item.name = item.id }
        if let amount {
            item.price = Price(amount: amount, currency: currency ?? options.currency, listAmount: listAmount)
        }
        if let position { item.place = SequencePlace(season: season ?? 1, position: position) }
        if window != AvailabilityWindow() { item.windows = [window] }
        try ItemRules.check(item)
        return item
    }

    // MARK: Values

    /// Thousands may be separated and a currency's sign may stand around: `₩32,000`, `32,000원`.
    private func number(_ text: String, _ name: String) throws -> Double {
        let plain = text.filter { !",₩$€원 ".contains($0) }
        guard let number = Double(plain), number.isFinite else {
            throw CatalogError(.invalid, "'\(text.prefix(40))' is not a number", field: name)
        }
        return number
    }

    private func whole(_ text: String, _ name: String) throws -> Int {
        guard let whole = Int(exactly: try number(text, name)) else {
            throw CatalogError(.invalid, "'\(text.prefix(40))' is not a whole number", field: name)
        }
        return whole
    }

    private func time(_ text: String, _ name: String) throws -> Int64 {
        let date =
            (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle().year().month().day()))
        guard let date else {
            throw CatalogError(
                .invalid, "'\(text.prefix(40))' is not a date such as 2026-03-01 or an ISO time", field: name)
        }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Nil for a list of nothing, such as `|`, which is no value in JSON either.
    private static func strings(_ text: String) -> PropertyValue? {
        let list = list(text)
        return list.isEmpty ? nil : .strings(list)
    }

    /// A number when it is written as one would be; digits that begin with 0 are codes.
    private static func guessed(_ text: String) -> PropertyValue {
        if text == "true" { return .boolean(true) }
        if text == "false" { return .boolean(false) }
        let digits = text.drop { $0 == "-" }
        let isCode = digits.first == "0" && digits.dropFirst().first.map { $0 != "." } ?? false
        guard text.count <= 15, !isCode, digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }),
            let number = Double(text)
        else { return ItemRules.value(text) }
        return .number(number)
    }
}
