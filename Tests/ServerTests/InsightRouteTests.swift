import Access
import Engine
import Foundation
import HTTPTypes
import Insights
import Testing

@testable import Server

struct InsightRouteTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    @Test func insightsAndDashboardsAreMadeChangedReadAndDeleted() async throws {
        let key = key
        try await scratch.run { client in
            let body = #"{"name":"주문","query":{"kind":"trends","series":["Order Completed"]}}"#
            let made = try await client.call(.post, "/v1/insights", key: key, body: body)
            #expect(made.status == 201, "\(made.text)")
            let id = Int(try #require(try made.json()["id"]?.number))
            #expect(try await client.get("/v1/insights/\(id)", key: key).text == made.text)
            let board = #"{"name":"주간","refreshSeconds":60,"tiles":[{"insight":\#(id),"width":8},{"text":"hi"}]}"#
            let dashboard = try await client.call(.post, "/v1/dashboards", key: key, body: board)
            #expect(dashboard.status == 201, "\(dashboard.text)")
            let wrong = try await client.call(
                .post, "/v1/dashboards", key: key, body: #"{"name":"x","tiles":[{"insight":99}]}"#)
            #expect(wrong.status == 404 && wrong.code == "not_found")
            let strange = try await client.call(
                .put, "/v1/insights/\(id)", key: key, body: #"{"name":"x","query":{"kind":"funnel"}}"#)
            #expect(strange.status == 400)
            #expect(try strange.json()["field"]?.text == "query.steps")
            #expect(try await client.call(.delete, "/v1/insights/\(id)", key: key).status == 204)
            let rest = try await client.get("/v1/dashboards", key: key).json()["dashboards"]?.list
            #expect(rest?.first?["tiles"]?.list.count == 1, "the insight has left the dashboard")
        }
    }

    @Test func whoMayOnlyAskChangesNothing() async throws {
        let reader = try scratch.key([.query])
        try await scratch.run { client async throws in
            #expect(try await client.get("/v1/insights", key: reader).status == 200)
            let body = #"{"name":"x","query":{"kind":"sessions"}}"#
            #expect(try await client.call(.post, "/v1/insights", key: reader, body: body).status == 403)
            #expect(
                try await client.call(.post, "/v1/shares", key: reader, body: #"{"insight":1}"#).status == 403)
            #expect(try await client.call(.delete, "/v1/journey-map", key: reader).status == 403)
        }
    }

    @Test func aSharedLinkShowsItsTargetAndNothingElseUntilItIsOver() async throws {
        try await scratch.addEvents(9)
        let (key, scratch) = (key, scratch)
        try await scratch.run { client in
            let insight = try await client.call(
                .post, "/v1/insights", key: key,
                body: #"{"name":"비밀 아님","query":{"kind":"trends","series":["Order Completed"]}}"#)
            let id = Int(try #require(try insight.json()["id"]?.number))
            let made = try await client.call(
                .post, "/v1/shares", key: key, body: #"{"insight":\#(id),"days":2}"#)
            #expect(made.status == 201, "\(made.text)")
            let path = try #require(try made.json()["path"]?.text)
            let page = try await client.get(path)
            #expect(page.status == 200 && page.text.contains("비밀 아님") && page.text.contains("<svg"))
            #expect(!page.text.contains("/people") && !page.text.contains("/w/default/insights"))
            #expect(try await client.get(path.dropLast() + (path.hasSuffix("x") ? "y" : "x")).status == 404)
            #expect(try await client.get("/share/nowhere/\(path.split(separator: "/").last ?? "")").status == 404)
            let listed = try await client.get("/v1/shares", key: key).text
            #expect(!listed.contains(String(path.suffix(20))), "a link is told once")
            scratch.pass(2 * 86_400_000)
            #expect(try await client.get(path).status == 410)
        }
        let entries = try scratch.installation.access.audit(workspace: "default", limit: 20).map(\.action)
        #expect(entries.contains("share.created") && entries.contains("insight.created"))
    }

    @Test func namesAreSuggestedByAFewLetters() async throws {
        try await scratch.addEvents(9)
        let key = key
        try await scratch.run { client in
            let events = try await client.get("/v1/names/events?q=ord", key: key).json()["names"]?.list
            #expect(events?.first?["name"]?.text == "Order Completed" && events?.first?["count"]?.number == 4)
            let values = try await client.get("/v1/names/values?property=city&q=seoul", key: key).json()["names"]?.list
            #expect(values?.first?["name"]?.text == "Seoul-u" && values?.first?["count"]?.number == 9)
            #expect(try await client.get("/v1/names/values", key: key).status == 400)
            #expect(try await client.get("/v1/names/people", key: key).status == 400)
        }
    }

    @Test func theJourneyMapIsGuessedUntilItIsDrawn() async throws {
        try await scratch.addEvents(9)
        let key = key
        try await scratch.run { client in
            let guessed = try await client.get("/v1/journey-map", key: key).json()["stages"]?.list
            #expect(
                guessed?.compactMap { $0["event"]?.text } == [
                    "*", "Signed Up", "Order Completed", "*", "Order Completed",
                ])
            let own = #"{"stages":[{"event":"*"},{"event":"Order Completed"}]}"#
            #expect(try await client.call(.put, "/v1/journey-map", key: key, body: own).status == 200)
            #expect(try await client.get("/v1/journey-map", key: key).json()["stages"]?.list.count == 2)
            #expect(try await client.call(.delete, "/v1/journey-map", key: key).status == 204)
        }
    }
}
