import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

struct AudienceRouteTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    /// u0 and u2 have signed up more often than they ordered; everybody has an address.
    private func addPersons() async throws {
        try await scratch.addEvents(9)
        let live = try scratch.installation.workspace("default")
        try await live.log.append(
            (0..<3).map { index in
                Event(
                    person: "u\(index)", name: Vocabulary.identified, time: 1_714_550_000_000,
                    properties: [
                        .init("email", .string(" U\(index)@Example.com")),
                        .init("city", .string(index == 0 ? "서울" : "부산")),
                    ], messageID: "id\(index)")
            })
        try live.catchUp()
    }

    @Test func anAudienceIsMadeChangedReadAndDeleted() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            let body = #"{"name":"서울 단골","where":"trait city = \"서울\"","description":"x"}"#
            let made = try await client.call(.post, "/v1/audiences", key: key, body: body)
            #expect(made.status == 201)
            #expect(try made.json()["size"]?.number == 1)
            #expect(try made.json()["predicate"]?["trait"]?.text == "city")
            #expect(try await client.call(.post, "/v1/audiences", key: key, body: body).status == 409)
            let path = "/v1/audiences/%EC%84%9C%EC%9A%B8%20%EB%8B%A8%EA%B3%A8"
            let found = try await client.get(path, key: key)
            #expect(found.text == made.text)
            let id = Int(try #require(try found.json()["id"]?.number))
            #expect(try await client.get("/v1/audiences/\(id)", key: key).text == made.text, "by its number too")
            let changed = try await client.call(
                .put, path + "?version=1", key: key,
                body: #"{"name":"서울 단골","where":{"trait":"city","op":"is_set"}}"#)
            #expect(changed.status == 200, "\(changed.text)")
            #expect(try changed.json()["size"]?.number == 3)
            #expect(try changed.json()["version"]?.number == 2)
            let late = try await client.call(
                .put, path + "?version=1", key: key, body: #"{"name":"서울 단골","where":"everyone"}"#)
            #expect(late.status == 409)
            let versions = try await client.get(path + "/versions", key: key).json()
            #expect(versions["versions"]?.list.count == 2)
            let inner = #"{"name":"inner","where":"in audience \"서울 단골\""}"#
            #expect(try await client.call(.post, "/v1/audiences", key: key, body: inner).status == 201)
            #expect(try await client.call(.delete, path, key: key).status == 409, "another mentions it")
            #expect(try await client.call(.delete, "/v1/audiences/inner", key: key).status == 204)
            #expect(try await client.call(.delete, path, key: key).status == 204)
            #expect(try await client.get(path, key: key).status == 404)
            #expect(try await client.get("/v1/audiences", key: key).text == #"{"audiences":[]}"#)
            let audit = try await client.get("/v1/audit", key: key).text
            for action in ["audience.created", "audience.changed", "audience.deleted"] {
                #expect(audit.contains(action))
            }
        }
    }

    @Test func anErrorInATextIsToldWithItsPlace() async throws {
        let key = key
        try await scratch.run { client in
            let answer = try await client.call(
                .post, "/v1/audiences/preview", key: key, body: #"{"where":"everyone and\n  trait 도시 서울"}"#)
            #expect(answer.status == 400)
            let json = try answer.json()
            #expect(json["code"]?.text == "syntax")
            #expect(json["place"]?["line"]?.number == 2)
            #expect(json["place"]?["column"]?.number == 12)
            #expect(json["place"]?["excerpt"]?.text?.contains("^") == true)
            #expect(json["place"]?["expected"]?.text?.isEmpty == false)
            let tree = try await client.call(
                .post, "/v1/audiences", key: key, body: #"{"name":"a","where":{"and":[{"did":"A"},{"dit":"B"}]}}"#)
            #expect(tree.status == 400)
            #expect(try tree.json()["field"]?.text?.contains("and[1]") == true, "\(tree.text)")
            let circle = try await client.call(
                .post, "/v1/audiences", key: key, body: #"{"name":"a","where":"in audience \"a\""}"#)
            #expect(circle.status == 400)
            #expect(circle.code == "cycle")
        }
    }

    @Test func aPreviewCountsAndStoresNothing() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            let answer = try await client.call(
                .post, "/v1/audiences/preview", key: key,
                body: #"{"where":"did \"Signed Up\" at least 2 times","exact":true,"sample":1}"#
            ).json()
            #expect(answer["size"]?.number == 2)
            #expect(answer["persons"]?.number == 3)
            #expect(answer["isExact"] == true)
            #expect(answer["sample"]?.list.count == 1)
            #expect(try await client.get("/v1/audiences", key: key).text == #"{"audiences":[]}"#)
        }
    }

    @Test func membersSizesOverlapAndExplanationAgree() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            for (name, rule) in [("all", "everyone"), ("busan", #"trait city = \"부산\""#)] {
                let body = #"{"name":"\#(name)","where":"\#(rule)"}"#
                #expect(try await client.call(.post, "/v1/audiences", key: key, body: body).status == 201)
            }
            var members: [String] = []
            var after = ""
            for _ in 0..<5 {
                let page = try await client.get("/v1/audiences/all/members?limit=2\(after)", key: key).json()
                members += (page["members"]?.list ?? []).compactMap { $0["person"]?.text }
                guard let next = page["next"]?.text else { break }
                after = "&after=\(next)"
            }
            #expect(members.sorted() == ["u0", "u1", "u2"])
            let sizes = try await client.get("/v1/audiences/busan/sizes?by=hour", key: key).json()
            #expect(sizes["sizes"]?.list.last?["size"]?.number == 2)
            #expect(try await client.get("/v1/audiences/busan/sizes?from=x", key: key).status == 400)
            let overlap = try await client.call(
                .post, "/v1/audiences/overlap", key: key, body: #"{"audiences":["all","busan"]}"#
            ).json()
            #expect(overlap["inAll"]?.number == 2)
            #expect(overlap["inAny"]?.number == 3)
            let why = try await client.call(
                .post, "/v1/audiences/busan/explain", key: key, body: #"{"person":"u0"}"#
            ).json()
            #expect(why["isMember"] == false)
            #expect(why["predicate"]?["holds"] == false)
            #expect(why["predicate"]?["found"]?["ko"]?.text?.isEmpty == false)
            let nobody = try await client.call(
                .post, "/v1/audiences/busan/explain", key: key, body: #"{"person":"nobody"}"#)
            #expect(nobody.status == 404)
        }
    }

    @Test func aListIsKeptByHandAndTheAuditLogNamesNobody() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            let body = #"{"name":"press","static":true}"#
            #expect(try await client.call(.post, "/v1/audiences", key: key, body: body).status == 201)
            let added = try await client.call(
                .post, "/v1/audiences/press/add", key: key, body: #"{"persons":["u1","u2","u1","zed"]}"#
            ).json()
            #expect(added["changed"]?.number == 2)
            #expect(added["unknown"]?.list.compactMap(\.text) == ["zed"])
            let removed = try await client.call(
                .post, "/v1/audiences/press/remove", key: key, body: #"{"persons":["u1"]}"#
            ).json()
            #expect(removed["changed"]?.number == 1)
            let csv = try await client.get("/v1/audiences/press/export?trait=city", key: key)
            #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(csv.text.hasPrefix("person,since,city\nu2,"))
            let json = try await client.get("/v1/audiences/press/export?format=json&trait=city", key: key).json()
            #expect(json.list.count == 1)
            #expect(json.list.first?["city"]?.text == "부산")
            let audit = try await client.get("/v1/audit", key: key).text
            #expect(!audit.contains("\"u1\"") && !audit.contains("\"u2\"") && !audit.contains("zed"))
        }
    }

    @Test func whomOneMayHandOnHasToBeSaid() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            _ = try await client.call(
                .post, "/v1/audiences", key: key, body: #"{"name":"all","where":"everyone"}"#)
            let path = "/v1/audiences/all/hashed"
            #expect(try await client.get(path + "?platform=meta", key: key).status == 400)
            #expect(try await client.get(path + "?platform=x&consent=none", key: key).status == 400)
            let all = try await client.get(path + "?platform=meta&consent=none", key: key)
            #expect(all.text.split(separator: "\n").count == 4)
            #expect(all.text.contains(AdPlatform.hash("u0@example.com") + ","))
            let report = try await client.get(path + "/report?platform=meta&consent=email:marketing", key: key).json()
            #expect(report["refused"]?.number == 3, "nobody has consented")
            #expect(report["written"]?.number == 0)
        }
    }

    @Test func aCallOfAWebhookWaitsUntilItIsMade() async throws {
        try await addPersons()
        let key = key
        try await scratch.run { client in
            _ = try await client.call(
                .post, "/v1/audiences", key: key, body: #"{"name":"all","where":"everyone"}"#)
            let body = #"{"url":"https://hooks.example.com/abc?token=geheim","request":"r1","traits":["city"]}"#
            for _ in 0..<2 {
                let sent = try await client.call(.post, "/v1/audiences/all/send", key: key, body: body)
                #expect(sent.status == 202)
                #expect(try sent.json()["calls"]?.number == 1)
            }
            let waiting = try await client.get("/v1/webhooks", key: key).json()
            #expect(waiting["waiting"]?.number == 1, "the same request is not doubled")
            let plain = try await client.call(
                .post, "/v1/audiences/all/send", key: key, body: #"{"url":"http://hooks.example.com"}"#)
            #expect(plain.status == 400)
            #expect(try plain.json()["field"]?.text == "url")
            let secret = try await client.get("/v1/webhooks/secret", key: key).json()["secret"]?.text
            #expect(secret?.hasPrefix("whsec_") == true)
            let audit = try await client.get("/v1/audit", key: key).text
            #expect(audit.contains("hooks.example.com"))
            #expect(!audit.contains("geheim"))
        }
    }

    @Test func theTrackingPlanIsReadStrictly() async throws {
        let key = key
        try await scratch.run { client in
            #expect(try await client.get("/v1/collection/plan", key: key).status == 404)
            let wrong = try await client.call(
                .put, "/v1/collection/plan", key: key, body: #"{"events":{"A":{"propertis":{}}}}"#)
            #expect(wrong.status == 400)
            #expect(try wrong.json()["field"]?.text == "events.A.propertis", "\(wrong.text)")
            let body = #"{"events":{"A":{"properties":{"n":{"type":"number"}}}},"strict":true}"#
            #expect(try await client.call(.put, "/v1/collection/plan", key: key, body: body).status == 200)
            let plan = try await client.get("/v1/collection/plan", key: key).json()
            #expect(plan["strict"] == true)
            #expect(plan["events"]?["A"]?["properties"]?["n"]?["type"]?.text == "number")
            #expect(try await client.call(.delete, "/v1/collection/plan", key: key).status == 204)
            #expect(try await client.get("/v1/collection/plan", key: key).status == 404)
        }
    }
}
