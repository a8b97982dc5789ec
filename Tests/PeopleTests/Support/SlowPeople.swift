import EventLog
import People

/// Persons computed in the most obvious way: the whole of everything for each question.
struct SlowPeople {
    struct Edge {
        var alias: String
        var person: String
        var sequence: UInt64
        var isUndone = false
    }

    struct Person: Equatable {
        var canonical: String
        var ids: [String]
        var traits: [String: PropertyValue]
        var events: Int
        var first: Int64?
        var last: Int64?
        var referrer: String?
        var locale: String?
        var zone: String?
        var groups: [String]
        var devices: [String]
        var consents: Int
        var isIdentified: Bool
        var refusesTracking: Bool
    }

    let events: [StoredEvent]
    private(set) var edges: [Edge] = []
    private(set) var users: Set<String> = []
    private(set) var apart: [(String, String)] = []
    private(set) var warnings: [String: Int] = [:]
    private var seen: [String] = []

    init(_ events: [StoredEvent], maxIDs: Int = 1_000) {
        self.events = events
        for stored in events {
            let event = stored.event
            note(event.person)
            let anonymous = text(event["anonymousId"])
            if let anonymous, anonymous != event.person {
                addUser(event.person)
                join(anonymous, event.person, stored, byHand: false, maxIDs)
            } else if anonymous == nil, event.name == "Identified", !event.person.contains("-1111-") {
                addUser(event.person)
            }
            guard let previous = text(event["previousId"]), previous != event.person else { continue }
            switch event.name {
            case "Aliased":
                addUser(event.person)
                join(previous, event.person, stored, byHand: false, maxIDs)
            case "Person Merged": join(previous, event.person, stored, byHand: true, maxIDs)
            case "Person Split": split(previous, event.person, stored)
            default: continue
            }
        }
    }

    private func text(_ value: PropertyValue?) -> String? {
        if case .string(let text) = value { text } else { nil }
    }

    private mutating func note(_ id: String) { if !seen.contains(id) { seen.append(id) } }
    private mutating func addUser(_ id: String) { if !BlockedIDs.contains(id) { users.insert(id) } }

    /// Root and members of every person, from the edges that hold.
    func components() -> [(root: String, ids: [String])] {
        var all = seen.map { (root: $0, ids: [$0]) }
        for edge in edges where !edge.isUndone {
            guard let from = all.firstIndex(where: { $0.ids.contains(edge.alias) }),
                let to = all.firstIndex(where: { $0.ids.contains(edge.person) }), from != to
            else { continue }
            all[to].ids += all[from].ids
            all.remove(at: from)
        }
        return all
    }

    private mutating func join(
        _ alias: String, _ person: String, _ stored: StoredEvent, byHand: Bool, _ maxIDs: Int
    ) {
        func warn(_ kind: String) { warnings["\(kind) \(alias) \(person)", default: 0] += 1 }
        if BlockedIDs.contains(alias) || BlockedIDs.contains(person) { return warn("blocked_id") }
        let all = components()
        let from = all.first { $0.ids.contains(alias) } ?? (root: alias, ids: [alias])
        let to = all.first { $0.ids.contains(person) } ?? (root: person, ids: [person])
        if from.ids.contains(person) { return }
        if !byHand {
            if from.ids.contains(where: users.contains) { return warn("already_identified") }
            let kept = apart.contains { a, b in
                (from.ids.contains(a) && to.ids.contains(b)) || (from.ids.contains(b) && to.ids.contains(a))
            }
            if kept { return warn("kept_apart") }
            if from.ids.count + to.ids.count > maxIDs { return warn("too_many_ids") }
        } else {
            apart.removeAll { ($0.0 == alias && $0.1 == person) || ($0.0 == person && $0.1 == alias) }
        }
        note(alias)
        edges.append(Edge(alias: alias, person: person, sequence: stored.sequence))
    }

    private mutating func split(_ alias: String, _ person: String, _ stored: StoredEvent) {
        guard let index = edges.lastIndex(where: { $0.alias == alias && $0.person == person && !$0.isUndone }) else {
            warnings["nothing_to_split \(alias) \(person)", default: 0] += 1
            return
        }
        edges[index].isUndone = true
        if !apart.contains(where: { $0.0 == alias && $0.1 == person }) { apart.append((alias, person)) }
    }

    // MARK: Profiles

    /// A person's traits while their events are told in order.
    private struct Telling {
        var traits: [String: (value: PropertyValue?, time: Int64, base: Int64)] = [:]
        var cleared = Int64.min
        var ids: [String]
    }

    func persons() -> [Person] {
        components().map { root, ids in person(root, ids) }.sorted { $0.canonical < $1.canonical }
    }

    private func person(_ root: String, _ ids: [String]) -> Person {
        let own = events.filter { ids.contains($0.event.person) }
        let visits = own.filter {
            !["Person Merged", "Person Split"].contains($0.event.name) && $0.event["context.origin"] == nil
        }
        .sorted { ($0.event.time, $0.sequence) < ($1.event.time, $1.sequence) }
        let consents = own.filter { $0.event.name == "Consent Changed" }
            .sorted { ($0.event.time, $0.sequence) < ($1.event.time, $1.sequence) }
        // A refusal of the night only says nothing about the day.
        let tracking = consents.filter {
            $0.event["purpose"] == .string("tracking") && $0.event["channel"] == nil
                && $0.event["period"] != .string("night")
        }
        var groups: Set<String> = []
        var devices: Set<String> = []
        for stored in own {
            if let id = text(stored.event["context.device.id"]) { devices.insert(id) }
            if stored.event.name == "Group Joined", let id = text(stored.event["groupId"]) {
                groups.insert("\(text(stored.event["groupType"]) ?? "company")/\(id)")
            }
        }
        return Person(
            canonical: root, ids: ids.sorted(), traits: traits(ids, own), events: visits.count,
            first: visits.first?.event.time, last: visits.last?.event.time,
            referrer: visits.first.flatMap { text($0.event["context.page.referrer"]) },
            locale: visits.last { $0.event["context.locale"] != nil }.flatMap { text($0.event["context.locale"]) },
            zone: visits.last { $0.event["context.timezone"] != nil }.flatMap { text($0.event["context.timezone"]) },
            groups: groups.sorted(), devices: devices.sorted(), consents: consents.count,
            isIdentified: ids.contains(where: users.contains),
            refusesTracking: tracking.last.map { $0.event["granted"] == .boolean(false) } ?? false)
    }

    private func traits(_ ids: [String], _ own: [StoredEvent]) -> [String: PropertyValue] {
        var tellings = ids.map { Telling(ids: [$0]) }
        let links = edges.filter { !$0.isUndone && ids.contains($0.alias) }
        for number in 0...(events.last?.sequence ?? 0) {
            for link in links where link.sequence == number {
                guard let from = tellings.firstIndex(where: { $0.ids.contains(link.alias) }),
                    let to = tellings.firstIndex(where: { $0.ids.contains(link.person) }), from != to
                else { continue }
                let taken = tellings[from]
                for (name, theirs) in taken.traits {
                    if let mine = tellings[to].traits[name] {
                        if mine.value == nil && theirs.time >= mine.time { tellings[to].traits[name] = theirs }
                    } else {
                        tellings[to].traits[name] = theirs
                    }
                }
                tellings[to].cleared = max(tellings[to].cleared, taken.cleared)
                tellings[to].ids += taken.ids
                tellings.remove(at: from)
            }
            for stored in own where stored.sequence == number {
                guard let place = tellings.firstIndex(where: { $0.ids.contains(stored.event.person) }) else { continue }
                tell(stored.event, &tellings[place])
            }
        }
        return tellings.first?.traits.compactMapValues(\.value) ?? [:]
    }

    private func tell(_ event: Event, _ telling: inout Telling) {
        if event.name == "Group Changed" { return }
        let time = event.time
        func remove(_ name: String) {
            if time >= telling.traits[name]?.time ?? .min { telling.traits[name] = (nil, time, time) }
        }
        func set(_ name: String, _ value: PropertyValue) {
            guard time >= telling.traits[name]?.time ?? telling.cleared else { return }
            telling.traits[name] = (value, time, time)
        }
        if event["$clearAll"] == .boolean(true) {
            for name in telling.traits.keys { remove(name) }
            telling.cleared = max(telling.cleared, time)
        }
        if case .strings(let names) = event["$unset"] { for name in names { remove(name) } }
        if event.name == "Identified" {
            for name in ["city", "name", "email"] { if let value = event[name] { set(name, value) } }
        }
        for name in ["city", "count", "name", "tags"] { if let value = event["$set." + name] { set(name, value) } }
        for name in ["city", "count", "name", "tags"] {
            if let value = event["$setOnce." + name], telling.traits[name]?.value == nil { set(name, value) }
        }
        func change(_ name: String, _ body: (PropertyValue?) -> PropertyValue?) {
            let old = telling.traits[name]
            guard old != nil || time >= telling.cleared, time >= old?.base ?? .min, let new = body(old?.value) else {
                return
            }
            telling.traits[name] = (new, max(time, old?.time ?? .min), old?.base ?? max(telling.cleared, 0))
        }
        if case .number(let amount) = event["$add.count"] {
            change("count") { old in
                switch old {
                case nil: .number(amount)
                case .number(let number): .number(number + amount)
                default: nil
                }
            }
        }
        for operation in ["append", "prepend", "postInsert", "preInsert", "remove"] {
            guard let value = event["$\(operation).tags"], let new = strings(value) else { continue }
            change("tags") { old in
                if old == nil && operation == "remove" { return nil }
                guard let list = old.map(strings) ?? [] else { return nil }
                switch operation {
                case "append": return .strings(list + new)
                case "prepend": return .strings(new + list)
                case "postInsert": return .strings(list + new.filter { !list.contains($0) })
                case "preInsert": return .strings(new.filter { !list.contains($0) } + list)
                default: return .strings(list.filter { !new.contains($0) })
                }
            }
        }
    }

    private func strings(_ value: PropertyValue) -> [String]? {
        switch value {
        case .string(let text): [text]
        case .strings(let list): list
        default: nil
        }
    }
}

extension SlowPeople.Person {
    /// The same of what the module says.
    init(_ profile: Profile, mayTrack: Bool) {
        self.init(
            canonical: profile.canonicalID, ids: profile.identities.map(\.id).sorted(),
            traits: profile.traits.compactMapValues(\.value), events: profile.visit.events,
            first: profile.visit.firstTime == .max ? nil : profile.visit.firstTime,
            last: profile.visit.lastTime == .min ? nil : profile.visit.lastTime,
            referrer: profile.visit.firstTouch.referrer, locale: profile.visit.locale?.value,
            zone: profile.visit.timeZone?.value,
            groups: profile.groups.map { "\($0.group.type)/\($0.group.id)" }.sorted(),
            devices: profile.devices.map(\.id).sorted(), consents: profile.consents.count,
            isIdentified: profile.isIdentified, refusesTracking: !mayTrack)
    }
}
