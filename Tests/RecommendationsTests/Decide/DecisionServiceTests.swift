import EventLog
import Foundation
import State
import Statistics
import Synchronization
import Testing

@testable import Recommendations

/// A log of decisions that puts them into a growing history.
private struct HistoryLog: DecisionLog {
    let history: GrowingHistory

    func store(_ events: [Event]) throws { history.add(events) }
    func storeSoon(_ events: [Event]) async throws { history.add(events) }
}

private struct Closed: DecisionGate {
    func mayProfile(_ person: String) -> Bool { person != "refuses" }
}

/// A catalogue that finds what a name begins with.
private struct Shelf: ItemSource {
    let items: [CandidateItem]

    func forEachItem(_ body: (CandidateItem) throws -> Void) throws { for item in items { try body(item) } }
    func items(_ ids: [String]) throws -> [CandidateItem] { items.filter { ids.contains($0.id) } }
    func find(_ text: String, limit: Int) throws -> [String] { items.map(\.id).filter { $0.hasPrefix(text) } }
    func successor(of id: String) throws -> String? { id == "a1" ? "a2" : nil }
}

/// With time enough for machines that have much else to do.
private func place(_ name: String, _ kind: Placement.Kind) -> Placement {
    var placement = Placement(name: name, kind: kind)
    placement.timeoutMilliseconds = 10_000
    return placement
}

struct DecisionServiceTests {
    private let folder = TemporaryFolder()
    private let history = GrowingHistory(tastes(persons: 60, seed: 31))
    private let state: StateDatabase
    private let placements: PlacementService

    init() throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        state = try StateDatabase.open(folder.path + "/state.sqlite", migrations: [RecommendationMigrations.all])
        placements = try PlacementService(state: state, now: { 50 * day })
    }

    private func shelf(artworks: Int = 0) -> [CandidateItem] {
        ["a", "b"].flatMap { taste in
            (0..<12).map { number in
                var item = CandidateItem(id: "\(taste)\(number)", title: "Title \(taste)\(number)")
                item.artworks = (0..<artworks).map {
                    CandidateArtwork(id: "p\($0)", url: "/\(taste)\(number)/\($0).jpg")
                }
                return item
            }
        }
    }

    private func service(trained: Bool = true, items: [CandidateItem]? = nil) throws -> DecisionService {
        let models = RecommendationService(
            folder: folder.path + "/models", history: history, items: Shelf(items: items ?? shelf()), now: { 50 * day })
        if trained { _ = try models.train(settings()) }
        let chance = Mutex<UInt64>(0)
        let service = DecisionService(
            models: models, placements: placements, log: HistoryLog(history: history), gate: Closed(),
            suggestFeedback: { FeedbackSettings(events: [.init(event: "Rated", item: "item", kind: .rating)]) },
            chance: {
                chance.withLock { number in
                    number += 1
                    return number
                }
            })
        service.refresh()
        return service
    }

    private func decide(
        _ service: DecisionService, _ place: String, person: String? = "p0", _ context: DecisionContext = .init()
    ) throws -> Decision {
        try #require(
            service.decide(DecideRequest(person: person, places: [.init(place)], context: context)).first)
    }

    // MARK: Deciding

    @Test func aPlacementShowsWhatFitsThePersonWithItsReasons() throws {
        try placements.put(place("row", .list))
        let service = try service()
        let decision = try decide(service, "row")
        #expect(decision.fallback == nil && decision.items.count == 10 && decision.modelVersion == "1")
        #expect(decision.items.prefix(2).allSatisfy { $0.item.hasPrefix("a") })
        #expect(decision.policyVersion == 1 && decision.candidates >= 10)
        let seen = try history.snapshot().history(of: "p0").compactMap { $0.event.text("item") }
        #expect(Set(decision.items.map(\.item)).isDisjoint(with: seen))
    }

    @Test func whatSomebodyDidAMomentAgoCountsInTheNextRequest() throws {
        try placements.put(place("row", .list))
        let service = try service()
        let before = try decide(service, "row", person: "new")
        #expect(before.fallback == .unknownPerson && !before.items.isEmpty)
        history.add([rated("new", "b1", day: 49), rated("new", "b2", day: 49.5)])
        let after = try decide(service, "row", person: "new")
        #expect(after.fallback == nil)
        #expect(after.items.prefix(3).allSatisfy { $0.item.hasPrefix("b") && $0.item != "b1" && $0.item != "b2" })
    }

    @Test func eachKindGoesByWhatItsContextNames() throws {
        for kind in [Placement.Kind.similar, .next, .cart, .search, .home, .push] {
            try placements.put(place(kind.rawValue, kind))
        }
        let service = try service()
        let similar = try decide(service, "similar", DecisionContext(item: "b3"))
        #expect(
            similar.items.prefix(3).allSatisfy { $0.item.hasPrefix("b") } && !similar.items.contains { $0.item == "b3" }
        )
        let next = try decide(service, "next", person: nil, DecisionContext(item: "a1"))
        #expect(next.items[0].item == "a2" && next.items[0].reason == Reason(.next, item: "a1"))
        let cart = try decide(service, "cart", person: "nobody", DecisionContext(cart: ["b3", "b4"]))
        #expect(cart.fallback == nil && cart.items.prefix(3).allSatisfy { $0.item.hasPrefix("b") })
        #expect(!cart.items.contains { ["b3", "b4"].contains($0.item) })
        let search = try decide(service, "search", person: "nobody", DecisionContext(query: "b1"))
        #expect(Set(search.items.map(\.item)) == ["b1", "b10", "b11"] && search.items[0].reason.kind == .found)
        let home = try decide(service, "home")
        #expect(!home.rows.isEmpty && home.rows.last?.items.upperBound == home.items.count)
        #expect(try decide(service, "push").items.count == 10)
        for (kind, fallback) in [("similar", Fallback.unknownItem), ("cart", .emptyCart), ("search", .nothingFound)] {
            let other = try decide(service, kind, DecisionContext(item: "zz", query: "zz"))
            #expect(other.fallback == fallback && !other.items.isEmpty)
        }
    }

    // MARK: There is always an answer

    @Test func whatIsMissingIsSaidAndThereIsAListAllTheSame() throws {
        try placements.put(place("row", .list))
        let untrained = try service(trained: false)
        let first = try decide(untrained, "row")
        #expect(first.fallback == .noModel && first.items.count == 10 && first.modelVersion == "0")
        let service = try service()
        #expect(try decide(service, "row").fallback == nil)
        #expect(try decide(service, "nowhere").fallback == .unknownPlacement)
        #expect(try decide(service, "../../etc").placement == "unknown")
        for person in [nil, "", String(repeating: "x", count: 600), "$item:a1", "refuses"] {
            let decision = try decide(service, "row", person: person)
            #expect(decision.fallback == .unknownPerson && !decision.items.isEmpty && decision.person == nil)
        }
        #expect(try decide(service, "row", person: "stranger").fallback == .unknownPerson)
    }

    @Test func aDamagedModelIsReplacedByAnOlderOneOrByWhatEverybodyChooses() throws {
        try placements.put(place("row", .list))
        _ = try service()
        _ = try service()
        func damage(_ version: Int) throws {
            let path = folder.path + "/models/default/00000\(version)/model.bin"
            var data = try Data(contentsOf: URL(fileURLWithPath: path))
            data[data.count / 2] ^= 1
            try data.write(to: URL(fileURLWithPath: path))
        }
        try damage(2)
        let older = try decide(try service(trained: false), "row")
        #expect(older.fallback == .damagedModel && older.modelVersion == "1" && older.items.count == 10)
        #expect(older.notes.contains { $0.contains("000002") })
        try damage(1)
        let everybody = try decide(try service(trained: false), "row")
        #expect(everybody.fallback == .damagedModel && everybody.modelVersion == "0" && everybody.items.count == 10)
    }

    @Test func anEmptyWorkspaceAnswersWithNothingAndSaysSo() throws {
        let empty = GrowingHistory()
        let service = DecisionService(
            models: RecommendationService(folder: folder.path + "/none", history: empty, now: { 50 * day }),
            placements: placements, log: HistoryLog(history: empty))
        // Nothing is in memory yet, unless it was read in the background already.
        let first = service.decide(DecideRequest(person: "u", places: [.init("row")]))[0]
        #expect(first.fallback == .warmingUp || first.fallback == .nothingLeft)
        service.refresh()
        #expect(service.decide(DecideRequest(person: "u", places: [.init("row")]))[0].fallback == .nothingLeft)
    }

    @Test func rulesThatLeaveNothingSaySo() throws {
        var placement = place("row", .list)
        placement.ranking.allow = ItemSelector(items: ["nothing"])
        try placements.put(placement)
        let decision = try decide(try service(), "row")
        #expect(decision.items.isEmpty && decision.fallback == .nothingLeft && decision.rules == ["allow"])
    }

    @Test func whatIsSoldOutIsNotShownAndAnotherVersionOfTheModelAnswersAtOnce() throws {
        try placements.put(place("row", .list))
        var items = shelf()
        for index in items.indices where items[index].id.hasPrefix("a") { items[index].isAvailable = false }
        let service = try service(items: items)
        #expect(try decide(service, "row").items.allSatisfy { $0.item.hasPrefix("b") })
        _ = try service.models.train(settings(), isForced: true)
        service.refresh()
        #expect(try decide(service, "row").modelVersion == "2")
    }

    // MARK: Choices

    /// The last action, with half of the chances for each of the last two.
    private struct LastAction: ActionChooser {
        func choose(_ question: ActionQuestion) -> ActionChoice {
            let count = question.actions.count
            return ActionChoice(
                chosen: count - 1, probabilities: question.actions.indices.map { $0 >= count - 2 ? 0.5 : 0 },
                reason: "policy", isExploring: true, policy: "last", features: ["hour": .number(9)])
        }
    }

    private struct BrokenChooser: ActionChooser {
        func choose(_ question: ActionQuestion) -> ActionChoice {
            ActionChoice(chosen: 99, probabilities: [], reason: "broken")
        }
    }

    @Test func picturesOfItemsAreDecidedByTheirPlacementsPolicy() throws {
        try placements.put(place("covers", .artwork))
        var row = place("row", .list)
        row.artworks = "covers"
        row.count = 3
        try placements.put(row)
        let service = try service(items: shelf(artworks: 3))
        service.use(LastAction())
        let all = service.decide(DecideRequest(person: "p0", places: [.init("row")]))
        #expect(all.count == 4 && all[0].items.allSatisfy { $0.artwork?.id == "p2" })
        #expect(all[0].items.map { $0.artwork?.decision } == all[1...].map(\.id))
        #expect(all[1].choice?.subject == all[0].items[0].item && all[1].choice?.probabilities == [0, 0.5, 0.5])
        #expect(all[1].policy == "last" && all[1].isExploring && all[1].placement == "covers")
        let own = try decide(service, "covers", DecisionContext(item: "b1"))
        #expect(own.choice?.chosen == "p2" && own.choice?.subject == "b1")
        #expect(try decide(service, "covers", DecisionContext(item: "zz")).fallback == .unknownItem)
    }

    @Test func aBannerIsOneOfItsActionsAndAPolicyThatFailsIsReplaced() throws {
        var banner = place("banner", .banner)
        banner.actions = [PlacementAction("sale"), PlacementAction("new", tags: ["new": 1])]
        try placements.put(banner)
        let service = try service()
        let first = try decide(service, "banner", person: nil)
        #expect(first.choice?.chosen == "sale" && first.choice?.probabilities == [1, 0])
        service.use(LastAction())
        #expect(try decide(service, "banner").choice?.chosen == "new")
        service.use(BrokenChooser())
        let broken = try decide(service, "banner")
        #expect(broken.choice?.chosen == "sale" && broken.fallback == .failed)
    }

    // MARK: Looking back

    @Test func aDecisionIsLoggedExplainedAndAnsweredBySomethingThatCameOfIt() async throws {
        var row = place("row", .list)
        row.reward = RewardDefinition(event: "Rated", item: "item", value: "rating", outOf: 10, withinHours: 48)
        try placements.put(row)
        let service = try service()
        let decision = try decide(service, "row")
        let item = decision.items[0].item
        try await service.record(.init(kind: .shown), of: decision.id)
        try await service.record(.init(kind: .clicked, items: [item]), of: decision.id)
        history.add([rated("p0", item, 5, day: 51), rated("p0", "b9", 5, day: 51), rated("p0", item, 5, day: 60)])
        let explained = try service.explanation(of: decision.id)
        #expect(explained.decision == decision && explained.person == "p0" && explained.placement?.version == 1)
        #expect(explained.feedback.map(\.event.name) == ["Decision Shown", "Decision Clicked", "Rated"])
        #expect(explained.reward == 0.5)
        for korean in [false, true] {
            let words = DecisionWords(korean: korean) { "*\($0)*" }.sentences(explained)
            #expect(words.count >= 14 && words.contains { $0.contains("*\(item)*") })
        }
        #expect(
            DecisionWords(korean: true) { $0 }.sentences(explained)[0].hasPrefix("‘row’ 자리에서 후보"))

        // Somebody who knows only the log finds it too, also after a merge.
        let merged = GrowingHistory(
            try history.snapshot().history(of: "p0").map(\.event), merges: [Merge(alias: "p0", person: "elder")])
        let other = DecisionService(
            models: RecommendationService(folder: folder.path + "/models", history: merged), placements: placements,
            log: HistoryLog(history: merged))
        #expect(try other.explanation(of: decision.id).person == "elder")
        let unknown = DecisionID(home: 1, time: 2, chance: 3)
        let error = #expect(throws: RecommendationError.self) { try other.explanation(of: unknown) }
        #expect(error?.code == .notFound)
        await #expect(throws: RecommendationError.self) {
            try await service.record(.init(kind: .clicked, items: ["zz"]), of: decision.id)
        }
    }

    @Test func aLookLeavesNothingBehind() throws {
        try placements.put(place("row", .list))
        let service = try service()
        let seen = service.decide(DecideRequest(person: "p0", places: [.init("row")], isLogged: false))[0]
        #expect(seen.items.count == 10 && seen.person == nil)
        try service.journal.flush()
        #expect(try history.snapshot().eventNames.number(of: "Decision Made") == nil)
    }

    @Test func aDecisionCanBeReplayedFromItsID() throws {
        var row = place("row", .list)
        row.ranking.exploration = 0.5
        try placements.put(row)
        let service = try service()
        let decision = try decide(service, "row")
        #expect(decision.items.contains { $0.propensity < 1 })
        let model = try #require(service.model("default"))
        let list = ServingList(model.serving, try placements.placement("row"), now: decision.time, region: nil)
        var random = RandomSource(seed: decision.id.chance)
        let own = try history.snapshot().history(of: "p0", in: model.serving.model)
        #expect(list.list(own, .person, count: 10, random: &random).items == decision.items)
    }

    @Test func whatWasShownAndLeftOftenComesLater() async throws {
        var row = place("row", .list)
        row.ranking.fatigue = 2
        try placements.put(row)
        let service = try service()
        let first = try decide(service, "row")
        let top = first.items[0].item
        for _ in 0..<6 { try await service.record(.init(kind: .shown, items: [top]), of: first.id) }
        let later = try decide(service, "row")
        #expect(later.items.first?.item != top)
    }
}

struct PlacementServiceTests {
    @Test func eachChangeIsAVersionAndDeletingForgetsNone() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let state = try StateDatabase.open(folder.path + "/s.sqlite", migrations: [RecommendationMigrations.all])
        let service = try PlacementService(state: state, now: { 7 })
        var placement = Placement(name: "home", kind: .home)
        #expect(try service.put(placement).version == 1)
        #expect(try service.put(placement).version == 1)
        placement.count = 5
        #expect(try service.put(placement).version == 2)
        #expect(try service.versions(of: "home").map(\.placement.count) == [5, 10])
        try service.delete("home")
        #expect(service.find("home") == nil)
        #expect(try service.version(1, of: "home").placement.count == 10)
        #expect(try service.put(placement).version == 3)
        placement.artworks = "covers"
        #expect(throws: RecommendationError.self) { try service.put(placement) }
        try service.put(Placement(name: "covers", kind: .artwork))
        try service.put(placement)
        #expect(throws: RecommendationError.self) { try service.delete("covers") }
        let feedback = FeedbackSettings(events: [.init(event: "A", item: "i", kind: .cart)], strengths: [.cart: 0.7])
        try service.setFeedback(feedback)
        let again = try PlacementService(state: state, now: { 8 })
        #expect(again.all == service.all && again.feedback == feedback)
        try again.setFeedback(nil)
        #expect(try PlacementService(state: state, now: { 9 }).feedback == nil)
    }
}
