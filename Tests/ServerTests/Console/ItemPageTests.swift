import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// Pages of the catalogue.
struct ItemPageTests {
    private let scratch: ServerScratch
    private static let hostile = "<script>alert(1)</script>"

    init() throws { scratch = try ServerScratch() }

    private func withBrowser(_ body: @escaping @Sendable (PageBrowser) async throws -> Void) async throws {
        let scratch = scratch
        try await scratch.run { client async throws in try await body(PageBrowser(client, scratch)) }
    }

    /// The fields of a new item that is filled in.
    private static let fields: KeyValuePairs<String, String> = [
        "id": "c/1", "kind": "product", "name": "수분 크림 " + hostile, "price": "32,000", "currency": "KRW",
        "stock": "3", "categories": "스킨케어 > 크림\n선물", "description": "촉촉하게",
        "rest": #"{"attributes":{"brand":"들꽃"},"artworks":[{"id":"a1","url":"/a1.jpg","tags":{"warm":1}}]}"#,
    ]

    @Test func anItemIsAddedFoundChangedDeletedAndRestored() async throws {
        let scratch = scratch
        try await withBrowser { browser in
            let made = try await browser.post("/w/default/items/new", Self.fields)
            #expect(made.headers[.location] == "/w/default/items/c%2F1")
            let page = try await browser.follow(made).text
            #expect(page.contains("들꽃") && page.contains("warm 1") && page.contains("스킨케어 &gt; 크림"))
            #expect(!page.contains(Self.hostile))
            let search = try await browser.post("/w/default/items/search", ["text": "크림", "availability": "inStock"])
            let address = try #require(search.headers[.location])
            #expect(!address.contains(PageCall.escape("크림")), "what was typed is not in the address: \(address)")
            #expect(try await browser.follow(search).text.contains("/w/default/items/c%2F1"))
            let form = try await browser.get("/w/default/items/c%2F1/edit").text
            #expect(form.contains("value=\"32000\"") && form.contains("들꽃"))
            scratch.pass(1_000)
            let again = try await browser.post(
                "/w/default/items/c%2F1/edit", ["kind": "product", "name": "수분 크림", "price": "28000", "rest": ""])
            let changed = try await browser.follow(again).text
            #expect(changed.contains("28,000") && changed.contains("What it has cost"))
            let deleted = try await browser.follow(try await browser.post("/w/default/items/c%2F1/delete", [:])).text
            #expect(deleted.contains("/items/c%2F1/restore"))
            #expect(try await !browser.get("/w/default/items").text.contains("c%2F1"))
            #expect(try await browser.get("/w/default/items?deleted=yes").text.contains("c%2F1"))
            let restored = try await browser.follow(try await browser.post("/w/default/items/c%2F1/restore", [:])).text
            #expect(restored.contains("/items/c%2F1/delete"))
        }
    }

    @Test func whatIsWrongIsSaidAtItsField() async throws {
        try await withBrowser { browser in
            for (name, value) in [("price", "cheap"), ("rest", "[1"), ("rest", #"{"nothing":1}"#), ("stock", "-4")] {
                let answer = try await browser.post(
                    "/w/default/items/new", ["id": "x", "kind": "product", "name": "X", name: value])
                #expect(answer.status == 422 && answer.text.contains("aria-invalid=\"true\""), "\(name): \(value)")
            }
            #expect(try await browser.get("/w/default/items/nothing").status == 404)
            _ = try await browser.post("/w/default/items/new", Self.fields)
            #expect(try await browser.post("/w/default/items/new", Self.fields).status == 422, "the id is taken")
        }
    }

    @Test func aFileIsShownBeforeItIsImported() async throws {
        try await withBrowser { browser in
            let table = "id,name,price\na,크림,1000\nb,토너,x\n"
            let wrong = try await browser.post("/w/default/items/import", ["text": table, "do": "preview"])
            #expect(wrong.status == 422 && wrong.text.contains("line 3"))
            let preview = try await browser.post(
                "/w/default/items/import", ["text": table, "do": "preview", "skipInvalid": "true"])
            #expect(preview.status == 200 && preview.text.contains("Added: 1."))
            #expect(try await !browser.get("/w/default/items").text.contains("크림"))
            let done = try await browser.post(
                "/w/default/items/import", ["text": table, "do": "import", "skipInvalid": "true"])
            #expect(try await browser.follow(done).text.contains("크림"))
        }
    }
}
