import EventLog

/// PostHog's events.
///
/// | event | becomes |
/// |---|---|
/// | `$identify` | `Identified`, with `$anon_distinct_id` as `anonymousId` |
/// | `$create_alias`, `$merge_dangerously` | `Aliased`, with `alias` as `previousId` |
/// | `$set`, `$set_once`, `$unset`, engage | `Profile Changed` |
/// | `$groupidentify` | `Group Changed` of a stand-in for the group |
/// | `$pageview`, `$screen` | `Page Viewed`, `Screen Viewed` |
/// | any other | an event of that name |
struct PostHogWire {
    /// `/engage`: the event is a change of the profile.
    let isEngage: Bool

    func write(_ event: JSONValue, _ assembly: inout BatchAssembly) throws {
        let properties = event["properties"].flatMap { $0.isNull ? nil : $0 }
        if let properties, !properties.isObject { throw EventProblem.invalid("properties", properties, "an object") }
        let type = isEngage ? nil : event.present("event")
        if !isEngage {
            guard let type else { throw EventProblem.missing("event") }
            guard type.isString else { throw EventProblem.invalid("event", type, "a string") }
            try EventName.check(type.bytes, field: "event")
        }
        let sent = type?.bytes ?? UnsafeRawBufferPointer("$set" as StaticString)
        let kind = Kind(sent)
        let person = try person(event, properties)
        let other = kind == .identify ? try id(properties?.present("$anon_distinct_id"), "$anon_distinct_id") : nil
        let name = kind.name ?? sent
        guard assembly.admits(person, other, name: name) else { return }
        let time = time(event, assembly.clock)
        try begin(kind, name, person, other, properties, time, &assembly)
        var findings = Enricher.Findings()
        if let properties {
            try PostHogProperties.add(properties, of: kind, &assembly, &findings)
        }
        // What stands beside the properties comes second: SDKs that write both write the same.
        for member in event.children where !member.isNull { _ = try TraitOperations.add(member, &assembly) }
        let uuid = event.present("uuid") ?? properties?.present("$insert_id")
        try assembly.end(messageID: try id(uuid, "uuid"), findings)
    }

    enum Kind {
        case identify, alias, profile, group, page, screen, other

        init(_ event: UnsafeRawBufferPointer) {
            self = .other
            guard event.first == 0x24 else { return }
            if event.equals("$identify") { self = .identify }
            if event.equals("$create_alias") || event.equals("$merge_dangerously") { self = .alias }
            if event.equals("$set") || event.equals("$set_once") || event.equals("$unset") { self = .profile }
            if event.equals("$groupidentify") { self = .group }
            if event.equals("$pageview") { self = .page }
            if event.equals("$screen") { self = .screen }
        }

        var name: UnsafeRawBufferPointer? {
            switch self {
            case .identify: UnsafeRawBufferPointer("Identified" as StaticString)
            case .alias: UnsafeRawBufferPointer("Aliased" as StaticString)
            case .profile: UnsafeRawBufferPointer("Profile Changed" as StaticString)
            case .group: UnsafeRawBufferPointer("Group Changed" as StaticString)
            case .page: UnsafeRawBufferPointer("Page Viewed" as StaticString)
            case .screen: UnsafeRawBufferPointer("Screen Viewed" as StaticString)
            case .other: nil
            }
        }
    }

    private func begin(
        _ kind: Kind, _ name: UnsafeRawBufferPointer, _ person: UnsafeRawBufferPointer,
        _ other: UnsafeRawBufferPointer?, _ properties: JSONValue?, _ time: Int64, _ assembly: inout BatchAssembly
    ) throws {
        switch kind {
        case .alias:
            guard let alias = try id(properties?.present("alias"), "alias") else { throw EventProblem.missing("alias") }
            try assembly.begin(person: person, anonymous: nil, name: name, time: time)
            try assembly.add(alias, as: .previousID)
        case .group:
            guard let type = try id(properties?.present("$group_type"), "$group_type") else {
                throw EventProblem.missing("$group_type")
            }
            guard let key = try id(properties?.present("$group_key"), "$group_key") else {
                throw EventProblem.missing("$group_key")
            }
            // Its distinct_id is made up by the SDK and names nobody.
            let stand = PersonResolver.group(type: type, id: key)
            try stand.withUnsafeBytes { try assembly.begin(person: $0, anonymous: nil, name: name, time: time) }
            try assembly.add(type, as: .groupType)
            try assembly.add(key, as: .groupID)
        default:
            let anonymous = other.flatMap { $0.elementsEqual(person) ? nil : $0 }
            try assembly.begin(person: person, anonymous: anonymous, name: name, time: time)
        }
    }

    // MARK: Fields

    private func person(_ event: JSONValue, _ properties: JSONValue?) throws -> UnsafeRawBufferPointer {
        let value =
            event.present("distinct_id") ?? properties?.present("distinct_id") ?? event.present("$distinct_id")
        guard let person = try id(value, "distinct_id") else { throw EventProblem.missing("distinct_id") }
        return person
    }

    private func id(_ value: JSONValue?, _ field: String) throws -> UnsafeRawBufferPointer? {
        guard let value else { return nil }
        guard value.isString || value.isNumber else { throw EventProblem.invalid(field, value, "a string") }
        return value.bytes
    }

    /// `timestamp`, put right; or `offset` milliseconds before now; or now.
    private func time(_ event: JSONValue, _ clock: RequestClock) -> Int64 {
        if let offset = event["offset"], offset.isNumber, offset.number >= 0, offset.number < 1e13 {
            return max(Limits.earliestTime, clock.received - Int64(offset.number))
        }
        guard let time = event.present("timestamp")?.time else { return clock.received }
        return max(Limits.earliestTime, clock.correctedNotInFuture(time))
    }
}
