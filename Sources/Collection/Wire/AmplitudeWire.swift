import EventLog

/// Amplitude's events.
///
/// `$identify` is `Identified`, and `Group Joined` for each of its groups; `$groupidentify` is `Group Changed`. Of any
/// other event `user_properties` become operations on traits. What describes the device becomes `context`.
struct AmplitudeWire {
    /// The request's `options.min_id_length`, when it has one. Unlike Amplitude we ask for no length by ourselves.
    let idLengthMin: Int

    private struct Fields {
        var userID: JSONValue?
        var deviceID: JSONValue?
        var type: JSONValue?
        var time: JSONValue?
        var insertID: JSONValue?
        var eventProperties: JSONValue?
        var userProperties: JSONValue?
        var groups: JSONValue?
        var groupProperties: JSONValue?
        /// The rest: revenue and the environment.
        var others: [JSONValue] = []

        init(_ event: JSONValue) {
            for member in event.children where !member.isNull {
                let key = member.key
                if key.equals("user_id") {
                    if !member.bytes.isEmpty { userID = member }
                } else if key.equals("device_id") {
                    if !member.bytes.isEmpty { deviceID = member }
                } else if key.equals("event_type") {
                    type = member
                } else if key.equals("time") {
                    time = member
                } else if key.equals("insert_id") {
                    if !member.bytes.isEmpty { insertID = member }
                } else if key.equals("event_properties") {
                    eventProperties = member
                } else if key.equals("user_properties") {
                    userProperties = member
                } else if key.equals("groups") {
                    groups = member
                } else if key.equals("group_properties") {
                    groupProperties = member
                } else {
                    others.append(member)
                }
            }
        }
    }

    func write(_ event: JSONValue, _ assembly: inout BatchAssembly) throws {
        let fields = Fields(event)
        guard let type = fields.type, !type.bytes.isEmpty else { throw EventProblem.missing("event_type") }
        guard type.isString else { throw EventProblem.invalid("event_type", type, "a string") }
        try EventName.check(type.bytes, field: "event_type")
        let user = try id(fields.userID, "user_id")
        let device = try id(fields.deviceID, "device_id")
        let time = try time(fields.time, assembly.clock)
        if type.bytes.equals("$groupidentify") {
            try writeGroups(fields, user ?? device, time, &assembly)
            return
        }
        guard let person = user ?? device else { throw EventProblem.missing("user_id") }
        let isIdentify = type.bytes.equals("$identify")
        let name = isIdentify ? UnsafeRawBufferPointer("Identified" as StaticString) : type.bytes
        guard assembly.admits(person, device, name: name) else { return }
        let messageID = try messageID(fields.insertID, device ?? person)
        if isIdentify, let groups = fields.groups {
            try joinGroups(groups, person, time, messageID, &assembly)
        }
        try assembly.begin(person: person, anonymous: user == nil ? nil : device, name: name, time: time)
        if let properties = fields.eventProperties {
            guard properties.isObject else { throw EventProblem.invalid("event_properties", properties, "an object") }
            for member in properties.children { try addEventProperty(member, &assembly) }
        }
        if let traits = fields.userProperties {
            try TraitOperations.addAll(traits, field: "user_properties", &assembly)
        }
        if !isIdentify, let groups = fields.groups {
            guard groups.isObject else { throw EventProblem.invalid("groups", groups, "an object") }
            try assembly.addMembers(groups, below: .groups)
        }
        var findings = Enricher.Findings()
        try AmplitudeEnvironment.add(fields.others, device, &assembly, &findings)
        try end(messageID, findings, &assembly)
    }

    private func end(
        _ messageID: [UInt8]?, _ findings: Enricher.Findings, _ assembly: inout BatchAssembly
    ) throws {
        if let messageID {
            try messageID.withUnsafeBytes { try assembly.end(messageID: $0, findings) }
        } else {
            try assembly.end(messageID: nil, findings)
        }
    }

    // MARK: Fields

    private func id(_ value: JSONValue?, _ field: String) throws -> UnsafeRawBufferPointer? {
        guard let value else { return nil }
        guard value.isString || value.isNumber else { throw EventProblem.invalid(field, value, "a string") }
        if value.bytes.count > Limits.personIDBytes {
            throw EventProblem(
                .invalid, field,
                "'\(field)' has \(value.bytes.count) bytes; at most \(Limits.personIDBytes) are allowed")
        }
        if idLengthMin > 0, value.text.count < idLengthMin {
            throw EventProblem(.idTooShort, field, "'\(field)' is shorter than \(idLengthMin) characters")
        }
        return value.bytes
    }

    private func time(_ value: JSONValue?, _ clock: RequestClock) throws -> Int64 {
        guard let value else { return clock.received }
        guard let time = value.time else {
            throw EventProblem(.invalid, "time", "the time '\(value.text.prefix(40))' is no time in milliseconds")
        }
        return clock.corrected(time)
    }

    private func messageID(_ insertID: JSONValue?, _ device: UnsafeRawBufferPointer) throws -> [UInt8]? {
        guard let insertID else { return nil }
        guard insertID.isString || insertID.isNumber else {
            throw EventProblem.invalid("insert_id", insertID, "a string")
        }
        return MessageID.amplitude(insertID: insertID.bytes, device: device)
    }

    private func addEventProperty(_ member: JSONValue, _ assembly: inout BatchAssembly) throws {
        let key = member.key
        if key.equals("$revenue") {
            try assembly.add(member, as: .revenue)
        } else if key.equals("$price") {
            try assembly.add(member, as: .price)
        } else if key.equals("$quantity") {
            try assembly.add(member, as: .quantity)
        } else if key.equals("$productId") {
            try assembly.add(member, as: .productID)
        } else if key.equals("$revenueType") {
            try assembly.add(member, as: .revenueType)
        } else {
            try assembly.addMember(member, below: .root)
        }
    }

    // MARK: Groups

    private func joinGroups(
        _ groups: JSONValue, _ person: UnsafeRawBufferPointer, _ time: Int64, _ messageID: [UInt8]?,
        _ assembly: inout BatchAssembly
    ) throws {
        try forEachGroup(groups) { type, id in
            try assembly.begin(
                person: person, anonymous: nil, name: UnsafeRawBufferPointer("Group Joined" as StaticString), time: time
            )
            try assembly.add(type, as: .groupType)
            try assembly.add(id, as: .groupID)
            let part = messageID.map { MessageID.group($0, type: type, id: id) }
            try end(part, Enricher.Findings(), &assembly)
        }
    }

    private func writeGroups(
        _ fields: Fields, _ person: UnsafeRawBufferPointer?, _ time: Int64, _ assembly: inout BatchAssembly
    ) throws {
        guard let groups = fields.groups else { throw EventProblem.missing("groups") }
        try forEachGroup(groups) { type, id in
            let stand = PersonResolver.group(type: type, id: id)
            let messageID = try stand.withUnsafeBytes { try self.messageID(fields.insertID, person ?? $0) }
            try stand.withUnsafeBytes { stand in
                try assembly.begin(
                    person: person ?? stand, anonymous: nil,
                    name: UnsafeRawBufferPointer("Group Changed" as StaticString), time: time)
            }
            try assembly.add(type, as: .groupType)
            try assembly.add(id, as: .groupID)
            if let traits = fields.groupProperties {
                try TraitOperations.addAll(traits, field: "group_properties", &assembly)
            }
            try end(messageID.map { MessageID.group($0, type: type, id: id) }, Enricher.Findings(), &assembly)
        }
    }

    /// `{"company": "acme"}` or `{"company": ["acme", "other"]}`.
    private func forEachGroup(
        _ groups: JSONValue, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard groups.isObject else { throw EventProblem.invalid("groups", groups, "an object") }
        for group in groups.children where !group.isNull {
            for id in group.isArray ? Array(group.children) : [group] {
                guard id.isString || id.isNumber else { throw EventProblem.invalid("groups", id, "a string") }
                try body(group.key, id.bytes)
            }
        }
    }
}
