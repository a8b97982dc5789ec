import EventLog
import Foundation
import Testing

@testable import DemoWorld
@testable import Recommendations

/// Searches and reorders of a simulated shop, whose truth is known.
struct ShopTests {
    private static let days: Int64 = 200
    private static let end = worldStart + days * day
    private static let mapping = ShoppingMapping(
        searched: "Product Searched", results: "resultCount", viewed: "Product Viewed", item: "productId",
        category: ["category", "subcategory"], categoryViewed: "Category Viewed", added: "Product Added",
        bought: "Order Completed", boughtItem: "products.productId", boughtQuantity: "products.quantity")
    private static let world = World(Shop(WorldSettings(seed: 3, start: worldStart, scale: 0.05)))
    private static let events: [Event] = {
        let names: Set = [
            "Product Searched", "Product Viewed", "Category Viewed", "Product Added", "Order Completed",
        ]
        return (try? world.advance(to: end).events(names)) ?? []
    }()

    private static func service(_ events: [Event], now: Int64 = end, items: [CandidateItem] = []) -> ShoppingService {
        ShoppingService(
            history: GrowingHistory(events), items: FixedItems(all: items), now: { now }, mapping: { mapping })
    }
    private static func fixed(_ events: [Event], now: Int64) throws -> ShoppingService {
        let history = try FixedHistory(events)
        return ShoppingService(history: history, now: { now }, mapping: { mapping })
    }
    private static let whole = Result { try fixed(events, now: end) }

    /// By search term: the shelf that it belongs to.
    private static let shelves: [String: String] = {
        var found: [String: String] = [:]
        for department in ShopAssortment.departments {
            for shelf in department.shelves {
                for term in shelf.searches { found[term] = "\(department.name) > \(shelf.name)" }
            }
        }
        return found
    }()

    @Test func everyKnownTermLeadsToItsShelf() throws {
        let counts = try Self.whole.get().tables().tables.terms
        var judged = 0
        for (term, shelf) in Self.shelves where (counts[TermText.normal(term)]?.led ?? 0) >= 20 {
            let answer = try Self.whole.get().category(of: term)
            #expect(answer.categories.first?.category == shelf && answer.leads, "\(term): \(answer)")
            judged += 1
        }
        #expect(judged >= 40, "\(judged)")
        for term in ShopAssortment.missingSearches {
            #expect(try Self.whole.get().category(of: term).leads == false, "\(term)")
        }
    }

    @Test(
        arguments: [
            ("선크립", "선크림"), ("드립벡 커피", "드립백 커피"), ("세탁새제", "세탁세제"), ("dkahsem", "아몬드"), ("떡복이", "떡볶이"),
            ("요가메트", "요가매트"), ("샤인머스켓", "샤인머스캣"), ("drip", nil), ("노트북", nil),
        ] as [(String, String?)])
    func misspeltTermsAreRescued(typed: String, meant: String?) throws {
        let rescue = try Self.whole.get().rescue(typed)
        #expect(rescue.suggestions.first?.term == meant, "\(rescue)")
        guard let meant else { return }
        #expect(rescue.category?.name == Self.shelves[meant])
        #expect(!rescue.items.isEmpty)
    }

    @Test func whatPeopleTriedNextIsOffered() throws {
        var events: [Event] = []
        func add(_ person: String, _ name: String, _ minutes: Int64, _ properties: [Event.Property]) {
            events.append(Event(person: person, name: name, time: minutes * minute, properties: properties))
        }
        for person in 0..<6 {
            add("p\(person)", "Product Searched", 0, [.init("query", .string("텐트")), .init("resultCount", .number(0))])
            add("p\(person)", "Product Searched", 2, [.init("query", .string("타프"))])
            add(
                "p\(person)", "Product Viewed", 3,
                [.init("productId", .string("P1")), .init("category", .string("캠핑"))])
        }
        for person in 0..<60 {
            add("q\(person)", "Product Searched", 0, [.init("query", .string("양말"))])
        }
        let service = Self.service(events, now: 10 * minute)
        let rescue = try service.rescue("텐트")
        #expect(rescue.suggestions.map(\.term) == ["타프"] && rescue.suggestions.map(\.kind) == [.rephrased])
        #expect(rescue.category?.name == "캠핑" && rescue.items == ["P1"])
        var gone = CandidateItem(id: "P1")
        gone.isAvailable = false
        #expect(try Self.service(events, now: 10 * minute, items: [gone]).rescue("텐트").items.isEmpty)
    }

    @Test func cyclesOfTheWorldAreFound() throws {
        let tables = try Self.whole.get().tables().tables
        for department in ShopAssortment.departments {
            for shelf in department.shelves where shelf.cycleDays > 0 && shelf.cycleDays < 40 {
                let name = "\(department.name) > \(shelf.name)"
                guard let number = tables.categories.firstIndex(of: name),
                    let counts = tables.categoryCycles[Int32(number)], counts.n >= 60
                else { continue }
                let cycle = counts.cycle(slope: tables.slope, above: tables.overallCycle)
                // People come a few days after something is due, and some buy by chance in between.
                #expect(abs(log(cycle.medianDays / shelf.cycleDays)) < 0.5, "\(name): \(cycle)")
            }
        }
    }

    @Test func whatIsOnTheReorderListIsBoughtMoreOften() throws {
        let cut = worldStart + 180 * day
        let before = try Self.fixed(Self.events.filter { $0.time < cut }, now: cut)
        var byRank: [(score: Double, bought: Bool)] = []
        for (person, events) in Dictionary(grouping: Self.events, by: \.person) {
            let later = events.filter { $0.name == "Order Completed" && $0.time >= cut && $0.time < cut + 7 * day }
            let bought = Set(
                later.flatMap { event -> [String] in
                    if case .strings(let items)? = event["products.productId"] { items } else { [] }
                })
            guard events.contains(where: { $0.name == "Order Completed" && $0.time < cut }) else { continue }
            for item in try before.reorder(for: person) {
                byRank.append((item.score, bought.contains(item.item)))
            }
        }
        byRank.sort { $0.score > $1.score }
        let top = byRank.prefix(byRank.count / 5)
        let rest = byRank.dropFirst(byRank.count / 5)
        let (often, rare) = (
            Double(top.count { $0.bought }) / Double(top.count), Double(rest.count { $0.bought }) / Double(rest.count)
        )
        #expect(often > 4 * rare, "\(often) of the first fifth, \(rare) of the rest")
        let expected = byRank.reduce(0) { $0 + $1.score }
        let happened = Double(byRank.count { $0.bought })
        #expect(abs(expected - happened) < 0.5 * happened + 5, "\(expected) expected, \(happened) bought")
    }

    @Test func whoBoughtNothingHasNoListAndALogWithoutShoppingSaysSo() throws {
        #expect(try Self.whole.get().reorder(for: "nobody").isEmpty)
        let without = ShoppingService(history: GrowingHistory([])) { nil }
        #expect { try without.category(of: "x") } throws: { ($0 as? RecommendationError)?.code == .insufficient }
        #expect(try Self.service([]).rescue("선크림").suggestions.isEmpty)
    }

    @Test func aScanAndThreadsAgree() throws {
        let snapshot = try GrowingHistory(Self.events.filter { $0.time < worldStart + 60 * day }).snapshot()
        func tables(_ threads: Int) throws -> ShoppingTables {
            try snapshot.shopping(Self.mapping, ShoppingLimits(), categories: [:], now: Self.end, threads: threads)
        }
        let (one, three) = (try tables(1), try tables(3))
        #expect(one.terms.mapValues(\.led) == three.terms.mapValues(\.led))
        #expect(one.terms.mapValues(\.empty) == three.terms.mapValues(\.empty))
        for term in one.terms.keys.sorted().prefix(50) {
            let (left, right) = (one.leading.answer(term), three.leading.answer(term))
            #expect(left.categories.map(\.category) == right.categories.map(\.category))
        }
        #expect(one.popular == three.popular)
    }
}
