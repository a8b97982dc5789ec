import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

struct GuidanceRouteTests {
    private let scratch: ServerScratch
    private let key: String
    private let start: Int64 = 1_714_557_600_000 - 60 * 86_400_000

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private func event(_ person: String, _ name: String, _ minutes: Int64, _ properties: [String: PropertyValue])
        -> Event
    {
        Event(
            person: person, name: name, time: start + minutes * 60_000,
            properties: properties.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }

    /// A series of which 60 persons finish the first of two episodes and 45 go on; all skip from 1:00 to 1:30.
    private func watch() async throws {
        var events: [Event] = []
        for number in 0..<60 {
            let person = "v\(number)"
            func episode(_ number: Double, _ more: [String: PropertyValue] = [:]) -> [String: PropertyValue] {
                var all: [String: PropertyValue] = [
                    "titleId": .string("show"), "season": .number(1), "episode": .number(number),
                    "position": .number(0), "duration": .number(2_400), "genre": .string("drama"),
                ]
                all.merge(more) { $1 }
                return all
            }
            events.append(event(person, "Playback Started", 0, episode(1)))
            events.append(
                event(
                    person, "Playback Seeked", 1,
                    episode(1, ["position": .number(60 + Double(number % 5)), "to": .number(90)])))
            events.append(event(person, "Playback Completed", 40, episode(1, ["position": .number(2_400)])))
            if number < 45 { events.append(event(person, "Playback Started", 41, episode(2))) }
            events.append(
                event(
                    person, "Playback Started", 3_000,
                    ["titleId": .string("film\(number % 3)"), "duration": .number(6_000), "genre": .string("action")]))
        }
        events.append(event("clock", "Waved", 50 * 1_440, [:]))
        try await scratch.installation.workspace("default").log.append(events)
    }

    private func shop() async throws {
        var events: [Event] = []
        for number in 0..<30 {
            let person = "c\(number)"
            events.append(
                event(person, "Product Searched", 0, ["query": .string("선크림"), "resultCount": .number(5)]))
            events.append(
                event(
                    person, "Product Viewed", 1,
                    [
                        "productId": .string("P1"), "category": .string("뷰티"), "subcategory": .string("선케어"),
                    ]))
            events.append(
                event(person, "Product Searched", 5, ["query": .string("텐트"), "resultCount": .number(0)]))
            for order in 0..<4 {
                events.append(
                    event(
                        person, "Order Completed", 10 + Int64(order) * 14 * 1_440,
                        ["products.productId": .strings(["P1"]), "products.quantity": .numbers([1])]))
            }
        }
        events.append(event("clock", "Waved", 50 * 1_440, [:]))
        try await scratch.installation.workspace("default").log.append(events)
    }

    @Test func theNextEpisodeTheSkipAndTheCurveAreAnsweredWithTheirReasons() async throws {
        try await watch()
        let key = key
        try await scratch.run { client in
            let next = try await client.get("/v1/playback/next?item=show&season=1&episode=1", key: key)
            #expect(next.status == 200, "\(next.text)")
            let json = try next.json()
            #expect(json["next"]?["number"]?.number == 2 && json["autoplay"] == true)
            #expect(json["finished"]?.number == 60 && json["wentOn"]?.number == 45)
            #expect(json["reason"]?["code"]?.text == "likely_to_continue")
            #expect(json["reason"]?["ko"]?.text?.contains("다음 회") == true)
            let firm = try await client.get(
                "/v1/playback/next?item=show&season=1&episode=1&autoplayPercent=95", key: key)
            #expect(try firm.json()["autoplay"] == false)
            let intros = try await client.get("/v1/playback/intros?item=show", key: key).json()
            let interval = intros["seasons"]?.list.first?["intervals"]?.list.first
            #expect(interval?["from"]?.number == 60 && interval?["to"]?.number == 90, "\(intros)")
            let curve = try await client.get("/v1/content/curve?item=show&episode=1", key: key).json()
            #expect(curve["persons"]?.number == 60 && curve["completion"]?["estimate"]?.number == 1)
            let binge = try await client.get("/v1/content/binge", key: key)
            #expect(binge.status == 200, "\(binge.text)")
        }
    }

    @Test func whatToHaveReadyFitsTheRoomThereIs() async throws {
        try await watch()
        let key = key
        try await scratch.run { client in
            let list = try await client.call(
                .post, "/v1/playback/prefetch", key: key,
                body: #"{"person":"v50","bytes":1000000000,"kilobits":3000,"#
                    + #""candidates":[{"item":"mine","probability":0.9,"bytes":1000}]}"#
            )
            #expect(list.status == 200, "\(list.text)")
            let json = try list.json()
            #expect((json["bytes"]?.number ?? .infinity) <= 1e9 && json["isExact"] == true)
            #expect(json["items"]?.list.first?["episode"]?["item"]?.text == "mine")
            let plan = try await client.call(
                .post, "/v1/playback/downloads", key: key,
                body: #"""
                    {"person":"v0","bytes":1000000000,"unmetered":false,
                     "stored":[{"item":"show","season":1,"number":1,"bytes":500000000}]}
                    """#)
            #expect(plan.status == 200, "\(plan.text)")
            #expect(try plan.json()["delete"]?.list.first?["reason"]?["code"]?.text == "watched")
            #expect(try plan.json()["fetch"]?.list.isEmpty == true)
            let quality = try await client.call(
                .post, "/v1/playback/quality", key: key, body: #"{"screenHeight":720,"throughput":[50000,60000]}"#)
            #expect(try quality.json()["ceiling"]?["name"]?.text == "720p")
            for (path, body) in [
                ("prefetch", #"{"person":"v0"}"#), ("prefetch", #"{"bytes":-1}"#), ("downloads", #"{"bytes":"x"}"#),
                ("quality", #"{"throughput":[-1]}"#), ("quality", #"{"ladder":[]}"#),
                ("quality", #"{"network":"pigeon"}"#),
            ] {
                let answer = try await client.call(.post, "/v1/playback/\(path)", key: key, body: body)
                let field = try answer.json()["field"]?.text
                #expect(answer.status == 400 && field != nil, "\(body): \(answer.text)")
            }
        }
    }

    @Test func searchesLeadReordersAreDueAndGapsAreNamed() async throws {
        try await shop()
        let key = key
        try await scratch.run { client in
            let term = try await client.get("/v1/shopping/category?q=%EC%84%A0%ED%81%AC%EB%A6%BC", key: key).json()
            #expect(term["category"]?.text == "뷰티 > 선케어" && term["basis"]?.text == "term")
            // 선크립
            let rescue = try await client.get("/v1/shopping/rescue?q=%EC%84%A0%ED%81%AC%EB%A6%BD", key: key).json()
            #expect(rescue["suggestions"]?.list.first?["term"]?.text == "선크림")
            #expect(rescue["category"]?["items"]?.list.isEmpty == false)
            let reorder = try await client.get("/v1/shopping/reorder?person=c1&days=14", key: key).json()
            #expect(reorder["items"]?.list.first?["item"]?.text == "P1")
            #expect(reorder["items"]?.list.first?["purchases"]?.number == 4)
            let gaps = try await client.get("/v1/content/gaps", key: key).json()
            #expect(gaps["terms"]?.list.first?["term"]?.text == "텐트")
        }
    }

    @Test func anAudienceIsComparedAndAConceptIsRefusedWhereNothingIsKnown() async throws {
        try await watch()
        let live = try scratch.installation.workspace("default")
        _ = try live.audiences.create(
            AudienceDefinition("fans", where: AudiencePredicate(text: #"did "Playback Completed""#)))
        try live.catchUp()
        let key = key
        try await scratch.run { client in
            let all = try await client.get("/v1/content/affinities?audience=fans", key: key)
            #expect(all.status == 409 && all.code == "insufficient", "everybody is in it: \(all.text)")
            #expect(try await client.get("/v1/content/affinities?audience=none", key: key).status == 404)
            let forecast = try await client.get("/v1/content/forecast?with=genre%3Ddrama", key: key).json()
            #expect(forecast["verdict"]?.text == "too_few_items")
            #expect(try await client.get("/v1/content/forecast?with=genre", key: key).status == 400)
            let attributes = try await client.get("/v1/content/attributes", key: key).json()
            #expect(attributes["attributes"]?.list.first?["name"]?.text == "genre")
        }
    }

    @Test func aMappingIsSuggestedSetAndReset() async throws {
        let key = key
        let scratch = scratch
        try await scratch.run { client in
            let none = try await client.get("/v1/playback/next?item=show", key: key)
            #expect(none.status == 409 && none.code == "insufficient")
            #expect(try await client.get("/v1/playback/mapping", key: key).status == 404)
        }
        try await watch()
        try await scratch.run { client in
            let found = try await client.get("/v1/playback/mapping", key: key).json()
            #expect(found["isSuggested"] == true)
            #expect(found["mapping"]?["seeked"]?.text == "Playback Seeked" && found["mapping"]?["seekTo"]?.text == "to")
            #expect(found["mapping"]?["attributes"]?.list.compactMap(\.text) == ["genre"])
            let other = #"{"started":"Begun","completed":"Done","item":"titleId"}"#
            #expect(try await client.call(.put, "/v1/playback/mapping", key: key, body: other).status == 200)
            #expect(try await client.get("/v1/playback/mapping", key: key).json()["isSuggested"] == false)
            #expect(try await client.get("/v1/playback/next?item=show", key: key).status == 404)
            #expect(try await client.call(.delete, "/v1/playback/mapping", key: key).status == 204)
            #expect(try await client.get("/v1/playback/next?item=show&season=1&episode=1", key: key).status == 200)
            let wrong = try await client.call(
                .put, "/v1/shopping/mapping", key: key, body: #"{"searchd":"Product Searched"}"#)
            #expect(wrong.status == 400)
            #expect(try wrong.json()["field"]?.text == "searchd")
        }
    }

    @Test func thePagesShowCurvesAudiencesConceptsAndGaps() async throws {
        try await watch()
        try await shop()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            for language in ["en", "ko"] {
                for path in [
                    "content", "content/watching", "content/watching?item=show", "content/watching?item=none",
                    "content/concept", "content/concept?a0=drama", "content/gaps",
                ] {
                    let page = try await browser.get("/w/default/\(path)", language: language)
                    #expect(page.status == 200, "\(path): \(page.text.prefix(300))")
                    #expect(!page.text.contains("content.") || page.text.contains("/content"), "\(path)")
                }
                let watching = try await browser.get("/w/default/content/watching?item=show", language: language).text
                #expect(watching.contains("<svg xmlns"))
                let gaps = try await browser.get("/w/default/content/gaps", language: language).text
                #expect(gaps.contains("텐트"))
            }
        }
    }

    @Test func pagesOfAnEmptyWorkspaceSayWhatIsNeeded() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            for path in ["content", "content/watching", "content/concept", "content/gaps"] {
                let page = try await browser.get("/w/default/\(path)")
                #expect(page.status == 200 && page.text.contains("Nothing to see yet"), "\(path)")
            }
        }
    }
}
