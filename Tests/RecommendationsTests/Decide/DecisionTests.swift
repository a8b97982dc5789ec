import Analysis
import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

struct DecisionIDTests {
    @Test func anIDIsReadAsItWasWritten() {
        var random = RandomSource(seed: 5)
        for _ in 0..<500 {
            let id = DecisionID(home: random.next(), time: Int64(random.next() >> 17), chance: random.next())
            let text = id.description
            #expect(text.count == 30)
            #expect(DecisionID(text) == id)
        }
    }

    @Test(arguments: [
        "", "x", String(repeating: "A", count: 29), String(repeating: "é", count: 15),
        "../../../../etc/passwd/aaaaaaaaa",
    ])
    func whatIsNoIDIsNone(_ text: String) { #expect(DecisionID(text) == nil) }
}

struct DecisionEventTests {
    @Test func aDecisionSurvivesTheLog() throws {
        var decision = Decision(
            id: DecisionID(home: 1, time: 1_700_000_000_000, chance: 2), person: "u1", placement: "home", kind: .home)
        decision.items = [
            .init(item: "a", score: 1.5, propensity: 0.9, source: "ease", reason: Reason(.because, item: "x:y")),
            .init(item: "b", score: 0.5, source: "trending", reason: Reason(.trending)),
        ]
        decision.rows = [.init(id: "for-you", items: 0..<1), .init(id: "trending", items: 1..<2)]
        decision.model = "default"
        decision.modelVersion = "3"
        decision.policyVersion = 4
        decision.rules = ["block"]
        decision.candidates = 812
        decision.isExploring = true
        decision.fallback = .damagedModel
        decision.choice = .init(
            subject: "a", actions: ["p", "q"], probabilities: [0.25, 0.75], chosen: "q", reason: "policy",
            features: ["hour": .number(21), "device": .text("tv")])
        let event = try #require(decision.event)
        #expect(Decision(event) == decision)
        let snapshot = try Snapshot.inMemory([event], merges: [], segmentCount: 1, chunkRows: 64)
        #expect(try snapshot.history(of: "u1").compactMap { Decision($0.event) } == [decision])
        var nobody = decision
        nobody.person = nil
        #expect(nobody.event == nil)
        #expect(Decision(Event(person: "u", name: "Order", time: 1)) == nil)
    }

    @Test func whatCountsAsSuccessIsAnEventAboutADecidedItem() {
        let reward = RewardDefinition(
            event: "Order", item: "products.sku", filters: ["paid": ["true"]], value: "total", outOf: 100)
        func order(_ properties: [Event.Property], name: String = "Order") -> Event {
            Event(person: "u", name: name, time: 1, properties: properties)
        }
        let skus = Event.Property("products.sku", .strings(["a", "b"]))
        let paid = Event.Property("paid", .boolean(true))
        #expect(reward.reward(of: order([skus, paid, .init("total", .number(50))]), items: ["b", "z"]) == 0.5)
        #expect(reward.reward(of: order([skus, paid, .init("total", .number(500))]), items: ["b"]) == 1)
        #expect(reward.reward(of: order([skus, paid]), items: ["b"]) == 0)
        #expect(reward.reward(of: order([skus, paid, .init("total", .number(50))]), items: ["z"]) == nil)
        #expect(reward.reward(of: order([skus, .init("total", .number(50))]), items: ["b"]) == nil)
        #expect(reward.reward(of: order([skus, paid], name: "Return"), items: ["b"]) == nil)
    }
}

struct PlacementTests {
    private func placement(_ json: String) throws -> Placement {
        try JSONDecoder().decode(Placement.self, from: Data(json.utf8))
    }

    @Test func aPlacementIsReadAsItIsWritten() throws {
        let text = """
            {"name":"home","kind":"home","rows":4,"count":8,"artworks":"covers","ranking":{"block":{"items":["b","a"]},
            "perCategory":2},"policy":{"kind":"linUCB","features":["hour"]},"reward":{"event":"Order","withinHours":2}}
            """
        let read = try placement(text)
        #expect(read.rows == 4 && read.ranking.perCategory == 2 && read.policy.kind == .linUCB)
        #expect(read.reward?.windowMilliseconds == 7_200_000)
        let again = try JSONDecoder().decode(Placement.self, from: JSONEncoder().encode(read))
        #expect(again == read)
    }

    @Test(arguments: [
        (#"{"kind":"home"}"#, "name"), (#"{"name":"a"}"#, "kind"), (#"{"name":"a b","kind":"home"}"#, "name"),
        (#"{"name":"a","kind":"hme"}"#, "home"), (#"{"name":"a","kind":"list","count":0}"#, "count"),
        (#"{"name":"a","kind":"list","ranking":{"diversty":1}}"#, "diversity"),
        (#"{"name":"a","kind":"banner"}"#, "actions"),
        (#"{"name":"a","kind":"list","actions":[{"id":"x"}]}"#, "actions"),
        (#"{"name":"a","kind":"banner","actions":[{"id":"x"},{"id":"x"}]}"#, "second"),
        (#"{"name":"a","kind":"banner","actions":[{"id":"x","tags":{"t":2}}]}"#, "tags"),
        (#"{"name":"a","kind":"list","policy":{"exploration":2}}"#, "exploration"),
        (#"{"name":"a","kind":"list","reward":{}}"#, "event"),
    ])
    func whatIsWrongIsNamed(_ json: String, _ word: String) {
        let error = #expect(throws: (any Error).self) { try placement(json) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(word))
    }

    @Test func feedbackSettingsNameTheKindsTheyDoNotKnow() throws {
        func read(_ json: String) throws -> FeedbackSettings {
            try JSONDecoder().decode(FeedbackSettings.self, from: Data(json.utf8))
        }
        let settings = try read(
            """
            {"events":[{"event":"Viewed","item":"id","kind":"detail"},{"event":"Rated","item":"id","kind":"rating",
            "value":"stars","outOf":5,"dismissedBelow":2},{"event":"No","item":"id","kind":"dismissed"},
            {"event":"Saved","item":"id","kind":"like","strength":0.9}],"strengths":{"detail":0.3},"group":"region"}
            """)
        #expect(settings.interactions.map(\.strength) == [0.3, 1, 1, 0.9])
        #expect(settings.interactions[2].dismissed && settings.interactions[1].dismissedBelow == 2)
        #expect(try read(String(decoding: JSONEncoder().encode(settings), as: UTF8.self)) == settings)
        for (json, word) in [
            (#"{"strengths":{"wiew":1}}"#, "view"), (#"{"strengths":{"cart":0}}"#, "cart"),
            (#"{"events":[{"event":"A"}]}"#, "item"), (#"{"events":[{"item":"A"}]}"#, "event"),
            (#"{"events":[{"event":"A","item":"i"},{"event":"A","item":"j"}]}"#, "second"),
            (#"{"events":[{"event":"A","item":"i","outOf":5}]}"#, "value"),
        ] {
            let error = #expect(throws: (any Error).self) { try read(json) }
            #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(json)")
        }
    }

    @Test func aContextKeepsItsFeaturesAndItsBounds() throws {
        func read(_ json: String) throws -> DecisionContext {
            try JSONDecoder().decode(DecisionContext.self, from: Data(json.utf8))
        }
        let context = try read(#"{"item":5,"cart":["a"],"hour":21,"device":"tv","first":true,"query":null}"#)
        #expect(context.item == "5" && context.cart == ["a"] && context.query == nil)
        #expect(context.features["hour"] == .number(21) && context.features["first"] == .number(1))
        #expect(try read(String(decoding: JSONEncoder().encode(context), as: UTF8.self)).features == context.features)
        let many = (0..<60).map { #""f\#($0)":1"# }.joined(separator: ",")
        for json in [
            "{\(many)}", #"{"cart":"a"}"#, #"{"hour":{"x":1}}"#, #"{"a":"\#(String(repeating: "x", count: 600))"}"#,
        ] {
            #expect(throws: (any Error).self) { try read(json) }
        }
    }
}
