import EventLog

/// PostHog's properties: its own names for the environment become `context`, operations on traits become such, and the
/// rest stays as it is.
enum PostHogProperties {
    static func add(
        _ properties: JSONValue, of kind: PostHogWire.Kind, _ assembly: inout BatchAssembly,
        _ findings: inout Enricher.Findings
    ) throws {
        // What a server's library says of its system says nothing of the person.
        let isServer = properties["$is_server"]?.isTrue == true
        for member in properties.children where !member.isNull {
            let key = member.key
            if key.first != 0x24 {
                if let tag = CampaignReader.property(key) {
                    try assembly.add(member, as: tag)
                } else if !dropped(key), kind != .alias || !key.equals("alias") {
                    try assembly.addMember(member, below: .root)
                }
            } else if key.equals("$ip") {
                try assembly.addIP(member, &findings)
            } else if key.equals("$locale") || key.equals("$browser_language") {
                try assembly.addLocale(member, &findings)
            } else if key.equals("$group_set") {
                try TraitOperations.addAll(member, field: "$group_set", &assembly)
            } else if kind == .screen, key.equals("$screen_name") {
                try assembly.add(member, as: .name)
            } else if try !TraitOperations.add(member, &assembly), !dropped(key) {
                try addOwn(member, key, isServer, &assembly, &findings)
            }
        }
    }

    private static func addOwn(
        _ member: JSONValue, _ key: UnsafeRawBufferPointer, _ isServer: Bool, _ assembly: inout BatchAssembly,
        _ findings: inout Enricher.Findings
    ) throws {
        guard let property = key.count > 24 ? nil : known[String(decoding: key, as: UTF8.self)] else {
            try assembly.addMember(member, below: .root)
            return
        }
        switch property {
        case .osName, .osVersion:
            if isServer { return }
        case .deviceType:
            // `Mobile` and so on; ours are small.
            if member.isString {
                let word = Array(member.text.lowercased().utf8)
                try word.withUnsafeBytes { try assembly.add($0, as: assembly.scratch.place(.deviceType)) }
                return
            }
        case .userAgent: if member.isString { findings.agent = member.bytes }
        case .pageURL: if member.isString { findings.address = member.bytes }
        default: break
        }
        try assembly.add(member, as: property)
    }

    private static let known: [String: KnownProperty] = [
        "$current_url": .pageURL, "$pathname": .pagePath, "$host": .pageHost, "$referrer": .pageReferrer,
        "$title": .pageTitle, "$referring_domain": .referringDomain, "$browser": .browserName,
        "$browser_version": .browserVersion, "$os": .osName, "$os_version": .osVersion,
        "$device_type": .deviceType, "$device_id": .deviceID, "$device_model": .deviceModel,
        "$device_manufacturer": .deviceBrand, "$device": .deviceModel, "$screen_width": .screenWidth,
        "$screen_height": .screenHeight, "$viewport_width": .viewportWidth, "$viewport_height": .viewportHeight,
        "$lib": .libraryName, "$lib_version": .libraryVersion, "$timezone": .timezone, "$raw_user_agent": .userAgent,
        "$user_agent": .userAgent, "$useragent": .userAgent, "$app_version": .appVersion,
        "$session_id": .sessionID, "$network_carrier": .networkCarrier, "$geoip_country_code": .locationCountry,
        "$geoip_city_name": .locationCity,
    ]

    /// What belongs to the transport, or was read elsewhere.
    private static let transport: Set<String> = [
        "token", "distinct_id", "$token", "$insert_id", "$time", "$geoip_disable", "$anon_distinct_id",
        "$group_type", "$group_key", "$is_server", "$python_runtime", "$python_version", "$os_distro", "$lib_custom",
        "$active_feature_flags", "$sent_at", "$process_person_profile", "$user_id",
    ]

    private static func dropped(_ key: UnsafeRawBufferPointer) -> Bool {
        // Ours are few and short; everybody else's names are compared by their length first.
        guard key.count <= 23, let first = key.first, first == 0x24 || first == 0x74 || first == 0x64 || first == 0x61
        else { return false }
        return transport.contains(String(decoding: key, as: UTF8.self))
    }
}
