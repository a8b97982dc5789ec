import Access
import Analysis
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

struct APITests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    // MARK: Problems

    @Test func everyErrorIsAProblemDocumentWithTheRequestsID() async throws {
        let key = key
        try await scratch.run { client async throws in
            let cases: [(HTTPRequest.Method, String, String?, Int, String)] = [
                (.get, "/nowhere", nil, 404, "not_found"), (.put, "/v1/query", "{}", 405, "method_not_allowed"),
                (.post, "/v1/query", "{", 400, "invalid_json"), (.post, "/v1/query", "{}", 400, "missing_field"),
                (.get, "/v1/events?limit=0", nil, 400, "invalid_request"),
                (.get, "/v1/events?cursor=x", nil, 400, "invalid_request"),
                (.get, "/v1/events/schema?event=Nothing", nil, 404, "not_found"),
                (.get, "/v1/stats?workspace=..%2Fetc", nil, 400, "invalid_request"),
                (.post, "/v1/keys", #"{"kind":"api","scpes":[]}"#, 400, "unknown_field"),
                (.get, "/v1/people/%FF/events", nil, 400, "invalid_request"),
            ]
            for (method, path, body, status, code) in cases {
                let answer = try await client.call(
                    method, path, key: key, headers: [HTTPField.Name.requestID: "abcdefgh-1"], body: body)
                #expect(answer.status == status, "\(path)")
                #expect(answer.headers[.contentType] == "application/problem+json")
                let json = try answer.json()
                #expect(json["code"]?.text == code, "\(path)")
                #expect(json["type"]?.text == "urn:dangol:\(code)")
                #expect(json["status"]?.number == Double(status))
                #expect(json["instance"]?.text == "urn:request:abcdefgh-1")
                #expect(answer.headers[HTTPField.Name.requestID] == "abcdefgh-1")
                #expect(json["detail"]?.text?.isEmpty == false)
            }
            let wrong = try await client.call(.put, "/v1/query", key: key, body: "{}")
            #expect(wrong.headers[.allow] == "POST")
        }
    }

    @Test func aFieldThatIsWrongIsNamed() async throws {
        let key = key
        try await scratch.run { client async throws in
            let query = #"{"kind":"funnel","steps":[{"event":"A"},{"evnt":"B"}]}"#
            let answer = try await client.call(.post, "/v1/query", key: key, body: query)
            #expect(answer.status == 400)
            #expect(try answer.json()["field"]?.text == "steps[1].evnt")
        }
    }

    @Test func everyAnswerHasTheHeadersThatKeepBrowsersSafe() async throws {
        try await scratch.run { client async throws in
            for path in ["/healthz", "/nowhere", "/v1/stats"] {
                let headers = try await client.get(path).headers
                #expect(headers[HTTPField.Name.contentTypeOptions] == "nosniff")
                #expect(headers[HTTPField.Name.frameOptions] == "DENY")
                #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                #expect(headers[HTTPField.Name.referrerPolicy] == "no-referrer")
                #expect(headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test func aBodyOfAnotherTypeIsRefused() async throws {
        let key = key
        try await scratch.run { client async throws in
            let answer = try await client.call(.post, "/v1/query", key: key, body: "{}", mediaType: "text/plain")
            #expect(answer.status == 415)
        }
    }

    @Test(arguments: [
        (#"{"a":"x\u0000"}"#, true), (#"{"a":"\u0000"}"#, true), (#"{"a":"\\u0000"}"#, false), (#""\\\u0000""#, true),
        (#""\\\\u0000 \u0000""#, true), (#"{"a":"u0000"}"#, false), (#"{"\u0000":1}"#, true), ("", false),
    ])
    func theNullCharacterIsFoundWhereJSONHasIt(_ json: String, _ holds: Bool) throws {
        #expect(NullCharacter.isEscaped(in: Data(json.utf8)) == holds)
        guard !json.isEmpty else { return }
        // As a decoder sees it.
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        let members = object as? [String: Any] ?? [:]
        let texts = [object as? String].compactMap(\.self) + members.keys + members.values.compactMap { $0 as? String }
        #expect(!texts.isEmpty)
        #expect(texts.contains { $0.unicodeScalars.contains("\0") } == holds)
    }

    @Test func aTextThatWouldBeCutIsRefused() async throws {
        let key = key
        try await scratch.run { client async throws in
            let answer = try await client.call(.post, "/v1/dashboards", key: key, body: #"{"name":"\u0000 sales"}"#)
            #expect(answer.status == 400)
            #expect(try await client.get("/v1/dashboards", key: key).json()["dashboards"]?.list.isEmpty == true)
        }
    }

    // MARK: Answers

    @Test func aQuestionIsAnsweredAsTheEngineAnswersIt() async throws {
        try await scratch.addEvents(30)
        let query = #"{"kind":"funnel","steps":[{"event":"Signed Up"},{"event":"Order Completed"}],"window":"7d"}"#
        let log = try scratch.installation.workspace("default").log
        let expected = try QueryService(log: log).answer(try Query(json: Data(query.utf8)))
        let text = String(decoding: try JSONText.encode(expected.result), as: UTF8.self)
        let key = key
        try await scratch.run { client async throws in
            let answer = try await client.call(.post, "/v1/query", key: key, body: query)
            #expect(answer.status == 200)
            #expect(answer.text == text)
            let explained = try await client.call(.post, "/v1/query?explain=true", key: key, body: query).json()
            #expect(explained["explanation"]?["scan"]?["rowsScanned"]?.number ?? 0 > 0)
        }
    }

    @Test func pagesOfEventsMeetWithoutGapOrOverlap() async throws {
        try await scratch.addEvents(25)
        let key = key
        try await scratch.run { client async throws in
            var cursor = "0"
            var totals: [Double] = []
            for _ in 0..<10 {
                let page = try await client.get("/v1/events?cursor=\(cursor)&limit=4", key: key).json()
                totals += (page["events"]?.list ?? []).compactMap { $0["properties"]?["total"]?.number }
                cursor = try #require(page["nextCursor"]?.text)
                if page["hasMore"] == false { break }
            }
            #expect(totals == (0..<25).map(Double.init))
            let filtered = try await client.get("/v1/events?cursor=0&event=Signed%20Up&person=u0", key: key).json()
            #expect(filtered["events"]?.list.count == 5)
            let latest = try await client.get("/v1/events?limit=3", key: key).json()
            #expect(latest["events"]?.list.compactMap { $0["sequence"]?.number } == [22, 23, 24])
        }
    }

    @Test func aSearchAndAHistoryFindWhatWasStored() async throws {
        try await scratch.addEvents(9)
        let key = key
        try await scratch.run { client async throws in
            let body = #"{"event":"Signed Up","filters":[{"property":"total","op":"gte","value":4}],"limit":2}"#
            let found = try await client.call(.post, "/v1/events/search", key: key, body: body).json()
            #expect(found["matched"]?.number == 3)
            #expect(found["events"]?.list.count == 2)
            let history = try await client.get("/v1/people/u1/events?last=2", key: key).json()
            #expect(history["total"]?.number == 3)
            #expect(history["events"]?.list.count == 2)
            #expect(try await client.get("/v1/people/nobody/events", key: key).status == 404)
        }
    }

    @Test func aForgottenPersonIsGoneAndTheAuditLogDoesNotKeepTheID() async throws {
        try await scratch.addEvents(9, person: "Zq-")
        let key = key
        try await scratch.run { client async throws in
            let answer = try await client.call(.delete, "/v1/people/Zq-1", key: key)
            #expect(try answer.json()["counts"]?["events"]?.number == 3)
            #expect(try await client.get("/v1/people/Zq-1/events", key: key).status == 404)
            let audit = try await client.get("/v1/audit", key: key)
            #expect(audit.text.contains("person.forgotten"))
            #expect(!audit.text.contains("Zq-"))
        }
    }

    // MARK: In and out

    @Test func whatIsImportedComesOutAgainAndOnlyOnce() async throws {
        let lines = (0..<500).map { index in
            #"{"type":"track","messageId":"m\#(index)","userId":"p\#(index % 7)","event":"Step","timestamp":"2024-05-01T09:30:00.000Z","properties":{"n":\#(index)}}"#
        }
        let text = (lines + ["no JSON"]).joined(separator: "\n") + "\n"
        let key = key
        try await scratch.run { client async throws in
            let first = try await client.call(
                .post, "/v1/import", key: key, body: text, mediaType: "application/x-ndjson"
            ).json()
            #expect(first["stored"]?.number == 500)
            #expect(first["rejected"]?.number == 1)
            #expect(first["rejections"]?.list.first?["line"]?.number == 501)
            let second = try await client.call(.post, "/v1/import", key: key, body: text, mediaType: "text/plain")
                .json()
            #expect(second["stored"]?.number == 0)
            #expect(second["linesKnown"]?.number == 501)
            let export = try await client.get("/v1/export", key: key)
            #expect(export.text == lines.joined(separator: "\n") + "\n")
            let csv = try await client.get("/v1/export?format=csv&event=Nothing", key: key)
            #expect(csv.text == "person,event,time,messageId,n\n")
        }
    }

    @Test func columnsAreImportedAsTheParametersSay() async throws {
        let key = key
        try await scratch.run { client async throws in
            let path =
                "/v1/import?format=columns&person=customer&time=day&timeFormat=yyyyMMdd&eventName=Order%20Completed"
            let answer = try await client.call(
                .post, path, key: key, body: "customer,day,total\n7,20240501,9.5\n8,20240502,3\n", mediaType: "text/csv"
            )
            #expect(try answer.json()["stored"]?.number == 2)
            let history = try await client.get("/v1/people/7/events", key: key).json()
            let event = try #require(history["events"]?.list.first)
            #expect(event["event"]?.text == "Order Completed")
            #expect(event["timestamp"]?.text == "2024-05-01T00:00:00.000Z")
            #expect(event["properties"]?["total"]?.number == 9.5)
            let missing = try await client.call(
                .post, "/v1/import?format=columns&person=nope", key: key, body: "a,b\n1,2\n", mediaType: "text/csv")
            #expect(missing.status == 400)
        }
    }

    @Test func keysAreMadeListedAndRevokedOverTheAPI() async throws {
        let key = key
        try await scratch.run { client async throws in
            let made = try await client.call(
                .post, "/v1/keys", key: key, body: #"{"kind":"api","name":"bot","scopes":["query"]}"#
            ).json()
            let secret = try #require(made["secret"]?.text)
            let id = try #require(made["key"]?["id"]?.text)
            #expect(try await client.get("/v1/stats", key: secret).status == 200)
            #expect(try await client.get("/v1/keys", key: secret).status == 403)
            let list = try await client.get("/v1/keys", key: key)
            #expect(list.text.contains(id) && !list.text.contains(secret))
            #expect(try await client.call(.delete, "/v1/keys/\(id)", key: key).status == 200)
            #expect(try await client.get("/v1/stats", key: secret).status == 401)
        }
    }
}
