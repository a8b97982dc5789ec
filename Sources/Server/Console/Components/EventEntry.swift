import Engine
import EventLog

/// One event as lists show it: when, what, by whom, the properties that say most in one line, and all of them inside.
struct EventEntry: PageComponent {
    struct Person: Sendable {
        var name: String
        var href: String
    }

    var stored: StoredEvent
    var call: PageCall
    /// Left out on a page that is about one person.
    var person: Person?
    /// Whether the date stands before the time, unless it is today's.
    var hasDate = true

    /// Properties that say most in one line, before any other.
    private static let telling = ["title", "name", "products.name", "query", "url", "path", "total", "audience"]

    var value: PageValue {
        let event = stored.event
        let isContext = { (name: String) in name.hasPrefix("context.") || name.hasPrefix("$") }
        let own = event.properties.filter { !isContext($0.name) }
        let context = event.properties.filter { isContext($0.name) }
        let hint = own.sorted { EventEntry.rank($0.name) < EventEntry.rank($1.name) }.prefix(2)
            .map { call.show($0.value, most: 60) }.joined(separator: " · ")
        return [
            "sequence": .text(String(stored.sequence)), "name": .text(event.name),
            "clock": .text(clock(event.time)),
            "machine": .text(call.format.machine(event.time)),
            "exact": .text(call.format.dateTime(event.time, seconds: true)),
            "received": .text(call.format.dateTime(stored.receivedTime, seconds: true)),
            "hint": .text(hint), "properties": list(own), "context": list(context),
            "hasContext": .flag(!context.isEmpty), "isPlain": .flag(own.isEmpty && context.isEmpty),
            "under": .text(event.person), "messageID": event.messageID.map { .text($0) } ?? false,
            "person": person.map { ["name": .text($0.name), "href": .text($0.href)] } ?? false,
        ]
    }

    private func clock(_ time: Int64) -> String {
        !hasDate || call.format.day(time) == call.format.day(call.now)
            ? call.format.clock(time, seconds: true) : call.format.dateTime(time)
    }

    private func list(_ properties: [Event.Property]) -> PageValue {
        .list(
            properties.sorted { $0.name < $1.name }.map {
                ["name": .text($0.name), "value": .text(call.show($0.value)), "type": .text($0.value.type.label)]
            })
    }

    private static func rank(_ name: String) -> Int { telling.firstIndex(of: name) ?? telling.count }
}
