import EventLog
package import Foundation

/// An item as JSON, as the API, files and the store have it. What is absent is left out.
extension Item: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        try encode(into: &object)
    }

    func encode(into object: inout KeyedEncodingContainer<Name>) throws {
        try object.encode(id, forKey: "id")
        try object.encode(kind, forKey: "kind")
        try object.encode(name, forKey: "name")
        try object.encodeIfPresent(description, forKey: "description")
        if !categories.isEmpty { try object.encode(categories, forKey: "categories") }
        if !attributes.isEmpty { try object.encode(attributes.mapValues(AttributeValue.init), forKey: "attributes") }
        try object.encodeIfPresent(price, forKey: "price")
        try object.encodeIfPresent(stock, forKey: "stock")
        if !windows.isEmpty { try object.encode(windows, forKey: "availability") }
        if !variants.isEmpty { try object.encode(variants, forKey: "variants") }
        try object.encodeIfPresent(parent, forKey: "parent")
        if let place {
            try object.encode(place.season, forKey: "season")
            try object.encode(place.position, forKey: "position")
        }
        if !artworks.isEmpty { try object.encode(artworks, forKey: "artworks") }
        try object.encodeIfPresent(url, forKey: "url")
        try object.encodeIfPresent(image, forKey: "image")
    }

    /// The members of an item's object.
    struct Name: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringLiteral value: String) { stringValue = value }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Members in the order of their names, so that equal items are equal texts.
    package func json() throws -> Data { try ItemJSON.encoder.encode(self) }
}

extension StoredItem: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Item.Name.self)
        try item.encode(into: &object)
        try object.encode(Timestamp.text(createdTime), forKey: "createdAt")
        try object.encode(Timestamp.text(updatedTime), forKey: "updatedAt")
        try object.encodeIfPresent(deletedTime.map(Timestamp.text), forKey: "deletedAt")
    }
}

extension AvailabilityWindow: Encodable {
    private enum Name: String, CodingKey { case regions, from, until }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        if !regions.isEmpty { try object.encode(regions, forKey: .regions) }
        try object.encodeIfPresent(from.map(Timestamp.text), forKey: .from)
        try object.encodeIfPresent(until.map(Timestamp.text), forKey: .until)
    }
}

extension PricePoint: Encodable {
    private enum Name: String, CodingKey { case time, price }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        try object.encode(Timestamp.text(time), forKey: .time)
        try object.encode(price, forKey: .price)
    }
}

private struct AttributeValue: Encodable {
    let value: PropertyValue

    init(_ value: PropertyValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch value {
        case .string(let text): try single.encode(text)
        case .number(let number): try single.encode(number)
        case .boolean(let flag): try single.encode(flag)
        case .time(let time): try single.encode(Timestamp.text(time))
        case .strings(let list): try single.encode(list)
        case .numbers(let list): try single.encode(list)
        case .booleans(let list): try single.encode(list)
        case .times(let list): try single.encode(list.map(Timestamp.text))
        }
    }
}

enum ItemJSON {
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
