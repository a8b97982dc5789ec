import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Settings
import Testing

@testable import Server

/// Signing in, settings, and what else forms do without a script.
struct ConsoleFormTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    private static let type = "application/x-www-form-urlencoded"

    private static func body(_ fields: KeyValuePairs<String, String>) -> String {
        fields.map { "\($0.key)=\(PageCall.escape($0.value))" }.joined(separator: "&")
    }

    // MARK: Signing in

    @Test func theFirstOwnerIsMadeByAFormAndLandsOnTheHomePage() async throws {
        let token = try #require(try scratch.installation.access.makeSetupToken())
        try await scratch.run { client async throws in
            #expect(try await client.get("/signin").text.contains("Nobody is here yet"))
            let short = try await client.call(
                .post, "/setup",
                body: Self.body(["token": token, "name": "김", "email": "a@b.kr", "password": "short"]),
                mediaType: Self.type)
            #expect(short.status == 422 && short.text.contains("role=\"alert\"") && short.text.contains("value=\"김\""))
            #expect(short.text.contains("a password of at least 10 characters"))
            let korean = try await client.call(
                .post, "/setup", headers: [.cookie: "dangol_language=ko"],
                body: Self.body(["token": token, "name": "김", "email": "a@b.kr", "password": "short"]),
                mediaType: Self.type)
            #expect(korean.status == 422 && korean.text.contains("10자 이상의 비밀번호"), "what is wrong, in Korean")
            let unknown = try await client.get("/setup?token=wrong")
            #expect(unknown.status == 403 && unknown.text.contains("prints a new one"))
            let made = try await client.call(
                .post, "/setup",
                body: Self.body(
                    ["token": token, "name": "김", "email": "a@b.kr", "password": "long enough"]),
                mediaType: Self.type)
            #expect(made.status == 303 && made.headers[.location] == "/w/default/home")
            let cookie = String(try #require(made.headers[.setCookie]).prefix { $0 != ";" })
            #expect(try await client.call(.get, "/w/default/home", headers: [.cookie: cookie]).status == 200)
            let used = try await client.get("/setup?token=\(token)")
            #expect(used.status == 403 && used.text.contains("made already") && used.text.contains("href=\"/signin\""))
        }
    }

    @Test func signingInLeadsWhereOneWantedToGoAndNowhereElse() async throws {
        _ = try await scratch.owner()
        try await scratch.run { client async throws in
            func signIn(_ password: String, next: String) async throws -> Client.Answer {
                try await client.call(
                    .post, "/signin",
                    body: Self.body(["email": "owner@example.com", "password": password, "next": next]),
                    mediaType: Self.type)
            }
            let good = try await signIn(ServerScratch.password, next: "/w/default/live?event=A%20B")
            #expect(good.status == 303 && good.headers[.location] == "/w/default/live?event=A%20B")
            for evil in [
                "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\u{1F4A9}",
            ] {
                #expect(try await signIn(ServerScratch.password, next: evil).headers[.location] == "/w/default/home")
            }
            let wrong = try await signIn("wrong", next: "/w/default/live")
            #expect(wrong.status == 401 && wrong.text.contains("value=\"owner@example.com\""))
            #expect(wrong.text.contains("name=\"next\" value=\"/w/default/live\"") && wrong.headers[.setCookie] == nil)
        }
    }

    @Test func aFormFromAnotherSiteSignsNobodyIn() async throws {
        _ = try await scratch.owner()
        try await scratch.run { client async throws in
            let answer = try await client.call(
                .post, "/signin", headers: [HTTPField.Name.fetchSite: "cross-site"],
                body: Self.body(["email": "owner@example.com", "password": ServerScratch.password]),
                mediaType: Self.type)
            #expect(answer.status == 403 && answer.headers[.setCookie] == nil)
        }
    }

    @Test func aLinkThatWorksOnceSignsIn() async throws {
        let owner = try await scratch.owner()
        let token = try scratch.installation.access.createSignInToken(user: owner.id, by: .commandLine)
        try await scratch.run { client async throws in
            let good = try await client.get("/signin?token=\(token)")
            #expect(good.status == 303 && good.headers[.location] == "/w/default/home")
            #expect(good.headers[.setCookie]?.contains("HttpOnly") == true)
            for bad in [token, "bad"] {
                let answer = try await client.get("/signin?token=\(bad)")
                #expect(answer.status == 403 && answer.text.contains("used already"))
                #expect(answer.headers[.setCookie] == nil)
            }
        }
    }

    @Test func signingOutEndsTheSession() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/").headers[.location] == "/w/default/home")
            let out = try await browser.post("/signout", [:])
            #expect(out.headers[.location] == "/signin")
            #expect(try await browser.get("/w/default/home").status == 303)
            #expect(try await browser.get("/").headers[.location] == "/signin")
        }
    }

    @Test func aChangedPasswordEndsAllOtherSessions() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let other = try await PageBrowser(client, scratch)
            let path = "/w/default/settings/account/password"
            let wrong = try await browser.post(path, ["current": "not it at all", "new": "a new password"])
            #expect(wrong.status == 422 && wrong.text.contains("aria-invalid=\"true\""))
            let short = try await browser.post(path, ["current": ServerScratch.password, "new": "short"])
            #expect(short.status == 422)
            let done = try await browser.post(path, ["current": ServerScratch.password, "new": "a new password"])
            #expect(done.status == 303)
            #expect(try await other.get("/w/default/home").status == 303, "signed out")
            let cookie = try #require(
                done.headers[values: .setCookie].first { $0.hasPrefix(RequestGate.sessionCookie) })
            let page = try await client.call(
                .get, "/w/default/home", headers: [.cookie: String(cookie.prefix { $0 != ";" })])
            #expect(page.status == 200, "who changed it stays")
        }
    }

    // MARK: Choices

    @Test func languageAndThemeAreRemembered() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let set = try await browser.post(
                "/preferences", ["language": "ko", "theme": "dark", "back": "/w/default/settings"])
            #expect(set.headers[.location] == "/w/default/settings")
            #expect(set.headers[values: .setCookie].count == 2)
            let page = try await browser.get("/w/default/settings", language: "ko", cookies: "; dangol_theme=dark")
            #expect(page.text.contains("<html lang=\"ko\" data-theme=\"dark\">") && page.text.contains("워크스페이스"))
            let asked = try await client.call(.get, "/signin", headers: [.acceptLanguage: "ko"])
            #expect(asked.text.contains("로그인") && asked.headers[.vary]?.contains("Accept-Language") == true)
        }
    }

    // MARK: Settings

    @Test func settingsAreChangedCheckedAndAudited() async throws {
        let scratch = scratch
        let live = try scratch.installation.workspace("default")
        let form: KeyValuePairs = [
            "title": " 우리 가게 ", "timeZone": "Asia/Seoul", "weekStart": "sunday", "currency": "krw",
            "locale": "ko-KR", "sessionMinutes": "45",
        ]
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let saved = try await browser.post("/w/default/settings", form)
            let flash = try #require(saved.headers[values: .setCookie].first { $0.hasPrefix("dangol_flash=") })
            #expect(saved.status == 303)
            #expect(
                live.settings.current
                    == WorkspaceSettings(
                        title: "우리 가게", timeZone: "Asia/Seoul", weekStart: .sunday, currency: "KRW", locale: "ko-KR",
                        sessionMinutes: 45))
            let shown = try await browser.get(
                "/w/default/settings", cookies: "; " + flash.prefix { $0 != ";" })
            #expect(shown.text.contains("class=\"toast done\"") && shown.text.contains("우리 가게"))
            #expect(
                shown.headers[values: .setCookie].contains { $0.hasPrefix("dangol_flash=; Path=/; Max-Age=0") },
                "shown once")
            let wrong = try await browser.post(
                "/w/default/settings",
                ["timeZone": "Mars/Olympus", "currency": "KRW", "locale": "ko", "sessionMinutes": "9"])
            #expect(wrong.status == 422 && wrong.text.contains("field-timeZone-error"))
            #expect(live.settings.current.timeZone == "Asia/Seoul")
            let entry = try #require(
                try scratch.installation.access.audit(workspace: "default", limit: 5)
                    .first { $0.action == "settings.changed" })
            #expect(entry.detail["sessionMinutes"] == "30 → 45")
            #expect(try await browser.get("/w/default/settings/audit").text.contains("settings.changed"))
        }
        // What was chosen is there after the next start.
        #expect(try SettingsService(state: live.state, standard: .korean).current.sessionMinutes == 45)
    }

    @Test func theSameSettingsOverTheAPI() async throws {
        let reads = try scratch.key([.query])
        let writes = try scratch.key([.query, .settingsWrite])
        try await scratch.run { client async throws in
            let body = #"{"timeZone":"Europe/Berlin","title":"Laden"}"#
            #expect(try await client.call(.patch, "/v1/settings", key: reads, body: body).status == 403)
            let changed = try await client.call(.patch, "/v1/settings", key: writes, body: body)
            #expect(changed.status == 200)
            #expect(try await client.get("/v1/settings", key: reads).json()["timeZone"]?.text == "Europe/Berlin")
            let bad = try await client.call(.patch, "/v1/settings", key: writes, body: #"{"currency":"won"}"#)
            #expect(bad.status == 400)
            #expect(try bad.json()["field"]?.text == "currency")
            let unknown = try await client.call(.patch, "/v1/settings", key: writes, body: #"{"timezone":"UTC"}"#)
            #expect(unknown.status == 400)
        }
    }

    @Test func theMachineDecidesUntilSomebodyDoes() {
        func standard(_ environment: [String: String], _ zone: String) -> WorkspaceSettings {
            .standard(environment: environment, timeZone: zone)
        }
        #expect(standard(["LANG": "ko_KR.UTF-8"], "Etc/UTC") == .korean)
        #expect(standard(["LANG": "en_US.UTF-8"], "Asia/Seoul") == .korean)
        #expect(standard(["LC_ALL": "en_US", "LANG": "ko_KR"], "GMT").timeZone == "UTC")
        #expect(standard([:], "America/New_York").weekStart == .sunday)
    }

    @Test func membersAreAddedChangedAndRemoved() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let missing = try await browser.post(
                "/w/default/settings/members", ["email": "new@example.com", "role": "agent"])
            #expect(missing.status == 422, "who is new needs a password")
            let added = try await browser.follow(
                try await browser.post(
                    "/w/default/settings/members",
                    ["email": "new@example.com", "name": "이지은", "password": "long enough", "role": "agent"]))
            #expect(added.text.contains("이지은"))
            let id = try #require(try scratch.installation.access.user("new@example.com")?.id)
            _ = try await browser.post("/w/default/settings/members/\(id)/role", ["role": "editor"])
            #expect(try scratch.installation.access.user(id)?.role(in: "default") == .editor)
            _ = try await browser.post("/w/default/settings/members/\(id)/remove", [:])
            #expect(try scratch.installation.access.user(id)?.role(in: "default") == nil)
            let owner = try #require(try scratch.installation.access.user("owner@example.com")?.id)
            let refused = try await browser.post("/w/default/settings/members/\(owner)/remove", [:])
            #expect(refused.status == 403, "an owner of everything is no member of one workspace")
        }
    }

    @Test func aKeysTextIsShownOnceAndARevokedKeyIsRefused() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let made = try await browser.post(
                "/w/default/settings/keys", ["name": "매장 앱", "kind": "api", "scope": "query"])
            let secret = String(try #require(made.text.firstMatch(of: /dsk_[a-z0-9]{40}/)).0)
            #expect(made.status == 200 && made.headers[.cacheControl] == "no-store")
            #expect(try await client.get("/v1/stats", key: secret).status == 200)
            let list = try await browser.get("/w/default/settings/keys").text
            #expect(list.contains("매장 앱") && !list.contains(secret))
            let id = try #require(try scratch.installation.access.keys(workspace: "default").first?.id)
            _ = try await browser.post("/w/default/settings/keys/\(id)/revoke", [:])
            #expect(try await client.get("/v1/stats", key: secret).status == 401)
            let none = try await browser.post("/w/default/settings/keys", ["name": "x", "kind": "api"])
            #expect(none.status == 422, "an API key needs a scope")
        }
    }

    @Test func theTimeThatEventsAreKeptIsSet() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            _ = try await browser.post("/w/default/settings/storage", ["days": "730"])
            #expect(try scratch.installation.workspace("default").log.statistics.retention == 730 * 86_400_000)
            #expect(try await browser.get("/w/default/settings/storage").text.contains("2 years"))
            _ = try await browser.post("/w/default/settings/storage", ["days": "0"])
            #expect(try scratch.installation.workspace("default").log.statistics.retention == nil)
            #expect(try await browser.post("/w/default/settings/storage", ["days": "-1"]).status == 400)
        }
    }
}
