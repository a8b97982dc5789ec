import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Settings
import Testing

@testable import Server

/// What holds for every page of the console, from the list that the router is made of.
struct ConsolePageTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    private static var shown: [ConsolePage] {
        ConsolePages.all.filter { $0.method == .get && $0.path.hasPrefix("/w/") && $0.samplePath != nil }
    }

    private func addRoles() async throws {
        for role in Role.allCases {
            _ = try await scratch.installation.access.addUser(
                email: "\(role.rawValue)@example.com", name: "김 \(role.rawValue)", password: ServerScratch.password,
                role: role, workspace: "default", by: .commandLine)
        }
    }

    @Test func namesAndPathsAreUnique() {
        let pages = ConsolePages.all
        #expect(Set(pages.map(\.name)).count == pages.count)
        #expect(Set(pages.map { $0.method.rawValue + $0.path }).count == pages.count)
        for page in pages where page.method == .get && !page.isEndless && page.path.hasPrefix("/w/") {
            #expect(page.samplePath != nil, "\(page.name) has parameters and no sample, so no test opens it")
        }
    }

    @Test func everyPageShowsItselfToTheRolesThatMayAndRefusesTheOthers() async throws {
        try await scratch.addEvents(30)
        try await addRoles()
        let scratch = scratch
        try await scratch.run { client async throws in
            for role in Role.allCases {
                let browser = try await PageBrowser(client, scratch, as: "\(role.rawValue)@example.com")
                for page in Self.shown {
                    let path = try #require(page.samplePath)
                    let answer = try await browser.get(path)
                    // What a page about a person shows of audiences needs both scopes.
                    let isOfPerson = page.path.contains("/people/{") && !role.scopes.contains(.peopleRead)
                    if case .scope(let scope) = page.access, isOfPerson || !role.scopes.contains(scope) {
                        #expect(answer.status == 403, "\(page.name) for \(role)")
                    } else {
                        #expect(
                            answer.status != 403 && answer.status < 500, "\(page.name) for \(role): \(answer.status)")
                    }
                }
            }
        }
    }

    @Test(arguments: Language.allCases)
    func everyPageIsAWholeDocumentInItsLanguage(_ language: Language) async throws {
        try await scratch.addEvents(30)
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            for page in Self.shown {
                let answer = try await browser.get(try #require(page.samplePath), language: language.rawValue)
                guard answer.headers[.contentType]?.hasPrefix("text/html") == true, !answer.text.isEmpty,
                    answer.text.hasPrefix("<!doctype html>")
                else {
                    // A file, or a part of a page.
                    #expect(answer.status < 400 || answer.status == 404, "\(page.name): \(answer.status)")
                    continue
                }
                let text = answer.text
                let here = "\(page.name) in \(language)"
                #expect(text.contains("<html lang=\"\(language.rawValue)\""), "\(here)")
                #expect(text.matches(of: /<h1[ >]/).count == 1, "\(here) has one heading of the first rank")
                #expect(text.matches(of: /<main\b/).count == 1, "\(here)")
                #expect(text.contains("href=\"#main\""), "\(here) has a link to skip the navigation")
                if page.place != nil, answer.status == 200 {
                    #expect(text.contains("aria-current=\"page\""), "\(here)")
                }
                #expect(text.matches(of: /\son[a-z]+="/).isEmpty, "\(here): no handler in an attribute")
                #expect(text.matches(of: /\sstyle="/).isEmpty, "\(here): the policy allows no style in an attribute")
                #expect(text.matches(of: /<script(?![^>]*src=)(?![^>]*json)/).isEmpty, "\(here): no script within")
                #expect(text.matches(of: /<style/).isEmpty, "\(here): no style within")
                #expect(text.matches(of: /\{\{|\}\}/).isEmpty, "\(here): a tag was left")
                #expect(!answer.headers[values: .contentSecurityPolicy].joined().contains("unsafe"), "\(here)")
                let ids = text.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
                #expect(Set(ids).count == ids.count, "\(here): an id is there twice: \(repeated(ids))")
                for match in text.matches(of: /\bfor="([^"]+)"/) {
                    #expect(ids.contains(String(match.1)), "\(here): a label of nothing, '\(match.1)'")
                }
                for match in text.matches(of: /<form[^>]*method="post"[^>]*>(?s:.*?)<\/form>/) {
                    #expect(
                        match.0.contains("name=\"csrf\" value=\"\(browser.csrf)\""), "\(here): a form without token")
                }
            }
        }
    }

    private func repeated(_ ids: [String]) -> [String] {
        Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys.sorted()
    }

    @Test func whoHasNotSignedInIsAskedToAndLedBack() async throws {
        _ = try await scratch.owner()
        try await scratch.run { client async throws in
            for page in Self.shown {
                guard case .scope = page.access else { continue }
                let path = try #require(page.samplePath)
                for headers: HTTPFields in [[:], [.cookie: "dangol_session=wrong"], [.authorization: "Bearer dsk_x"]] {
                    let answer = try await client.call(.get, path, headers: headers)
                    #expect(answer.status == 303, "\(page.name)")
                    #expect(answer.headers[.location] == "/signin?next=" + PageCall.escape(path), "\(page.name)")
                }
            }
        }
    }

    @Test func aFormWithoutTheSessionsTokenChangesNothing() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let cookie: HTTPFields = [.cookie: browser.cookie]
            for page in ConsolePages.all where page.method == .post && page.access != .open {
                let path = page.path.replacing("{workspace}", with: "default")
                    .replacing(/\{[a-z]+\}/) { _ in "x" }
                for body in ["", "csrf=", "csrf=0000", "csrf=\(browser.csrf)0"] {
                    let answer = try await client.call(
                        .post, path, headers: cookie, body: body, mediaType: "application/x-www-form-urlencoded")
                    #expect(answer.status == 403, "\(page.name): \(answer.status)")
                }
                var foreign = cookie
                foreign[HTTPField.Name.fetchSite] = "cross-site"
                let answer = try await client.call(
                    .post, path, headers: foreign, body: "csrf=\(browser.csrf)",
                    mediaType: "application/x-www-form-urlencoded")
                #expect(answer.status == 403, "\(page.name) from another site")
            }
        }
    }

    @Test func pagesOfAnotherWorkspaceAreClosed() async throws {
        _ = try scratch.installation.createWorkspace("other", by: .commandLine)
        try await scratch.addEvents(5, workspace: "other", person: "SECRET")
        try await addRoles()
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch, as: "owner@example.com")
            for page in Self.shown {
                let path = try #require(page.samplePath).replacing("/w/default/", with: "/w/other/")
                let answer = try await browser.get(path)
                guard case .scope = page.access else { continue }
                #expect(answer.status == 403, "\(page.name)")
                #expect(!answer.text.contains("SECRET"), "\(page.name)")
            }
            let missing = try await browser.get("/w/nowhere/home")
            #expect(missing.status == 403, "nobody learns which workspaces there are")
            #expect(try await browser.get("/w/..%2F..%2Fetc/home").status == 400)
        }
    }

    @Test func theNavigationShowsWhatTheRoleMayOpen() async throws {
        try await addRoles()
        let scratch = scratch
        try await scratch.run { client async throws in
            let viewer = try await PageBrowser(client, scratch, as: "viewer@example.com")
            let text = try await viewer.get("/w/default/home").text
            #expect(!text.contains("href=\"/w/default/live\""))
            #expect(!text.contains("href=\"/w/default/people\"") && !text.contains("role=\"search\""))
            #expect(text.contains("href=\"/w/default/settings\""))
            let owner = try await PageBrowser(client, scratch, as: "owner@example.com")
            #expect(try await owner.get("/w/default/home").text.contains("href=\"/w/default/live\""))
        }
    }

    @Test func hostileNamesStayText() async throws {
        let hostile = "<script>alert('김')</script>\"&"
        let live = try scratch.installation.workspace("default")
        try live.settings.set(
            {
                var settings = live.settings.current
                settings.title = hostile
                return settings
            }())
        try await live.log.append([
            Event(
                person: hostile, name: hostile, time: scratch.installation.now() - 1000,
                properties: [.init(hostile, .string(hostile)), .init("title", .string("{{t:nav.home}} {{{csrf}}}"))])
        ])
        try live.catchUp()
        let scratch = scratch
        _ = try await scratch.installation.access.addUser(
            email: "x@example.com", name: hostile, password: ServerScratch.password, role: .owner,
            workspace: "default", by: .commandLine)
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch, as: "x@example.com")
            for path in [
                "home", "live", "live?event=" + PageCall.escape(hostile), "settings/members", "settings/audit",
            ] {
                let text = try await browser.get("/w/default/" + path).text
                #expect(!text.contains("<script>alert"), "\(path)")
                #expect(text.contains("&lt;script&gt;alert(&#39;김&#39;)&lt;/script&gt;&quot;&amp;"), "\(path)")
            }
            #expect(try await browser.get("/w/default/live").text.contains("{{t:nav.home}} {{{csrf}}}"))
        }
    }

    @Test func whatIsNotThereIsAPageForPeopleAndAProblemForPrograms() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.get("/w/default/nothing")
            #expect(page.status == 404 && page.text.contains("There is nothing here"))
            #expect(try await client.get("/w/default/nothing").code == "not_found")
            let person = try await browser.get("/w/default/live?person=p_nobody")
            #expect(person.status == 404 && person.text.contains("aria-current"), "with the way to elsewhere")
        }
    }
}
