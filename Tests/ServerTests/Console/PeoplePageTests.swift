import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import People
import Testing

@testable import Server

/// Pages about persons.
struct PeoplePageTests {
    private let scratch: ServerScratch
    private static let hostile = "<script>alert(1)</script>"

    init() throws { scratch = try ServerScratch() }

    private func event(
        _ person: String, _ name: String, minutes: Int = 0, _ properties: [(String, PropertyValue)] = []
    ) -> Event {
        Event(
            person: person, name: name, time: 1_714_521_600_000 + Int64(minutes) * 60_000,
            properties: properties.map { Event.Property($0.0, $0.1) }, messageID: UUID().uuidString)
    }

    /// Kim with a device, Lee with a hostile name, and somebody unknown.
    private func addPeople() async throws {
        let live = try scratch.installation.workspace("default")
        try await live.log.append([
            event("anon-1", "Page Viewed", [("title", .string("첫 화면"))]),
            event(
                "kim", Vocabulary.identified, minutes: 1,
                [
                    (Vocabulary.anonymousID, .string("anon-1")), ("name", .string("김단골")),
                    ("email", .string("kim@example.com")), ("city", .string("서울")),
                ]),
            event("kim", "Order Completed", minutes: 90, [("total", .number(52_000))]),
            event(
                "lee", Vocabulary.identified, minutes: 3,
                [
                    ("name", .string(Self.hostile)), ("city", .string("\"><img src=x onerror=alert(1)>")),
                    ("role", .string("partner")),
                ]),
            event("lee", Self.hostile, minutes: 4, [(Self.hostile, .string(Self.hostile))]),
            event("anon-9", "Page Viewed", minutes: 5),
        ])
        try live.catchUp()
    }

    private func key(of id: String) throws -> String {
        try #require(try scratch.installation.workspace("default").people.profile(of: id)?.key)
    }

    @Test func theListFindsByAPartOfANameAndTheAddressDoesNotTellIt() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let all = try await browser.get("/w/default/people")
            #expect(all.status == 200 && all.text.contains("김단골") && all.text.contains("Anonymous visitor"))
            let searched = try await browser.post("/w/default/people/search", ["text": "단골"])
            let address = try #require(searched.headers[.location])
            #expect(!address.contains("단골") && !address.contains("%EB"), "\(address)")
            let found = try await browser.follow(searched)
            #expect(found.text.contains("김단골") && !found.text.contains("Anonymous visitor"))
            #expect(found.text.contains("value=\"단골\""), "the search stands in its field")
            let gone = try await browser.get("/w/default/people?q=0123456789")
            #expect(gone.status == 200 && gone.text.contains("no longer remembers"))
        }
    }

    @Test func theListKeepsToARoleAnAudienceAndAPredicate() async throws {
        try await addPeople()
        let live = try scratch.installation.workspace("default")
        try live.audiences.create(
            AudienceDefinition("Buyers", where: AudiencePredicate(text: #"did "Order Completed""#)))
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let partners = try await browser.get("/w/default/people?role=partner")
            #expect(!partners.text.contains("김단골") && partners.text.contains("alert(1)"))
            let buyers = try await browser.get("/w/default/people?audience=Buyers")
            #expect(buyers.text.contains("김단골") && !buyers.text.contains("alert(1)"))
            let open = try await browser.get("/w/default/people?where=" + PageCall.escape(#"did "Order Completed""#))
            #expect(open.text.contains("김단골") && !open.text.contains("alert(1)"))
            let hidden = try await browser.post("/w/default/people/search", ["where": #"trait city = "서울""#])
            #expect(try await browser.follow(hidden).text.contains("김단골"))
            let wrong = try await browser.post("/w/default/people/search", ["where": "trait city ="])
            #expect(wrong.status == 422 && wrong.text.contains("trait city =") && wrong.text.contains("aria-invalid"))
            let missing = try await browser.get("/w/default/people?audience=Nobody")
            #expect(missing.status == 422)
        }
    }

    @Test func theListGoesOnPageByPageAndBack() async throws {
        let live = try scratch.installation.workspace("default")
        try await live.log.append((0..<120).map { event("user-\($0)", "Page Viewed", minutes: $0) })
        try live.catchUp()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            var page = try await browser.get("/w/default/people?sort=name")
            var seen: Set<String> = []
            for _ in 0..<3 {
                for match in page.text.matches(of: /href="[^"]*\/people\/(p_[a-z0-9]+)"/) {
                    seen.insert(String(match.1))
                }
                guard let next = page.text.firstMatch(of: /href="([^"]+)" rel="next"/) else { break }
                page = try await browser.get(String(next.1).replacing("&amp;", with: "&"))
            }
            #expect(seen.count == 120)
            let back = try #require(page.text.firstMatch(of: /href="([^"]+)" rel="prev"/))
            let previous = try await browser.get(String(back.1).replacing("&amp;", with: "&"))
            #expect(previous.text.contains("rel=\"prev\"") && previous.text.contains("rel=\"next\""))
        }
    }

    @Test func chosenColumnsAreRemembered() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let chosen = try await browser.post(
                "/w/default/people/columns", ["column": "phone", "column": "trait:city", "back": "/w/default/people"])
            let cookie = try #require(chosen.headers[.setCookie]).prefix { $0 != ";" }
            let page = try await browser.get("/w/default/people", cookies: "; \(cookie)")
            #expect(page.text.contains(">서울") && !page.text.contains("kim@example.com"))
        }
    }

    @Test func whatPersonsAreCalledIsNeverMarkup() async throws {
        try await addPeople()
        let key = try key(of: "lee")
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            for path in ["", "/identities", "/audiences", "/consent", "/merge", "/delete"] {
                let page = try await browser.get("/w/default/people/\(key)\(path)")
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "\(path)")
                #expect(page.text.contains("&lt;script&gt;"), "\(path)")
            }
        }
    }

    @Test func aPersonIsReachedByTheKeyOnly() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/people/kim").status == 404)
            #expect(try await browser.get("/w/default/people/p_nobody").status == 404)
        }
    }

    @Test func theTimelineHasSessionsFiltersAndOlderEvents() async throws {
        try await addPeople()
        let live = try scratch.installation.workspace("default")
        try await live.log.append((0..<100).map { event("kim", "Clicked", minutes: 3_000 + $0) })
        let key = try key(of: "kim")
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.get("/w/default/people/\(key)")
            #expect(page.text.contains("100 events"), "one session without a pause")
            #expect(!page.text.contains("첫 화면"))
            let older = try #require(page.text.firstMatch(of: /href="([^"]+)" data-older/))
            let part = try await browser.get(String(older.1).replacing("&amp;", with: "&") + "&part=1")
            #expect(part.text.contains("첫 화면") && !part.text.contains("<html"))
            // 30 minutes without an event end a session: the order came 89 minutes later.
            #expect(part.text.matches(of: /class="session"/).count == 3)
            let orders = try await browser.get("/w/default/people/\(key)?event=Order%20Completed")
            #expect(orders.text.contains("52,000"))
            #expect(orders.text.matches(of: /class="event"/).count == 1)
        }
    }

    @Test func mergingShowsWhatWouldHappenAndCanBeUndone() async throws {
        try await addPeople()
        let (kim, visitor) = (try key(of: "kim"), try key(of: "anon-9"))
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let found = try await browser.post("/w/default/people/\(kim)/merge", ["text": "anon-9"])
            #expect(found.text.contains("merge?with=\(visitor)"))
            let preview = try await browser.get("/w/default/people/\(kim)/merge?with=\(visitor)")
            #expect(preview.text.contains("김단골 would have 4 events and 3 ids"))
            #expect(try self.key(of: "anon-9") == visitor, "nothing has happened yet")
            let merged = try await browser.follow(
                try await browser.post("/w/default/people/\(kim)/merge/do", ["with": visitor]))
            #expect(merged.text.contains("anon-9") && merged.text.contains(">Undo<"))
            #expect(try self.key(of: "anon-9") == kim)
            let split = try await browser.get("/w/default/people/\(kim)/split?id=\(visitor)")
            #expect(split.status == 200 && split.text.contains("anon-9"))
            let undone = try await browser.follow(
                try await browser.post("/w/default/people/\(kim)/split", ["id": visitor]))
            #expect(undone.text.contains("The two are separate again"))
            #expect(try self.key(of: "anon-9") == visitor)
        }
    }

    @Test func aConsentNeedsEvidenceAndIsSeenAtOnce() async throws {
        try await addPeople()
        let key = try key(of: "kim")
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let path = "/w/default/people/\(key)/consent"
            let bare = try await browser.post(path, ["granted": "yes", "purpose": "marketing", "channel": "kakao"])
            #expect(bare.status == 422 && bare.text.contains("needs evidence"))
            let page = try await browser.follow(
                try await browser.post(
                    path,
                    ["granted": "yes", "purpose": "marketing", "channel": "kakao", "source": "고객센터 통화"]))
            #expect(page.text.contains("고객센터 통화") && page.text.contains(">agreed<"))
        }
    }

    @Test func deletingNeedsTheNameAndLeavesAReceipt() async throws {
        try await addPeople()
        let key = try key(of: "kim")
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let wrong = try await browser.post("/w/default/people/\(key)/delete", ["word": "이단골"])
            #expect(wrong.status == 422 && wrong.text.contains("Nothing was deleted"))
            let receipt = try await browser.follow(
                try await browser.post("/w/default/people/\(key)/delete", ["word": " 김단골 "]))
            #expect(receipt.text.contains("r_") && !receipt.text.contains("김단골"))
            #expect(try await browser.get("/w/default/people/\(key)").status == 404)
        }
    }

    @Test func everyRoleSeesWhatItMay() async throws {
        try await addPeople()
        let key = try key(of: "kim")
        let access = scratch.installation.access
        _ = try await scratch.owner()
        for role in [Role.agent, .viewer, .analyst] {
            _ = try await access.addUser(
                email: "\(role.rawValue)@example.com", name: role.rawValue, password: ServerScratch.password,
                role: role, workspace: "default", by: .commandLine)
        }
        let scratch = scratch
        try await scratch.run { client in
            let agent = try await PageBrowser(client, scratch, as: "agent@example.com")
            let page = try await agent.get("/w/default/people/\(key)")
            #expect(page.text.contains("Order Completed") && page.text.contains("/merge\""))
            #expect(!page.text.contains("/delete\""), "agents do not delete")
            #expect(try await agent.get("/w/default/people/\(key)/delete").status == 403)
            #expect(try await agent.post("/w/default/people/\(key)/delete", ["word": "김단골"]).status == 403)
            let viewer = try await PageBrowser(client, scratch, as: "viewer@example.com")
            #expect(try await viewer.get("/w/default/people").status == 403)
            #expect(try await viewer.get("/w/default/people/\(key)").status == 403)
            let analyst = try await PageBrowser(client, scratch, as: "analyst@example.com")
            #expect(try await analyst.get("/w/default/people/\(key)").status == 200)
            #expect(try await analyst.get("/w/default/people/\(key)/merge").status == 403)
        }
    }

    @Test func aTraitIsChangedByHandWithItsSourceAndAnEntryInTheAuditLog() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let live = try scratch.installation.workspace("default")
            let key = try #require(try live.people.profile(of: "kim")).key
            let page = "/w/default/people/\(key)"
            #expect(try await browser.get(page).text.contains("id=\"trait-form\""))
            let changed = try await browser.post(
                page + "/traits", ["trait": "visits", "kind": "number", "value": "1,200"])
            #expect(try await browser.follow(changed).text.contains("console · "))
            #expect(try live.people.profile(of: "kim")?["visits"] == .number(1_200))
            let wrong = try await browser.post(
                page + "/traits", ["trait": "visits", "kind": "number", "value": "many"])
            #expect(wrong.status == 303)
            #expect(try live.people.profile(of: "kim")?["visits"] == .number(1_200))
            _ = try await browser.post(page + "/traits", ["trait": "visits", "kind": "text", "value": ""])
            #expect(try live.people.profile(of: "kim")?["visits"] == nil)
            let audit = try await browser.get("/w/default/settings/audit").text
            #expect(audit.contains("person.traits_changed") || audit.contains("console"))
        }
    }
}
