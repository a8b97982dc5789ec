import EventLog

/// The buffers and tables that decoding one request needs, used again for the next.
final class CollectionScratch {
    let reader: JSONDocumentReader
    var properties: JSONProperties
    private let places: [JSONProperties.Place]
    var agents = UserAgentCache()
    /// Percent-decoded values and normalised words, while they are added.
    var text: [UInt8] = []

    /// Keys only tables that live as long as the process.
    static let key = HashKey.random()

    static let pool = ObjectPool<CollectionScratch>(countMax: 16) { try CollectionScratch() }

    private init() throws {
        reader = try JSONDocumentReader()
        let properties = JSONProperties(key: Self.key, known: KnownProperty.paths, keepsFirst: true)
        places = KnownProperty.allCases.map { properties.place($0.rawValue) }
        self.properties = properties
    }

    func place(_ property: KnownProperty) -> JSONProperties.Place { places[property.rawValue] }

    /// Ends the use. What a large request has made is not kept.
    func giveBack() {
        if reader.capacity <= 2 << 20 { Self.pool.giveBack(self) }
    }
}
