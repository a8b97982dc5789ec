import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Decides whether a request is let in, by what its route declares: who asks, which workspace, how often, how much.
struct RequestGate: Sendable {
    let parts: ServerParts
    static let sessionCookie = "dangol_session"
    /// What a body that is read as it comes takes of the memory for bodies.
    private static let streamBytes = 1 << 20

    private struct Caller {
        var principal: Principal?
        var sessionToken: String?
        var address: String?
        var isLocal: Bool
    }

    func run(_ route: APIRoute, _ request: Request, _ context: ServerContext) async throws -> Response {
        let caller = try identify(route, request, context)
        try limitRate(route, caller)
        let workspace = try authorize(route, caller, request, context)
        try checkMediaType(route, request)
        var call = Call(
            request: request, route: route, parts: parts, principal: caller.principal, address: caller.address,
            sessionToken: caller.sessionToken, logger: context.logger, requestID: context.requestID,
            parameters: context.parameters, workspaceName: workspace)
        let bytes = try bodyBytes(route, request)
        guard parts.bodies.take(bytes) else {
            throw Problem.overloaded("too many bytes are being received", retrySeconds: 1)
        }
        defer { parts.bodies.give(back: bytes) }
        if route.isPage, case .form = route.body {
            let form = try FormValues(body: try await call.bytes().readableBytesView)
            try checkForm(form, caller, request)
            if form.pairs.contains(where: { $0.value.utf8.contains(0) }) { throw NullCharacter.refused }
            call.form = form
        }
        return try await route.handler(call)
    }

    /// A form of the console comes from a page of the console: the browser says so, and the session's token is in it.
    private func checkForm(_ form: FormValues, _ caller: Caller, _ request: Request) throws {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw RequestGate.forged
        }
        guard case .user(_, let session)? = caller.principal else { return }
        guard let csrf = form.raw("csrf"), Secrets.isEqual(csrf, session.csrfToken) else { throw RequestGate.forged }
    }

    private static var forged: Problem {
        Problem(
            .forbidden, "csrf",
            "a change needs the session's token in the header X-CSRF-Token, or in the field 'csrf' of a form")
    }

    // MARK: Who

    private func identify(_ route: APIRoute, _ request: Request, _ context: ServerContext) throws -> Caller {
        let forwarded = request.headers[.forwardedFor]
        let isLoopback = context.peer.map(RequestGate.isLoopback) ?? false
        var caller = Caller(address: context.peer?.ipAddress, isLocal: isLoopback && forwarded == nil)
        if parts.settings.trustsForwardedFor, let last = forwarded?.split(separator: ",").last {
            caller.address = last.trimmingCharacters(in: .whitespaces)
        }
        if route.access == .open || route.access == .writeKey { return caller }
        // Pages are for people: a key opens none.
        if !route.isPage, let secret = RequestGate.key(request.headers) {
            guard let key = try parts.installation.access.key(secret) else {
                throw Problem.unauthenticated("this key is not valid here, or has been revoked")
            }
            caller.principal = .key(key)
        } else if let token = RequestGate.cookie(request.headers) {
            guard let (user, session) = try parts.installation.access.session(token) else {
                throw Problem.unauthenticated("the session is over; sign in again")
            }
            if request.method != .get, request.method != .head, !route.isPage {
                guard let csrf = request.headers[.csrfToken], Secrets.isEqual(csrf, session.csrfToken) else {
                    throw RequestGate.forged
                }
            }
            caller.principal = .user(user, session)
            caller.sessionToken = token
        }
        return caller
    }

    /// The key of `Authorization: Bearer KEY`, or the user name of `Authorization: Basic`.
    static func key(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        switch parts[0].lowercased() {
        case "bearer": return parts[1].trimmingCharacters(in: .whitespaces)
        case "basic":
            guard let data = Data(base64Encoded: parts[1].trimmingCharacters(in: .whitespaces)) else { return "" }
            let text = String(decoding: data, as: UTF8.self)
            return String(text.prefix { $0 != ":" })
        // A way to sign in that is not known is no way in.
        default: return ""
        }
    }

    static func cookie(_ headers: HTTPFields, _ name: String = sessionCookie) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0] == name { return String(parts[1]) }
            }
        }
        return nil
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }

    // MARK: How often

    private func limitRate(_ route: APIRoute, _ caller: Caller) throws {
        // The handler finds the write key, and `admit` takes from its rate.
        if route.access == .writeKey { return }
        switch caller.principal {
        case .key(let key): try RequestGate.takeRate(parts, caller: key.id, isKnown: true)
        case .user(let user, _): try RequestGate.takeRate(parts, caller: user.id, isKnown: true)
        case nil: try RequestGate.takeRate(parts, caller: caller.address ?? "", isKnown: false)
        }
    }

    static func takeRate(_ parts: ServerParts, caller: String, isKnown: Bool) throws {
        let limiter = isKnown ? parts.rates : parts.anonymousRates
        if let seconds = limiter.take(caller, now: parts.installation.now()) {
            throw Problem.tooMany("too many requests", retrySeconds: seconds)
        }
    }

    // MARK: What

    /// - Returns: the workspace that the request is about.
    private func authorize(
        _ route: APIRoute, _ caller: Caller, _ request: Request, _ context: ServerContext
    ) throws -> String {
        let asked = try askedWorkspace(request, context)
        guard let principal = caller.principal else {
            switch route.access {
            case .open, .writeKey: return asked ?? Workspace.defaultName
            case .localOrScope where caller.isLocal || parts.settings.metricsAreOpen:
                return asked ?? Workspace.defaultName
            default: throw Problem.unauthenticated("this needs a key, or a session; see /openapi.json")
            }
        }
        let workspace = asked ?? RequestGate.standardWorkspace(principal)
        switch route.access {
        case .open, .writeKey: break
        case .known:
            // Of a workspace that is not theirs nobody learns whether it is there.
            if asked != nil, !principal.reaches(workspace) { throw RequestGate.notTheirs(workspace) }
        case .scope(let scope), .localOrScope(let scope):
            guard principal.reaches(workspace) else { throw RequestGate.notTheirs(workspace) }
            let held = principal.scopes(in: workspace)
            guard held.contains(scope), held.isSuperset(of: route.furtherScopes) else {
                throw Problem.forbidden("this needs the \(route.scopesText(scope, quotedBy: "'"))")
            }
        case .installationOwner:
            guard case .user(let user, _) = principal, user.ownsInstallation else {
                throw Problem.forbidden("only a user who owns the whole installation may do this")
            }
        }
        return workspace
    }

    private static func notTheirs(_ workspace: String) -> Problem {
        .forbidden("you have no access to the workspace '\(workspace)'")
    }

    /// What the path, the header or the parameter `workspace` says.
    private func askedWorkspace(_ request: Request, _ context: ServerContext) throws -> String? {
        let asked =
            context.parameters.get("workspace")?.removingPercentEncoding ?? request.headers[.workspace]
            ?? request.uri.queryParameters.get("workspace", as: String.self)
        guard let asked else { return nil }
        guard (try? Workspace(data: parts.installation.data, name: asked)) != nil else {
            throw Problem.badRequest("'\(asked.prefix(64))' is no name of a workspace", field: "workspace")
        }
        return asked
    }

    /// A key's own workspace; of a user's the default one, or else the first.
    private static func standardWorkspace(_ principal: Principal) -> String {
        switch principal {
        case .key(let key): key.workspace
        case .user(let user, _):
            user.role(in: Workspace.defaultName) != nil
                ? Workspace.defaultName : user.roles.keys.sorted().first ?? Workspace.defaultName
        }
    }

    // MARK: How much

    /// The bytes of memory that the body may take.
    private func bodyBytes(_ route: APIRoute, _ request: Request) throws -> Int {
        let limit = route.bodyBytes ?? parts.settings.bodyBytes
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Problem.tooLarge(limit) }
        switch route.body {
        case .none: return 0
        case .stream: return RequestGate.streamBytes
        case .json, .bytes, .form: return announced ?? limit
        }
    }

    private func checkMediaType(_ route: APIRoute, _ request: Request) throws {
        let allowed: [String]
        switch route.body {
        case .none: return
        case .json: allowed = ["application/json"]
        case .form: allowed = ["application/x-www-form-urlencoded"]
        case .bytes(let types), .stream(let types): allowed = types
        }
        if allowed.contains("*/*") { return }
        let given = request.headers[.contentType].map { type in
            type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        }
        guard let given, allowed.contains(given) else {
            throw Problem(
                .unsupportedMediaType, "unsupported_media_type",
                "the header Content-Type must be \(allowed.joined(separator: " or "))")
        }
    }
}
