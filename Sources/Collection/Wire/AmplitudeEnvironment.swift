import EventLog

/// The members of an Amplitude event that describe its device, its place and its revenue.
enum AmplitudeEnvironment {
    static func add(
        _ members: [JSONValue], _ device: UnsafeRawBufferPointer?, _ assembly: inout BatchAssembly,
        _ findings: inout Enricher.Findings
    ) throws {
        if let device { try assembly.add(device, as: assembly.scratch.place(.deviceID)) }
        var price: Double?
        var quantity = 1.0
        for member in members {
            let key = member.key
            if key.equals("ip") {
                try assembly.addIP(member, &findings)
            } else if key.equals("language") || key.equals("locale") {
                try assembly.addLocale(member, &findings)
            } else if key.equals("user_agent"), member.isString {
                if findings.agent == nil { findings.agent = member.bytes }
                try assembly.add(member, as: .userAgent)
            } else if let property = property(key) {
                if member.isNumber, property == .price { price = member.number }
                if member.isNumber, property == .quantity { quantity = member.number }
                try assembly.add(member, as: property)
            }
        }
        // `revenue` was added above when the event has it: the first value counts.
        if let price, (price * quantity).isFinite { try assembly.add(number: price * quantity, as: .revenue) }
    }

    private static let properties: [String: KnownProperty] = [
        "app_version": .appVersion, "version_name": .appVersion, "platform": .deviceType, "os_name": .osName,
        "os_version": .osVersion, "device_brand": .deviceBrand, "device_manufacturer": .deviceBrand,
        "device_model": .deviceModel, "carrier": .networkCarrier, "country": .locationCountry,
        "region": .locationRegion, "city": .locationCity, "location_lat": .locationLatitude,
        "location_lng": .locationLongitude, "session_id": .sessionID, "library": .libraryName, "revenue": .revenue,
        "price": .price, "quantity": .quantity, "productId": .productID, "product_id": .productID,
        "revenueType": .revenueType, "revenue_type": .revenueType, "currency": .currency,
    ]

    /// Anything else (`event_id`, `partner_id`, `plan` ...) belongs to Amplitude's transport.
    private static func property(_ key: UnsafeRawBufferPointer) -> KnownProperty? {
        key.count > 24 ? nil : properties[String(decoding: key, as: UTF8.self)]
    }
}
