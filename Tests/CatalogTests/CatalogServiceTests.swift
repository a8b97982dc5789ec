import Catalog
import EventLog
import Foundation
import GRDB
import State
import Synchronization
import Testing

/// A catalogue in a folder of its own, with a clock that the test turns.
final class Shelf: Sendable {
    let state: StateDatabase
    let catalog: CatalogService
    private let clock: Clock

    private final class Clock: Sendable {
        let time = Mutex<Int64>(1_750_000_000_000)
    }

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let clock = Clock()
        self.clock = clock
        state = try StateDatabase.open(folder.path + "/state.sqlite", migrations: [CatalogMigrations.all])
        catalog = CatalogService(state: state) { clock.time.withLock { $0 } }
    }

    func advance(_ milliseconds: Int64) { clock.time.withLock { $0 += milliseconds } }

    func `import`(_ text: String, _ change: (inout ItemFileOptions) throws -> Void = { _ in }) throws
        -> CatalogChangeReport
    {
        var options = ItemFileOptions()
        try change(&options)
        return try catalog.importFile(Array(text.utf8), options: options)
    }

    /// What the log would be told, in order.
    func told() throws -> [Event] {
        try state.read { try Outbox.due(topic: CatalogService.topic, now: .max, limit: 1_000, in: $0) }.map {
            try JSONDecoder().decode(CatalogEvent.self, from: $0.payload).event(key: $0.key)
        }
    }
}

private let cream = """
    {"id":"c1","kind":"product","name":"수분 크림","description":"겨울에도 촉촉하게","categories":[["스킨케어","크림"]],\
    "attributes":{"brand":"단골","mood":["calm","warm"],"volume":50,"vegan":true},\
    "price":{"amount":32000,"currency":"KRW","listAmount":40000},"stock":12,\
    "availability":[{"regions":["KR"],"from":"2026-01-01T00:00:00.000Z"}],\
    "variants":{"en":{"name":"Moisture Cream"}},"artworks":[{"id":"a","url":"/a.webp","tags":{"face":0.5}}]}
    """

struct CatalogServiceTests {
    @Test("an item comes out as it went in, and again changes nothing")
    func roundTrip() throws {
        let shelf = try Shelf()
        #expect(try shelf.import(cream).created == 1)
        let stored = try shelf.catalog.item("c1")
        let text = String(decoding: try JSONEncoder().encode(stored), as: UTF8.self)
        let report = try shelf.import(text)
        #expect(report.unchanged == 1)
        #expect(report.updated == 0)
        let item = stored.item
        #expect(item.attributes["mood"] == .strings(["calm", "warm"]))
        #expect(item.price == Price(amount: 32000, currency: "KRW", listAmount: 40000))
        #expect(item.name(in: "en-GB") == "Moisture Cream")
        #expect(item.name(in: "ja") == "수분 크림")
        #expect(item.artworks.first?.tags == ["face": 0.5])
    }

    @Test("availability follows region, window and stock")
    func availability() throws {
        let shelf = try Shelf()
        _ = try shelf.import(cream)
        var item = try shelf.catalog.item("c1").item
        let newYear: Int64 = 1_767_225_600_000
        #expect(item.isAvailable(at: newYear, region: "KR"))
        #expect(!item.isAvailable(at: newYear - 1, region: "KR"))
        #expect(!item.isAvailable(at: newYear, region: "US"))
        #expect(!item.isAvailable(at: newYear, region: nil))
        item.stock = 0
        #expect(!item.isAvailable(at: newYear, region: "KR"))
    }

    @Test("a change of price or stock is an event with what it was before, and is told once")
    func events() throws {
        let shelf = try Shelf()
        _ = try shelf.import("id,name,price,stock\ns1,세럼,20000,3\n")
        #expect(try shelf.told().isEmpty)
        shelf.advance(1_000)
        _ = try shelf.import("id,name,price,stock\ns1,세럼,15000,0\n")
        _ = try shelf.import("id,name,price,stock\ns1,세럼,15000,0\n")
        let told = try shelf.told()
        #expect(told.map(\.name) == ["Item Price Changed", "Item Stock Changed"])
        #expect(told.map(\.person) == ["$item:s1", "$item:s1"])
        #expect(told.first?["previousPrice"] == .number(20000))
        #expect(told.first?["price"] == .number(15000))
        #expect(told.first?["change"] == .number(-0.25))
        #expect(told.last?["isBackInStock"] == .boolean(false))
        #expect(Set(told.compactMap(\.messageID)).count == 2)
        let prices = try shelf.catalog.prices(of: "s1")
        #expect(prices.map { $0.price?.amount } == [15000, 20000])
    }

    @Test("a deleted item is in no snapshot, keeps its prices, and comes back when it is put again")
    func deletion() throws {
        let shelf = try Shelf()
        _ = try shelf.import(cream)
        let before = try shelf.catalog.snapshot()
        #expect(before["c1"] != nil)
        #expect(try shelf.catalog.snapshot() === before)
        try shelf.catalog.delete("c1")
        #expect(try shelf.catalog.snapshot()["c1"] == nil)
        #expect(try shelf.catalog.search(ItemQuery()).items.isEmpty)
        #expect(try shelf.catalog.item("c1").deletedTime != nil)
        #expect(try shelf.catalog.prices(of: "c1").count == 1)
        _ = try shelf.import(cream)
        #expect(try shelf.catalog.snapshot()["c1"] != nil)
        #expect(throws: CatalogError.self) { try shelf.catalog.delete("nothing") }
    }

    @Test("a whole file deletes what it does not name, of its kinds alone")
    func whole() throws {
        let shelf = try Shelf()
        _ = try shelf.import("id,kind,name\na,product,A\nb,product,B\nt,title,T\n")
        let report = try shelf.import("id,kind,name\na,product,A\n") { $0.isWhole = true }
        #expect(report.deleted == 1)
        #expect(try shelf.catalog.snapshot().items.map(\.id) == ["a", "t"])
    }

    @Test(
        "parts of names are found, in Korean from one syllable on",
        arguments: [
            ("수", 1), ("수분", 1), ("분 크", 1), ("촉촉", 1), ("단골", 1), ("moist", 1), ("CALM", 1), ("c1", 1), ("크림빵", 0),
            ("z", 0),
        ])
    func search(text: String, count: Int) throws {
        let shelf = try Shelf()
        _ = try shelf.import(cream)
        var query = ItemQuery()
        query.text = text
        #expect(try shelf.catalog.search(query).items.count == count)
    }

    @Test("pages hold every item once, in every order")
    func pages() throws {
        let shelf = try Shelf()
        var table = "id,name,price,category\n"
        for number in 0..<57 { table += "i\(number),상품 \(number % 7),\(number % 5 * 1000),A > B\(number % 3)\n" }
        _ = try shelf.import(table)
        for sort in ItemQuery.Sort.allCases {
            for ascending in [true, false] {
                var query = ItemQuery()
                (query.sort, query.ascending, query.limit) = (sort, ascending, 10)
                var seen: [String] = []
                repeat {
                    let page = try shelf.catalog.search(query)
                    #expect(page.total == 57)
                    seen += page.items.map(\.item.id)
                    query.cursor = page.cursor
                } while query.cursor != nil
                #expect(seen.count == 57)
                #expect(Set(seen).count == 57)
            }
        }
        var query = ItemQuery()
        query.category = ["A", "B1"]
        #expect(try shelf.catalog.search(query).total == 19)
        query.category = ["A"]
        #expect(try shelf.catalog.search(query).total == 57)
        #expect(try shelf.catalog.categories().map(\.items) == [57, 19, 19, 19])
        query.cursor = "bm9uc2Vuc2U="
        #expect(throws: CatalogError.self) { try shelf.catalog.search(query) }
    }

    @Test("episodes follow each other by season and position")
    func sequence() throws {
        let shelf = try Shelf()
        _ = try shelf.import(
            """
            id,kind,name,parent,season,position
            s,series,드라마,,,
            e3,episode,3화,s,2,1
            e1,episode,1화,s,1,1
            e2,episode,2화,s,1,2
            """)
        let snapshot = try shelf.catalog.snapshot()
        #expect(snapshot.children(of: "s").map(\.id) == ["e1", "e2", "e3"])
        #expect(snapshot.successor(of: "e2")?.id == "e3")
        #expect(snapshot.successor(of: "e3") == nil)
        #expect(snapshot.successor(of: "s") == nil)
    }
}

struct CatalogPageTests {
    private let shelf: Shelf

    init() throws {
        shelf = try Shelf()
        _ = try shelf.import(
            """
            id,name,kind,price,stock,category
            a,수분 크림,product,1000,5,스킨케어 > 크림
            b,선크림,product,2000,0,스킨케어 > 선케어
            c,청소,service,3000,,생활
            """)
    }

    private func ids(_ change: (inout ItemQuery) -> Void) throws -> Set<String> {
        var query = ItemQuery()
        change(&query)
        return Set(try shelf.catalog.search(query).items.map(\.item.id))
    }

    @Test("what is in stock, or never runs out, is told from what is sold out, also after a change")
    func availability() throws {
        #expect(try ids { $0.availability = .inStock } == ["a", "c"])
        #expect(try ids { $0.availability = .soldOut } == ["b"])
        _ = try shelf.import("id,name,kind,price,stock\na,수분 크림,product,1000,0\n")
        #expect(try ids { $0.availability = .soldOut } == ["a", "b"])
        #expect(
            try ids {
                $0.availability = .soldOut
                $0.text = "수분"
            } == ["a"])
        #expect(try shelf.catalog.kinds() == ["product", "service"])
        try shelf.catalog.delete("c")
        #expect(try shelf.catalog.kinds() == ["product"])
    }

    @Test("a preview says what the import then does, and changes nothing")
    func preview() throws {
        let file = """
            id,name,kind,price,stock,category
            a,수분 크림,product,1000,5,스킨케어 > 크림
            b,선크림,product,1500,0,스킨케어 > 선케어
            d,토너,product,900,7,스킨케어
            e,,product,x,,
            """
        for isWhole in [false, true] {
            var options = ItemFileOptions()
            options.skipsInvalidLines = true
            options.isWhole = isWhole
            let before = try shelf.catalog.search(ItemQuery())
            let preview = try shelf.catalog.preview(Array(file.utf8), options: options)
            #expect(try shelf.catalog.search(ItemQuery()) == before)
            #expect(preview.first.map(\.id) == ["a", "b", "d"])
            let report = try shelf.catalog.importFile(Array(file.utf8), options: options)
            #expect(preview.report == report, "whole: \(isWhole)")
        }
        #expect(throws: CatalogError.self) {
            try shelf.catalog.preview(Array(file.utf8), options: ItemFileOptions())
        }
    }
}

extension CatalogPageTests {
    @Test("an item's JSON is read as it is, many times over and among other work")
    func json() throws {
        // Once the reader was gone before its values were read, and their names were whatever had come there.
        for number in 0..<200 {
            let id = "item-\(number)"
            let text =
                #"{"id":"\#(id)","name":"이름 \#(number)","kind":"product","attributes":{"brand":"들꽃 \#(number)"}}"#
            let stored = try shelf.catalog.put(json: Array(text.utf8), id: id)
            #expect(stored.item.name == "이름 \(number)")
            #expect(stored.item.attributes["brand"] == .string("들꽃 \(number)"))
        }
    }
}
