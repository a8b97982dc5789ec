import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import People
import Testing

@testable import Server

/// Persons over the API.
struct PeopleRouteTests {
    private let scratch: ServerScratch
    private let key: String

    init() throws {
        scratch = try ServerScratch()
        key = try scratch.key(Set(Scope.allCases))
    }

    private func event(_ person: String, _ name: String, _ properties: [(String, PropertyValue)] = []) -> Event {
        Event(
            person: person, name: name, time: 1_714_521_600_000,
            properties: properties.map { Event.Property($0.0, $0.1) }, messageID: UUID().uuidString)
    }

    /// Kim, known by a device and a user id, in a company; and Lee.
    private func addPeople() async throws {
        try await scratch.installation.workspace("default").log.append([
            event("anon-1", "Page Viewed"),
            event(
                "kim@example.com", Vocabulary.identified,
                [
                    (Vocabulary.anonymousID, .string("anon-1")), ("name", .string("김단골")), ("city", .string("서울")),
                    ("total", .number(120_000)), ("phone", .string("010-1234-5678")),
                ]),
            event(
                "kim@example.com", Vocabulary.groupJoined,
                [
                    (Vocabulary.groupID, .string("acme")), (Vocabulary.groupType, .string("company")),
                    ("plan", .string("gold")),
                ]),
            event("lee", Vocabulary.identified, [("name", .string("이손님")), ("city", .string("부산"))]),
            event("anon-2", "Page Viewed"),
        ])
    }

    private func lookUp(_ id: String, _ client: Client) async throws -> JSONValue {
        let answer = try await client.call(
            .post, "/v1/people/lookup", key: key, body: #"{"id":"\#(id)"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.json()
    }

    private func key(of id: String, _ client: Client) async throws -> String {
        try #require(try await lookUp(id, client)["key"]?.text)
    }

    @Test func aPersonIsFoundByEachIDAndByTheKeyWithEverythingAboutThem() async throws {
        try await addPeople()
        try await scratch.run { client in
            let byUser = try await lookUp("kim@example.com", client)
            let path = "/v1/people/\(try #require(byUser["key"]?.text))"
            #expect(try await client.get(path, key: key).json() == byUser)
            #expect(try await client.get("/v1/people/anon-1", key: key).json() == byUser)
            #expect(byUser["name"] == "김단골")
            #expect(byUser["identities"]?.list.compactMap { $0["id"]?.text } == ["anon-1", "kim@example.com"])
            #expect(byUser["merges"]?.list.first?["cause"] == "identified")
            #expect(byUser["groups"]?.list.first?["id"] == "acme")
            #expect(byUser["traits"]?["city"]?["value"] == "서울")
            #expect(byUser["latest"]?.list.count == 3)
            #expect(byUser["audiences"]?.list.isEmpty == true)
            #expect(try await client.get("/v1/people/nobody", key: key).code == "not_found")
            let profilesOnly = try scratch.key([.peopleRead])
            let answer = try await client.get(path, key: profilesOnly).json()
            #expect(answer["name"] == "김단골" && answer["latest"] == nil, "events need a scope of their own")
            #expect(try await client.get("\(path)/export", key: profilesOnly).status == 403)
        }
    }

    @Test func everyDocumentAboutAPersonIsAsTheSchemaSays() async throws {
        try await addPeople()
        try await scratch.run { client in
            let schema = PeopleSchemas.person.json
            for id in ["kim@example.com", "anon-2"] {
                let answer = try await lookUp(id, client)
                #expect(
                    Set(answer.members.keys) == Set((schema["properties"]?.members ?? [:]).keys), "members of \(id)")
                for (name, part) in schema["properties"]?.members ?? [:] {
                    guard let items = part["items"]?["properties"] else { continue }
                    for item in answer[name]?.list ?? [] {
                        #expect(Set(item.members.keys) == Set(items.members.keys), "\(name) of \(id)")
                    }
                }
            }
        }
    }

    @Test func searchFindsKoreanPartsPhonesTraitsAndPagesMeet() async throws {
        try await addPeople()
        try scratch.installation.workspace("default").catchUp()
        let cases: [(String, [String])] = [
            (#"{"text":"단골"}"#, ["kim@example.com"]), (#"{"text":"01012345678"}"#, ["kim@example.com"]),
            (#"{"filters":[{"trait":"city","op":"in","value":["부산","대구"]}]}"#, ["lee"]),
            (#"{"filters":[{"trait":"total","op":"gte","value":100000}]}"#, ["kim@example.com"]),
            (#"{"filters":[{"trait":"total","op":"between","value":[1,5]}]}"#, []),
            (#"{"filters":[{"trait":"city","op":"is_not_set"}]}"#, ["anon-2"]),
            (#"{"group":{"id":"acme"}}"#, ["kim@example.com"]), (#"{"identified":false}"#, ["anon-2"]),
            (#"{"sort":"name","ascending":true,"identified":true}"#, ["kim@example.com", "lee"]),
        ]
        try await scratch.run { client in
            for (body, expected) in cases {
                let answer = try await client.call(.post, "/v1/people/search", key: key, body: body)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try answer.json()["people"]?.list.compactMap { $0["id"]?.text } == expected, "\(body)")
            }
            var found: [String] = []
            var cursor = ""
            repeat {
                let body = #"{"limit":1,"sort":"events"\#(cursor.isEmpty ? "" : #","cursor":"\#(cursor)""#)}"#
                let page = try await client.call(.post, "/v1/people/search", key: key, body: body).json()
                found += (page["people"]?.list ?? []).compactMap { $0["id"]?.text }
                cursor = page["next"]?.text ?? ""
            } while !cursor.isEmpty && found.count < 10
            #expect(found.count == 3 && Set(found) == ["kim@example.com", "lee", "anon-2"])
            for (body, code) in [
                (#"{"txt":"a"}"#, "unknown_field"), (#"{"sort":"age"}"#, "invalid_value"),
                (#"{"limit":501}"#, "invalid_value"), (#"{"cursor":"x"}"#, "bad_cursor"),
                (#"{"filters":[{"trait":"a","op":"gte","value":"b"}]}"#, "wrong_type"),
                (#"{"filters":[{"trait":"a"}]}"#, "missing_field"),
            ] {
                let answer = try await client.call(.post, "/v1/people/search", key: key, body: body)
                #expect(answer.status == 400 && answer.code == code, "\(body): \(answer.text)")
            }
        }
    }

    @Test func traitsAreGivenAndTakenAwayAndTheAnswerShowsThem() async throws {
        try await addPeople()
        try await scratch.run { client in
            let path = "/v1/people/\(try await key(of: "lee", client))/traits"
            let body = #"{"traits":{"vip":true,"city":null,"tags":["a","b"],"since":"2026-01-02T00:00:00.000Z"}}"#
            let answer = try await client.call(.patch, path, key: key, body: body)
            #expect(answer.status == 200, "\(answer.text)")
            let traits = try answer.json()["traits"]
            #expect(traits?["vip"]?["value"] == true && traits?["vip"]?["source"] == "hand")
            #expect(traits?["vip"]?["detail"] == "key test")
            #expect(traits?["city"] == nil)
            #expect(traits?["tags"]?["value"] == ["a", "b"])
            #expect(traits?["since"]?["type"] == "time")
            for (body, code) in [
                (#"{"traits":{}}"#, "limit_exceeded"), (#"{"traits":{"a":{"b":1}}}"#, "wrong_type"),
                (#"{}"#, "missing_field"),
                (#"{"traits":{"":1}}"#, "invalid"),
            ] {
                let answer = try await client.call(.patch, path, key: key, body: body)
                #expect(answer.status == 400 && answer.code == code, "\(body): \(answer.text)")
            }
            let missing = try await client.call(.patch, "/v1/people/nobody/traits", key: key, body: body)
            #expect(missing.status == 404)
        }
    }

    @Test func aMergeAndItsSplitLeaveBothAsTheyWere() async throws {
        try await addPeople()
        try await scratch.run { client in
            func traits(_ id: String) async throws -> JSONValue? { try await lookUp(id, client)["traits"] }
            let before = (try await traits("lee"), try await traits("kim@example.com"))
            let body = #"{"alias":"lee","person":"kim@example.com"}"#
            let merged = try await client.call(.post, "/v1/people/merge", key: key, body: body)
            #expect(merged.status == 200, "\(merged.text)")
            #expect(try merged.json()["people"]?.list.map { $0["identities"]?.number } == [3])
            #expect(try await lookUp("lee", client)["id"] == "kim@example.com")
            #expect(try await client.call(.post, "/v1/people/merge", key: key, body: body).code == "invalid")
            let split = try await client.call(.post, "/v1/people/split", key: key, body: #"{"id":"lee"}"#)
            #expect(try split.json()["people"]?.list.map { $0["id"]?.text } == ["lee", "kim@example.com"])
            #expect(try await traits("lee") == before.0)
            #expect(try await traits("kim@example.com") == before.1)
            #expect(try await lookUp("lee", client)["merges"]?.list.first?["undone"] != .null)
            let again = try await client.call(.post, "/v1/people/split", key: key, body: #"{"id":"lee"}"#)
            #expect(again.status == 404)
            let audit = try await client.get("/v1/audit", key: key).text
            #expect(audit.contains("person.merged") && audit.contains("person.split"))
            #expect(!audit.contains("kim@example.com") && !audit.contains("\"lee\""))
        }
    }

    @Test func aRefusedMergeIsAmongTheWarnings() async throws {
        try await addPeople()
        let live = try scratch.installation.workspace("default")
        try await live.log.append([event("lee", Vocabulary.identified, [(Vocabulary.anonymousID, .string("anon-1"))])])
        try live.catchUp()
        try await scratch.run { client in
            let warnings = try await client.get("/v1/people/warnings", key: key).json()["warnings"]?.list
            #expect(warnings?.count == 1)
            #expect(warnings?.first?["kind"] == "already_identified")
        }
    }

    @Test func consentsAreKeptWithTheirEvidenceAndDecideWhatMayBeSent() async throws {
        try await addPeople()
        try await scratch.run { client in
            let path = "/v1/people/\(try await key(of: "kim@example.com", client))/consents"
            let before = try await client.get(path, key: key).json()
            func channel(_ view: JSONValue, _ name: String) -> JSONValue? {
                view["channels"]?.list.first { $0["channel"]?.text == name }
            }
            #expect(channel(before, "sms")?["marketing"] == false && channel(before, "sms")?["service"] == true)
            let body = """
                {"statements":[{"purpose":"marketing","channel":"sms","granted":true,"version":"2026-01",
                "source":"매장 양식","text":"광고성 정보 수신에 동의합니다"},{"purpose":"profiling","granted":false}]}
                """
            let answer = try await client.call(.post, path, key: key, body: body)
            #expect(answer.status == 200, "\(answer.text)")
            let after = try answer.json()
            #expect(channel(after, "sms")?["marketing"] == true)
            #expect(channel(after, "sms")?["marketingAtNight"] == false)
            #expect(channel(after, "email")?["marketing"] == false)
            #expect(after["mayProfile"] == false && after["mayTrack"] == true)
            #expect(after["statements"]?.list.first?["source"] == "매장 양식")
            #expect(after["statements"]?.list.first?["version"] == "2026-01")
            let wrong = try await client.call(
                .post, path, key: key,
                body: #"{"statements":[{"purpose":"marketing","granted":true,"period":"noon"}]}"#)
            #expect(wrong.status == 400)
            #expect(try wrong.json()["field"] == "statements[0].period")
            let nobody = try await client.call(.post, "/v1/people/nobody/consents", key: key, body: body)
            #expect(nobody.status == 404, "a mistyped id makes no new person")
        }
    }

    @Test func aGroupHasTraitsAndMembers() async throws {
        try await addPeople()
        try scratch.installation.workspace("default").catchUp()
        try await scratch.run { client in
            let group = try await client.get("/v1/groups/company/acme", key: key).json()
            #expect(group["total"]?.number == 1)
            #expect(group["members"]?.list.first?["id"] == "kim@example.com")
            #expect(group["traits"]?["plan"] == "gold")
            #expect(try await client.get("/v1/groups/company/other", key: key).status == 404)
        }
    }

    @Test func peopleComeInAsAFileOnceAndGoOutAgain() async throws {
        let file = "고객번호,이름,광고,총액\nc1,박가나,동의,5\nc2,최다라,거부,7\n"
        let map = ["고객번호=id", "이름=trait:name", "광고=consent:marketing:sms"]
            .map { "map=" + ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "") }
        let path = "/v1/people/import?name=crm.csv&" + map.joined(separator: "&")
        try await scratch.run { client in
            for _ in 0..<2 {
                let answer = try await client.call(.post, path, key: key, body: file, mediaType: "text/csv")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try answer.json()["people"]?.number == 2)
            }
            #expect(try scratch.installation.workspace("default").log.statistics.events == 4)
            let person = try await lookUp("c1", client)
            #expect(person["name"] == "박가나")
            #expect(person["consents"]?.list.first?["granted"] == true)
            #expect(person["traits"]?["총액"]?["value"]?.number == 5)
            #expect(person["traits"]?["name"]?["source"] == "import")
            let csv = try await client.get("/v1/people/export?trait=name&trait=%EC%B4%9D%EC%95%A1", key: key)
            let lines = csv.text.split(separator: "\r\n")
            #expect(csv.status == 200 && lines.count == 3)
            #expect(lines.first == "id,key,created,lastSeen,name,총액")
            #expect(lines.dropFirst().contains { $0.hasPrefix("c1,p_") && $0.hasSuffix(",박가나,5") })
            let wrong = try await client.call(
                .post, "/v1/people/import", key: key, body: "id,a\nx,1,2\n", mediaType: "text/csv")
            #expect(wrong.status == 400 && wrong.code == "bad_file")
            let mapped = try await client.call(
                .post, "/v1/people/import?map=a", key: key, body: file, mediaType: "text/csv")
            #expect(try mapped.status == 400 && mapped.json()["field"] == "map")
        }
    }

    @Test func onesOwnDataHoldsTheProfileAndEveryEvent() async throws {
        try await addPeople()
        try await scratch.run { client in
            let path = "/v1/people/\(try await key(of: "anon-1", client))/export"
            let data = try await client.get(path, key: key).json()
            #expect(data["profile"]?["id"] == "kim@example.com")
            #expect(data["events"]?.list.count == 3)
            #expect(Set(data["events"]?.list.compactMap { $0["id"]?.text } ?? []) == ["anon-1", "kim@example.com"])
        }
    }

    @Test func aDeletionGivesAReceiptAndTheIDsStayAway() async throws {
        try await addPeople()
        try await scratch.run { client in
            let answer = try await client.call(
                .post, "/v1/people/delete", key: key, body: #"{"id":"kim@example.com"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let receipt = try answer.json()
            #expect(receipt["counts"]?["events"]?.number == 3 && receipt["counts"]?["ids"]?.number == 2)
            #expect(receipt["finished"]?.text != nil && receipt["digest"]?.text?.count == 64)
            let list = try await client.get("/v1/people/receipts", key: key).json()
            #expect(list["receipts"]?.list == [receipt])
            #expect(try await client.get("/v1/people/anon-1", key: key).status == 404)
            let again = try await client.call(
                .post, "/v1/people/delete", key: key, body: #"{"id":"kim@example.com"}"#)
            #expect(again.status == 404)
            // Events under the id are dropped, until it is released.
            let live = try scratch.installation.workspace("default")
            try await live.log.append([event("kim@example.com", "Back")])
            #expect(try await client.get("/v1/people/anon-1", key: key).status == 404)
            let release = try await client.call(
                .post, "/v1/people/release", key: key, body: #"{"id":"kim@example.com"}"#)
            #expect(try release.json()["released"] == true)
            try await live.log.append([event("kim@example.com", "Back Again")])
            #expect(try await lookUp("kim@example.com", client)["events"]?.number == 1)
            let audit = try await client.get("/v1/audit", key: key).text
            #expect(audit.contains("person.forgotten") && audit.contains("person.released"))
            #expect(!audit.contains("kim@example.com"))
        }
    }

    @Test func anIDThatWasNeverSeenIsSuppressedAndOneThatIsHereIsNot() async throws {
        try await addPeople()
        let live = try scratch.installation.workspace("default")
        try live.catchUp()
        try await scratch.run { client in
            let here = try await client.call(
                .post, "/v1/people/suppress", key: key, body: #"{"ids":["new-1","lee"]}"#)
            #expect(here.status == 400 && here.code == "invalid")
            #expect(!live.people.isSuppressed("new-1"), "all of them or none")
            let answer = try await client.call(.post, "/v1/people/suppress", key: key, body: #"{"ids":["new-1"]}"#)
            #expect(try answer.json()["suppressed"]?.number == 1)
            try await live.log.append([event("new-1", "Page Viewed")])
            #expect(try await client.get("/v1/people/new-1", key: key).status == 404)
            #expect(
                try await client.call(.post, "/v1/people/release", key: key, body: #"{"id":"new-2"}"#).json()[
                    "released"]
                    == false)
        }
    }
}
