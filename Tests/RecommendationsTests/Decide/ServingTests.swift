import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

/// Lists from candidates are the lists from all items.
struct ServingTests {
    private func model(seed: UInt64, _ change: (inout RecommendationSettings) -> Void) throws -> TrainedModel {
        let interactions = randomInteractions(persons: 60, items: 80, seed: seed)
        return try Trainer(settings(change), threads: 1).train(interactions)
    }

    private func stored(_ ranking: RankingSettings = RankingSettings()) -> StoredPlacement {
        var placement = Placement(name: "list", kind: .list)
        placement.ranking = ranking
        placement.ranking.knownFrom = 0
        return StoredPlacement(placement, version: 0, updatedTime: 0)
    }

    private func history(_ model: TrainedModel, _ random: inout RandomSource) -> History {
        let count = random.index(below: 10)
        return History(
            (0..<count).map { place in
                (
                    item: Int?(random.index(below: model.items.count)), strength: Float(random.uniform(0.1, 1)),
                    time: Int64(place) * day
                )
            })
    }

    @Test(arguments: [
        ["ease", "sequence", "trending", "popular"], ["neighbours", "trending"], ["als", "popular"],
        ["ease", "als", "neighbours", "sequence", "trending", "popular"], ["popular"],
    ])
    func aListOfCandidatesIsTheListOfAllItems(_ names: [String]) throws {
        var random = RandomSource(seed: 41)
        for round in 0..<12 {
            let model = try model(seed: UInt64(round) + 7) { settings in
                settings.models.ease = names.contains("ease") ? EaseSettings() : nil
                settings.models.ease?.regularization = 5
                settings.models.als = names.contains("als") ? ALSSettings() : nil
                settings.models.als?.rank = 4
                settings.models.neighbours = names.contains("neighbours") ? NeighbourSettings() : nil
                settings.models.sequence = names.contains("sequence") ? SequenceSettings() : nil
                settings.models.trending = names.contains("trending") ? TrendingSettings() : nil
                settings.models.popular = names.contains("popular") ? PopularSettings() : nil
            }
            let catalogue = [CandidateItem?](repeating: nil, count: model.items.count)
            let serving = ServingModel(model, catalogue: catalogue, version: 1)
            let list = ServingList(serving, stored(), now: 100 * day, region: nil)
            for _ in 0..<10 {
                let history = history(model, &random)
                var source = RandomSource(seed: 1)
                let found = list.list(history, .person, count: 10, random: &source)
                let all = Lister(model, catalogue: catalogue).list(
                    history, count: 10, now: 100 * day, random: &source)
                #expect(found.items.count == all.count, "seed \(round)")
                for (mine, other) in zip(found.items, all) {
                    // Equal scores may come in another order.
                    #expect(
                        mine.item == other.item || abs(mine.score - other.score) < 1e-3, "seed \(round), \(names)")
                    if mine.item == other.item { #expect(mine.reason == other.reason, "seed \(round)") }
                }
            }
        }
    }

    @Test func memoryOfOneRequestIsCleanForTheNext() throws {
        let model = try model(seed: 3) { _ in }
        let serving = ServingModel(model, catalogue: Array(repeating: nil, count: model.items.count), version: 1)
        let list = ServingList(serving, stored(), now: 100 * day, region: nil)
        var random = RandomSource(seed: 5)
        let histories = (0..<20).map { _ in history(model, &random) }
        func items(_ history: History) -> [Decision.Item] {
            var source = RandomSource(seed: 1)
            return list.list(history, .person, count: 8, random: &source).items
        }
        let first = histories.map(items)
        #expect(histories.map(items) == first)
        #expect(histories.reversed().map(items) == first.reversed())
    }

    @Test func rulesChooseAmongAllItemsAndNotAmongTheBestOnly() throws {
        let model = try model(seed: 9) { _ in }
        let catalogue = model.items.map { id in
            Optional(
                CandidateItem(id: id, kind: id.hasSuffix("7") ? "rare" : "usual", categories: ["c\(id.last ?? "0")"]))
        }
        let serving = ServingModel(model, catalogue: catalogue, version: 1)
        var ranking = RankingSettings()
        ranking.allow = ItemSelector(kinds: ["rare"])
        ranking.block = ItemSelector(items: ["i17"])
        var source = RandomSource(seed: 1)
        let list = ServingList(serving, stored(ranking), now: 100 * day, region: nil)
        let found = list.list(History(), .person, count: 10, random: &source).items.map(\.item)
        #expect(Set(found) == Set(model.items.filter { $0.hasSuffix("7") && $0 != "i17" }))

        var raised = RankingSettings()
        raised.boosts = [.init(of: ItemSelector(categories: ["c3"]), by: 50)]
        raised.perCategory = 2
        raised.pins = [.init(item: "i5", place: 2)]
        let other = ServingList(serving, stored(raised), now: 100 * day, region: nil)
            .list(History(), .person, count: 5, random: &source).items
        #expect(other[0].item.hasSuffix("3") && other[2].item.hasSuffix("3"))
        #expect(other[1].item == "i5" && other[1].reason == Reason(.pinned))
        #expect(!other[3].item.hasSuffix("3"))
    }

    @Test func likenessIsThatOfSets() throws {
        var random = RandomSource(seed: 77)
        let items = (0..<30).map { number in
            Optional(
                CandidateItem(
                    id: "i\(number)",
                    attributes: ["genre": ["g\(random.index(below: 3))", "g\(random.index(below: 3))"]],
                    categories: ["a\(random.index(below: 2))", "b\(random.index(below: 4))"]))
        }
        let likeness = ItemLikeness(items + [nil])
        for a in items.indices {
            for b in items.indices {
                #expect(abs(likeness.of(a, b) - Diversity.likeness(items[a], items[b])) < 1e-12, "seed 77")
            }
            #expect(likeness.of(a, 30) == 0)
        }
    }

    @Test func aPageShowsNothingTwice() throws {
        let model = try model(seed: 12) { _ in }
        let serving = ServingModel(model, catalogue: Array(repeating: nil, count: model.items.count), version: 1)
        let list = ServingList(serving, stored(), now: 100 * day, region: nil)
        var random = RandomSource(seed: 15)
        for _ in 0..<20 {
            let page = list.page(history(model, &random), rows: 5, count: 6, random: &random)
            let items = page.ranked.items.map(\.item)
            #expect(Set(items).count == items.count)
            #expect(page.rows.last?.items.upperBound == items.count)
            #expect(page.rows.allSatisfy { $0.items.count <= 6 })
        }
    }
}
