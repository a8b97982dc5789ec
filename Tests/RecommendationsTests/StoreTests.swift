import Foundation
import Statistics
import Testing

@testable import Recommendations

struct StoreTests {
    private func model(seed: UInt64 = 1) throws -> TrainedModel {
        let settings = settings {
            $0.models.als = ALSSettings()
            $0.models.als?.rank = 4
            $0.models.neighbours = NeighbourSettings()
            $0.models.content = ContentSettings()
            $0.models.new = NewSettings()
        }
        let interactions = try GrowingHistory(tastes(persons: 20, items: 5, perPerson: 4, seed: seed)).snapshot()
            .interactions(settings)
        return try Trainer(settings, threads: 1).train(interactions, items: [CandidateItem(id: "새 상품", text: "새 상품")])
    }

    @Test func aModelSurvivesBeingWrittenAndRead() throws {
        let model = try model()
        let data = try ModelFile.encode(model)
        let again = try ModelFile.decode(data, path: "model.bin")
        #expect(again.items == model.items && again.settings == model.settings && again.weights == model.weights)
        #expect(again.ease == model.ease && again.sequence == model.sequence && again.content == model.content)
        #expect(again.als?.rows.factors == model.als?.rows.factors)
        #expect(again.trending == model.trending && again.new == model.new && again.popular == model.popular)
        #expect(try ModelFile.encode(again) == data)
    }

    @Test func trainingTwiceGivesTheSameBytes() throws {
        #expect(try ModelFile.encode(model()) == ModelFile.encode(model()))
    }

    @Test func everyFlippedBitIsFoundAndTheFileNamed() throws {
        let data = try ModelFile.encode(try model())
        var random = RandomSource(seed: 11)
        for _ in 0..<300 {
            var damaged = data
            let place = random.index(below: data.count)
            damaged[place] ^= 1 << UInt8(random.index(below: 8))
            let error = #expect(throws: RecommendationError.self, "byte \(place)") {
                try ModelFile.decode(damaged, path: "m/000001/model.bin")
            }
            #expect(error?.code == .corrupt && error?.message.contains("m/000001/model.bin") == true)
        }
    }

    @Test func everyShortenedFileIsFound() throws {
        let data = try ModelFile.encode(try model())
        var random = RandomSource(seed: 12)
        for _ in 0..<100 {
            let length = random.index(below: data.count)
            #expect(throws: RecommendationError.self) { try ModelFile.decode(data.prefix(length), path: "x") }
        }
        #expect(throws: RecommendationError.self) { try ModelFile.decode(Data("hello".utf8), path: "x") }
    }
}

struct ServiceTests {
    private let folder = TemporaryFolder()

    private func service(_ history: GrowingHistory, items: [CandidateItem] = []) -> RecommendationService {
        RecommendationService(folder: folder.path, history: history, items: FixedItems(all: items), now: { 50 * day })
    }

    private func damage(_ version: Int) throws {
        let path = folder.path + "/default/00000\(version)/model.bin"
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        data[data.count / 2] ^= 1
        try data.write(to: URL(fileURLWithPath: path))
    }

    @Test func aListFitsThePersonAndLeavesOutWhatTheyKnow() throws {
        let history = GrowingHistory(tastes(persons: 100, seed: 21))
        let service = service(history)
        let version = try service.train(settings())
        #expect(version.number == 1 && version.heldBack == nil && version.metrics?.persons ?? 0 > 50)
        let answer = try service.open("default").recommend(for: "p0", count: 3)
        #expect(answer.isKnown && answer.items.allSatisfy { $0.item.hasPrefix("a") })
    }

    @Test func whatAPersonDidAMomentAgoCountsWithoutATraining() throws {
        let history = GrowingHistory(tastes(persons: 100, seed: 22))
        let service = service(history)
        _ = try service.train(settings())
        let recommender = try service.open("default")
        let before = try recommender.recommend(for: "stranger", count: 3)
        #expect(!before.isKnown && before.items.count == 3)
        history.add(["b1", "b2", "b3"].enumerated().map { rated("stranger", $1, day: 49 + Double($0) / 10) })
        let after = try recommender.recommend(for: "stranger", count: 3)
        #expect(after.isKnown && after.items.allSatisfy { $0.item.hasPrefix("b") })
        #expect(!after.items.contains { ["b1", "b2", "b3"].contains($0.item) })
        #expect(after.items.allSatisfy { $0.reason.item?.hasPrefix("b") == true })
    }

    @Test func aPageHasRowsBecauseOfWhatThePersonDidAndRepeatsNothing() throws {
        let history = GrowingHistory(tastes(persons: 100, items: 40, perPerson: 12, seed: 28))
        let service = service(history)
        _ = try service.train(settings { $0.models.neighbours = NeighbourSettings() })
        var shape = Page.Shape()
        shape.itemsPerRow = 5
        let page = try service.open("default").page(
            for: "p0", started: [.init(item: "film", progress: 0.4, lastTime: 49 * day)], shape: shape)
        #expect(page.first?.id == "continue")
        #expect(page.contains { $0.id.hasPrefix("because:a") } && page.contains { $0.id == "trending" })
        let items = page.flatMap(\.items)
        #expect(Set(items).count == items.count && items.count > 20)
        let known = try history.snapshot().interactions(of: "p0", settings())
        #expect(Set(items).isDisjoint(with: known.itemNumbers.map { known.items[Int($0)] }))
    }

    @Test func theExportHasEveryPersonOnceInOrder() throws {
        let history = GrowingHistory(tastes(persons: 150, seed: 23))
        let service = service(history)
        _ = try service.train(settings())
        let recommender = try service.open("default")
        var persons: [String] = []
        try recommender.forEachPerson(count: 5, threads: 2) { person, items in
            persons.append(person)
            let own = try recommender.recommend(for: person, count: 5).items.map(\.item)
            #expect(own == items)
            return true
        }
        #expect(persons == (0..<150).map { "p\($0)" }.sorted())
    }

    @Test func anEmptyLogAndAMissingModelAreErrorsThatSayWhatToDo() throws {
        let service = service(GrowingHistory())
        #expect(throws: RecommendationError.self) { try service.open("default") }
        let error = #expect(throws: RecommendationError.self) { try service.train(settings()) }
        #expect(error?.code == .insufficient && error?.message.contains("import") == true)
        #expect(throws: RecommendationError.self) { try service.versions("default") }
        #expect(throws: RecommendationError.self) { try service.versions("../x") }
    }

    @Test func onePersonWithOneItemIsEnoughForAModelThatSaysLittle() throws {
        let service = service(GrowingHistory([rated("u", "x", day: 1)]))
        let version = try service.train(settings())
        #expect(version.metrics == nil)
        #expect(try service.open("default").recommend(for: "u", count: 5).items.isEmpty)
        #expect(try service.open("default").recommend(for: "v", count: 5).items.map(\.item) == ["x"])
    }

    @Test func itemsOfTheCatalogueThatNobodyMetCanBeFoundByTheirDescription() throws {
        let items = [
            CandidateItem(id: "a1", title: "에어컨 청소"), CandidateItem(id: "new", title: "벽걸이 에어컨 청소"),
            CandidateItem(id: "b1", title: "포장 이사"),
            CandidateItem(id: "gone", title: "에어컨 청소", isAvailable: false),
            // Words of more than half of the items would say nothing.
            CandidateItem(id: "c1", title: "가구 조립"), CandidateItem(id: "c2", title: "소파 세탁"),
            CandidateItem(id: "c3", title: "벽지 도배"),
        ]
        let service = service(GrowingHistory([rated("u", "a1", day: 1), rated("v", "b1", day: 1)]), items: items)
        _ = try service.train(
            settings {
                $0.models.ease = nil
                $0.models.sequence = nil
                $0.models.content = ContentSettings()
                $0.blend = ["content": 1]
            })
        let recommender = try service.open("default")
        let list = try recommender.recommend(for: "u", count: 3).items
        #expect(list.first?.item == "new" && !list.contains { $0.item == "gone" })
        #expect(list.first?.reason.text(korean: true, title: recommender.title) == "‘에어컨 청소’ 비슷한 것")
    }

    @Test func aWorseVersionIsKeptButDoesNotAnswerUnlessForced() throws {
        let service = service(GrowingHistory(tastes(persons: 200, seed: 24)))
        _ = try service.train(settings { $0.blend = ["ease": 1] })
        let bad = settings {
            $0.models.new = NewSettings()
            $0.blend = ["new": 1]
        }
        let second = try service.train(bad)
        #expect(second.heldBack?.contains("version 1") == true)
        #expect(try service.versions("default").active == 1)
        let third = try service.train(bad, isForced: true)
        #expect(third.heldBack == nil)
        #expect(try service.versions("default").active == 3)
        let back = try service.rollBack("default")
        #expect(back.number == 1)
        #expect(try service.open("default").version == 1)
        #expect(throws: RecommendationError.self) { try service.rollBack("default") }
        #expect(throws: RecommendationError.self) { try service.rollBack("default", to: 9) }
    }

    @Test func aDamagedVersionIsNamedAndTheOneBeforeAnswers() throws {
        let service = service(GrowingHistory(tastes(persons: 100, seed: 25)))
        _ = try service.train(settings())
        _ = try service.train(settings())
        try damage(2)
        let recommender = try service.open("default")
        #expect(recommender.version == 1 && recommender.notes.first?.contains("000002/model.bin") == true)
        try damage(1)
        let plain = try service.open("default")
        #expect(plain.version == 0 && plain.notes.last?.contains("train the model again") == true)
        #expect(try plain.recommend(for: "p0", count: 3).items.count == 3)
    }

    @Test func aTrainingThatIsStoppedChangesNothing() throws {
        let service = service(GrowingHistory(tastes(persons: 50, seed: 26)))
        for stage in ["reading", "popular", "ease", "sequence", "blend"] {
            let error = #expect(throws: RecommendationError.self, "\(stage)") {
                try service.train(settings()) { name, _ in name != stage }
            }
            #expect(error?.code == .interrupted)
        }
        #expect(throws: RecommendationError.self) { try service.versions("default") }
    }

    @Test func onlyTheNewestVersionsAreKept() throws {
        let service = service(GrowingHistory(tastes(persons: 12, seed: 27)))
        for _ in 0..<7 { _ = try service.train(settings(), isForced: true) }
        #expect(try service.versions("default").versions.map(\.number) == [3, 4, 5, 6, 7])
    }
}
