import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import People
import Recommendations
import Testing

@testable import Server

/// Pages that let people go on with what they began, over HTTP and in the console.
struct ContinueTests {
    private let scratch: ServerScratch
    private let key: String
    private static let now: Int64 = 1_714_557_600_000
    private static let hour: Int64 = 3_600_000

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private func played(
        _ person: String, _ name: String, _ title: String, _ episode: Int?, hoursAgo: Int64, position: Double
    ) -> Event {
        var properties: [Event.Property] = [
            .init("titleId", .string(title)), .init("position", .number(position)), .init("duration", .number(2_400)),
        ]
        if let episode {
            properties += [.init("season", .number(1)), .init("episode", .number(Double(episode)))]
        }
        return Event(
            person: person, name: name, time: Self.now - hoursAgo * Self.hour, properties: properties,
            messageID: UUID().uuidString)
    }

    /// Everybody sees three episodes of a show; kim is at the third, has left a film, and is through with another.
    private func prepare(_ client: Client) async throws {
        let live = try scratch.installation.workspace("default")
        var events: [Event] = []
        for viewer in 0..<12 {
            for episode in 1...3 {
                events += [
                    played("v\(viewer)", "Playback Started", "show", episode, hoursAgo: 200, position: 0),
                    played("v\(viewer)", "Playback Completed", "show", episode, hoursAgo: 199, position: 2_400),
                ]
            }
            events.append(played("v\(viewer)", "Playback Started", "film-\(viewer)", nil, hoursAgo: 190, position: 0))
        }
        for episode in 1...2 {
            events += [
                played("kim", "Playback Started", "show", episode, hoursAgo: 20, position: 0),
                played("kim", "Playback Completed", "show", episode, hoursAgo: 19, position: 2_400),
            ]
        }
        events += [
            played("kim", "Playback Started", "film-1", nil, hoursAgo: 11, position: 0),
            played("kim", "Playback Stopped", "film-1", nil, hoursAgo: 10, position: 1_008),
            played("kim", "Playback Started", "film-2", nil, hoursAgo: 9, position: 0),
            played("kim", "Playback Completed", "film-2", nil, hoursAgo: 8, position: 2_400),
            played("kim", "Playback Started", "film-3", nil, hoursAgo: 7, position: 5),
        ]
        try await live.log.append(events)
        try live.catchUp()
        let placement = #"{"kind":"home","rows":4,"count":5,"timeoutMilliseconds":10000}"#
        #expect(try await client.call(.put, "/v1/placements/home", key: key, body: placement).status == 200)
        live.decisions.refresh()
        // What a moment later is ready by itself.
        live.guidance.playback.prepare()
    }

    private func home(_ client: Client, _ person: String, language: String) async throws -> JSONValue {
        let body = #"{"person":"\#(person)","placement":"home","language":"\#(language)"}"#
        let answer = try await client.call(.post, "/v1/decide", key: key, body: body).json()
        return try #require(answer["decisions"]?.list.first)
    }

    @Test func theFirstRowIsWhatSomebodyBeganWithHowFarTheyGot() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            let english = try await home(client, "kim", language: "en")
            let row = try #require(english["rows"]?.list.first)
            #expect(row["id"]?.text == "continue" && row["title"]?.text == "Continue")
            #expect((row["items"]?.list ?? []).compactMap(\.text) == ["show", "film-1"])
            let items = english["items"]?.list ?? []
            #expect(items[0]["reason"]?.text == "continue:1/3/0" && items[0]["source"]?.text == "continue")
            #expect(items[0]["why"]?.text == "season 1, episode 3 is next")
            #expect(items[1]["reason"]?.text == "continue:0/0/42" && items[1]["why"]?.text == "watched to 42%")
            let korean = try await home(client, "kim", language: "ko")
            let words = (korean["items"]?.list ?? []).prefix(2).compactMap { $0["why"]?.text }
            #expect(words == ["시즌 1 3화를 볼 차례예요", "42%까지 봤어요"])
            // What was decided tells it also afterwards.
            let id = try #require(english["id"]?.text)
            let explained = try await client.get("/v1/decisions/\(id)?language=en", key: key).json()
            #expect(explained["words"]?.list.contains { $0.text?.contains("watched to 42%") == true } == true)
            let nobody = try await home(client, "nobody", language: "en")
            #expect(nobody["rows"]?.list.contains { $0["id"]?.text == "continue" } == false)
        }
    }

    @Test func whatMayNotBeOfferedIsNotGoneOnWith() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            let items = #"[{"id":"film-1","kind":"title","name":"영화","stock":0}]"#
            #expect(try await client.call(.post, "/v1/items", key: key, body: items).status == 200)
            try scratch.installation.workspace("default").decisions.refresh()
            let decision = try await home(client, "kim", language: "en")
            #expect((decision["rows"]?.list.first?["items"]?.list ?? []).compactMap(\.text) == ["show"])
            let block =
                #"{"kind":"home","rows":4,"count":5,"timeoutMilliseconds":10000,"ranking":{"block":{"items":["show"]}}}"#
            #expect(try await client.call(.put, "/v1/placements/home", key: key, body: block).status == 200)
            let blocked = try await home(client, "kim", language: "en")
            #expect(blocked["rows"]?.list.contains { $0["id"]?.text == "continue" } == false)
        }
    }

    @Test func listsAndPreviewsShowItToo() async throws {
        try await scratch.run { client async throws in
            try await prepare(client)
            #expect(try await client.call(.post, "/v1/recommendations/train", key: key, body: "{}").status == 202)
            while try await client.get("/v1/recommendations/training", key: key).json()["state"]?.text == "running" {
                await Task.yield()
            }
            let list = try await client.call(
                .post, "/v1/recommendations/list", key: key, body: #"{"person":"kim","count":3,"language":"en"}"#
            ).json()
            let unfinished = list["unfinished"]?.list ?? []
            #expect(unfinished.compactMap { $0["item"]?.text } == ["show", "film-1"])
            #expect(unfinished.first?["why"]?.text == "season 1, episode 3 is next")
            let browser = try await PageBrowser(client, scratch)
            let live = try scratch.installation.workspace("default")
            // As after a start: who looks waits until it is ready.
            live.guidance.playback.forget()
            let found = try live.profile("kim")
            let page = try await browser.get("/w/default/recommendations/placements/home?as=\(found.key)")
            #expect(page.status == 200 && page.text.contains("watched to 42%"), "\(page.status)")
        }
    }
}
