import Access
import Collection
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// Pages about what comes in.
struct DataPageTests {
    private let scratch: ServerScratch
    private static let hostile = "\"><script>alert(1)</script>"

    init() throws { scratch = try ServerScratch() }

    @Test func eventsHaveTypesAndADictionary() async throws {
        try await scratch.addEvents(20)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let list = try await browser.get("/w/default/data")
            #expect(list.text.contains("Order Completed") && list.text.contains("20 events under 2 names"))
            let path = "/w/default/data/event?name=Order%20Completed"
            let page = try await browser.get(path)
            #expect(page.text.contains(">number<") && page.text.contains("100.0%"))
            let saved = try await browser.follow(
                try await browser.post(
                    "/w/default/data/event",
                    [
                        "event": "Order Completed", "about": Self.hostile, "owner": "결제팀", "about:total": "원 단위 금액",
                    ]))
            #expect(saved.text.contains("결제팀") && saved.text.contains("원 단위 금액"))
            #expect(!saved.text.contains("<script>alert"))
            let found = try await browser.get("/w/default/data?q=" + PageCall.escape("script>alert"))
            #expect(found.text.contains("Order Completed") && !found.text.contains("<script>alert"))
            #expect(try await browser.get("/w/default/data/event?name=Nothing").status == 404)
        }
    }

    @Test func aPlanIsBegunWithWhatCameAndTightened() async throws {
        try await scratch.addEvents(20)
        let collection = try scratch.installation.workspace("default").collection
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/data/plan").text.contains("No tracking plan yet"))
            let adopted = try await browser.follow(try await browser.post("/w/default/data/plan", ["do": "adopt"]))
            #expect(adopted.text.contains("Order Completed") && adopted.text.contains("total"))
            #expect(collection.settings.plan?.events["Order Completed"]?.properties["total"]?.type == .number)
            _ = try await browser.post("/w/default/data/plan", ["strict": "true"])
            #expect(collection.settings.plan?.strict == true && collection.settings.plan?.others == false)
            _ = try await browser.post(
                "/w/default/data/plan/event",
                [
                    "event": "Order Completed", "type:total": "number", "required": "total", "type:city": "",
                    "new:1": "coupon", "newType:1": "string",
                ])
            let event = collection.settings.plan?.events["Order Completed"]
            #expect(
                event
                    == TrackingPlan.Event(
                        properties: ["total": .init(type: .number, required: true), "coupon": .init(type: .string)],
                        others: false))
            _ = try await browser.post("/w/default/data/plan", ["do": "remove"])
            #expect(collection.settings.plan == nil)
        }
    }

    @Test func deadLettersAreReadReplayedAndRemoved() async throws {
        let writeKey = try scratch.writeKey()
        let collection = try scratch.installation.workspace("default").collection
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/data/letters").text.contains("No dead letters"))
            try collection.set(CollectionSettings(plan: TrackingPlan(strict: true)))
            for text in ["A", Self.hostile] {
                let event = try JSONText.encode(["userId": "u1", "event": text])
                _ = try await client.call(
                    .post, "/v1/track", key: writeKey, body: String(decoding: event, as: UTF8.self))
            }
            #expect(try collection.deadLetterCount() == 2)
            let page = try await browser.get("/w/default/data/letters")
            #expect(page.text.contains("2 events wait") && !page.text.contains("<script>alert"))
            try collection.set(CollectionSettings())
            let replayed = try await browser.post("/w/default/data/letters", ["do": "replay"])
            #expect(replayed.status == 303)
            #expect(try collection.deadLetterCount() == 0)
            #expect(try scratch.installation.workspace("default").log.statistics.eventNames.count == 2)
        }
    }

    @Test func aFileShowsWhatItWouldBecomeAndIsReadTheSameWay() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let file = "회원번호,주문일시,금액,메모\nu1,2024-05-01 10:00,52000,<b>첫 구매</b>\nu2,어제,1,x\n"
            let preview = try await browser.post(
                "/w/default/data/import/preview?part=1", ["kind": "events", "name": "orders.csv", "sample": file]
            ).json()
            #expect(preview["isReady"] == true)
            let html = try #require(preview["html"]?.text)
            #expect(html.contains("52,000") && html.contains("One line of the beginning") && !html.contains("<b>첫"))
            var query = "format=columns"
            for pair in try #require(preview["query"]?.list) {
                query += "&\(PageCall.escape(pair.list[0].text ?? ""))=\(PageCall.escape(pair.list[1].text ?? ""))"
            }
            let done = try await client.call(
                .post, "/v1/import?" + query, key: try scratch.key([.eventsWrite]), body: file, mediaType: "text/csv")
            let summary = try done.json()
            #expect(summary["stored"]?.number == 1 && summary["rejected"]?.number == 1, "\(done.text)")
            let missing = try await browser.post(
                "/w/default/data/import/preview?part=1",
                [
                    "kind": "events", "sample": file, "mapped": "yes", "meaning": "property", "meaning": "time",
                    "meaning": "property", "meaning": "ignore",
                ])
            #expect(try missing.json()["isReady"] == false)
            let people = try await browser.post(
                "/w/default/data/import/preview?part=1",
                ["kind": "people", "sample": "고객ID,name,email\nu1,김단골,kim@example.com\n"]
            ).json()
            #expect(people["isReady"] == true, "\(people)")
        }
    }

    @Test func aWriteKeyFillsTheSnippetsOfEveryLibrary() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/data/connect").text.contains("YOUR_WRITE_KEY"))
            let made = try await browser.post("/w/default/data/connect", ["name": "Web <1>"])
            let page = try await browser.follow(made)
            let key = try #require(try scratch.installation.access.keys(workspace: "default").last)
            #expect(page.text.contains(key.display) && !page.text.contains("Web <1>"))
            for kind in Snippets.Kind.allCases {
                let page = try await browser.get("/w/default/data/connect?sdk=\(kind.rawValue)")
                #expect(page.text.contains(key.display), "\(kind)")
            }
            #expect(try await browser.post("/w/default/data/connect", ["name": ""]).status == 422)
        }
    }
}
