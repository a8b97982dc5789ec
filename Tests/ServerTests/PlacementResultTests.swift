import Access
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// What policies have brought, over HTTP.
struct PlacementResultTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private static let banner = """
        {"name":"top","kind":"banner","actions":[{"id":"a"},{"id":"b"}],"policy":{"kind":"random"}}
        """

    @Test func resultsAndWhatIfAreAnsweredFromTheLog() async throws {
        try await scratch.run { client async throws in
            #expect(try await client.call(.put, "/v1/placements/top", key: key, body: Self.banner).status == 200)
            for person in 0..<12 {
                let made = try await client.call(
                    .post, "/v1/decide", key: key, body: #"{"person":"u\#(person)","placement":"top"}"#
                ).json()
                let decision = try #require(made["decisions"]?.list.first)
                #expect(decision["choice"]?["probability"]?.number == 0.5)
                let id = try #require(decision["id"]?.text)
                let worth = decision["choice"]?["chosen"]?.text == "b" ? 0.8 : 0.2
                #expect(
                    try await client.call(
                        .post, "/v1/decisions/\(id)/feedback", key: key,
                        body: #"{"kind":"rewarded","reward":\#(worth)}"#
                    ).status == 204)
            }
            let results = try await client.get("/v1/placements/top/results?days=3", key: key).json()
            #expect(results["overall"]?["trials"]?.number == 12 && results["overall"]?["isConclusive"] == false)
            #expect(results["days"]?.number == 3 && results["policy"]?.text == "random")
            let what = try await client.call(
                .post, "/v1/placements/top/what-if", key: key,
                body: #"{"policy":{"kind":"fixed"},"days":3,"language":"ko"}"#
            ).json()
            #expect(what["trials"]?.number == 12 && what["refusal"]?.text == "few_effective_decisions")
            #expect(what["verdict"]?.text?.contains("결론") == true)
            let value = what["estimates"]?.list.first { $0["estimator"]?.text == "SNIPW" }?["value"]?["estimate"]?
                .number
            #expect(abs((value ?? 0) - 0.2) < 1e-9)
        }
    }

    @Test func badQuestionsAreRefusedByName() async throws {
        try await scratch.run { client async throws in
            #expect(try await client.get("/v1/placements/none/results", key: key).status == 404)
            #expect(try await client.call(.put, "/v1/placements/top", key: key, body: Self.banner).status == 200)
            #expect(try await client.get("/v1/placements/top/results?days=0", key: key).status == 400)
            for (body, field) in [
                ("{}", "policy"), (#"{"policy":{"kind":"best"}}"#, "policy.kind"),
                (#"{"policy":{"kind":"fixed"},"days":0}"#, "days"), (#"{"policy":{"kind":"fixed"},"dys":2}"#, "dys"),
            ] {
                let answer = try await client.call(.post, "/v1/placements/top/what-if", key: key, body: body)
                #expect(answer.status == 400, "\(body)")
                #expect(try answer.json()["field"]?.text == field, "\(body): \(answer.text)")
            }
        }
    }
}
