import Foundation
import Statistics
import Testing

@testable import Recommendations

struct ContentRuleTests {
    /// Persons who choose among items of some genres.
    private func tables(
        persons: Int, items: Int, seed: UInt64, weight: (_ person: Int, _ item: Int) -> Double = { _, _ in 1 },
        keeps: (_ person: Int, _ item: Int) -> Double = { _, _ in 0.5 }
    ) -> ContentTables {
        var random = RandomSource(seed: seed)
        var tables = ContentTables()
        tables.items = (0..<items).map { "i\($0)" }
        tables.attributes = (0..<4).map { ("genre", "g\($0)") } + [("era", "old"), ("era", "new")]
        tables.attributesOfItem = (0..<items).map { [Int32($0 % 4), 4 + Int32($0 / 4 % 2)] }
        tables.weeks = 52
        tables.activePersons = [Int](repeating: persons, count: 53)
        for person in 0..<persons {
            tables.persons.append(ContentTables.key("p\(person)"))
            let choice = Categorical(weights: (0..<items).map { weight(person, $0) })
            var met: Set<Int> = []
            for _ in 0..<(2 + random.index(below: 8)) { met.insert(choice.draw(&random)) }
            for item in met.sorted() {
                tables.entryItems.append(Int32(item))
                tables.entryKept.append(random.chance(keeps(person, item)))
                tables.entryWeeks.append(UInt16(random.index(below: 50)))
            }
            tables.ends.append(tables.entryItems.count)
        }
        return tables
    }

    // MARK: Affinity

    /// The average share and the share kept, person by person.
    private func slow(_ tables: ContentTables, _ members: [Bool], _ attribute: Int32) -> (share: Double, kept: Double) {
        var (shares, drawn, kept) = ([Double](), 0, 0)
        for person in tables.persons.indices where members[person] {
            let own = tables.entries(of: person)
            let with = own.filter { tables.attributesOfItem[Int(tables.entryItems[$0])].contains(attribute) }
            shares.append(Double(with.count) / Double(own.count))
            drawn += with.count
            kept += with.count { tables.entryKept[$0] }
        }
        return (shares.reduce(0, +) / Double(shares.count), Double(kept) / Double(drawn))
    }

    @Test(arguments: 1...8)
    func sharesAreThoseOfCountingPersonByPerson(seed: Int) throws {
        let tables = tables(persons: 120, items: 16, seed: UInt64(seed))
        let members = tables.persons.indices.map { $0 % 3 == 0 }
        let (persons, rows) = try Affinity.measure(tables, members: members)
        #expect(persons == 40)
        let everybody = [Bool](repeating: true, count: 120)
        for row in rows {
            let attribute = Int32(try #require(tables.attributes.firstIndex { $0 == (row.name, row.value) }))
            let (own, all) = (slow(tables, members, attribute), slow(tables, everybody, attribute))
            #expect(abs(row.share - own.share) < 1e-9 && abs(row.shareOfAll - all.share) < 1e-9, "seed \(seed)")
            let (kept, keptOfAll) = (try #require(row.kept), try #require(row.keptOfAll))
            #expect(abs(kept - own.kept) < 1e-9 && abs(keptOfAll - all.kept) < 1e-9)
            let lift = try #require(row.lift)
            #expect(abs(lift.estimate - own.share / all.share) < 1e-9)
            #expect(lift.low < lift.estimate && lift.estimate < lift.high)
        }
    }

    @Test func whatAnAudiencePrefersIsFoundAndChanceIsNot() throws {
        let lovers = tables(
            persons: 400, items: 24, seed: 3, weight: { $0 % 4 == 0 && $1 % 4 == 2 ? 4 : 1 },
            keeps: { $0 % 4 == 0 && $1 % 4 == 2 ? 0.9 : 0.4 })
        let rows = try Affinity.measure(lovers, members: lovers.persons.indices.map { $0 % 4 == 0 }).rows
        let first = try #require(rows.first)
        #expect(first.value == "g2" && first.draws && (first.lift?.low ?? 0) > 1.3)
        #expect(first.keeps && (first.keepLift?.low ?? 0) > 1.2)
        #expect(rows.filter { $0.name == "genre" && $0.value != "g2" }.allSatisfy { ($0.lift?.estimate ?? 2) < 1 })
        // Audiences that are nobody in particular: at most one in twenty finds anything.
        var found = 0
        for seed in 1...60 {
            let even = tables(persons: 200, items: 24, seed: UInt64(seed))
            let rows = try Affinity.measure(even, members: even.persons.indices.map { $0 % 2 == 0 }).rows
            if rows.contains(where: { $0.draws || $0.keeps }) { found += 1 }
        }
        #expect(found <= 12, "\(found) of 60")
    }

    @Test(arguments: 1...3)
    func liftsCoverTheTruth(seed: Int) throws {
        // Of genre 1 an audience takes 40 %, the others 20 %: with half of all persons in it the lift is 40 / 30.
        var (covered, count) = (0, 0)
        for round in 0..<60 {
            var random = RandomSource(seed: UInt64(seed * 1_000 + round))
            var tables = tables(persons: 200, items: 40, seed: 1)
            (tables.entryItems, tables.entryKept, tables.entryWeeks, tables.ends) = ([], [], [], [])
            for person in 0..<200 {
                for place in 0..<6 {
                    let isFirst = random.chance(person % 2 == 0 ? 0.4 : 0.2)
                    let genre = isFirst ? 1 : [0, 2, 3][random.index(below: 3)]
                    tables.entryItems.append(Int32(place * 4 + genre))
                    tables.entryKept.append(true)
                    tables.entryWeeks.append(1)
                }
                tables.ends.append(tables.entryItems.count)
            }
            let rows = try Affinity.measure(tables, members: (0..<200).map { $0 % 2 == 0 }).rows
            let lift = try #require(rows.first { $0.value == "g1" }?.lift)
            count += 1
            if lift.low <= 4.0 / 3 && 4.0 / 3 <= lift.high { covered += 1 }
        }
        #expect(Double(covered) / Double(count) > 0.9, "seed \(seed): \(covered) of \(count)")
    }

    @Test func tooSmallAnAudienceIsRefusedWithItsSize() throws {
        let tables = tables(persons: 100, items: 8, seed: 1)
        #expect { try Affinity.measure(tables, members: (0..<100).map { $0 < 5 }) } throws: {
            ($0 as? RecommendationError)?.code == .insufficient && "\($0)".contains("5")
        }
        #expect { try Affinity.measure(tables, members: [Bool](repeating: true, count: 100)) } throws: {
            ($0 as? RecommendationError)?.code == .insufficient
        }
    }

    @Test(arguments: 1...100)
    func discoveriesAreThoseOfTheRulesDefinition(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let p: [Double?] = (0..<random.index(below: 30)).map { _ in
            random.chance(0.1) ? nil : random.chance(0.4) ? random.uniform() * 0.01 : random.uniform()
        }
        let told = FalseDiscovery.judge(p, level: 0.05)
        let known = p.compactMap(\.self)
        // The largest k such that k values are at most level · k / m.
        let k = (0...known.count).last { k in known.count { $0 <= 0.05 * Double(k) / Double(known.count) } >= k } ?? 0
        let bound = 0.05 * Double(k) / Double(max(1, known.count))
        #expect(told.isFound == p.map { $0.map { k > 0 && $0 <= bound } ?? false }, "seed \(seed)")
        #expect(told.confidence >= 0.95 - 1e-12 && told.confidence < 1)
    }

    // MARK: Demand

    @Test func whatIsBegunMoreThanThereIsOfItIsWanted() throws {
        let tables = tables(persons: 300, items: 40, seed: 5) { _, item in item % 4 == 0 ? 3 : 1 }
        let rows = Demand.measure(tables)
        let first = try #require(rows.first)
        #expect(first.value == "g0" && first.isCertain && abs(first.index.estimate - 2) < 0.3)
        #expect(first.index.low > 1 && abs(first.supply - 0.25) < 1e-9)
        #expect(rows.filter { $0.name == "era" }.allSatisfy { !$0.isCertain })
        #expect(Demand.measure(ContentTables()).isEmpty)
    }

    @Test func searchesThatLeadNowhereAreNamed() {
        var tables = ShoppingTables()
        tables.termNames = ["캠핑 텐트", "양말"]
        tables.categories = ["패션"]
        tables.terms = [
            "캠핑 텐트": TermCounts(searches: 40, empty: 40), "자전거": TermCounts(searches: 3, empty: 3),
            "양말": TermCounts(searches: 90, empty: 0, led: 80, categories: [0: 80]),
            "노트북": TermCounts(searches: 60, empty: 10, led: 5),
        ]
        tables.finish()
        let unmet = Demand.unmet(tables)
        #expect(unmet.map(\.term) == ["노트북", "캠핑 텐트"])
        #expect(unmet[1].unmet.estimate == 1 && unmet[1].unmet.low > 0.9)
    }

    // MARK: Regression

    @Test(arguments: 1...6)
    func leavingARowOutIsWhatAFitWithoutItSays(seed: Int) throws {
        var random = RandomSource(seed: UInt64(seed))
        let rows = (0..<24).map { _ in [0] + (1...5).filter { _ in random.chance(0.4) } }
        let targets = rows.map { row in Double(row.count) + random.normal() }
        let weights = rows.map { _ in random.uniform(0.5, 2) }
        let fit = try #require(RidgeFit(rows: rows, dimension: 6, targets: targets, weights: weights, grid: [2]))
        for left in [0, 7, 23] {
            func without<Value>(_ list: [Value]) -> [Value] { list.indices.filter { $0 != left }.map { list[$0] } }
            let other = try #require(
                RidgeFit(
                    rows: without(rows), dimension: 6, targets: without(targets), weights: without(weights), grid: [2]))
            #expect(abs(fit.residuals[left].error - (targets[left] - other.value(rows[left]))) < 1e-8, "seed \(seed)")
        }
        // The normal equations hold at the solution.
        for feature in 0..<6 {
            let slope = rows.indices.reduce(0.0) { sum, row in
                rows[row].contains(feature) ? sum + weights[row] * (targets[row] - fit.value(rows[row])) : sum
            }
            #expect(abs(slope - (feature == 0 ? 0 : 2 * fit.coefficients[feature])) < 1e-8)
        }
        #expect(RidgeFit(rows: [[0]], dimension: 1, targets: [1], weights: [1]) == nil)
    }

    // MARK: Concepts

    /// Items of which genre 1 has three times the audience, or none has.
    private func world(seed: UInt64, items: Int, factor: Double) -> ContentTables {
        var random = RandomSource(seed: seed)
        let own = (0..<items).map { _ in random.logNormal(mean: 0, deviation: 0.4) }
        return tables(persons: 1_500, items: items, seed: seed) { _, item in own[item] * (item % 4 == 1 ? factor : 1) }
    }

    @Test func aConceptIsForetoldWithItsFactorAndWhatIsUnknownIsSaid() throws {
        let tables = world(seed: 2, items: 120, factor: 3)
        let model = ConceptModel(tables, members: [Bool](repeating: true, count: 1_500))
        let good = model.forecast([("genre", "g1"), ("era", "new")])
        let poor = model.forecast([("genre", "g0"), ("era", "new")])
        #expect(good.verdict == .told && (good.explained ?? 0) > 0.3)
        #expect((good.parts.first?.factor ?? 0) > 1.5)
        #expect((good.reach?.estimate ?? 0) > 1.8 * (poor.reach?.estimate ?? 1))
        #expect((good.persons?.estimate ?? 0) > 0 && good.neighbours.count == 5)
        let strange = model.forecast([("genre", "opera")])
        #expect(strange.verdict == .unknownAttributes && strange.unknown == ["genre=opera"] && strange.reach != nil)
    }

    @Test func whereAttributesTellNothingThatIsSaid() throws {
        let flat = ConceptModel(
            world(seed: 7, items: 120, factor: 1), members: [Bool](repeating: true, count: 1_500)
        ).forecast([("genre", "g1")])
        #expect(flat.verdict == .noBetterThanAverage && flat.reach != nil)
        let few = ConceptModel(
            tables(persons: 50, items: 8, seed: 1), members: [Bool](repeating: true, count: 50)
        ).forecast([("genre", "g1")])
        #expect(few.verdict == .tooFewItems && few.reach == nil)
        let nobody = ConceptModel(ContentTables(), members: []).forecast([("genre", "g1")])
        #expect(nobody.verdict == .tooFewItems)
    }

    @Test func eightOfTenIntervalsHoldAnItemThatWasNotLearnedFrom() throws {
        var (held, count) = (0, 0)
        for seed in 1...3 {
            let tables = world(seed: UInt64(seed), items: 100, factor: 3)
            let everybody = [Bool](repeating: true, count: 1_500)
            for left in stride(from: 0, to: 100, by: 7) {
                // The item is taken out of what is learned from by taking its attributes' items without it.
                var without = tables
                (without.entryItems, without.entryKept, without.entryWeeks, without.ends) = ([], [], [], [])
                for person in tables.persons.indices {
                    for entry in tables.entries(of: person) where tables.entryItems[entry] != Int32(left) {
                        without.entryItems.append(tables.entryItems[entry])
                        without.entryKept.append(tables.entryKept[entry])
                        without.entryWeeks.append(tables.entryWeeks[entry])
                    }
                    without.ends.append(without.entryItems.count)
                }
                let concept = tables.attributesOfItem[left].map { tables.attributes[Int($0)] }
                let told = ConceptModel(without, members: everybody).forecast(concept)
                let truth = ConceptModel(tables, members: everybody).reach(of: Int32(left))
                guard let interval = told.reach, let truth, told.verdict == .told else { continue }
                count += 1
                if interval.low <= truth && truth <= interval.high { held += 1 }
            }
        }
        #expect(count >= 40)
        #expect((0.68...0.94).contains(Double(held) / Double(count)), "\(held) of \(count)")
    }

    // MARK: Attributes

    @Test func numbersWithManyValuesBecomeRanges() {
        var attributes = ItemAttributes()
        for number in 0..<40 {
            var item = CandidateItem(id: "i\(number)", categories: ["tv", "tv/drama"])
            item.attributes = [
                "year": ["\(1980 + number)"], "genre": [number % 2 == 0 ? "a" : "b"], "sku": ["x\(number)"],
            ]
            attributes.add(number, item)
        }
        let (list, ofItem) = attributes.numbered(itemCount: 40)
        #expect(list.filter { $0.name == "year" }.map(\.value) == ["1980–1990", "1990–2000", "2000–2010", "2010–2019"])
        #expect(list.filter { $0.name == "genre" }.map(\.value) == ["a", "b"])
        #expect(!list.contains { $0.name == "sku" || $0.name == "category" }, "what one or all have tells nothing")
        #expect(ofItem.allSatisfy { $0.count == 2 })
    }
}
