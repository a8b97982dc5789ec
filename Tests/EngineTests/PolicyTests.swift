import Catalog
import EventLog
import Foundation
import Recommendations
import State
import Synchronization
import Testing

@testable import Engine

/// Policies that follow the log of a workspace.
@Suite struct PolicyTests {
    private final class World {
        let data = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)").path
        let clock = Clock()
        private(set) var live: LiveWorkspace

        final class Clock: Sendable {
            private let value = Atomic<Int64>(1_760_000_000_000)
            var now: Int64 { value.load(ordering: .relaxed) }
            func advance(_ milliseconds: Int64) { value.add(milliseconds, ordering: .relaxed) }
        }

        init() throws { live = try World.open(data, clock) }

        private static func open(_ data: String, _ clock: Clock) throws -> LiveWorkspace {
            try LiveWorkspace.open(try Workspace(data: data), now: { clock.now })
        }

        /// - Parameter abandoning: as a crash does, without keeping what was learned since the last time.
        func reopen(abandoning: Bool) throws {
            if abandoning {
                live.tail.close()
                live.log.abandon()
                try live.state.close()
            } else {
                try live.close()
            }
            live = try World.open(data, clock)
        }

        deinit { try? FileManager.default.removeItem(atPath: data) }
    }

    private static func banner(_ kind: PolicySettings.Kind, warmStartDays: Int = 0) -> Placement {
        var placement = Placement(name: "top", kind: .banner)
        placement.actions = ["sale", "news", "club"].map { PlacementAction($0, tags: [$0: 1]) }
        placement.policy = PolicySettings(kind, exploration: 0.3, features: ["device"])
        placement.policy.warmStartDays = warmStartDays
        placement.reward = RewardDefinition(event: "Order Completed", withinHours: 1)
        return placement
    }

    /// Decides for many persons; those at a phone take the club, others the sale.
    private func live(_ world: World, _ count: Int, from first: Int = 0) throws {
        for number in first..<first + count {
            let device = number % 2 == 0 ? "phone" : "tv"
            var context = DecisionContext()
            context.features["device"] = .text(device)
            let person = "u\(number % 70)"
            let made = world.live.decisions.decide(
                DecideRequest(person: person, places: [.init("top")], context: context))
            guard let decision = made.first, let choice = decision.choice else { continue }
            try world.live.decisions.journal.flush()
            world.clock.advance(1_000)
            var events = [
                Event(
                    person: person, name: Vocabulary.decisionShown, time: world.clock.now,
                    properties: [.init(Vocabulary.decisionID, .string(decision.id.description))])
            ]
            if choice.chosen == (device == "phone" ? "club" : "sale") {
                // Half of the orders say which decision they come of.
                let named = number % 4 < 2
                events.append(
                    Event(
                        person: person, name: "Order Completed", time: world.clock.now + 1_000,
                        properties: named ? [.init(Vocabulary.decisionID, .string(decision.id.description))] : []))
            }
            try world.live.log.appendAndWait(events)
            world.clock.advance(60_000)
        }
    }

    @Test func picturesSeenBeforeAnythingWasDecidedAreWhereAPolicyBegins() async throws {
        let world = try World()
        let live = world.live
        var items: [Item] = []
        for number in 0..<12 {
            var item = Item(id: "t\(number)", kind: "title", name: "t\(number)")
            item.artworks = ["text", "face"].map { tag in
                Artwork(id: "\(tag)-\(number)", url: "/\(tag)", tags: [tag: 1])
            }
            items.append(item)
        }
        try live.catalog.put(items)
        // Everybody sees both pictures of each title. Even persons take those with a face, odd ones those with a text.
        var events: [Event] = []
        for person in 0..<30 {
            for number in 0..<10 {
                let time = world.clock.now - Int64(10 - number) * 86_400_000
                func event(_ name: String, _ tags: [String], after: Int64) -> Event {
                    Event(
                        person: "u\(person)", name: name, time: time + after,
                        properties: [
                            .init("art", .strings(tags.map { "\($0)-\(number)" })),
                            .init("title", .strings(tags.map { _ in "t\(number)" })),
                        ])
                }
                events.append(event("Artwork Shown", ["text", "face"], after: 0))
                // Of each person's titles some are taken.
                if (number + person / 2) % 2 == 0 {
                    events.append(event("Title Viewed", [person % 2 == 0 ? "face" : "text"], after: 1_000))
                }
            }
        }
        try live.log.appendAndWait(events)
        var placement = Placement(name: "art", kind: .artwork)
        placement.policy = PolicySettings(.linUCB, exploration: 0)
        placement.policy.warmStartDays = 30
        placement.impressions = ImpressionSource(
            shown: "Artwork Shown", artwork: "art", item: "title", taken: "Title Viewed", takenArtwork: "art",
            takenItem: "title")
        world.clock.advance(1_000)
        try live.placements.put(placement)
        live.decisions.refresh()
        try live.policies.catchUp()
        #expect(live.policies.book.pages["art"]?.learner.counts.trials ?? 0 > 300)
        func chosen(_ person: String) throws -> String? {
            let decision = live.decisions.decide(
                DecideRequest(
                    person: person, places: [.init("art")], context: DecisionContext(item: "t11"), isLogged: false))[0]
            return decision.choice?.chosen
        }
        for person in 0..<6 {
            let wanted = person % 2 == 0 ? "face-11" : "text-11"
            #expect(try chosen("u\(person)") == wanted, "person \(person)")
        }
        // The same without: the first picture, or whatever chance says, for everybody alike.
        var plain = placement
        plain.impressions = nil
        try live.placements.put(plain)
        try live.policies.catchUp()
        #expect(live.policies.book.pages["art"]?.learner.counts.trials == 0)
        // Learned anew it is the same again.
        try live.placements.put(placement)
        try live.policies.catchUp()
        let before = live.policies.book
        try live.policies.rebuild()
        #expect(live.policies.book == before)
    }

    @Test func whatWasLearnedStepByStepSurvivesACrashAndIsWhatARebuildLearns() async throws {
        let world = try World()
        try world.live.placements.put(Self.banner(.linUCB))
        try live(world, 60)
        try world.live.policies.catchUp()
        try world.live.close()
        try world.reopen(abandoning: false)
        try live(world, 60, from: 60)
        try world.live.policies.catchUp()
        try live(world, 40, from: 120)
        try world.reopen(abandoning: true)
        try world.live.policies.catchUp()
        let learned = try #require(world.live.policies.book.pages["top"])
        #expect(learned.learner.counts.decisions == 160)
        #expect(learned.learner.counts.rewarded > 40)
        try world.live.policies.rebuild()
        #expect(world.live.policies.book.pages["top"] == learned)
    }

    @Test func aPolicyComesToChooseWhatSpeaksToWhom() async throws {
        let world = try World()
        try world.live.placements.put(Self.banner(.linUCB))
        for round in 0..<8 {
            try live(world, 50, from: round * 50)
            try world.live.policies.catchUp()
        }
        for (device, best) in [("phone", "club"), ("tv", "sale")] {
            var context = DecisionContext()
            context.features["device"] = .text(device)
            let choice = try #require(
                world.live.decisions.decide(DecideRequest(person: "u1", places: [.init("top")], context: context))
                    .first?.choice)
            let place = try #require(choice.actions.firstIndex(of: best))
            #expect(choice.probabilities[place] > 0.7, "\(device): \(choice.probabilities)")
            #expect(choice.probabilities.allSatisfy { $0 >= 0.1 - 1e-9 }, "the floor holds")
            #expect(choice.features["device"] == .text(device))
        }
        let results = try world.live.placementResults("top", days: 28)
        #expect(results.overall.trials > 380 && (results.overall.lift?.estimate ?? 0) > 0)
        #expect(results.learned?.rewarded ?? 0 > 100)
        var other = PolicySettings(.linUCB, exploration: 0)
        other.features = ["device"]
        let better = try world.live.whatIf(other, at: "top", days: 28, korean: false)
        let worse = try world.live.whatIf(PolicySettings(.fixed), at: "top", days: 28, korean: true)
        #expect(better.refusal == nil && better.estimates.count >= 6)
        func value(_ what: WhatIfView) -> Double {
            what.estimates.first { $0.estimator == "SNIPW" }?.value.estimate ?? 0
        }
        #expect(value(better) > value(worse))
        #expect(throws: RecommendationError.self) { try world.live.placementResults("nowhere", days: 1) }
        #expect(try world.live.whatIf(other, at: "top", days: 1, korean: false).trials <= better.trials)
    }

    @Test func aChangedPolicyBeginsAnewOrWithItsWarmStart() async throws {
        let world = try World()
        try world.live.placements.put(Self.banner(.thompson))
        try live(world, 80)
        try world.live.policies.catchUp()
        #expect(world.live.policies.book.pages["top"]?.learner.counts.decisions == 80)
        // A change of something else leaves what was learned.
        var described = Self.banner(.thompson)
        described.description = "At the top of every page"
        try world.live.placements.put(described)
        try world.live.policies.catchUp()
        #expect(world.live.policies.book.pages["top"]?.learner.counts.decisions == 80)
        try world.live.placements.put(Self.banner(.squareCB))
        try world.live.policies.catchUp()
        #expect(world.live.policies.book.pages["top"]?.learner.counts.decisions == 0)
        try live(world, 10, from: 80)
        try world.live.placements.put(Self.banner(.linearThompson, warmStartDays: 2))
        try world.live.policies.catchUp()
        let warm = try #require(world.live.policies.book.pages["top"])
        #expect(warm.learner.counts.decisions == 90)
        try world.live.policies.rebuild()
        #expect(world.live.policies.book.pages["top"] == warm)
        try world.live.placements.delete("top")
        try world.live.policies.catchUp()
        #expect(world.live.policies.book.pages.isEmpty)
    }
}
