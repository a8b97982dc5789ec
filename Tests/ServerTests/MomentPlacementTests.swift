import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Lifecycle
import Testing

@testable import Server

/// What to do at a moment of a session, as a placement.
struct MomentPlacementTests {
    private let scratch: ServerScratch
    private let key: String
    private static let now: Int64 = 1_714_557_600_000

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private func event(_ person: String, _ name: String, secondsAgo: Int64) -> Event {
        Event(
            person: person, name: name, time: Self.now - secondsAgo * 1_000,
            properties: [.init("productId", .string("p-1")), .init("price", .number(9_900))],
            messageID: UUID().uuidString)
    }

    /// Some have left something in the cart and are silent; lee looks around.
    private func add(_ silent: [String]) async throws {
        let live = try scratch.installation.workspace("default")
        try await live.log.append(
            silent.flatMap {
                [event($0, "Product Viewed", secondsAgo: 300), event($0, "Product Added", secondsAgo: 270)]
            } + [event("lee", "Product Viewed", secondsAgo: 10)])
        try live.catchUp()
    }

    private func decide(_ client: Client, _ person: String?, more: String = "") async throws -> JSONValue {
        let who = person.map { #""person":"\#($0)","# } ?? ""
        let answer = try await client.call(
            .post, "/v1/decide", key: key, body: #"{\#(who)"placement":"moment","language":"en"\#(more)}"#)
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(try answer.json()["decisions"]?.list.first)
    }

    @Test func aMomentIsDecidedLikeAPlacementAndExplained() async throws {
        try await add(["kim", "park"])
        try await scratch.run { client async throws in
            let off = try await decide(client, "kim", more: #","log":false"#)
            #expect(off["choice"]?["chosen"]?.text == "nothing" && off["choice"]?["why"]?.text == "actions are off")
            let settings = #"{"isOn":true,"holdout":0,"coupon":{"code":"STAY5","cost":3000,"budgetPerDay":3000}}"#
            #expect(try await client.call(.put, "/v1/intent/settings", key: key, body: settings).status == 200)
            let look = try await decide(client, "kim", more: #","log":false"#)
            #expect(look["choice"]?["chosen"]?.text == "coupon" && look["choice"]?["coupon"] == nil)
            #expect(try await client.get("/v1/decisions?placement=moment", key: key).json()["matched"]?.number == 0)

            let first = try await decide(client, "kim")
            #expect(first["kind"]?.text == "moment" && first["choice"]?["chosen"]?.text == "coupon")
            #expect(first["choice"]?["coupon"]?.text == "STAY5" && first["choice"]?["probability"]?.number == 1)
            #expect(first["choice"]?["why"]?.text?.contains("leave something in the cart") == true)
            #expect(first["fallback"]?.text == "no_intent_model")
            #expect(try await decide(client, "kim")["id"] == first["id"], "the same of the same session")
            // The budget is spent; lee only looks around.
            let second = try await decide(client, "park")
            #expect(second["choice"]?["chosen"]?.text == "reassurance")
            #expect(second["choice"]?["reason"]?.text?.contains("coupon_budget_spent") == true)
            let lee = try await decide(client, "lee")
            #expect(lee["choice"]?["chosen"]?.text == "nothing" && lee["choice"]?["reason"]?.text == "browses")
            #expect(lee["choice"]?["probability"]?.number == 1)

            let id = try #require(first["id"]?.text)
            let explained = try await client.get("/v1/decisions/\(id)?language=en", key: key).json()
            #expect(explained["person"]?.text == "kim" && explained["decision"]?["choice"]?["chosen"]?.text == "coupon")
            #expect(
                explained["words"]?.list.contains { $0.text?.contains("leave something in the cart") == true } == true)
            let shown = #"{"kind":"shown"}"#
            #expect(try await client.call(.post, "/v1/decisions/\(id)/feedback", key: key, body: shown).status == 204)
            #expect(try await client.get("/v1/decisions?placement=moment", key: key).json()["matched"]?.number == 3)
            #expect(try await client.get("/v1/intent/results", key: key).json()["open"]?.number == 2)

            for person in ["nobody", nil] {
                let unknown = try await decide(client, person)
                #expect(
                    unknown["fallback"]?.text == "unknown_person" && unknown["choice"]?["chosen"]?.text == "nothing")
            }
            // Beside other placements, in their order.
            let both = try await client.call(
                .post, "/v1/decide", key: key, body: #"{"person":"lee","placements":["nowhere","moment"]}"#
            ).json()
            #expect(both["decisions"]?.list.map { $0["placement"]?.text } == ["nowhere", "moment"])
        }
    }

    @Test func whoIsHeldOutGetsNothingAndTheChancesSaySo() async throws {
        let people = (0..<60).map { "p\($0)" }
        try await add(people)
        try await scratch.run { client async throws in
            let settings = #"{"isOn":true,"holdout":0.5}"#
            #expect(try await client.call(.put, "/v1/intent/settings", key: key, body: settings).status == 200)
            var held = 0
            for person in people {
                let decision = try await decide(client, person)
                let isHeld = decision["choice"]?["chosen"]?.text == "nothing"
                held += isHeld ? 1 : 0
                #expect(decision["choice"]?["probability"]?.number == 0.5)
                #expect((decision["rules"]?.list == [.string("holdout")]) == isHeld)
            }
            #expect((15...45).contains(held), "\(held)")
        }
    }

    @Test func thePlacementIsThereWithoutBeingDefined() async throws {
        try await scratch.run { client async throws in
            let kind = try await client.call(.put, "/v1/placements/x", key: key, body: #"{"kind":"moment"}"#)
            #expect(kind.status == 400, "\(kind.text)")
            #expect(try kind.json()["field"]?.text == "kind")
            let name = try await client.call(.put, "/v1/placements/moment", key: key, body: #"{"kind":"list"}"#)
            #expect(name.status == 400, "\(name.text)")
        }
    }

    @Test func nothingIsMadeOutOfWhoRefusesProfiling() async throws {
        try await add(["kim"])
        try await scratch.run { client async throws in
            let settings = #"{"isOn":true,"holdout":0,"coupon":{"code":"STAY5","cost":3000,"budgetPerDay":3000}}"#
            #expect(try await client.call(.put, "/v1/intent/settings", key: key, body: settings).status == 200)
            #expect(try await client.get("/v1/people/kim/intent", key: key).json()["state"]?.text != nil)
            let live = try scratch.installation.workspace("default")
            try await live.log.append([
                Event(
                    person: "kim", name: "Consent Changed", time: Self.now - 5_000,
                    properties: [.init("purpose", .string("profiling")), .init("granted", .boolean(false))])
            ])
            try live.catchUp()
            let moment = try await client.call(.post, "/v1/people/kim/moment", key: key, body: "{}").json()
            #expect(moment["action"]?.text == "nothing" && moment["reasons"]?.list == [.string("no_profiling")])
            #expect(try await client.get("/v1/people/kim/intent", key: key).json()["state"]?.text == nil)
            let states = try await client.get("/v1/intent", key: key).json()["states"]?.list ?? []
            let shown = states.flatMap { $0["people"]?.list ?? [] }
            #expect(shown.count == 1, "lee is shown, and kim is only counted")
            // A program that only reads the folder keeps to it too.
            let folder = try live.workspace.intent(live.log, now: { Self.now })
            #expect(try folder.reading(of: "kim") == nil)
            #expect(try folder.reading(of: "lee") != nil)
        }
    }
}
