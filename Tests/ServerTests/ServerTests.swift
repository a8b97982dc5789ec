import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Server

struct RouteTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    private var routes: [APIRoute] { RouteTable.standard(scratch.parts).routes }

    @Test func theDocumentHasExactlyTheRoutesThatAreServed() async throws {
        let document = try await scratch.run { try await $0.get("/openapi.json") }.json()
        #expect(document["openapi"]?.text == "3.1.0")
        var documented: Set<String> = []
        for (path, operations) in document["paths"]?.members ?? [:] {
            for method in operations.members.keys { documented.insert("\(method.uppercased()) \(path)") }
        }
        let served = Set(routes.filter { !$0.isHidden }.map { "\($0.method.rawValue) \($0.path)" })
        #expect(documented == served)
        #expect(Set(routes.map(\.name)).count == routes.count, "names are unique")
    }

    @Test func everyRouteIsReachedAndNoneAnswersThatThereIsNothing() async throws {
        // A route that the router did not know would be a 404 of the router, which names /openapi.json.
        let routes = routes
        try await scratch.run { client async throws in
            for route in routes {
                let answer = try await client.call(
                    route.method, route.path.replacing("{id}", with: "x"), body: route.method == .get ? nil : "{}")
                #expect(answer.status != 405 && !answer.text.contains("nothing at this address"), "\(route.name)")
            }
        }
    }

    @Test func everyParameterInAPathIsDeclared() {
        for route in routes {
            let inPath = Set(route.path.matches(of: /\{([a-z]+)\}/).map { String($0.1) })
            let declared = Set(route.parameters.filter { $0.place == .path }.map(\.name))
            #expect(inPath == declared, "\(route.name)")
        }
    }

    @Test func everyRouteThatReadsOrChangesAWorkspaceNeedsAScope() {
        let open = Set(routes.filter { $0.access == .open }.map(\.name))
        #expect(
            open.subtracting(routes.filter(\.isPage).map(\.name)) == [
                "health", "ready", "signIn", "setUp", "openAPI", "browserScript", "asset", "favicon",
            ])
        for route in routes where route.path.hasPrefix("/v1/") && route.access != .open {
            if case .scope = route.access { continue }
            #expect(
                ["whoAmI", "signOut", "changePassword", "listWorkspaces", "createWorkspace"].contains(route.name)
                    || route.access == .writeKey, "\(route.name)")
        }
    }

    @Test func everyReferenceOfTheDocumentLeadsSomewhere() throws {
        let document = OpenAPIDocument.make(routes)
        let known = Set((document["components"]?["schemas"]?.members ?? [:]).keys)
        let text = String(decoding: try JSONText.encode(document), as: UTF8.self)
        for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
            #expect(known.contains(String(match.1)))
        }
    }
}

struct AuthorizationTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    /// The path of a sample with a parameter more.
    private static func path(_ sample: APIRoute.Sample, workspace: String) -> String {
        sample.path + (sample.path.contains("?") ? "&" : "?") + "workspace=\(workspace)"
    }

    @Test func noRouteThatNeedsAScopeServesAnybodyWithoutAKey() async throws {
        let routes = RouteTable.standard(scratch.parts).routes
        try await scratch.run { client async throws in
            for route in routes where !route.isPage {
                guard case .scope = route.access else { continue }
                let path = route.sample?.path ?? route.path
                for headers: HTTPFields in [
                    [:], [.authorization: "Bearer dsk_wrong"], [.authorization: "Basic !!!"],
                    [.authorization: "Bearer"],
                    [.authorization: "Digest x"], [.cookie: "dangol_session=wrong"],
                ] {
                    let answer = try await client.call(
                        route.method, path, headers: headers, body: route.sample?.body,
                        mediaType: route.sample?.mediaType ?? "application/json")
                    #expect(answer.status == 401, "\(route.name) \(headers)")
                    #expect(answer.headers[.contentType] == "application/problem+json")
                    #expect(answer.headers[.wwwAuthenticate] != nil)
                }
            }
        }
    }

    @Test func aWriteKeyReadsNothing() async throws {
        let key = try scratch.writeKey()
        let routes = RouteTable.standard(scratch.parts).routes
        try await scratch.run { client async throws in
            for route in routes where !route.isPage {
                guard case .scope = route.access else { continue }
                let answer = try await client.call(
                    route.method, route.sample?.path ?? route.path, key: key, body: route.sample?.body,
                    mediaType: route.sample?.mediaType ?? "application/json")
                #expect(answer.status == 403, "\(route.name)")
            }
        }
    }

    @Test func eachScopeLetsInWhereItIsAskedForAndNowhereElse() async throws {
        let routes = RouteTable.standard(scratch.parts).routes.filter { $0.sample != nil }
        let keys = try Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, try scratch.key([$0])) })
        try await scratch.run { client async throws in
            for route in routes {
                guard case .scope(let needed) = route.access, let sample = route.sample else { continue }
                for (scope, key) in keys {
                    let answer = try await client.call(
                        route.method, sample.path, key: key, body: sample.body, mediaType: sample.mediaType)
                    let isEnough = scope == needed && route.furtherScopes.isEmpty
                    #expect((answer.status == 403) == !isEnough, "\(route.name) with \(scope): \(answer.status)")
                }
                guard !route.furtherScopes.isEmpty else { continue }
                let all = try scratch.key(route.furtherScopes.union([needed]))
                let answer = try await client.call(
                    route.method, sample.path, key: all, body: sample.body, mediaType: sample.mediaType)
                #expect(answer.status != 403, "\(route.name) with all that it needs")
            }
        }
    }

    @Test func nobodyTakesListsOutWhoOnlyWorksWithSinglePersons() throws {
        for route in RouteTable.standard(scratch.parts).routes {
            guard case .scope(let needed) = route.access else { continue }
            let needs = route.furtherScopes.union([needed])
            let isList = ["exportPeople", "exportEvents", "exportAudience", "exportHashedAudience", "sendAudience"]
            if isList.contains(route.name) { #expect(!needs.isSubset(of: Role.agent.scopes), "\(route.name)") }
            // Figures only: no scope of a viewer leads to a person.
            if needs.isSubset(of: Role.viewer.scopes) {
                #expect(!["audienceMembers", "explainAudience"].contains(route.name), "\(route.name)")
            }
        }
        #expect(!Role.agent.scopes.contains(.export) && !Role.viewer.scopes.contains(.peopleRead))
    }

    @Test func aKeyOfOneWorkspaceSeesNothingOfAnotherOnAnyRoute() async throws {
        _ = try scratch.installation.createWorkspace("other", by: .commandLine)
        try await scratch.addEvents(20, workspace: "other", person: "SECRET")
        try await scratch.addEvents(20, person: "mine")
        _ = try scratch.writeKey(workspace: "other")
        let mine = try scratch.key(Set(Scope.allCases))
        let routes = RouteTable.standard(scratch.parts).routes
        let others = try scratch.installation.access.keys(workspace: "other").map(\.display)
        try await scratch.run { client async throws in
            for route in routes where route.access != .open {
                guard let sample = route.sample else { continue }
                let own = try await client.call(
                    route.method, sample.path, key: mine, body: sample.body, mediaType: sample.mediaType)
                #expect(own.status < 500, "\(route.name)")
                #expect(!own.text.contains("SECRET"), "\(route.name)")
                for display in others { #expect(!own.text.contains(display), "\(route.name)") }
                if case .localOrScope = route.access { continue }
                for headers: HTTPFields in [[:], [HTTPField.Name.workspace: "other"]] {
                    let path = headers.isEmpty ? Self.path(sample, workspace: "other") : sample.path
                    let answer = try await client.call(
                        route.method, path, key: mine, headers: headers, body: sample.body, mediaType: sample.mediaType)
                    #expect(answer.status == 403, "\(route.name): \(answer.status)")
                    #expect(!answer.text.contains("SECRET"), "\(route.name)")
                }
            }
            // The same answer for a workspace that there is not: nobody learns which there are.
            let missing = try await client.get("/v1/stats?workspace=nowhere", key: mine)
            #expect(missing.status == 403)
        }
        #expect(try scratch.installation.workspace("other").log.statistics.events == 20, "nothing was changed")
    }

    @Test func basicAuthenticationTakesTheKeyAsUserName() async throws {
        let key = try scratch.key([.query])
        let basic = Data("\(key):".utf8).base64EncodedString()
        try await scratch.run { client async throws in
            let answer = try await client.call(.get, "/v1/stats", headers: [.authorization: "Basic \(basic)"])
            #expect(answer.status == 200)
        }
    }

    @Test func aRevokedKeyIsRefused() async throws {
        let made = try scratch.installation.access.createKey(
            workspace: "default", kind: .api, name: "x", scopes: [.query], by: .commandLine)
        try await scratch.run { client async throws in
            #expect(try await client.get("/v1/stats", key: made.secret).status == 200)
        }
        _ = try scratch.installation.access.revokeKey(made.key.id, by: .commandLine)
        try await scratch.run { client async throws in
            #expect(try await client.get("/v1/stats", key: made.secret).status == 401)
        }
    }

    @Test func metricsAreForTheSameMachineOrAScope() async throws {
        let key = try scratch.key([.metricsRead])
        let other = try scratch.key([.query])
        try await scratch.run { client async throws in
            // Without a socket nobody knows where the caller is.
            #expect(try await client.get("/metrics").status == 401)
            #expect(try await client.get("/metrics", key: other).status == 403)
            #expect(try await client.get("/metrics", key: key).status == 200)
        }
        try await scratch.run(.live) { client async throws in
            #expect(try await client.get("/metrics").status == 200)
            let forwarded = try await client.call(
                .get, "/metrics", headers: [HTTPField.Name.forwardedFor: "203.0.113.9"])
            #expect(forwarded.status == 401, "a proxy on this machine is not this machine")
        }
    }
}
