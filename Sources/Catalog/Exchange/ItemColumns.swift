import Foundation

/// What a column of a file of items means. As text, in commands and the API:
///
/// | Text | Meaning |
/// |---|---|
/// | `id`, `kind`, `name`, `description`, `parent`, `url`, `image` | the member of that name |
/// | `category` | paths: levels by `>`, several paths by `\|` |
/// | `price`, `listPrice`, `currency`, `stock`, `season`, `position` | numbers, and a code of ISO 4217 |
/// | `regions`, `from`, `until` | one window: regions by `\|`, and times |
/// | `name:LOCALE`, `description:LOCALE` | a text in another language |
/// | `attribute:NAME`, `attribute:NAME:list` | an attribute, of a guessed type; a list is separated by `\|` |
/// | `artwork:ID:TAG+TAG` | the address of a picture, and what it shows |
/// | `ignore` | nothing |
package enum ItemColumn: Sendable, Hashable {
    case member(Member)
    case attribute(String, isList: Bool)
    case variantName(String)
    case variantDescription(String)
    case artwork(String, tags: [String])
    case ignored

    package enum Member: String, Sendable, CaseIterable {
        case id, kind, name, description, category, price, listPrice, currency, stock, parent, season, position
        case regions, from, until, url, image
    }

    /// - Throws: `CatalogError` with `invalid`.
    package init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("ignore", 1): self = .ignored
        case ("attribute", 2) where !parts[1].isEmpty: self = .attribute(parts[1], isList: false)
        case ("attribute", 3) where !parts[1].isEmpty && parts[2] == "list": self = .attribute(parts[1], isList: true)
        case ("name", 2) where !parts[1].isEmpty: self = .variantName(parts[1])
        case ("description", 2) where !parts[1].isEmpty: self = .variantDescription(parts[1])
        case ("artwork", 2) where !parts[1].isEmpty: self = .artwork(parts[1], tags: [])
        case ("artwork", 3) where !parts[1].isEmpty:
            self = .artwork(parts[1], tags: parts[2].split(separator: "+").map(String.init))
        default:
            guard parts.count == 1, let member = Member(rawValue: text) else {
                let names = Member.allCases.map(\.rawValue).joined(separator: ", ")
                throw CatalogError(
                    .invalid,
                    "'\(text)' is no meaning of a column; it is \(names), attribute:NAME, name:LOCALE, "
                        + "description:LOCALE, artwork:ID:TAG+TAG or ignore", field: "map")
            }
            self = .member(member)
        }
    }

    /// What a column of this name means when nobody says: the usual names of product feeds, else an attribute.
    init(standard name: String) {
        let plain = name.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }
        let known: [String: Member] = [
            "id": .id, "itemid": .id, "productid": .id, "sku": .id, "title": .name, "name": .name,
            "상품명": .name, "상품번호": .id, "상품id": .id, "상품코드": .id, "이름": .name, "제목": .name,
            "description": .description, "설명": .description, "kind": .kind, "type": .kind, "category": .category,
            "categories": .category, "producttype": .category, "카테고리": .category, "분류": .category,
            "price": .price, "가격": .price, "판매가": .price, "정가": .listPrice, "listprice": .listPrice,
            "currency": .currency, "통화": .currency, "stock": .stock, "quantity": .stock, "재고": .stock,
            "parent": .parent, "itemgroupid": .parent, "season": .season, "position": .position, "url": .url,
            "link": .url, "image": .image, "imagelink": .image, "imageurl": .image, "regions": .regions,
            "from": .from, "until": .until,
        ]
        if name.isEmpty {
            self = .ignored
        } else {
            self = known[plain].map(ItemColumn.member) ?? .attribute(name, isList: false)
        }
    }
}

/// How a file of items is read.
package struct ItemFileOptions: Sendable {
    /// By the name in the first line. Others are known by their names, or attributes.
    package var columns: [String: ItemColumn] = [:]
    /// Of items whose line does not say.
    package var kind = "product"
    package var currency = Price.standardCurrency
    /// Whether lines with an error are left out; else nothing is imported when there is one.
    package var skipsInvalidLines = false
    /// Whether the file is the whole catalogue of the kinds that it holds: items of these that it does not name are
    /// deleted.
    package var isWhole = false

    package init() {}

    /// Reads `COLUMN=MEANING`; the column's name may hold equals signs itself.
    ///
    /// - Throws: `CatalogError` with `invalid`.
    package mutating func map(parsing text: String) throws {
        guard let sign = text.lastIndex(of: "="), sign != text.startIndex else {
            throw CatalogError(
                .invalid, "'\(text)' is not COLUMN=MEANING, for example brand_nm=attribute:brand", field: "map")
        }
        let column = String(text[..<sign])
        guard columns[column] == nil else {
            throw CatalogError(.invalid, "the column '\(column)' has two meanings", field: "map")
        }
        columns[column] = try ItemColumn(parsing: String(text[text.index(after: sign)...]))
    }
}
