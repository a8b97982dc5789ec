import EventLog
import Foundation
import Recommendations
import Statistics
import Synchronization

/// A log that grows by hand.
final class GrowingHistory: InteractionHistory {
    private let events = Mutex<[Event]>([])
    private let merges: [Merge]

    init(_ events: [Event] = [], merges: [Merge] = []) {
        self.merges = merges
        add(events)
    }

    func add(_ more: [Event]) { events.withLock { $0 += more } }
    func snapshot() throws -> Snapshot {
        try Snapshot.inMemory(events.withLock { $0 }, merges: merges, segmentCount: 2, chunkRows: 64)
    }
    func view(of person: String) throws -> Snapshot { try snapshot() }
}

struct FixedItems: ItemSource {
    var all: [CandidateItem]
    func forEachItem(_ body: (CandidateItem) throws -> Void) throws { for item in all { try body(item) } }
    func items(_ ids: [String]) throws -> [CandidateItem] { all.filter { ids.contains($0.id) } }
}

let day: Int64 = 86_400_000

func rated(_ person: String, _ item: String, _ rating: Double = 5, day number: Double) -> Event {
    Event(
        person: person, name: "Rated", time: Int64(number * Double(day)),
        properties: [.init("item", .string(item)), .init("rating", .number(rating))])
}

/// Two tastes: persons of one choose among items a0 ..., those of the other among b0 ..., with some of the other's.
func tastes(persons: Int, items: Int = 12, perPerson: Int = 8, seed: UInt64) -> [Event] {
    var random = RandomSource(seed: seed)
    var events: [Event] = []
    for person in 0..<persons {
        let own = person % 2 == 0 ? "a" : "b"
        var choice = Array(0..<items)
        choice.shuffle(using: &random)
        for (place, item) in choice.prefix(perPerson).enumerated() {
            let taste = random.chance(0.9) ? own : own == "a" ? "b" : "a"
            events.append(rated("p\(person)", "\(taste)\(item)", day: Double(person) * 0.01 + Double(place)))
        }
    }
    return events
}

func settings(_ change: (inout RecommendationSettings) -> Void = { _ in }) -> RecommendationSettings {
    var settings = RecommendationSettings(interactions: [InteractionMapping(event: "Rated")])
    settings.models.ease?.regularization = 5
    change(&settings)
    return settings
}

/// A folder that is gone after the test.
final class TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("reco-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Histories at random, for comparisons with slow implementations.
func randomInteractions(persons: Int, items: Int, seed: UInt64) -> Interactions {
    var random = RandomSource(seed: seed)
    return Interactions(
        (0..<persons).map { person in
            let rows = (0..<random.index(below: 12) + 1).map { place in
                Interactions.Row(
                    item: "i\(random.index(below: items))", strength: Float(random.uniform(0.2, 1)),
                    time: Int64(place) * day)
            }
            return ("p\(person)", rows)
        })
}

func madeHistory(_ rows: [(item: Int?, strength: Float, time: Int64)]) -> History { History(rows) }
