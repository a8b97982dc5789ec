import DemoWorld
import EventLog
import Foundation
import Synchronization

@testable import Lifecycle

let minute: Int64 = 60_000
let hour: Int64 = 3_600_000
let day: Int64 = 86_400_000
/// A Saturday in March, at midnight in Seoul.
let start = KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 1))

/// A log in memory that grows, and a clock that is set.
final class MemoryLog: MomentLog {
    private let events: Mutex<[Event]>
    private let time: Mutex<Int64>
    private let fails = Mutex(false)

    init(_ events: [Event] = [], now: Int64 = start) {
        self.events = Mutex(events)
        time = Mutex(now)
    }

    func add(_ more: [Event]) { events.withLock { $0 += more } }
    func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    func set(_ now: Int64) { time.withLock { $0 = now } }
    func failFromNowOn(_ does: Bool) { fails.withLock { $0 = does } }
    var now: Int64 { time.withLock { $0 } }
    var all: [Event] { events.withLock { $0 } }
    var decisions: [Event] { all.filter { $0.name == Vocabulary.decisionMade } }

    struct Full: Error {}

    func snapshot() throws -> Snapshot { try Snapshot.inMemory(all, segmentCount: 2, chunkRows: 4_096) }
    func view(of person: String) throws -> Snapshot { try Snapshot.inMemory(all.filter { $0.person == person }) }
    func record(_ more: [Event]) throws {
        if fails.withLock({ $0 }) { throw Full() }
        add(more)
    }
}

/// A folder that is gone after the test.
final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("intent-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

let rules = [
    SessionRule("Visit", .visit), SessionRule("List", .list, category: "category"),
    SessionRule("Search", .search, query: "query", results: "results"),
    SessionRule("View", .view, item: "item", category: "category", price: "price"),
    SessionRule("Add", .add, item: "item"), SessionRule("Remove", .remove, item: "item"),
    SessionRule("Cart", .cart), SessionRule("Checkout", .checkout), SessionRule("Help", .help),
    SessionRule("Buy", .purchase, value: "value"),
]

func service(_ log: MemoryLog, _ folder: TemporaryFolder, _ change: (inout IntentSettings) -> Void = { _ in }) throws
    -> IntentService
{
    var options = IntentService.Options()
    options.sessionsMax = 100
    let service = try IntentService(
        folder: folder.path, log: log, state: nil, options: options, idleMinutes: { 30 },
        secondsFromUTC: { _ in 9 * 3_600 }, shapes: { [] }, now: { log.now })
    var settings = IntentSettings()
    settings.rules = rules
    change(&settings)
    try service.change(settings)
    return service
}

func event(
    _ name: String, _ person: String = "u", at time: Int64, item: String? = nil, category: String? = nil,
    price: Double? = nil, results: Double? = nil, value: Double? = nil
) -> Event {
    var properties: [Event.Property] = []
    if let item { properties.append(.init("item", .string(item))) }
    if let category { properties.append(.init("category", .string(category))) }
    if let price { properties.append(.init("price", .number(price))) }
    if let results { properties.append(.init("results", .number(results))) }
    if let value { properties.append(.init("value", .number(value))) }
    return Event(person: person, name: name, time: time, properties: properties)
}

/// What the people of a shop did, as the log has it once anonymous ids are merged.
func shopEvents(seed: UInt64, days: Int, scale: Double) throws -> [Event] {
    let world = World(Shop(WorldSettings(seed: seed, start: start, scale: scale)))
    let found = world.advance(to: start + Int64(days) * day)
    return try (0..<found.count).compactMap { index in
        var text: [UInt8] = []
        found.append(index, to: &text)
        return try shopEvent(text, time: found.time(index))
    }
}

private func shopEvent(_ line: [UInt8], time: Int64) throws -> Event? {
    guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else { return nil }
    let id = (object["userId"] ?? object["anonymousId"]) as? String ?? ""
    guard let number = id.split(separator: "-").dropFirst().first else { return nil }
    let type = object["type"] as? String
    let name = type == "page" ? "Page Viewed" : type == "screen" ? "Screen Viewed" : object["event"] as? String
    guard let name else { return nil }
    var properties: [Event.Property] = []
    for (key, value) in object["properties"] as? [String: Any] ?? [:] {
        switch value {
        case let text as String: properties.append(.init(key, .string(text)))
        case let number as NSNumber: properties.append(.init(key, .number(number.doubleValue)))
        case let list as [[String: Any]]:
            let items = list.compactMap { $0["productId"] as? String }
            if !items.isEmpty { properties.append(.init(key + ".productId", .strings(items))) }
        default: break
        }
    }
    return Event(person: "c-\(number)", name: name, time: time, properties: properties)
}

/// The events as their names and properties suggest what they are.
func shapes(_ events: [Event]) -> [EventShape] {
    Dictionary(grouping: events, by: \.name).map { name, events in
        var counts: [String: Int] = [:]
        for event in events { for property in event.properties { counts[property.name, default: 0] += 1 } }
        return EventShape(name, properties: Set(counts.filter { $0.value * 2 >= events.count }.keys))
    }
}
