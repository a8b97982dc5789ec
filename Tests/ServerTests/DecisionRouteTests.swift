import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// Decisions, placements and models over HTTP.
struct DecisionRouteTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    /// Trains through the API and waits for the end.
    private func train(_ client: Client) async throws {
        let begun = try await client.call(.post, "/v1/recommendations/train", key: key, body: "{}")
        #expect(begun.status == 202)
        while true {
            let job = try await client.get("/v1/recommendations/training", key: key).json()
            if job["state"]?.text != "running" {
                #expect(job["state"]?.text == "done", "\(job["error"]?.text ?? "")")
                return
            }
            await Task.yield()
        }
    }

    @Test func aPersonIsShownWhatFitsAndTheDecisionIsExplained() async throws {
        try await scratch.addOrders("sku-")
        try await scratch.run { client async throws in
            let placement =
                #"{"kind":"list","count":4,"timeoutMilliseconds":10000,"reward":{"event":"Order Completed","item":"product_id"}}"#
            #expect(try await client.call(.put, "/v1/placements/row", key: key, body: placement).status == 200)
            try await train(client)
            let answer = try await client.call(
                .post, "/v1/decide", key: key,
                body: #"{"person":"u0","placements":["row",{"name":"nowhere","count":2}],"language":"ko"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let decisions = try answer.json()["decisions"]?.list ?? []
            #expect(decisions.count == 2)
            let items = decisions[0]["items"]?.list ?? []
            #expect(items.first?["item"]?.text?.hasPrefix("sku-a") == true)
            #expect(decisions[0]["fallback"] == nil && decisions[0]["modelVersion"]?.text == "1")
            #expect(decisions[1]["fallback"]?.text == "unknown_placement")
            #expect(decisions[1]["explanation"]?.text?.contains("자리") == true)
            let id = try #require(decisions[0]["id"]?.text)
            let writeKey = try scratch.writeKey()
            let shown = try await client.call(
                .post, "/v1/decisions/\(id)/feedback", body: #"{"kind":"shown","writeKey":"\#(writeKey)"}"#)
            #expect(shown.status == 204, "\(shown.text)")
            let reward = #"{"kind":"rewarded","reward":0.5}"#
            #expect(
                try await client.call(.post, "/v1/decisions/\(id)/feedback", key: writeKey, body: reward).status == 403)
            #expect(
                try await client.call(.post, "/v1/decisions/\(id)/feedback", key: key, body: reward).status == 204)
            let explained = try await client.get("/v1/decisions/\(id)?language=en", key: key).json()
            #expect(explained["person"]?.text == "u0" && explained["reward"]?.number == 0.5)
            #expect(explained["words"]?.list.first?.text?.hasPrefix("At 'row'") == true)
            #expect(explained["feedback"]?.list.count == 2)
            let listed = try await client.get("/v1/decisions?placement=row", key: key).json()
            #expect(listed["matched"]?.number == 1 && listed["decisions"]?.list[0]["id"]?.text == id)
            let fallen = try await client.get("/v1/decisions?fallback=true", key: key).json()
            #expect(fallen["decisions"]?.list.count == 1)
        }
    }

    @Test func modelsAreTrainedActivatedAndRolledBack() async throws {
        try await scratch.addOrders("sku-")
        try await scratch.run { client async throws in
            try await train(client)
            let forced = try await client.call(.post, "/v1/recommendations/train", key: key, body: #"{"force":true}"#)
            #expect(forced.status == 202)
            while try await client.get("/v1/recommendations/training", key: key).json()["state"]?.text == "running" {
                await Task.yield()
            }
            let versions = try await client.get("/v1/recommendations/models/default", key: key).json()
            #expect(versions["active"]?.number == 2 && versions["versions"]?.list.count == 2)
            let rolled = try await client.call(
                .post, "/v1/recommendations/models/default/activate", key: key, body: "{}")
            #expect(try rolled.json()["number"]?.number == 1)
            let states = try await client.get("/v1/recommendations/models", key: key).json()
            #expect(states["models"]?.list.first?["version"]?.number == 1)
            let list = try await client.call(
                .post, "/v1/recommendations/list", key: key, body: #"{"person":"u1","count":3}"#
            ).json()
            #expect(list["items"]?.list.count == 3 && list["version"]?.number == 1)
            let missing = try await client.get("/v1/recommendations/models/other", key: key)
            #expect(missing.status == 404)
        }
    }

    @Test func whatEventsSayIsSuggestedUntilSomebodySetsIt() async throws {
        try await scratch.addOrders("sku-")
        try await scratch.run { client async throws in
            let path = "/v1/recommendations/settings"
            let suggested = try await client.get(path, key: key).json()
            #expect(suggested["isSet"] == false)
            let rules = suggested["settings"]?["events"]?.list ?? []
            #expect(rules.count == 1 && rules[0]["item"]?.text == "product_id" && rules[0]["kind"]?.text == "purchase")
            let body = #"{"events":[{"event":"Seen","item":"sku","kind":"view"}],"strengths":{"view":0.4}}"#
            let set = try await client.call(.put, path, key: key, body: body).json()
            #expect(set["isSet"] == true && set["strengths"]?["view"]?.number == 0.4)
            let wrong = try await client.call(.put, path, key: key, body: #"{"events":[{"event":"Seen","itm":"x"}]}"#)
            #expect(wrong.status == 400)
            #expect(try wrong.json()["field"]?.text == "events[0].itm")
            #expect(try await client.call(.delete, path, key: key).status == 204)
            #expect(try await client.get(path, key: key).json()["isSet"] == false)
        }
    }

    @Test func badInputIsRefusedByName() async throws {
        try await scratch.run { client async throws in
            for (path, body, field) in [
                ("/v1/decide", "{}", "placement"), ("/v1/decide", #"{"placement":"a","contxt":{}}"#, "contxt"),
                ("/v1/decide", #"{"placement":"a","language":"de"}"#, "language"),
                ("/v1/decide", #"{"placement":"a","context":{"cart":"x"}}"#, "context.cart"),
                ("/v1/decide", #"{"placements":[]}"#, "placements"),
            ] {
                let answer = try await client.call(.post, path, key: key, body: body)
                #expect(answer.status == 400, "\(body)")
                #expect(try answer.json()["field"]?.text == field, "\(body)")
            }
            let feedback = "/v1/decisions/\(String(repeating: "A", count: 30))/feedback"
            #expect(try await client.call(.post, feedback, body: #"{"kind":"shown"}"#).status == 401)
            #expect(try await client.call(.post, feedback, key: "wrong", body: #"{"kind":"shown"}"#).status == 401)
            #expect(try await client.call(.post, feedback, key: key, body: #"{"kind":"shown"}"#).status == 404)
            #expect(try await client.call(.post, feedback, key: key, body: #"{"kind":"rewarded"}"#).status == 400)
            let other = try await client.call(.put, "/v1/placements/a", key: key, body: #"{"name":"b","kind":"list"}"#)
            #expect(try other.json()["field"]?.text == "name")
            let nothing = try await client.call(.post, "/v1/recommendations/train", key: key, body: "{}")
            #expect(nothing.status == 409 && nothing.code == "insufficient")
        }
    }
}
