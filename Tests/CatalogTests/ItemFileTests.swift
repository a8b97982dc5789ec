import Catalog
import EventLog
import Foundation
import RandomCases
import Testing

struct ItemFileTests {
    @Test("a table's columns are known by the usual names of feeds, in Korean too")
    func standardNames() throws {
        let shelf = try Shelf()
        let report = try shelf.import(
            """
            상품코드\t상품명\t카테고리\t판매가\t재고\t브랜드\tcode
            P-1\t"비타민, C 세럼"\t스킨케어 > 세럼 | 선물\t"₩32,000"\t7\t단골\t007
            """)
        #expect(report.created == 1)
        let item = try shelf.catalog.item("P-1").item
        #expect(item.name == "비타민, C 세럼")
        #expect(item.categories == [["스킨케어", "세럼"], ["선물"]])
        #expect(item.price == Price(amount: 32000, currency: "KRW"))
        #expect(item.stock == 7)
        #expect(item.attributes == ["브랜드": .string("단골"), "code": .string("007")])
    }

    @Test("columns mean what one says")
    func mapping() throws {
        let shelf = try Shelf()
        _ = try shelf.import("no,label,mood,en,pic,junk\n1,밤,dark|calm,Night,/n.webp,x\n2,낮, | ,,,\n") {
            $0.kind = "title"
            for text in [
                "no=id", "label=name", "mood=attribute:mood:list", "en=name:en", "pic=artwork:main:night+moon",
                "junk=ignore",
            ] { try $0.map(parsing: text) }
        }
        let item = try shelf.catalog.item("1").item
        #expect(item.kind == "title")
        #expect(item.attributes == ["mood": .strings(["dark", "calm"])])
        #expect(item.name(in: "en") == "Night")
        #expect(item.artworks == [Artwork(id: "main", url: "/n.webp", tags: ["night": 1, "moon": 1])])
        #expect(try shelf.catalog.item("2").item.attributes.isEmpty, "a list of nothing is no value")
    }

    @Test(
        "what is wrong is named with its line, and nothing is imported",
        arguments: [
            ("", "empty"),
            ("name,price\nA,1\n", "no column is the item's id"),
            ("id,name\na,A\n,B\n", "line 3"),
            ("id,name\na,A\na,B\n", "stands in line 2 already"),
            ("id,name\na\n", "line 2: 1 fields"),
            ("id,price\na,cheap\n", "price: 'cheap' is not a number"),
            ("id,id\na,b\n", "two columns"),
            ("id,sku\na,b\n", "all the item's id"),
            ("id,name\n\"a,A\n", "never closed"),
            (#"{"id":"a","name":"A"}"# + "\n" + #"{"id":"b"}"#, "line 2: name: must be given"),
            (#"{"id":"a","name":"A","colour":"red"}"#, "colour: an item has no member 'colour'"),
            (#"{"id":"a","name":"A","price":{"amount":-1}}"#, "price.amount"),
            (#"{"id":"a","name":"A","price":{"amount":1,"currency":"won"}}"#, "price.currency"),
            (#"{"id":"a","name":"A","attributes":{"x":[1,"a"]}}"#, "attributes.x"),
            (#"{"id":"a","name":"A","parent":"a"}"#, "parent"),
            (#"{"id":"a","name":"A","artworks":[{"id":"1","url":"u","tags":{"x":2}}]}"#, "artworks[0].tags.x"),
            (#"{"id":"a","name":"A","availability":[{"from":"2026-02-01","until":"2026-01-01"}]}"#, "availability[0]"),
            (#"{"id":"a","name":"A""#, "line 1"),
            ("[{\"id\":\"a\",\"name\":\"A\"}, 7]", "line 2"),
            ("id,name\na,\u{0}\u{1}\n", "line 2"),
        ])
    func badFiles(text: String, expected: String) throws {
        let shelf = try Shelf()
        do {
            let report = try shelf.import(text)
            // A control character alone is a name as good as any other.
            #expect(expected == "line 2" && report.created == 1, "\(text) was imported")
        } catch let error as CatalogError {
            #expect(error.description.contains(expected), "\(error)")
            #expect(try shelf.catalog.snapshot().items.isEmpty)
        }
    }

    @Test("lines with an error can be left out")
    func skipping() throws {
        let shelf = try Shelf()
        let report = try shelf.import("id,name,price\na,A,1\nb,B,x\nc,C,3\n") { $0.skipsInvalidLines = true }
        #expect(report.created == 2)
        #expect(report.rejections.map(\.line) == [3])
    }

    @Test("random items survive the way through JSON and the store", arguments: [11, 12, 13])
    func randomItems(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let shelf = try Shelf()
        var items: [String: Item] = [:]
        for number in 0..<200 {
            let item = Item.random(id: "항목-\(number)", &random)
            items[item.id] = item
        }
        let lines = try items.values.map { String(decoding: try $0.json(), as: UTF8.self) }.joined(separator: "\n")
        #expect(try shelf.import(lines).created == 200, "seed \(seed)")
        let wrong = try shelf.catalog.snapshot().items.first { items[$0.id] != $0 }
        #expect(wrong == nil, "seed \(seed)")
    }
}

extension Item {
    static func random(id: String, _ random: inout SeededRandom) -> Item {
        func word(_ random: inout SeededRandom) -> String {
            ["밤", "낮", "코미디 \"극\"", "a\\b", "한국어, 영어", "<b>"].randomElement(using: &random) ?? ""
        }
        var item = Item(id: id, kind: "title", name: word(&random))
        if Bool.random(using: &random) { item.description = word(&random) + "\n" + word(&random) }
        item.categories = (0..<Int.random(in: 0...3, using: &random)).map { index in
            (0...Int.random(in: 0...2, using: &random)).map { "c\(index)\($0)" }
        }
        if Bool.random(using: &random) {
            item.attributes = [
                "number": .number(Double.random(in: -1e6...1e6, using: &random)),
                "flag": .boolean(Bool.random(using: &random)), "text": .string(word(&random)),
                "list": .strings([word(&random), word(&random)]), "numbers": .numbers([1, 2.5]),
                "time": .time(Int64.random(in: 0...2_000_000_000_000, using: &random)),
            ]
        }
        if Bool.random(using: &random) { item.price = Price(amount: 9.99, currency: "USD") }
        if Bool.random(using: &random) { item.stock = Int.random(in: 0...9, using: &random) }
        if Bool.random(using: &random) { item.place = SequencePlace(season: 2, position: 5) }
        if Bool.random(using: &random) {
            item.windows = [AvailabilityWindow(regions: ["KR", "JP"], from: 1, until: 2_000)]
            item.variants = ["en": ItemVariant(name: "Night"), "ja": ItemVariant(description: "夜")]
            item.artworks = [Artwork(id: "x", url: "/x", tags: ["t": 0.25], locale: "ko")]
        }
        return item
    }
}
