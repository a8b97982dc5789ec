import Access
import Engine
import EventLog
import HTTPTypes
import Hummingbird
import NIOCore
import People

/// Events as they arrive: the latest in the page, and more from a stream as long as it is open.
enum LivePages {
    static let latest = 50
    /// Events that one look at the log sends at most; of more the latest, with how many were left out.
    private static let burst = 40

    static let pages: [ConsolePage] = [
        .get("live", name: "live", in: .live, access: .scope(.eventsRead)) { call in
            let filter = try LiveFilter(call)
            let log = try call.workspace().log
            // Before what is shown is read: what comes in between shows twice, and not never.
            let next = log.nextSequence
            let tail = EventTail(log: log)
            let found = try await call.parts.queries.run { try filter.latest(tail, call) }
            return .page(
                "live/live", title: call.text("nav.live"), scripts: ["live.js"],
                [
                    "events": .list(try entries(found.reversed(), call)),
                    "stream": .text(call.link("live/stream", filter.query(adding: next))),
                    "isEmpty": .flag(found.isEmpty), "isFiltered": .flag(filter.isFiltered),
                    "all": .text(call.link("live")),
                    "name": FormField(
                        .combobox(source: call.link("insights/names/events")), "event", call.text("live.event"),
                        value: filter.event
                    ).with { $0.placeholder = call.text("live.anyEvent") }.value,
                    "person": filter.person.map { ["key": .text($0.key), "name": .text($0.name)] } ?? false,
                    "empty": EmptyState(
                        icon: "live", title: call.text(filter.isFiltered ? "live.noneTitle" : "live.emptyTitle"),
                        text: call.text(filter.isFiltered ? "live.noneText" : "live.emptyText")
                    ).value,
                ])
        },
        .get("live/stream", name: "liveStream", in: .live, access: .scope(.eventsRead)) { call in
            let filter = try LiveFilter(call)
            let response = try EventStream.respond(call.call, accepts: filter.accepts) { events in
                try text(events, call)
            }
            return .response(response)
        }
        .endless(),
    ]

    private static func entries(_ events: some Sequence<StoredEvent>, _ call: PageCall) throws -> [PageValue] {
        let people = try call.workspace().people
        let mayName = call.may(.peopleRead)
        var known: [String: EventEntry.Person?] = [:]
        return try events.map { stored in
            let id = stored.event.person
            if mayName, known[id] == nil { known[id] = .some(try person(id, people, call)) }
            return EventEntry(stored: stored, call: call, person: known[id] ?? nil).value
        }
    }

    private static func person(_ id: String, _ people: PeopleService, _ call: PageCall) throws -> EventEntry.Person? {
        guard let facts = try people.facts(of: id) else { return nil }
        return EventEntry.Person(name: LiveFilter.name(facts, call), href: call.link("people/" + facts.key))
    }

    /// Server-sent events: each is a row of the page, as its template writes it.
    private static func text(_ events: [StoredEvent], _ call: PageCall) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        if events.count > burst { buffer.writeString("event: left-out\ndata: \(events.count - burst)\n\n") }
        let shown = events.suffix(burst)
        for (stored, entry) in zip(shown, try entries(shown, call)) {
            let row = try call.render("live/row", entry)
            buffer.writeString("id: \(stored.sequence + 1)\nevent: row\n")
            for line in row.split(separator: "\n") { buffer.writeString("data: \(line)\n") }
            buffer.writeString("\n")
        }
        return buffer
    }
}

/// Which events the reader wants to see. It is in the address: `?event=…&person=KEY`.
struct LiveFilter: Sendable {
    struct Person: Sendable {
        var key: String
        var name: String
        var ids: Set<String>
    }

    let event: String?
    let person: Person?

    init(_ call: PageCall) throws {
        event = call.query("event").flatMap { $0 == "*" ? nil : $0 }
        person = try call.query("person").map { key in
            // Keys only: an id may be an e-mail address, which belongs into no address.
            guard call.may(.peopleRead), key.hasPrefix("p_"), let profile = try call.workspace().people.profile(of: key)
            else { throw Problem.notFound("there is no person with the key '\(key.prefix(40))'") }
            return Person(
                key: profile.key, name: profile.name ?? profile.key,
                ids: Set(profile.identities.map(\.id) + [profile.canonicalID]))
        }
    }

    var isFiltered: Bool { event != nil || person != nil }

    func accepts(_ stored: StoredEvent) -> Bool {
        (event == nil || event == stored.event.name)
            && (person == nil || person?.ids.contains(stored.event.person) == true)
    }

    func query(adding cursor: UInt64) -> KeyValuePairs<String, String?> {
        ["event": event, "person": person?.key, "cursor": String(cursor)]
    }

    /// The latest that fit, in the order in which they were stored.
    func latest(_ tail: EventTail, _ call: PageCall) throws -> [StoredEvent] {
        if !isFiltered { return try tail.latest(LivePages.latest) }
        if let person {
            let history = try call.workspace().log.history(of: person.ids.first ?? "").filter(accepts)
            return history.sorted { $0.sequence < $1.sequence }.suffix(LivePages.latest)
        }
        // Far enough back to find what is not rare; what is rarer comes with the stream.
        return try tail.latest(20_000).filter(accepts).suffix(LivePages.latest)
    }

    static func name(_ facts: PersonFacts, _ call: PageCall) -> String {
        if case .string(let name)? = facts.traits["name"], !name.isEmpty { return name }
        return call.text(facts.isIdentified ? "people.unnamed" : "people.anonymous")
    }
}
