import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// Pages about audiences.
struct AudiencePageTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    private func addEvents() async throws {
        try await scratch.addEvents(30)
        try scratch.installation.workspace("default").catchUp()
    }

    private func id(_ name: String) throws -> Int64 {
        try scratch.installation.workspace("default").audiences.audience(name).id
    }

    @Test func anAudienceIsMadeSeenChangedAndDeletedAndBroughtBack() async throws {
        try await addEvents()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/audiences").text.contains("No audiences yet"))
            let made = try await browser.follow(
                try await browser.post(
                    "/w/default/audiences/save",
                    ["name": "단골 <b>", "description": "산 적 있는", "where": #"did "Order Completed""#]))
            #expect(made.text.contains("단골 &lt;b&gt;") && !made.text.contains("단골 <b>"))
            let id = try self.id("단골 <b>")
            let path = "/w/default/audiences/\(id)"
            let members = try await browser.get(path + "/members")
            #expect(members.text.contains("/people/p_") && members.text.contains("audiences?why=\(id)"))
            let edited = try await browser.post(
                "/w/default/audiences/save",
                ["id": "\(id)", "version": "1", "name": "단골 <b>", "where": #"did "Order Completed" at least 3 times"#])
            #expect(edited.status == 303)
            let stale = try await browser.post(
                "/w/default/audiences/save", ["id": "\(id)", "version": "1", "name": "단골 <b>", "where": "everyone"])
            #expect(stale.status == 422, "somebody else has changed it since")
            let versions = try await browser.get(path + "/versions")
            #expect(versions.text.contains("Version 2") && versions.text.contains("Go back to this"))
            let deleted = try await browser.follow(try await browser.post(path + "/delete", [:]))
            let token = try #require(deleted.text.firstMatch(of: /name="token" value="([0-9a-f]+)"/))
            #expect(try await browser.get(path).status == 404)
            let back = try await browser.follow(
                try await browser.post("/w/default/audiences/restore", ["token": String(token.1)]))
            #expect(back.text.contains("at least 3 times"))
        }
    }

    @Test func anErrorOfTheTextStandsWithItsPlace() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.post(
                "/w/default/audiences/save", ["name": "A", "where": "did \"Order\" at leest 3 times"])
            #expect(
                page.status == 422 && page.text.contains("class=\"excerpt\"")
                    && page.text.contains("did &quot;Order&quot; at leest"))
        }
    }

    @Test func theBuildersTwoFormsBecomeEachOther() async throws {
        try await addEvents()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let path = "/w/default/audiences/preview?part=1"
            let tree =
                #"{"and":[{"did":"Order Completed","times":{"op":"gte","value":2}},{"not":{"trait":"city","value":"부산"}}]}"#
            let first = try await browser.post(path, ["tree": tree, "size": "yes"]).json()
            let text = try #require(first["text"]?.text)
            #expect(text.contains("at least 2 times") && text.contains("not trait city = \"부산\""))
            #expect(first["html"]?.text?.contains("of 3 people") == true, "\(first)")
            let second = try await browser.post(path, ["where": text]).json()
            #expect(second["tree"] == first["tree"])
            let wrong = try await browser.post(
                path, ["tree": #"{"and":[{"did":"A","times":{"op":"gte","value":"x"}}]}"#])
            #expect(wrong.status == 400)
            #expect(try wrong.json()["field"]?.text?.hasPrefix("predicate.and[0]") == true, "\(wrong.text)")
        }
    }

    @Test func aListIsFilledByIDsAndUnknownOnesAreNamed() async throws {
        try await addEvents()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let made = try await browser.post("/w/default/audiences/save", ["name": "Press", "list": "true"])
            #expect(made.headers[.location]?.hasSuffix("/members") == true)
            let path = "/w/default/audiences/\(try self.id("Press"))/members"
            let added = try await browser.post(path, ["ids": "u0\nu1, nobody-here"])
            #expect(added.text.contains("nobody-here") && added.text.contains("One id is nobody"))
            let page = try await browser.get(path)
            let person = try #require(page.text.firstMatch(of: /name="remove" value="(p_[a-z0-9]+)"/))
            let left = try await browser.follow(try await browser.post(path, ["remove": String(person.1)]))
            #expect(left.text.matches(of: /name="remove"/).count == 1)
        }
    }

    @Test func idsComeFromAnyColumnOfText() {
        #expect(AudienceMembersPage.ids("\u{feff}\"a\"\r\n b ;c\td,a\n\n") == ["a", "b", "c", "d"])
    }

    @Test func theOverlapIsAPictureAndATable() async throws {
        try await addEvents()
        let audiences = try scratch.installation.workspace("default").audiences
        let first = try audiences.create(AudienceDefinition("A", where: AudiencePredicate(text: "everyone")))
        let second = try audiences.create(
            AudienceDefinition("B", where: AudiencePredicate(text: #"did "Order Completed""#)))
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.get("/w/default/audiences/overlap?a=\(first.id)&a=\(second.id)")
            #expect(page.text.contains("<svg") && page.text.contains("A + B"))
            #expect(try await browser.get("/w/default/audiences/overlap").text.contains("at least two"))
        }
    }

    @Test func whoSeesNoPersonsSeesNoMembers() async throws {
        try await addEvents()
        let audiences = try scratch.installation.workspace("default").audiences
        let made = try audiences.create(AudienceDefinition("A", where: AudiencePredicate(text: "everyone")))
        _ = try await scratch.owner()
        _ = try await scratch.installation.access.addUser(
            email: "viewer@example.com", name: "V", password: ServerScratch.password, role: .viewer,
            workspace: "default", by: .commandLine)
        let scratch = scratch
        try await scratch.run { client in
            let viewer = try await PageBrowser(client, scratch, as: "viewer@example.com")
            let page = try await viewer.get("/w/default/audiences/\(made.id)")
            #expect(page.status == 200 && !page.text.contains("/members\"") && !page.text.contains("/people"))
            for path in ["members", "export"] {
                #expect(try await viewer.get("/w/default/audiences/\(made.id)/\(path)").status == 403)
            }
            let preview = try await viewer.post(
                "/w/default/audiences/preview?part=1", ["where": "everyone", "size": "yes"])
            #expect(try preview.json()["html"]?.text?.contains("/people/") == false)
            let values = try await viewer.get("/w/default/audiences/names?kind=value&property=city")
            #expect(values.text == "[]", "values may be personal")
        }
    }
}
