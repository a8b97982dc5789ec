import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

/// The models against slow, obvious implementations.
struct ModelTests {
    private func matrix(_ histories: [History], _ items: Int) -> [[Double]] {
        histories.map { history in
            var row = [Double](repeating: 0, count: items)
            for entry in history.entries { row[entry.item] = Double(entry.strength) }
            return row
        }
    }

    private func inverse(_ matrix: [[Double]]) -> [[Double]] {
        let order = matrix.count
        var rows = matrix.enumerated().map { i, row in row + (0..<order).map { $0 == i ? 1.0 : 0 } }
        for pivot in 0..<order {
            let scale = rows[pivot][pivot]
            rows[pivot] = rows[pivot].map { $0 / scale }
            for other in 0..<order where other != pivot {
                let factor = rows[other][pivot]
                for column in 0..<2 * order { rows[other][column] -= factor * rows[pivot][column] }
            }
        }
        return rows.map { Array($0[order...]) }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func easeIsTheFormulaOfThePaper(seed: UInt64) throws {
        let interactions = randomInteractions(persons: 60, items: 40, seed: seed)
        let histories = interactions.histories()
        let count = interactions.items.count
        let x = matrix(histories, count)
        var gram = (0..<count).map { i in (0..<count).map { j in x.reduce(0) { $0 + $1[i] * $1[j] } } }
        for i in 0..<count { gram[i][i] += 4 }
        let p = inverse(gram)
        var settings = EaseSettings()
        settings.regularization = 4
        let links = try #require(
            try TrainEase.train(
                settings, histories, ItemPersons(histories, itemCount: count), threads: 2, progress: { _ in true }))
        for i in 0..<count {
            for j in 0..<count where i != j {
                #expect(abs(Double(links.weight(from: i, to: j)) + p[i][j] / p[j][j]) < 1e-4)
            }
            #expect(links.weight(from: i, to: i) == 0)
        }
    }

    @Test func easeKeepsToTheItemsThatMostPersonsKnowAndToTheStrongestLinks() throws {
        let interactions = randomInteractions(persons: 80, items: 30, seed: 8)
        let histories = interactions.histories()
        let visits = ItemPersons(histories, itemCount: interactions.items.count)
        var settings = EaseSettings()
        settings.itemsMax = 10
        settings.keep = 3
        let links = try #require(try TrainEase.train(settings, histories, visits, threads: 1, progress: { _ in true }))
        let chosen = Set(visits.mostVisited(10))
        for item in interactions.items.indices {
            #expect(links.range(of: item).count == (chosen.contains(item) ? 3 : 0))
            for link in links.range(of: item) { #expect(chosen.contains(Int(links.targets[link]))) }
        }
    }

    @Test(arguments: [UInt64(4), 5])
    func neighboursAreTheCosinesOfColumns(seed: UInt64) {
        let interactions = randomInteractions(persons: 50, items: 20, seed: seed)
        let histories = interactions.histories()
        let count = interactions.items.count
        let x = matrix(histories, count)
        let links = TrainLinks.neighbours(
            NeighbourSettings(), histories, ItemPersons(histories, itemCount: count), threads: 2)
        func product(_ i: Int, _ j: Int) -> Double { x.reduce(0) { $0 + $1[i] * $1[j] } }
        for i in 0..<count {
            for j in 0..<count where i != j {
                let cosine = product(i, j) / (product(i, i) * product(j, j)).squareRoot()
                #expect(abs(Double(links.weight(from: i, to: j)) - cosine) < 1e-5)
            }
        }
    }

    @Test func bm25HoldsBackPersonsWhoChooseEverything() {
        // a and b share one person who chose little, a and c one who chose nearly everything.
        let everything = (0..<30).map { "x\($0)" }
        let interactions = Interactions([
            ("little", ["a", "b"].map { Interactions.Row(item: $0, strength: 1, time: 0) }),
            ("much", (["a", "c"] + everything).map { Interactions.Row(item: $0, strength: 1, time: 0) }),
        ])
        let histories = interactions.histories()
        var settings = NeighbourSettings()
        settings.similarity = .bm25
        let links = TrainLinks.neighbours(
            settings, histories, ItemPersons(histories, itemCount: interactions.items.count), threads: 1)
        #expect(links.weight(from: 0, to: 1) > links.weight(from: 0, to: 2))
    }

    @Test func aSequenceCountsWhatFollowsLessWithEveryStep() {
        let interactions = Interactions([
            ("u", ["a", "b", "c"].enumerated().map { .init(item: $1, strength: 1, time: Int64($0)) })
        ])
        var settings = SequenceSettings()
        settings.decay = 0.5
        settings.popularityExponent = 0
        let histories = interactions.histories()
        let visits = ItemPersons(histories, itemCount: 3)
        let links = TrainLinks.sequence(settings, histories, visits, threads: 1)
        #expect(links.weight(from: 0, to: 1) == 1)
        #expect(links.weight(from: 0, to: 2) == 0.5)
        #expect(links.weight(from: 1, to: 0) == 0)
        settings.window = 1
        #expect(TrainLinks.sequence(settings, histories, visits, threads: 1).weight(from: 0, to: 2) == 0)
    }

    @Test func trendingHalvesWithItsHalfLifeAndBelievesGroupsByTheirSize() throws {
        let now = 30 * day
        func row(_ item: String, _ age: Double, _ group: String) -> Interactions.Row {
            .init(item: item, strength: 1, time: now - Int64(age * Double(day)), group: group)
        }
        let interactions = Interactions([
            ("u", [row("old", 14, "서울"), row("old", 14, "서울")]), ("v", [row("new", 0, "부산")]),
        ])
        var settings = TrendingSettings()
        settings.groupPrior = 1
        let scores = TrainScores.trending(settings, interactions, now: now)
        #expect(interactions.items == ["new", "old"])
        // Two interactions after two half-lives are worth half of a fresh one.
        #expect(abs(scores[0][0] - Float(log(1.1))) < 1e-6)
        #expect(abs(scores[0][1] - Float(log(0.6))) < 1e-6)
        let busan = try #require(interactions.groupNames.firstIndex(of: "부산"))
        #expect(scores[busan][0] - scores[busan][1] > scores[0][0] - scores[0][1])
        settings.groupPrior = 1e9
        let believed = TrainScores.trending(settings, interactions, now: now)
        #expect(abs(believed[busan][0] - believed[0][0]) < 1e-4)
    }

    @Test func factorsAreTheSameOnAnyNumberOfThreadsAndSeparateTastes() throws {
        let interactions = try GrowingHistory(tastes(persons: 300, seed: 6)).snapshot().interactions(settings())
        let histories = interactions.histories()
        let visits = ItemPersons(histories, itemCount: interactions.items.count)
        var als = ALSSettings()
        // Two directions for two tastes.
        als.rank = 2
        als.regularization = 1
        func train(_ threads: Int, seed: Int = 1) throws -> ItemFactors {
            try #require(
                TrainALS.train(als, histories, visits, seed: seed, threads: threads, progress: { _ in true }))
        }
        let factors = try train(1)
        #expect(try train(3).rows.factors == factors.rows.factors)
        #expect(try train(1, seed: 2).rows.factors != factors.rows.factors)
        let liked = interactions.items.indices.filter { interactions.items[$0].hasPrefix("a") }.prefix(2)
        let history = madeHistory(liked.enumerated().map { (item: $1, strength: 1, time: Int64($0)) })
        let scores = factors.scores(person: factors.person(history, weights: [1, 1]))
        let own = scores.indices.filter { interactions.items[$0].hasPrefix("a") && !liked.contains($0) }
        let other = scores.indices.filter { interactions.items[$0].hasPrefix("b") }
        #expect(own.map { scores[$0] }.min() ?? 0 > other.map { scores[$0] }.max() ?? 0)
    }

    @Test func koreanWordsAreComparedByPairsOfSyllablesAndOthersWhole() {
        #expect(TextGrams.grams(of: "청소를 Air-Con 세탁기2 a") == ["청소", "소를", "air", "con", "세탁", "탁기"])
        #expect(Set(TextGrams.grams(of: "에어컨청소는")).intersection(TextGrams.grams(of: "청소를")) == ["청소"])
        #expect(TextGrams.grams(of: "…!").isEmpty)
    }

    @Test func itemsThatAreDescribedAlikeAreNearEvenWhenNobodyMetThem() {
        func item(_ id: String, _ text: String, _ genre: String) -> CandidateItem {
            CandidateItem(id: id, text: text, attributes: ["genre": [genre]])
        }
        let items = [
            item("0", "여름 에어컨 청소를 맡기세요", "청소"), item("1", "에어컨 청소는 전문가에게", "청소"),
            item("2", "이사 준비 체크리스트", "이사"), item("3", "포장 이사 견적", "이사"), item("4", "moving boxes", "box"),
        ]
        let links = TrainContent.links(ContentSettings(), items, threads: 2)
        #expect(links.weight(from: 0, to: 1) > links.weight(from: 0, to: 2))
        #expect(links.weight(from: 2, to: 3) > 0.1)
        #expect(links.range(of: 4).isEmpty)
        #expect(abs(links.weight(from: 0, to: 1) - links.weight(from: 1, to: 0)) < 1e-6)
    }

    @Test func companionsHaveLiftOrderAndTime() throws {
        var histories: [(String, [Interactions.Row])] = []
        for person in 0..<40 {
            var rows = [Interactions.Row(item: "bread", strength: 1, time: 0)]
            if person < 10 {
                rows = [
                    .init(item: "printer", strength: 1, time: 0),
                    .init(item: "ink", strength: 1, time: Int64(person < 4 ? 0 : 10) * day),
                ]
            }
            if person == 20 { rows.append(.init(item: "ink", strength: 1, time: day)) }
            histories.append(("p\(person)", rows))
        }
        let found = Companions.of("printer", in: Interactions(histories))
        let ink = try #require(found.first)
        #expect(found.count == 1 && ink.item == "ink" && ink.support == 10 && ink.confidence == 1)
        #expect(abs(ink.lift - 40.0 / 11) < 1e-9 && ink.after == 1 && ink.together == 0.4 && ink.medianDays == 10)
        #expect(Companions.of("nothing", in: Interactions(histories)).isEmpty)
    }

    @Test func peopleOfTheSameTasteAreLookalikes() throws {
        let settings = settings { $0.models.als = ALSSettings() }
        let interactions = try GrowingHistory(tastes(persons: 100, seed: 2)).snapshot().interactions(settings)
        let model = try Trainer(settings, threads: 1).train(interactions)
        let seeds = Set((0..<10).map { "p\($0 * 2)" })
        let found = try Lookalikes.find(seeds, among: interactions, model, count: 30)
        let sameTaste = found.count { Int($0.person.dropFirst()).map { $0 % 2 == 0 } == true }
        #expect(found.count == 30 && sameTaste >= 27 && !found.contains { seeds.contains($0.person) })
        #expect(throws: RecommendationError.self) {
            try Lookalikes.find(["nobody"], among: interactions, model, count: 3)
        }
    }
}
