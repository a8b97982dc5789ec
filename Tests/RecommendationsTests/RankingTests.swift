import Foundation
import Statistics
import Testing

@testable import Recommendations

struct RankingTests {
    private func admission(_ region: String? = nil, _ change: (inout RankingSettings) -> Void) -> Admission {
        var settings = RankingSettings()
        change(&settings)
        return Admission(settings, now: 100 * day, region: region)
    }

    @Test func blockedDismissedKnownAndUnavailableItemsAreNotShown() {
        let item = CandidateItem(id: "x", categories: ["home", "home/cleaning"])
        #expect(admission { _ in }.admits("x", item, lastTime: nil))
        #expect(!admission { _ in }.admits("x", item, lastTime: 99 * day))
        #expect(!admission { _ in }.admits("x", item, lastTime: nil, isDismissed: true))
        #expect(!admission { $0.block = ItemSelector(categories: ["home"]) }.admits("x", item, lastTime: nil))
        #expect(!admission { $0.allow = ItemSelector(items: ["y"]) }.admits("x", item, lastTime: nil))
        #expect(admission { $0.allow = ItemSelector(categories: ["home"]) }.admits("x", item, lastTime: nil))
        var sold = item
        sold.isAvailable = false
        #expect(!admission { _ in }.admits("x", sold, lastTime: nil))
    }

    @Test func rightsHaveTimesAndPlaces() {
        let item = CandidateItem(id: "x", rights: [0..<10 * day, 90 * day..<101 * day], regions: ["KR"])
        #expect(admission("KR") { _ in }.admits("x", item, lastTime: nil))
        #expect(!admission("US") { _ in }.admits("x", item, lastTime: nil))
        #expect(!item.mayBeOffered(at: 50 * day, in: "KR"))
        #expect(!item.mayBeOffered(at: 101 * day, in: "KR"))
    }

    @Test func whatWasBoughtComesAgainAfterTheCycleOfItsNarrowestCategory() {
        let rules = admission { $0.repeatAfterDays = ["home": 300, "home/cleaning": 7, "*": 30] }
        let cleaning = CandidateItem(id: "x", categories: ["home", "home/cleaning"])
        #expect(rules.admits("x", cleaning, lastTime: 93 * day))
        #expect(!rules.admits("x", cleaning, lastTime: 94 * day))
        #expect(!rules.admits("x", CandidateItem(id: "x", categories: ["home"]), lastTime: 10 * day))
        #expect(rules.admits("x", nil, lastTime: 70 * day))
        #expect(!rules.admits("x", nil, lastTime: 71 * day))
    }

    @Test func boostsFreshnessAndFatigueAreInDeviations() {
        var settings = RankingSettings()
        settings.boosts = [
            .init(of: ItemSelector(items: ["x"]), by: 2), .init(of: ItemSelector(categories: ["c"]), by: -1),
        ]
        settings.freshness = 1
        settings.freshnessHalfLifeDays = 10
        settings.fatigue = 0.5
        let adjustment = Adjustment(settings, now: 100 * day)
        #expect(adjustment.points("x", CandidateItem(id: "x", categories: ["c"], since: 90 * day)) == 1.5)
        #expect(adjustment.points("y", nil, ignored: 2) == 0)
        #expect(adjustment.points("y", nil, ignored: 5) == -1.5)
    }

    @Test func maximalMarginalRelevanceIsThatOfTheDefinition() {
        for seed in UInt64(1)...20 {
            var random = RandomSource(seed: seed)
            let scores = (0..<15).map { _ in random.normal() }
            let likeness = (0..<15).map { _ in (0..<15).map { _ in random.uniform() } }
            let weight = random.uniform()
            let low = scores.min() ?? 0
            let fit = scores.map { ($0 - low) / ((scores.max() ?? 0) - low) }
            var expected: [Int] = []
            while expected.count < 6 {
                let rest = scores.indices.filter { !expected.contains($0) }
                func value(_ i: Int) -> Double {
                    (1 - weight) * fit[i] - weight * (expected.map { likeness[$0][i] }.max() ?? 0)
                }
                expected.append(rest.max { value($0) < value($1) } ?? -1)
            }
            let found = Diversity.maximalMarginalRelevance(scores, count: 6, weight: weight) { likeness[$0][$1] }
            #expect(found == expected, "seed \(seed)")
        }
        #expect(Diversity.maximalMarginalRelevance([1, 3, 2], count: 3, weight: 0) { _, _ in 1 } == [1, 2, 0])
    }

    @Test func calibrationBringsAListNearTheHistorysShares() {
        // 70 % romance and 30 % action, and romance scores higher throughout.
        let categories = (0..<40).map { [$0 < 20 ? "romance" : "action"] }
        let scores = (0..<40).map { Double(40 - $0) }
        let history = ["romance": 0.7, "action": 0.3]
        let picked = Calibration.rank(scores, categories: categories, history: history, count: 10, weight: 0.99)
        #expect(picked.count { $0 >= 20 } == 3)
        #expect(Set(picked).count == 10)
        #expect(
            Calibration.rank(scores, categories: categories, history: history, count: 10, weight: 0) == Array(0..<10))
        #expect(Calibration.divergence(history: history, list: history) < 1e-12)
        #expect(Calibration.divergence(history: history, list: ["romance": 1]) > 0.5)
        #expect(Calibration.shares([(["a", "b"], 1), (["a"], 2)]) == ["a": 2.5 / 3, "b": 0.5 / 3])
    }

    @Test func capsAndPinsAreRulesAboutTheList() {
        #expect(ListRules.capped([0, 1, 2, 3], per: 1) { $0 == 3 ? nil : $0 < 2 ? "a" : "b" } == [0, 2, 3])
        #expect(ListRules.pinned(["a", "b", "c"], pins: [("c", 1), ("x", 3)], count: 4) == ["c", "a", "x", "b"])
        #expect(ListRules.pinned(["a"], pins: [("x", 9), ("y", 9), ("x", 1)], count: 5) == ["x", "a", "y"])
        #expect(ListRules.pinned(["a", "b"], pins: [("x", 2)], count: 1) == ["a"])
    }

    @Test func explorationsPropensitiesAreTheFrequencies() {
        var random = RandomSource(seed: 4)
        var counts = [0: 0, 1: 0, 2: 0]
        var said: [Int: Double] = [:]
        for _ in 0..<20_000 {
            let first = ListRules.explored([0, 1, 2], count: 1, share: 0.3, &random)[0]
            counts[first.element, default: 0] += 1
            said[first.element] = first.propensity
            #expect(first.isExploration == (first.element != 0))
        }
        for (item, count) in counts { #expect(abs(Double(count) / 20_000 - (said[item] ?? -1)) < 0.01) }
        #expect(abs(said.values.reduce(0, +) - 1) < 1e-12)
        #expect(ListRules.explored([1, 2], count: 5, share: 0, &random).map(\.element) == [1, 2])
    }

    @Test func aPageRepeatsNoItemAndTakesEachRowForWhatItAdds() {
        func row(_ id: String, _ items: [String], _ value: Double, _ kind: String, fixed: Bool = false) -> Page.Row {
            Page.Row(id: id, items: items, values: items.map { _ in value }, kind: kind, isFixed: fixed)
        }
        let page = Page.build([
            row("weak", ["g", "h", "i"], 0.05, "trending"),
            row("best", ["a", "b", "c", "d"], 0.5, "because"),
            row("same again", ["a", "b", "c", "e"], 0.45, "because"),
            row("other", ["e", "f", "j"], 0.2, "popular"),
            row("continue", ["z"], 0.01, "continue", fixed: true),
        ])
        #expect(page.map(\.id) == ["continue", "best", "other", "weak"])
        let all = page.flatMap(\.items)
        #expect(Set(all).count == all.count)
    }

    @Test func pagesOfRandomRowsNeverRepeatAnItem() {
        for seed in UInt64(1)...30 {
            var random = RandomSource(seed: seed)
            let rows = (0..<12).map { number in
                let items = (0..<8).map { _ in "i\(random.index(below: 40))" }
                return Page.Row(
                    id: "\(number)", items: items, values: items.map { _ in random.uniform() }, kind: "k\(number % 3)")
            }
            let page = Page.build(rows)
            let all = page.flatMap(\.items)
            #expect(Set(all).count == all.count && page.count <= 8, "seed \(seed)")
            for row in page { #expect(row.items.count == row.values.count && row.items.count >= 3) }
        }
    }

    @Test func continuingFollowsRecencyAndHowFarOneGot() {
        let now = 100 * day
        let ranked = Continuing.rank(
            [
                .init(item: "finished", progress: 0.99, lastTime: now),
                .init(item: "look", progress: 0.01, lastTime: now),
                .init(item: "old", progress: 0.5, lastTime: now - 60 * day),
                .init(item: "half", progress: 0.5, lastTime: now - day),
                .init(item: "series", progress: 0, lastTime: now - day, partsFinished: 3),
            ], now: now)
        #expect(ranked.map(\.started.item) == ["series", "half", "old"])
        #expect(ranked.allSatisfy { (0...1).contains($0.chance) })
    }

    @Test func listsKeepEveryRuleAtOnce() throws {
        let base = settings {
            $0.ranking.perCategory = 2
            $0.ranking.diversity = 0.3
            $0.ranking.exploration = 0.2
            $0.ranking.block = ItemSelector(items: ["a1"])
            $0.ranking.pins = [.init(item: "b3", place: 2), .init(item: "unknown", place: 1)]
        }
        let history = GrowingHistory(tastes(persons: 60, seed: 9))
        let interactions = try history.snapshot().interactions(base)
        let model = try Trainer(base, threads: 1).train(interactions)
        let catalogue: [CandidateItem?] = model.items.map {
            CandidateItem(id: $0, categories: [String($0.prefix(1)), "n\($0.suffix(1))"])
        }
        let lister = Lister(model, catalogue: catalogue)
        var random = RandomSource(seed: 3)
        for person in interactions.persons.indices {
            let own = model.history(interactions, person: person)
            let list = lister.list(own, count: 6, now: 0, random: &random)
            let items = list.map(\.item)
            #expect(Set(items).count == items.count && !items.contains("a1"))
            for item in items { #expect(!own.seen.contains(model.numbers[item] ?? -1)) }
            if !own.seen.contains(model.numbers["b3"] ?? -1) {
                #expect(items[1] == "b3" && list[1].reason.kind == .pinned)
            }
            #expect(list.allSatisfy { $0.propensity > 0 && $0.propensity <= 1 })
        }
    }
}
