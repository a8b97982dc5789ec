import EventLog

/// A person as a fold over their events in the order of arrival.
///
/// The projection keeps the same in tables, event by event; a split computes it anew from the log.
struct ProfileState: Sendable, Hashable {
    var visits = Visits()
    var traits: [String: Trait] = [:]
    var devices: [String: Device] = [:]
    /// The earliest event that says so.
    var groups: [GroupID: Int64] = [:]

    mutating func apply(_ stored: StoredEvent, _ content: EventContent) {
        visits.apply(stored, content)
        for change in content.changes {
            TraitRules.apply(
                change, time: stored.event.time, sequence: stored.sequence, source: content.source, to: &traits,
                clearedTime: &visits.clearedTime)
        }
        if let device = content.device { Device.note(device, stored, in: &devices) }
        if stored.event.name == Vocabulary.groupJoined, let group = content.group {
            groups[group] = min(groups[group] ?? .max, stored.event.time)
        }
    }

    /// Takes in another person, who is the same.
    mutating func absorb(_ other: ProfileState) {
        visits.absorb(other.visits)
        TraitRules.absorb(other.traits, into: &traits)
        for (id, device) in other.devices {
            if let own = devices[id] { devices[id] = own.joined(device) } else { devices[id] = device }
        }
        groups.merge(other.groups, uniquingKeysWith: min)
    }
}

extension Visits {
    /// Notes that an event happened.
    mutating func apply(_ stored: StoredEvent, _ content: EventContent) {
        let time = stored.event.time
        createdTime = min(createdTime, time)
        guard content.isVisit else { return }
        events += 1
        if (time, stored.sequence) < (firstTime, firstSequence) {
            firstTime = time
            firstSequence = stored.sequence
            firstTouch = FirstTouch(stored.event)
        }
        lastTime = max(lastTime, time)
        if let text = content.locale, locale?.isBefore(time, stored.sequence) ?? true {
            locale = Latest(value: text, time: time, sequence: stored.sequence)
        }
        if let text = content.timeZone, timeZone?.isBefore(time, stored.sequence) ?? true {
            timeZone = Latest(value: text, time: time, sequence: stored.sequence)
        }
    }
}

extension Device {
    /// Devices that are remembered of one person. More are left out.
    static let maxPerPerson = 200

    static func note(_ reading: EventContent.DeviceReading, _ stored: StoredEvent, in devices: inout [String: Device]) {
        guard let id = reading.id, devices[id] != nil || devices.count < maxPerPerson else { return }
        let time = stored.event.time
        let new = Device(
            id: id, kind: reading.kind, model: reading.model, system: reading.system, pushToken: reading.pushToken,
            firstTime: time, lastTime: time, sequence: stored.sequence)
        devices[id] = devices[id]?.joined(new) ?? new
    }

    /// The later description wins; what it does not say is taken from the earlier one.
    func joined(_ other: Device) -> Device {
        let otherIsLater = (lastTime, sequence) < (other.lastTime, other.sequence)
        let (later, earlier) = otherIsLater ? (other, self) : (self, other)
        return Device(
            id: id, kind: later.kind ?? earlier.kind, model: later.model ?? earlier.model,
            system: later.system ?? earlier.system, pushToken: later.pushToken ?? earlier.pushToken,
            firstTime: min(firstTime, other.firstTime), lastTime: later.lastTime, sequence: later.sequence)
    }
}

/// A group as a fold over what events say about it, in the order of arrival.
struct GroupState: Sendable, Hashable {
    var traits: [String: Trait] = [:]
    var firstTime = Int64.max
    var clearedTime = Int64.min

    mutating func apply(_ stored: StoredEvent, _ content: EventContent) {
        firstTime = min(firstTime, stored.event.time)
        for change in content.groupChanges {
            TraitRules.apply(
                change, time: stored.event.time, sequence: stored.sequence, source: content.source, to: &traits,
                clearedTime: &clearedTime)
        }
    }

    /// Whether an event is about a group.
    static func concerns(_ event: Event) -> Bool {
        event.name == Vocabulary.groupJoined || event.name == Vocabulary.groupChanged
    }
}
