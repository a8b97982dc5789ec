package import HTTPTypes
import Hummingbird

/// One page of the console, or one thing that a form of it does. Router, navigation and the tests of every page are
/// made of the list of these (`ConsolePages.all`).
///
/// ```swift
/// .get("audiences/{name}", name: "audience", in: .audiences, access: .scope(.audiencesRead)) { call in
///     let audience = try call.workspace().audiences.audience(try call.pathParameter("name"))
///     return .page("audiences/one", title: audience.name, ["size": .text(call.format.number(audience.size))])
/// }
/// ```
package struct ConsolePage: Sendable {
    package var method: HTTPRequest.Method
    /// The whole path, `/w/{workspace}/people/{key}`.
    package var path: String
    /// Unique: `person`. The log and the metrics count by it.
    package var name: String
    /// What the navigation marks as current; nil outside of a workspace.
    package var place: NavigationItem?
    package var access: APIRoute.Guard
    /// The rest of the path and the query, with which tests try the page against the workspace `default`:
    /// `people/nobody`. Without it the path itself, when it has no parameters.
    package var sample: String?
    /// Bytes of a form; nil is the server's general limit.
    package var bodyBytes: Int?
    /// Whether its answer goes on until the reader leaves.
    package var isEndless = false
    package var handler: @Sendable (PageCall) async throws -> PageAnswer

    package typealias Handler = @Sendable (PageCall) async throws -> PageAnswer

    /// A page. Its path is below the workspace.
    package static func get(
        _ path: String, name: String, in place: NavigationItem?, access: APIRoute.Guard, sample: String? = nil,
        _ handler: @escaping Handler
    ) -> ConsolePage {
        ConsolePage(
            method: .get, path: "/w/{workspace}/" + path, name: name, place: place, access: access, sample: sample,
            handler: handler)
    }

    /// What a form does, whose answer leads to a page.
    package static func post(
        _ path: String, name: String, in place: NavigationItem?, access: APIRoute.Guard, sample: String? = nil,
        bodyBytes: Int? = nil, _ handler: @escaping Handler
    ) -> ConsolePage {
        ConsolePage(
            method: .post, path: "/w/{workspace}/" + path, name: name, place: place, access: access, sample: sample,
            bodyBytes: bodyBytes, handler: handler)
    }

    /// The same, for a stream.
    package func endless() -> ConsolePage {
        var copy = self
        copy.isEndless = true
        return copy
    }

    /// A page that belongs to no workspace, such as the one for signing in. Its path is the whole path.
    package static func outside(
        _ method: HTTPRequest.Method, _ path: String, name: String, access: APIRoute.Guard,
        _ handler: @escaping Handler
    ) -> ConsolePage {
        ConsolePage(method: method, path: path, name: name, place: nil, access: access, handler: handler)
    }

    /// The address with which a test tries it; nil when the path has parameters and there is no
    /// sample, and for streams.
    package var samplePath: String? {
        if isEndless { return nil }
        if let sample { return "/w/default/" + sample }
        let path = path.replacing("{workspace}", with: "default")
        return path.contains("{") ? nil : path
    }

    func route(_ parts: ServerParts) -> APIRoute {
        let page = self
        var route = APIRoute(
            method, path, name: "page." + name, group: "Console", name, access: access,
            answers: [.text("text/html", summary: "A page")]
        ) { call in
            await PageRenderer.respond(page, call)
        }
        for match in path.matches(of: /\{([a-z]+)\}/) { route = route.pathParameter(String(match.1), "") }
        route.isHidden = true
        route.isPage = true
        route.bodyBytes = bodyBytes
        if method == .post { route.body = .form(.any) }
        route.problemResponse = { problem, request, requestID in
            PageRenderer.refusal(problem, request, parts, requestID: requestID)
        }
        return route
    }
}

/// What the navigation holds, in its order.
package enum NavigationItem: String, Sendable, Hashable, CaseIterable {
    case home, live, intent, people, insights, journey, content, audiences, items, recommendations, data, settings

    /// The page that it leads to, below the workspace.
    var path: String { rawValue }

    /// A symbol of `assets/icons.svg`.
    var icon: String { rawValue }

    var textKey: String { "nav." + rawValue }
}
