import EventLog
import Foundation
import Testing

@testable import Recommendations

struct ExtractionTests {
    private func event(_ person: String, _ name: String, _ time: Int64, _ properties: [Event.Property]) -> Event {
        Event(person: person, name: name, time: time, properties: properties)
    }

    private func rows(_ interactions: Interactions, _ person: String) -> [String] {
        guard let number = interactions.persons.firstIndex(of: person) else { return [] }
        return interactions.rows(of: number).map {
            "\(interactions.items[Int(interactions.itemNumbers[$0])]) \(interactions.strengths[$0])"
        }
    }

    @Test func aMappingTurnsEventsOfEachKindIntoStrengthsOfTheirOwn() throws {
        var settings = RecommendationSettings(interactions: [
            InteractionMapping(event: "Order Completed", item: "products.sku"),
            InteractionMapping(event: "Viewed", item: "product", strength: 0.2),
            InteractionMapping(event: "Watched", item: "title", value: "portion", dismissedBelow: 0.1),
            InteractionMapping(event: "Not Interested", item: "product", dismissed: true),
        ])
        settings.group = "region"
        let history = GrowingHistory([
            event("u", "Viewed", 1, [.init("product", .string("양말"))]),
            event("u", "Other", 2, [.init("product", .string("x"))]),
            event("u", "Order Completed", 3, [.init("products.sku", .strings(["양말", "모자"]))]),
            event(
                "v", "Watched", 1,
                [.init("title", .number(242)), .init("portion", .number(0.75)), .init("region", .string("서울"))]),
            event("v", "Watched", 2, [.init("title", .number(7)), .init("portion", .number(0.05))]),
            event("v", "Not Interested", 3, [.init("product", .string("모자"))]),
            event("v", "Watched", 4, [.init("title", .number(8))]),
        ])
        let interactions = try history.snapshot().interactions(settings)
        #expect(interactions.persons == ["u", "v"])
        #expect(rows(interactions, "u") == ["양말 0.2", "양말 1.0", "모자 1.0"])
        #expect(rows(interactions, "v") == ["242 0.75", "7 -1.0", "모자 -1.0"])
        #expect(interactions.groupNames == ["", "서울"])
    }

    @Test func theScanOfEverybodyAndALookAtOnePersonAgree() throws {
        let history = GrowingHistory(tastes(persons: 40, seed: 3), merges: [Merge(alias: "p1", person: "p0")])
        let snapshot = try history.snapshot()
        let settings = settings()
        let all = try snapshot.interactions(settings, threads: 3)
        #expect(!all.persons.contains("p1"))
        for person in all.persons {
            let one = try snapshot.interactions(of: person, settings)
            #expect(rows(all, person) == rows(one, person))
        }
        #expect(try snapshot.interactions(settings, threads: 1) == all)
    }

    @Test func onlyTheNewestOfALongHistoryAreRead() throws {
        let history = GrowingHistory((0..<50).map { rated("u", "i\($0)", day: Double($0)) })
        let interactions = try history.snapshot().interactions(settings { $0.historyMax = 3 })
        #expect(rows(interactions, "u").map { $0.prefix(3) } == ["i47", "i48", "i49"])
    }

    @Test func moreThanMemoryIsSetAsideForIsAnErrorThatNamesTheSetting() throws {
        let snapshot = try GrowingHistory(tastes(persons: 10, seed: 1)).snapshot()
        let error = #expect(throws: RecommendationError.self) {
            try snapshot.interactions(settings { $0.interactionsMax = 5 })
        }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("interactionsMax") == true)
    }

    @Test func anEmptyLogHasNoInteractions() throws {
        let interactions = try GrowingHistory().snapshot().interactions(settings())
        #expect(interactions.count == 0 && interactions.persons.isEmpty)
    }

    @Test func aHistoryHasEachItemOnceWhereItCameLast() {
        let history = madeHistory([
            (item: 1, strength: 0.2, time: 1), (item: 2, strength: 1, time: 2), (item: 1, strength: 0.1, time: 3),
            (item: 3, strength: 1, time: 4), (item: 3, strength: -1, time: 5), (item: nil, strength: 1, time: 6),
        ])
        #expect(history.entries.map(\.item) == [2, 1])
        #expect(history.entries.map(\.strength) == [1, 0.2])
        #expect(history.seen == [1, 2, 3] && history.dismissed == [3])
        #expect(history.weights(halfLife: 1) == [0.5, 0.2])
    }
}

struct SettingsTests {
    private func read(_ json: String) throws -> RecommendationSettings {
        try JSONDecoder().decode(RecommendationSettings.self, from: Data(json.utf8))
    }

    @Test func settingsSurviveBeingWrittenAndRead() throws {
        let settings = try read(
            """
            {"interactions":[{"event":"Rated","item":"movie","value":"rating","outOf":5,"dismissedBelow":2}],
             "group":"region","models":{"als":{"rank":8,"halfLifeItems":0},"trending":{},"popular":{},"content":{"textWeight":0}},
             "blend":{"als":1},"ranking":{"repeatAfterDays":{"*":30},"perCategory":2},"seed":9}
            """)
        #expect(settings.models.als?.halfLifeItems == 0)
        #expect(settings.models.names == ["als", "content", "trending", "popular"])
        let again = try JSONDecoder().decode(RecommendationSettings.self, from: JSONEncoder().encode(settings))
        #expect(again == settings)
    }

    @Test(arguments: [
        (#"{"interactions":[{"event":"A","itme":"x"}]}"#, "no field 'itme'"),
        (#"{"interactions":[{"event":"A"}],"models":{"ease":{"regularization":0}}}"#, "models.ease.regularization"),
        (#"{"interactions":[{"event":"A"}],"blend":{"als":1}}"#, "'als'"),
        (#"{"interactions":[{"event":"A"}],"blend":{"ease":0}}"#, "no model"),
        (#"{"interactions":[{"event":"A","outOf":5}]}"#, "value"),
        (#"{"interactions":[{"event":"A"}],"name":"../x"}"#, "name"),
        (#"{"interactions":[{"event":"A"}],"ranking":{"repeatAfterDays":{"x":-1}}}"#, "repeatAfterDays"),
    ])
    func whatMakesNoSenseIsAnErrorThatNamesThePlace(json: String, part: String) {
        let error = #expect(throws: (any Error).self) { try read(json) }
        #expect("\(String(describing: error))".contains(part), "\(String(describing: error))")
    }
}
