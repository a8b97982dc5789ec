import Foundation
import Statistics
import Testing

@testable import Recommendations

struct ScoringTests {
    @Test func theBestItemsAreThoseOfASort() {
        for seed in UInt64(1)...50 {
            var random = RandomSource(seed: seed)
            let scores = (0..<random.index(below: 60) + 1).map { _ in Float(random.index(below: 9)) }
            let allowed = scores.indices.filter { _ in random.chance(0.7) }
            let sorted = allowed.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
            let count = random.index(below: 20)
            #expect(
                TopItems.of(scores, count, where: Set(allowed).contains) == Array(sorted.prefix(count)), "seed \(seed)")
        }
    }

    @Test func gainsAreThoseOfTheDefinition() {
        // (1 + 1/2) / (1 + 1/log2(3))
        #expect(abs(OfflineMetrics.ndcg([1, 9, 2], [1, 2]) - 1.5 / (1 + 1 / log2(3))) < 1e-12)
        #expect(OfflineMetrics.ndcg([9, 8], [1]) == 0)
        #expect(abs(OfflineMetrics.ndcg(Array(0..<10), Set(0..<40)) - 1) < 1e-12)
        let metrics = OfflineMetrics(lists: [[1, 2], [3], [4]], relevant: [[2, 7], [], [5]], itemCount: 8)
        #expect(metrics.persons == 2 && metrics.recall20 == 0.25 && metrics.hit10 == 0.5)
        #expect(metrics.coverage10 == 3.0 / 8)
    }

    @Test func theSplitHidesTheLastOfWhatEachPersonLiked() throws {
        let interactions = Interactions([
            ("many", (0..<10).map { .init(item: "i\($0)", strength: $0 == 8 ? 0.2 : 1, time: Int64($0)) }),
            ("few", (0..<4).map { .init(item: "i\($0)", strength: 1, time: Int64($0)) }),
            // Looked at everything before the cut in time, so that what was liked after it is known.
            ("other", (0..<10).map { .init(item: "i\($0)", strength: 0.2, time: Int64($0 / 2)) }),
        ])
        var settings = ValidationSettings()
        settings.share = 0.3
        settings.relevantFrom = 0.8
        let split = try #require(ValidationSplit(interactions, settings, seed: 1))
        let many = try #require(split.training.persons.firstIndex(of: "many"))
        // Nine liked ones: the last three are 6, 7 and 9; what was not liked after the cut is neither shown nor asked
        // for.
        #expect(split.training.rows(of: many).count == 6)
        #expect(split.relevant[many] == [6, 7, 9])
        let few = try #require(split.training.persons.firstIndex(of: "few"))
        #expect(split.relevant[few].isEmpty && split.training.rows(of: few).count == 4)
        settings.kind = .time
        let byTime = try #require(ValidationSplit(interactions, settings, seed: 1))
        #expect(byTime.training.latest < interactions.latest)
        settings.kind = .off
        #expect(ValidationSplit(interactions, settings, seed: 1) == nil)
    }

    @Test func theLearnedBlendIsNoWorseThanAnySingleModel() throws {
        let settings = settings {
            $0.models.als = ALSSettings()
            $0.models.als?.rank = 8
            $0.models.neighbours = NeighbourSettings()
            $0.models.popular = PopularSettings()
        }
        let interactions = try GrowingHistory(tastes(persons: 200, seed: 12)).snapshot().interactions(settings)
        let split = try #require(ValidationSplit(interactions, settings.validation, seed: 1))
        var model = try Trainer(settings, threads: 2).train(split.training)
        let judge = Judge(split, threads: 2)
        let learned = judge.learnWeights(model)
        #expect(learned == Judge(split, threads: 1).learnWeights(model))
        model.weights = learned
        let together = judge.measure(model).metrics.ndcg10
        for name in settings.models.names {
            model.weights = [name: 1]
            #expect(judge.measure(model).metrics.ndcg10 <= together + 1e-9, "\(name)")
        }
        #expect(together > 0.3)
    }

    @Test func aReasonNamesTheItemThatContributedMost() throws {
        let settings = settings { $0.blend = ["sequence": 1] }
        let interactions = Interactions(
            (0..<20).map { person in
                ("p\(person)", ["소파", "쿠션", "램프"].enumerated().map { .init(item: $1, strength: 1, time: Int64($0)) })
            } + [("q", [.init(item: "책", strength: 1, time: 0), .init(item: "펜", strength: 1, time: 1)])])
        let model = try Trainer(settings, threads: 1).train(interactions)
        let lister = Lister(model, catalogue: [CandidateItem?](repeating: nil, count: model.items.count))
        var random = RandomSource(seed: 1)
        let sofa = try #require(model.numbers["소파"])
        let list = lister.list(
            madeHistory([(item: sofa, strength: 1, time: 0)]), count: 2, now: 0, random: &random)
        #expect(list.map(\.item) == ["쿠션", "램프"])
        #expect(list[0].reason == Reason(.next, item: "소파"))
        #expect(list[0].reason.text() == "often follows 소파")
        let stranger = lister.list(History(), count: 1, now: 0, random: &random)
        #expect(stranger[0].reason.kind == .trending)
        #expect(["소파", "쿠션", "램프"].contains(stranger[0].item))
    }
}

struct ItemLinksTests {
    @Test func theStrongestLinksAreThoseOfASort() {
        for seed in UInt64(1)...60 {
            var random = RandomSource(seed: seed)
            let count = random.index(below: 30) + 2
            let keep = random.index(below: 12) + 1
            let rows = (0..<count).map { _ in (0..<count).map { _ in Float(random.index(below: 9)) - 4 } }
            let links = ItemLinks(itemCount: count, keep: keep, threads: 2) { item, row in row = rows[item] }
            for item in 0..<count {
                let sorted = (0..<count).filter { $0 != item && rows[item][$0] != 0 }.sorted {
                    let a = abs(rows[item][$0])
                    let b = abs(rows[item][$1])
                    return a != b ? a > b : $0 < $1
                }
                let expected = Set(sorted.prefix(keep))
                #expect(links.range(of: item).map { Int(links.targets[$0]) } == expected.sorted(), "seed \(seed)")
                for target in 0..<count {
                    #expect(
                        links.weight(from: item, to: target) == (expected.contains(target) ? rows[item][target] : 0))
                }
            }
        }
    }
}
