import Access
import Engine
import EventLog
import Foundation
import People
import Settings

/// What one person did, the latest first, in sessions.
enum PersonTimeline {
    private static let pageEvents = 60

    /// A stretch without a pause of the session's length.
    struct Session: Sendable {
        /// Places in the history, ascending.
        var events: Range<Int>
    }

    static func sessions(_ times: [Int64], gapMilliseconds: Int64) -> [Session] {
        var sessions: [Session] = []
        var start = 0
        for index in times.indices.dropFirst() where times[index] - times[index - 1] > gapMilliseconds {
            sessions.append(Session(events: start..<index))
            start = index
        }
        if !times.isEmpty { sessions.append(Session(events: start..<times.count)) }
        return sessions
    }

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let mayLook = call.may(.eventsRead)
        let live = head.live
        let id = head.profile.canonicalID
        let history = mayLook ? try await call.parts.queries.run { try live.log.history(of: id) } : []
        let list = timeline(history, head)
        if call.wantsPart { return .part(template: "people/events", list) }
        return head.page(
            "timeline", .timeline, scripts: ["people.js"],
            PageValue.object([
                "mayLook": .flag(mayLook), "traits": traits(head),
                "traitForm": call.may(.peopleWrite) ? PersonTraits.form(head) : false, "groups": groups(head),
                "devices": devices(head),
                "hasGroups": .flag(!head.profile.groups.isEmpty),
                "hasDevices": .flag(!head.profile.devices.isEmpty), "names": names(history, head),
                "isFiltered": .flag(!chosen(call).isEmpty),
                "empty": mayLook && history.isEmpty
                    ? EmptyState(
                        icon: "clock", title: call.text("person.noEvents"), text: call.text("person.noEventsText")
                    ).value : false,
            ]).adding(list))
    }

    private static func chosen(_ call: PageCall) -> Set<String> { Set(call.call.texts("event").filter { !$0.isEmpty }) }

    private static func names(_ history: [StoredEvent], _ head: PersonHead) -> PageValue {
        var counts: [String: Int] = [:]
        for event in history { counts[event.event.name, default: 0] += 1 }
        let chosen = chosen(head.call)
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(40)
        return .list(
            sorted.map { name, count in
                [
                    "name": .text(name), "count": .text(head.call.format.number(count)),
                    "isOn": .flag(chosen.contains(name)),
                ]
            })
    }

    // MARK: Events

    /// Up to a page of events before the place that the address names.
    private static func timeline(_ history: [StoredEvent], _ head: PersonHead) -> PageValue {
        let call = head.call
        let chosen = chosen(call)
        let end = min(max(call.query("until").flatMap { Int($0) } ?? history.count, 0), history.count)
        let gap = Int64(call.settings.sessionMinutes) * 60_000
        var shown: [PageValue] = []
        var left = pageEvents
        var oldest = end
        for session in sessions(history.map(\.event.time), gapMilliseconds: gap).reversed() {
            if left == 0 { break }
            if session.events.lowerBound >= end { continue }
            var events: [PageValue] = []
            for place in session.events.reversed() where place < end && left > 0 {
                oldest = place
                let event = history[place].event
                if !chosen.isEmpty, !chosen.contains(event.name) { continue }
                events.append(EventEntry(stored: history[place], call: call, hasDate: false).value)
                left -= 1
            }
            if !events.isEmpty { shown.append(value(session, history, events, head)) }
        }
        let hasOlder = left == 0 && oldest > 0
        var query = "until=\(oldest)"
        for name in chosen.sorted() { query += "&event=" + PageCall.escape(name) }
        return [
            "sessions": .list(shown), "older": hasOlder ? .text(head.link() + "?" + query) : false,
            "olderText": .text(call.text("person.older", count: oldest)),
            "latest": call.query("until") == nil ? false : .text(head.link()),
            "isNothing": .flag(shown.isEmpty && !history.isEmpty),
        ]
    }

    private static func value(
        _ session: Session, _ history: [StoredEvent], _ events: [PageValue], _ head: PersonHead
    ) -> PageValue {
        let first = history[session.events.lowerBound].event.time
        let last = history[session.events.upperBound - 1].event.time
        let call = head.call
        let seconds = Double((last - first) / 1000)
        return [
            "day": .text(call.format.date(first)), "clock": .text(call.format.clock(first)),
            "machine": .text(call.format.machine(first)),
            "length": seconds >= 1 ? .text(call.format.duration(seconds: seconds)) : false,
            "count": .text(call.text("person.sessionEvents", count: session.events.count)), "events": .list(events),
        ]
    }

    // MARK: Beside them

    /// Each trait with its type and where it is from.
    private static func traits(_ head: PersonHead) -> PageValue {
        let call = head.call
        return .list(
            head.profile.traits.sorted { $0.key < $1.key }.compactMap { name, trait in
                guard let value = trait.value else { return nil }
                let kind = call.text("person.source.\(trait.source.kind.name)")
                let origin = [trait.source.kind == .event ? trait.source.event : kind, trait.source.detail]
                    .filter { !$0.isEmpty }.joined(separator: " · ")
                return [
                    "name": .text(name), "value": .text(call.show(value, most: 400)), "type": .text(value.type.label),
                    "origin": .text(origin), "kind": .text(kind), "when": .text(call.format.relative(trait.time)),
                    "exact": .text(call.format.dateTime(trait.time, seconds: true)),
                    "machine": .text(call.format.machine(trait.time)),
                ]
            })
    }

    private static func groups(_ head: PersonHead) -> PageValue {
        .list(
            head.profile.groups.map { group in
                let traits = group.traits.sorted { $0.key < $1.key }.prefix(6).map {
                    "\($0.key): \(head.call.show($0.value, most: 60))"
                }
                return [
                    "type": .text(group.group.type), "id": .text(group.group.id),
                    "since": .text(head.call.format.date(group.since)),
                    "traits": traits.isEmpty ? false : .text(traits.joined(separator: " · ")),
                ]
            })
    }

    private static func devices(_ head: PersonHead) -> PageValue {
        .list(
            head.profile.devices.sorted { $0.lastTime > $1.lastTime }.prefix(8).map { device in
                let words = [device.model, device.system, device.kind].compactMap(\.self)
                return [
                    "name": .text(words.isEmpty ? device.id : words.joined(separator: " · ")),
                    "last": .text(head.call.format.relative(device.lastTime)),
                    "push": .flag(device.pushToken != nil),
                ]
            })
    }
}
