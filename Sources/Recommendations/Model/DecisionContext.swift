import Analysis

/// One value of a context.
package enum ContextValue: Sendable, Hashable, Codable {
    case text(String)
    case number(Double)

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .number(flag ? 1 : 0)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .number(let number): try value.encode(number)
        }
    }
}

/// Where and when somebody is to be shown something. Some names have a meaning; all others are features for policies.
///
/// ```json
/// { "item": "sku-1", "cart": ["sku-2"], "query": "cream", "region": "KR-11", "locale": "ko", "hour": 21, "device": "tv" }
/// ```
package struct DecisionContext: Sendable, Hashable, Codable {
    /// The item that is looked at, or that was just finished.
    package var item: String?
    package var cart: [String]
    package var query: String?
    /// Where the person is, for items that are not offered everywhere.
    package var region: String?
    /// The language of what is shown: `ko`, `en-US`.
    package var locale: String?
    /// Everything, the named ones too but the cart: `hour`, `device`, `plan`.
    package var features: [String: ContextValue]

    static let featuresMax = 50
    static let cartMax = 100
    static let textBytesMax = 512

    package init(item: String? = nil, cart: [String] = [], query: String? = nil, region: String? = nil) {
        self.item = item
        self.cart = cart
        self.query = query
        self.region = region
        features = [:]
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyName.self)
        self.init()
        guard container.allKeys.count <= Self.featuresMax else {
            throw QueryError(
                .limitExceeded, "context",
                "has \(container.allKeys.count) members; at most \(Self.featuresMax) are allowed")
        }
        for key in container.allKeys where try !container.decodeNil(forKey: key) {
            try read(key, container)
        }
    }

    private mutating func read(_ key: AnyName, _ container: KeyedDecodingContainer<AnyName>) throws {
        let place = "context." + key.stringValue
        if key.stringValue == "cart" {
            guard let list = try? container.decode([String].self, forKey: key), list.count <= Self.cartMax else {
                throw QueryError(.wrongType, place, "must be a list of at most \(Self.cartMax) ids")
            }
            cart = list
            return
        }
        guard let value = try? container.decode(ContextValue.self, forKey: key) else {
            throw QueryError(.wrongType, place, "must be a text, a number or a switch")
        }
        if case .text(let text) = value, text.utf8.count > Self.textBytesMax {
            throw QueryError(.limitExceeded, place, "is longer than \(Self.textBytesMax) bytes")
        }
        switch (key.stringValue, value) {
        case ("item", .text(let text)): item = text
        case ("item", .number(let number)): item = ItemID.text(number)
        case ("query", .text(let text)): query = text
        case ("region", .text(let text)): region = text
        case ("locale", .text(let text)): locale = text
        default: break
        }
        features[key.stringValue] = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyName.self)
        for (name, value) in features { try container.encode(value, forKey: AnyName(name)) }
        if !cart.isEmpty { try container.encode(cart, forKey: AnyName("cart")) }
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
