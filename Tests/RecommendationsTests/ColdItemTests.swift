import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

/// Items that nobody has met yet.
struct ColdItemTests {
    /// A model of 60 items with brands, to which some more come afterwards.
    private func joined(
        seed: UInt64, added: Int
    ) throws -> (model: TrainedModel, catalogue: [CandidateItem?], trained: TrainedModel) {
        let interactions = randomInteractions(persons: 50, items: 60, seed: seed)
        let trained = try Trainer(
            settings {
                $0.models.ease?.regularization = 5
                $0.models.neighbours = NeighbourSettings()
                $0.models.als = ALSSettings()
                $0.models.als?.rank = 4
                $0.models.popular = PopularSettings()
            }, threads: 1
        ).train(interactions)
        var random = RandomSource(seed: seed, stream: 3)
        let ids = trained.items + (0..<added).map { "new\($0)" }
        let items = ids.map { id in
            CandidateItem(
                id: id, kind: "product", title: id,
                attributes: ["brand": ["b\(random.index(below: 12))"], "size": ["s\(random.index(below: 5))"]],
                categories: ["c\(random.index(below: 6))"], since: id.hasPrefix("new") ? 90 * day : 0)
        }
        let (model, known) = trained.joined(with: items)
        return (model, known, trained)
    }

    private func history(_ model: TrainedModel, _ random: inout RandomSource, newest: Bool) -> History {
        var rows = (0..<random.index(below: 8) + 1).map { place in
            (item: Int?(random.index(below: 60)), strength: Float(random.uniform(0.2, 1)), time: Int64(place) * day)
        }
        if newest { rows.append((Int?(60 + random.index(below: model.items.count - 60)), 0.7, 20 * day)) }
        return History(rows)
    }

    @Test(arguments: 1...8)
    func aScoreIsTheSumOfTheLinksOneByOne(_ seed: UInt64) throws {
        let (model, _, _) = try joined(seed: seed, added: 14)
        let cold = try #require(model.cold)
        #expect(cold.items.contains { $0 >= 60 })
        let blend = Blend(model)
        var random = RandomSource(seed: seed, stream: 4)
        for round in 0..<10 {
            let history = history(model, &random, newest: round % 2 == 0)
            for name in ["ease", "neighbours", "sequence"] {
                let (links, halfLife) = try #require(blend.links(name))
                let weights = history.weights(halfLife: halfLife)
                let scores = try #require(blend.raw(name, history))
                for item in model.items.indices {
                    let slow = zip(history.entries, weights).reduce(Float(0)) { sum, entry in
                        sum + entry.1
                            * cold.weight(links, from: entry.0.item, to: item, isDirect: Blend.isDirect(name))
                    }
                    #expect(abs(slow - scores[item]) < 1e-4, "seed \(seed), round \(round), \(name), item \(item)")
                }
            }
        }
    }

    @Test(arguments: 1...6)
    func aListOfCandidatesIsTheListOfAllItems(_ seed: UInt64) throws {
        let (model, catalogue, _) = try joined(seed: seed, added: 14)
        let serving = ServingModel(model, catalogue: catalogue, version: 1)
        var placement = Placement(name: "list", kind: .list)
        placement.ranking.knownFrom = 0
        placement.ranking.freshness = seed % 2 == 0 ? 0 : 1
        var changed = model
        changed.settings.ranking = placement.ranking
        let list = ServingList(
            serving, StoredPlacement(placement, version: 0, updatedTime: 0), now: 100 * day, region: nil)
        let all = Lister(changed, catalogue: catalogue)
        var random = RandomSource(seed: seed, stream: 5)
        var offered = 0
        for round in 0..<20 {
            let history = history(model, &random, newest: round % 2 == 0)
            var source = RandomSource(seed: 1)
            let found = list.list(history, .person, count: 12, random: &source).items
            let slow = all.list(history, count: 12, now: 100 * day, random: &source)
            #expect(found.count == slow.count)
            for (mine, other) in zip(found, slow) {
                #expect(mine.item == other.item || abs(mine.score - other.score) < 1e-3, "seed \(seed)")
                if mine.item == other.item { #expect(mine.reason == other.reason, "seed \(seed), round \(round)") }
            }
            offered += found.count { $0.item.hasPrefix("new") }
        }
        #expect(offered > 0)
    }

    @Test func likesAreThoseOfTheCosineAndReusedWhileNothingChanges() throws {
        let (model, catalogue, trained) = try joined(seed: 3, added: 5)
        let cold = try #require(model.cold)
        for (item, likes) in zip(cold.items, cold.likes) {
            #expect(likes.count <= ColdItems.likesMax && likes == likes.sorted { $0.weight > $1.weight })
            for like in likes {
                #expect((ColdItems.weightMin...1).contains(like.weight) && trained.popular[like.item] > 0)
                // Something has to be the same.
                let (own, other) = (try #require(catalogue[item]), try #require(catalogue[like.item]))
                #expect(Diversity.likeness(own, other) > 0)
            }
        }
        let all = catalogue.compactMap(\.self)
        #expect(trained.joined(with: all, reusing: cold).model.cold == cold)
        #expect(trained.joined(with: all).model.cold == cold)
        var other = all
        let changed = try #require(all.firstIndex { $0.id == model.items[cold.items[0]] })
        other[changed].attributes["brand"] = ["unheard of"]
        other[changed].categories = []
        #expect(trained.joined(with: other, reusing: cold).model.cold != cold)
    }

    @Test func whatCameLatelyIsExpectedToBeWantedAsWhatItIsLikeAndIsNotCalledPopular() throws {
        let (model, catalogue, trained) = try joined(seed: 6, added: 5)
        let cold = try #require(model.cold)
        let serving = ServingModel(model, catalogue: catalogue, version: 1)
        let trending = Set((serving.bestOf["trending"] ?? []).map { Int($0) })
        for (item, likes) in zip(cold.items, cold.likes) where item >= 60 {
            let values = likes.map { trained.popular[$0.item] }
            #expect(
                model.popular[item] >= (values.min() ?? 0) - 1e-5 && model.popular[item] <= (values.max() ?? 0) + 1e-5)
            #expect(!trending.contains(item))
            #expect(serving.blend.reason("popular", History(), item) == Reason(.new))
        }
        // What nobody has wanted in all the time it was there is expected to go on so.
        for item in cold.items where item < 60 { #expect(model.popular[item] == 0) }
    }

    @Test func aSortOfItemsThatNobodyMeetsIsNotOffered() throws {
        let (_, _, model) = try joined(seed: 5, added: 0)
        let catalogue =
            model.items.enumerated().map { place, id in
                CandidateItem(id: id, kind: "title", title: id, categories: ["c\(place % 6)"])
            }
            + ["episode", "title"].map { kind in
                var item = CandidateItem(
                    id: "new-\(kind)", kind: kind, title: "new", categories: ["c1"], since: 99 * day)
                if kind == "episode" { item.parent = "i1" }
                return item
            }
        let (next, known) = model.joined(with: catalogue)
        let cold = try #require(next.cold)
        let ids = Set(cold.items.map { next.items[$0] })
        #expect(ids.contains("new-title") && !ids.contains("new-episode"))
        let newest = ServingModel(next, catalogue: known, version: 1).newest.map { next.items[Int($0)] }
        #expect(newest.first == "new-title" && !newest.contains("new-episode"))
    }

    @Test func whenAnItemCameIsKeptWithTheModel() throws {
        let events = [rated("p", "a", day: 3), rated("q", "a", day: 1), rated("p", "b", day: 5)]
        var items = [CandidateItem(id: "a"), CandidateItem(id: "b", since: 2 * day), CandidateItem(id: "c")]
        items[0].addedTime = 9 * day
        items[2].addedTime = 8 * day
        let interactions = try GrowingHistory(events).snapshot().interactions(settings())
        let model = try Trainer(settings(), threads: 1).train(interactions, items: items)
        #expect(model.knownSince == [day, 2 * day, 8 * day])
        let read = try ModelFile.decode(try ModelFile.encode(model), path: "x")
        #expect(read.knownSince == model.knownSince)
        #expect(read.since(0, items[0]) == day, "met before the catalogue had it")
        #expect(read.since(1, CandidateItem(id: "b", since: 7 * day)) == 7 * day, "as the catalogue says now")
    }
}

struct ContinuingReasonTests {
    @Test func aReasonIsReadAsItWasWritten() {
        for reason in [
            Reason(played: .init(season: 1, number: 3, percent: 42)), Reason(.because, item: "a:b"), Reason(.trending),
        ] { #expect(Reason(code: reason.code) == reason) }
        for code in ["continue", "continue:1/2", "continue:a/b/c", "continue:1/2/3/4"] {
            #expect(Reason(code: code) == nil, "\(code)")
        }
        let plain = Reason(played: .init(season: 0, number: 7, percent: 0))
        #expect(plain.text() == "episode 7 is next" && plain.text(korean: true) == "7화를 볼 차례예요")
    }

    @Test func whatIsFinishedIsNotBegun() throws {
        let now = 100 * day
        var events: [Event] = []
        for person in ["a", "b", "c", "d"] {
            events += (1...3).flatMap { finished(person, "show", 1, $0, at: 60 * day) }
        }
        events += finished("kim", "show", 1, 1, at: 90 * day)
        events += finished("lee", "show", 1, 3, at: 90 * day)
        // Who sees the first episode again has seen the second already.
        events += finished("park", "show", 1, 2, at: 90 * day) + finished("park", "show", 1, 1, at: 91 * day)
        events += [
            played("kim", "Playback Started", "film", at: 95 * day),
            played("kim", "Playback Stopped", "film", at: 95 * day + minute, position: 600),
        ]
        let service = playbackService(events, now: now)
        #expect(service.startedIfReady(by: "kim").isEmpty, "nothing waits for the tables")
        service.prepare()
        let kim = service.startedIfReady(by: "kim")
        #expect(kim.map(\.item) == ["film", "show"], "what was played last first")
        #expect(kim[0].progress == 0.25 && kim[1].number == 2 && kim[1].partsFinished == 1)
        #expect(service.startedIfReady(by: "lee").isEmpty && service.startedIfReady(by: "park").isEmpty)
        let nothing = playbackService([], now: now, mapping: nil)
        nothing.prepare()
        #expect(nothing.startedIfReady(by: "kim").isEmpty)
        #expect(throws: RecommendationError.self) { _ = try nothing.started(by: "kim") }
    }
}
