import EventLog
import Foundation
import Statistics
import Testing

@testable import DemoWorld
@testable import Recommendations

struct ContentServiceTests {
    private let now = 300 * day

    private func service(
        _ events: [Event], items: [CandidateItem] = [], now: Int64, attributes: [String] = ["genre"],
        members: @escaping @Sendable (String) -> [String] = { _ in [] }
    ) -> ContentService {
        var mapping = playbackMapping
        mapping.attributes = attributes
        let content = ContentMapping(mapping)
        let history = GrowingHistory(events)
        let items = FixedItems(all: items)
        return ContentService(
            playback: PlaybackService(history: history, items: items, now: { now }, mapping: { playbackMapping }),
            shopping: ShoppingService(history: history, now: { now }, mapping: { nil }), members: members,
            mapping: { content })
    }

    @Test func episodesCountForTheirTitleAndTheCatalogueDescribesIt() throws {
        var items = (1...3).map { number in
            var item = CandidateItem(id: "e\(number)")
            (item.parent, item.season, item.position) = ("show", 1, number)
            return item
        }
        for title in ["show", "other", "third"] {
            var item = CandidateItem(id: title, title: "『\(title)』")
            item.attributes = ["mood": [title == "third" ? "dark" : "bright"]]
            items.append(item)
        }
        var events: [Event] = []
        for person in 0..<40 {
            for number in 1...3 { events += finished("p\(person)", "e\(number)", 1, 1, at: now - day * Int64(number)) }
            events += finished("p\(person)", person < 20 ? "other" : "third", 1, 1, at: now - 5 * day)
        }
        let content = service(events, items: items, now: now)
        let attributes = try content.attributes()
        #expect(attributes.first { $0.name == "mood" }?.values.map(\.value) == ["bright"])
        let demand = try content.demand(name: "mood")
        #expect(demand.isEmpty, "two items are too few to compare")
        #expect(try content.title(of: "show") == "『show』")
        #expect(try content.curve("e2").episode == Episode(item: "show", season: 1, number: 2))
    }

    @Test func anAudienceIsFoundByItsMembersIds() throws {
        var events: [Event] = []
        for person in 0..<80 {
            for place in 0..<5 {
                let genre = person < 40 && place < 4 ? "drama" : "action"
                var event = played("p\(person)", "Playback Started", "\(genre)\((place + person) % 6)", at: now - day)
                event.properties.append(.init("genre", .string(genre)))
                events.append(event)
            }
        }
        let content = service(events, now: now) { name in name == "fans" ? (0..<40).map { "p\($0)" } : [] }
        let (persons, rows) = try content.affinities(of: "fans")
        #expect(persons == 40)
        #expect(rows.first?.value == "drama" && abs((rows.first?.share ?? 0) - 0.8) < 1e-9)
        #expect { try content.affinities(of: "nobody") } throws: {
            ($0 as? RecommendationError)?.code == .insufficient
        }
        #expect(try content.unmetTerms().isEmpty, "nothing is searched here")
    }

    @Test func binges() throws {
        var events: [Event] = []
        for person in 0..<30 {
            for episode in 1...(person < 15 ? 4 : 1) {
                events += finished(
                    "p\(person)", "show", 1, episode, at: now - day + Int64(episode - 1) * 42 * minute)
            }
        }
        let (all, days, titles) = try service(events, now: now).binges()
        #expect(all.sessions[0] == 15 && all.sessions[3] == 15 && abs(all.share - 0.5) < 1e-9)
        #expect(days.episodesPerSession >= 1 && titles.map(\.item) == ["show"])
    }

    // MARK: The simulated cinema

    @Test func whatPeopleLikeInTheWorldIsWhatDrawsThem() throws {
        let world = World(Cinema(WorldSettings(seed: 21, start: worldStart, scale: 0.15)))
        let end = worldStart + 200 * day
        let events = try world.advance(to: end).events(["Playback Started", "Playback Completed"])
        let viewers = try world.truth("viewer")
        // The third of the viewers whose taste for a genre is the strongest.
        for genre in ["romance", "thriller", "action"] {
            let tastes = viewers.compactMap { id, line -> (id: String, taste: Double)? in
                let genres = line["genres"] as? [[String: Any]]
                return genres?.first { $0["genre"] as? String == genre }.flatMap { $0["taste"] as? Double }.map {
                    (id, $0)
                }
            }
            let fans = tastes.sorted { $0.taste > $1.taste }.prefix(tastes.count / 3).map(\.id)
            let content = service(events, now: end, attributes: ["genre", "kind"]) { _ in fans }
            let rows = try content.affinities(of: "fans", name: "genre").rows
            let own = try #require(rows.first { $0.value == genre })
            #expect(own.draws && (own.lift?.low ?? 0) > 1, "\(genre): \(own)")
            #expect((rows.firstIndex { $0.value == genre } ?? 9) <= 1)
        }
    }
}
