import Access
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Server

struct SessionRouteTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    private static let signIn = #"{"email":"owner@example.com","password":"correct horse"}"#

    /// Signs in and gives the headers of a browser that did.
    private static func headers(_ client: Client) async throws -> (cookie: HTTPFields, withToken: HTTPFields) {
        let answer = try await client.call(.post, "/v1/session", body: signIn)
        #expect(answer.status == 201)
        let cookie = try #require(answer.headers[.setCookie]).prefix { $0 != ";" }
        let token = try #require(try answer.json()["csrfToken"]?.text)
        return ([.cookie: String(cookie)], [.cookie: String(cookie), HTTPField.Name.csrfToken: token])
    }

    @Test func theFirstOwnerIsMadeByTheLinkAndIsSignedIn() async throws {
        let token = try #require(try scratch.installation.access.makeSetupToken())
        try await scratch.run { client async throws in
            let page = try await client.get("/setup?token=\(token)")
            #expect(page.status == 200)
            #expect(page.text.contains("name=\"token\" value=\"\(token)\""))
            #expect(try await client.get("/setup?token=wrong").status == 403)
            let body = #"{"token":"\#(token)","email":"owner@example.com","password":"correct horse"}"#
            let made = try await client.call(.post, "/v1/setup", body: body)
            #expect(made.status == 201)
            #expect(made.headers[.setCookie]?.contains("HttpOnly; SameSite=Lax") == true)
            #expect(try await client.call(.post, "/v1/setup", body: body).status == 403, "once")
            #expect(try await client.get("/setup?token=\(token)").status == 403)
        }
    }

    @Test func aSessionActsInEveryWorkspaceOfItsUserUntilItIsOver() async throws {
        _ = try await scratch.owner()
        _ = try scratch.installation.createWorkspace("shop", by: .commandLine)
        try await scratch.addEvents(4, workspace: "shop")
        try await scratch.run { client async throws in
            let (cookie, token) = try await Self.headers(client)
            let stats = try await client.call(.get, "/v1/stats?workspace=shop", headers: cookie)
            #expect(try stats.json()["events"]?.number == 4)
            let names = try await client.call(.get, "/v1/workspaces", headers: cookie).json()["workspaces"]?.list
            #expect(names?.compactMap { $0["name"]?.text } == ["default", "shop"])
            #expect(try await client.call(.delete, "/v1/session", headers: token).status == 204)
            #expect(try await client.call(.get, "/v1/stats", headers: cookie).status == 401)
        }
    }

    @Test func aChangeWithACookieNeedsTheTokenToo() async throws {
        _ = try await scratch.owner()
        try await scratch.run { client async throws in
            let (cookie, token) = try await Self.headers(client)
            let body = #"{"kind":"write"}"#
            let forged = try await client.call(.post, "/v1/keys", headers: cookie, body: body)
            #expect(forged.status == 403)
            #expect(forged.code == "csrf")
            var wrong = cookie
            wrong[HTTPField.Name.csrfToken] = String(repeating: "0", count: 64)
            #expect(try await client.call(.post, "/v1/keys", headers: wrong, body: body).status == 403)
            #expect(try await client.call(.post, "/v1/keys", headers: token, body: body).status == 201)
        }
    }

    @Test func guessingIsSlowedDownWithTheTimeToComeBack() async throws {
        _ = try await scratch.owner()
        let wrong = #"{"email":"owner@example.com","password":"wrong"}"#
        try await scratch.run { client async throws in
            for _ in 0..<AttemptLimiter.freeFailures {
                let answer = try await client.call(.post, "/v1/session", body: wrong)
                #expect(answer.status == 401)
                #expect(!answer.text.contains("owner@example.com"))
            }
            let answer = try await client.call(.post, "/v1/session", body: Self.signIn)
            #expect(answer.status == 429)
            #expect(answer.code == "too_many_attempts")
            #expect(answer.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
        }
    }

    @Test func aPasswordIsSetOnlyOfWhoBelongsHereAloneAndMayDoNoMore() async throws {
        let access = scratch.installation.access
        _ = try scratch.installation.createWorkspace("other", by: .commandLine)
        func add(_ email: String, _ role: Role, _ workspaces: String...) async throws -> String {
            var id = ""
            for workspace in workspaces {
                id = try await access.addUser(
                    email: email, name: "", password: ServerScratch.password, role: role, workspace: workspace,
                    by: .commandLine
                ).id
            }
            return id
        }
        let viewer = try await add("viewer@example.com", .viewer, "default")
        let editor = try await add("editor@example.com", .editor, "default")
        let both = try await add("both@example.com", .viewer, "default", "other")
        let everywhere = try await add("all@example.com", .viewer, User.everywhere)
        let elsewhere = try await add("elsewhere@example.com", .viewer, "other")
        let key = try scratch.key(Role.viewer.scopes.union([.usersManage]))
        try await scratch.run { client async throws in
            func set(_ user: String, _ password: String = "another horse") async throws -> Int {
                try await client.call(
                    .put, "/v1/users/\(user)/password", key: key, body: #"{"password":"\#(password)"}"#
                ).status
            }
            #expect(try await set(viewer) == 204)
            #expect(try await set(viewer, "short") == 400)
            #expect(try await set(editor) == 403, "an editor may do more than this key")
            #expect(try await set(both) == 403)
            #expect(try await set(everywhere) == 403)
            #expect(try await set(elsewhere) == 404, "of others nobody learns whether they are there")
        }
        func signsIn(_ email: String, _ password: String) async -> Bool {
            await (try? access.signIn(email: email, password: password, address: nil)) != nil
        }
        #expect(await signsIn("viewer@example.com", "another horse"))
        #expect(await !signsIn("viewer@example.com", ServerScratch.password))
        for email in ["editor@example.com", "both@example.com", "all@example.com", "elsewhere@example.com"] {
            #expect(await signsIn(email, ServerScratch.password), "\(email) has the password as before")
        }
    }

    @Test func rolesDecideWhatAUserMayDo() async throws {
        let access = scratch.installation.access
        for role in Role.allCases {
            _ = try await access.addUser(
                email: "\(role.rawValue)@example.com", name: "", password: ServerScratch.password, role: role,
                workspace: "default", by: .commandLine)
        }
        let routes = RouteTable.standard(scratch.parts).routes
        try await scratch.run { client async throws in
            for role in Role.allCases {
                let body = #"{"email":"\#(role.rawValue)@example.com","password":"correct horse"}"#
                let answer = try await client.call(.post, "/v1/session", body: body)
                let cookie = try #require(answer.headers[.setCookie]).prefix { $0 != ";" }
                for route in routes where route.method == .get {
                    guard case .scope(let scope) = route.access, let sample = route.sample else { continue }
                    let answer = try await client.call(.get, sample.path, headers: [.cookie: String(cookie)])
                    let isEnough = role.scopes.isSuperset(of: route.furtherScopes.union([scope]))
                    #expect((answer.status == 403) == !isEnough, "\(role) \(route.name)")
                }
                let made = try await client.call(
                    .post, "/v1/workspaces", headers: [.cookie: String(cookie)], body: #"{"name":"x"}"#)
                #expect(made.status == 403, "a role in one workspace owns no installation")
            }
        }
    }

    @Test func theCookieIsForHTTPSOnlyWhenPeopleComeByHTTPS() async throws {
        var settings = ServerSettings()
        settings.publicURL = "https://dangol.example.com"
        let scratch = try ServerScratch(settings)
        _ = try await scratch.owner()
        try await scratch.run { client async throws in
            let answer = try await client.call(.post, "/v1/session", body: Self.signIn)
            #expect(answer.headers[.setCookie]?.hasSuffix("; Secure") == true)
            #expect(answer.headers[.strictTransportSecurity] != nil)
        }
    }
}
