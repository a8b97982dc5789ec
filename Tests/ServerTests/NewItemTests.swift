import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Recommendations
import Testing

@testable import Server

/// Items that come into the catalogue after a training, over HTTP.
struct NewItemTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private func add(_ client: Client, _ ids: [String], brand: String, more: String = "") async throws {
        let items = ids.map {
            #"{"id":"\#($0)","kind":"product","name":"상품 \#($0)","categories":[["\#(brand)"]],"#
                + #""attributes":{"brand":"\#(brand)"\#(more)}}"#
        }
        let answer = try await client.call(
            .post, "/v1/items", key: key, body: "[" + items.joined(separator: ",") + "]")
        #expect(answer.status == 200, "\(answer.text)")
    }

    private func prepare(_ client: Client) async throws {
        try await scratch.addOrders()
        try await add(client, (0..<8).map { "a\($0)" }, brand: "가")
        try await add(client, (0..<8).map { "b\($0)" }, brand: "나")
        for (name, body) in [
            ("like", #"{"kind":"similar","count":10,"timeoutMilliseconds":10000}"#),
            ("row", #"{"kind":"list","count":12,"timeoutMilliseconds":10000}"#),
            (
                "fresh",
                #"{"kind":"list","count":3,"timeoutMilliseconds":10000,"ranking":{"freshness":60,"freshnessHalfLifeDays":1}}"#
            ),
            ("home", #"{"kind":"home","count":3,"rows":8,"timeoutMilliseconds":10000}"#),
        ] {
            let answer = try await client.call(.put, "/v1/placements/\(name)", key: key, body: body)
            #expect(answer.status == 200, "\(answer.text)")
        }
        #expect(try await client.call(.post, "/v1/recommendations/train", key: key, body: "{}").status == 202)
        while try await client.get("/v1/recommendations/training", key: key).json()["state"]?.text == "running" {
            await Task.yield()
        }
    }

    private func decide(_ client: Client, _ body: String) async throws -> JSONValue {
        // What a second later happens by itself.
        try scratch.installation.workspace("default").decisions.refresh()
        let answer = try await client.call(.post, "/v1/decide", key: key, body: body).json()
        return try #require(answer["decisions"]?.list.first)
    }

    private func items(_ decision: JSONValue) -> [String] {
        (decision["items"]?.list ?? []).compactMap { $0["item"]?.text }
    }

    @Test func anItemIsOfferedAtOnceBesideWhatItIsLike() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            let before = try await decide(client, #"{"placement":"like","context":{"item":"a1"}}"#)
            #expect(!items(before).contains("new"))
            try await add(client, ["new"], brand: "가")
            let like = try await decide(client, #"{"placement":"like","context":{"item":"a1"},"language":"ko"}"#)
            let entry = try #require(like["items"]?.list.first { $0["item"]?.text == "new" }, "\(items(like))")
            #expect(entry["reason"]?.text == "similar:a1" && entry["why"]?.text == "‘상품 a1’ 비슷한 것")
            // The other taste comes after it.
            let place = items(like).firstIndex(of: "new") ?? .max
            #expect(items(like).prefix(place).allSatisfy { $0.hasPrefix("a") })
            // Who likes such items sees it, and who does not sees it later.
            func rank(_ person: String) async throws -> Int {
                items(try await decide(client, #"{"person":"\#(person)","placement":"row"}"#)).firstIndex(of: "new")
                    ?? 99
            }
            let (fan, other) = (try await rank("u0"), try await rank("u1"))
            #expect(fan < 4 && fan < other, "\(fan) \(other)")
            // What goes with the new one is what it is like.
            let from = try await decide(client, #"{"placement":"like","context":{"item":"new"}}"#)
            #expect(from["fallback"] == nil && items(from).prefix(8).allSatisfy { $0.hasPrefix("a") }, "\(items(from))")
            let list = try await client.call(
                .post, "/v1/recommendations/list", key: key, body: #"{"person":"u0","count":8}"#
            ).json()
            #expect(items(list).contains("new"), "asked of the model alone")
            // Once it is gone it is not offered any more.
            #expect(try await client.call(.delete, "/v1/items/new", key: key).status < 300)
            let gone = try await decide(client, #"{"placement":"like","context":{"item":"a1"}}"#)
            #expect(!items(gone).contains("new"))
        }
    }

    @Test func freshnessAndTheRowOfNewItemsKnowWhenAnItemCame() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            scratch.pass(86_400_000)
            try await add(client, ["n1", "n2", "n3"], brand: "다")
            try await add(client, ["old"], brand: "다", more: #","releaseDate":"2019-05-01""#)
            let fresh = try await decide(client, #"{"person":"u0","placement":"fresh"}"#)
            #expect(Set(items(fresh)) == ["n1", "n2", "n3"], "\(items(fresh))")
            #expect(fresh["rules"]?.list.contains(.string("freshness")) == true)
            let home = try await decide(client, #"{"person":"u0","placement":"home","language":"en"}"#)
            let rows = home["rows"]?.list ?? []
            let new = try #require(rows.first { $0["id"]?.text == "new" }, "\(rows.compactMap { $0["id"]?.text })")
            #expect(Set((new["items"]?.list ?? []).compactMap(\.text)) == ["n1", "n2", "n3"])
            #expect(new["title"]?.text == "New")
            // A quarter later they are new no more.
            scratch.pass(90 * 86_400_000)
            let later = try await decide(client, #"{"person":"u0","placement":"home"}"#)
            #expect(later["rows"]?.list.contains { $0["id"]?.text == "new" } == false)
        }
    }

    @Test func pagesCompanionsAndLookalikesAreAskedOfTheModel() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            let page = try await client.call(
                .post, "/v1/recommendations/page", key: key,
                body: #"{"person":"u0","rows":3,"count":3,"language":"ko"}"#
            ).json()
            let rows = page["rows"]?.list ?? []
            #expect((1...3).contains(rows.count) && rows.contains { $0["id"]?.text == "for-you" })
            let shown = rows.flatMap { $0["items"]?.list ?? [] }.compactMap { $0["item"]?.text }
            #expect(Set(shown).count == shown.count)
            let companions = try await client.get("/v1/recommendations/companions?item=a1", key: key).json()
            let with = companions["companions"]?.list ?? []
            #expect(!with.isEmpty && with.allSatisfy { $0["item"]?.text?.hasPrefix("a") == true })
            #expect(with.allSatisfy { ($0["lift"]?.number ?? 0) > 1 && ($0["support"]?.number ?? 0) >= 3 })
            #expect(try await client.get("/v1/recommendations/companions?item=nothing", key: key).status == 404)
            let question = #"{"persons":["u0"],"count":12}"#
            let without = try await client.call(.post, "/v1/recommendations/lookalikes", key: key, body: question)
            #expect(without.status == 409 && without.text.contains("als"))
            let settings =
                #"{"force":true,"settings":{"models":{"als":{"rank":4,"regularization":1}},"#
                + #""interactions":[{"event":"Order Completed","item":"product_id"}],"blend":{"als":1}}}"#
            #expect(try await client.call(.post, "/v1/recommendations/train", key: key, body: settings).status == 202)
            while try await client.get("/v1/recommendations/training", key: key).json()["state"]?.text == "running" {
                await Task.yield()
            }
            let alike = try await client.call(.post, "/v1/recommendations/lookalikes", key: key, body: question).json()
            let persons = (alike["persons"]?.list ?? []).compactMap { $0["person"]?.text }
            #expect(persons.count == 12 && persons.allSatisfy { (Int($0.dropFirst()) ?? 1) % 2 == 0 }, "\(persons)")
            let reader = try scratch.key([.recommendationsRead, .eventsRead])
            #expect(try await client.call(.post, "/v1/recommendations/export", key: reader, body: "{}").status == 403)
            let lines = try await client.call(
                .post, "/v1/recommendations/export", key: key, body: #"{"count":2,"persons":["u3","u4"]}"#)
            #expect(lines.status == 200)
            let table = lines.text.split(separator: "\n").map { $0.split(separator: "\t") }
            #expect(table.map { "\($0[0]) \($0[2])" } == ["u3 1", "u3 2", "u4 1", "u4 2"], "\(lines.text)")
        }
    }

    @Test func whoRefusesProfilingGetsWhatEverybodyDoes() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            func list(_ person: String) async throws -> JSONValue {
                try await client.call(
                    .post, "/v1/recommendations/list", key: key, body: #"{"person":"\#(person)","count":8}"#
                ).json()
            }
            func exported() async throws -> Set<String> {
                let text = try await client.call(.post, "/v1/recommendations/export", key: key, body: "{}").text
                return Set(text.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) })
            }
            #expect(try await list("u2")["isKnown"] == .boolean(true))
            #expect(try await exported().contains("u2"))
            let live = try scratch.installation.workspace("default")
            try await live.log.append([
                Event(
                    person: "u2", name: "Consent Changed", time: 1_714_500_000_000,
                    properties: [.init("purpose", .string("profiling")), .init("granted", .boolean(false))])
            ])
            try live.catchUp()
            #expect(try await list("u2")["isKnown"] == .boolean(false))
            #expect(try await list("u4")["isKnown"] == .boolean(true))
            let all = try await exported()
            #expect(!all.contains("u2") && all.count == 39)
            // A program that only reads the folder keeps to it too.
            let folder = try live.workspace.recommendations(live.log)
            #expect(try folder.open("default").recommend(for: "u2", count: 5).isKnown == false)
            #expect(try folder.open("default").recommend(for: "u4", count: 5).isKnown)
        }
    }
}
