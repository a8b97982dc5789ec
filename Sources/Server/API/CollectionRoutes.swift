import Access
import Collection
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What SDKs call: the paths, answers and errors are theirs, so that they work unchanged when pointed at this server.
enum CollectionRoutes {
    static let routes: [APIRoute] = CollectionEndpoint.routes.map(route) + [script]

    private static func route(_ route: CollectionEndpoint.Route) -> APIRoute {
        var made = APIRoute(
            route.isPixel ? .get : .post, route.path, name: name(route), group: "Collection", summary(route),
            access: .writeKey, answers: answers(route)
        ) { call in
            try await collect(call, route)
        }
        made.isCrossOrigin = true
        made.bodyBytes = bodyBytesMax(route.endpoint)
        made.problemResponse = { problem, _, _ in response(outcome(problem, route), problem.headers) }
        guard route.isPixel else { return made.taking(.bytes(["*/*"]), bytes: made.bodyBytes) }
        return made.query("data", .text(), "The body, JSON in base64")
            .query("writeKey", .text(), "The write key, when the body does not name it")
    }

    /// The body as it comes, which may be compressed: what it is inside has limits of its own.
    private static func bodyBytesMax(_ endpoint: CollectionEndpoint) -> Int { endpoint.bodyBytesMax * 4 / 3 + 1_024 }

    private static func name(_ route: CollectionEndpoint.Route) -> String {
        let words = route.path.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        return "collect" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            + (route.isPixel ? "ByPixel" : "")
    }

    private static func summary(_ route: CollectionEndpoint.Route) -> String {
        let format =
            switch route.endpoint.dialect {
            case .segment: "Segment's and RudderStack's"
            case .amplitude: "Amplitude's"
            case .posthog: route.endpoint == .sharedBatch ? "PostHog's or Amplitude's" : "PostHog's"
            }
        return "Store events in \(format) format" + (route.isPixel ? ", by a picture of one pixel" : "")
    }

    private static func answers(_ route: CollectionEndpoint.Route) -> [APIRoute.Answer] {
        if route.isPixel {
            return [APIRoute.Answer(status: .ok, mediaTypes: ["image/gif"], schema: .any, summary: "One pixel, always")]
        }
        let refusals: [(HTTPResponse.Status, String)] = [
            (.badRequest, "Nothing was stored, because of the request"), (.unauthorized, "No valid write key"),
            (.requestTimeout, "The body did not come in time"), (.contentTooLarge, "Too large"),
            (.tooManyRequests, "Too many requests; see Retry-After"),
            (.serviceUnavailable, "Nothing was stored; try again, see Retry-After"),
        ]
        return [.json(.any, "Stored durably")] + refusals.map { .json(.any, status: $0, $1) }
    }

    // MARK: Answering

    private static func collect(_ call: Call, _ route: CollectionEndpoint.Route) async throws -> Response {
        let body = route.isPixel ? ByteBuffer() : try await call.bytes()
        let headers = call.request.headers
        let facts = RequestFacts(
            receivedTime: call.parts.installation.now(), userAgent: headers[.userAgent], ip: call.address,
            language: headers[.acceptLanguage], origin: headers[.origin])
        let headerKey = RequestGate.key(headers)
        let document: CollectionDocument
        switch parse(body, call, route.endpoint) {
        case .success(let parsed): document = parsed
        case .failure(let error):
            if let headerKey, let key = try? call.admit(writeKey: headerKey) {
                try call.parts.installation.workspace(key.workspace).collection.record(
                    Array(body.readableBytesView), endpoint: route.endpoint, error: error, facts: facts)
            }
            return response(pixelled(CollectionOutcome(error, endpoint: route.endpoint), route))
        }
        guard let writeKey = headerKey ?? document.writeKey else {
            throw Problem.unauthenticated("a write key is needed, as the SDK sends it")
        }
        let key = try call.admit(writeKey: writeKey)
        let workspace = try call.parts.installation.workspace(key.workspace)
        return response(pixelled(await workspace.collection.collect(document, facts: facts), route))
    }

    private static func parse(
        _ body: ByteBuffer, _ call: Call, _ endpoint: CollectionEndpoint
    ) -> Result<CollectionDocument, CollectionError> {
        body.withUnsafeReadableBytes { bytes in
            do throws(CollectionError) {
                return .success(
                    try CollectionDocument.parse(
                        bytes, endpoint: endpoint, contentEncoding: call.request.headers[.contentEncoding],
                        query: call.request.uri.query ?? ""))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func pixelled(
        _ outcome: CollectionOutcome, _ route: CollectionEndpoint.Route
    ) -> CollectionOutcome { route.isPixel ? outcome.asPixel : outcome }

    /// A refusal by the server itself, in the form that the SDK reads.
    private static func outcome(_ problem: Problem, _ route: CollectionEndpoint.Route) -> CollectionOutcome {
        let code: CollectionError.Code =
            switch problem.status {
            case .unauthorized, .forbidden: .unauthorized
            case .contentTooLarge: .tooLarge
            case .tooManyRequests: .tooManyRequests
            case .badRequest: .unreadable
            default: .unavailable
            }
        let seconds = problem.headers[.retryAfter].flatMap { Int($0) }
        let error = CollectionError(code, problem.detail, retryAfterSeconds: seconds)
        return pixelled(CollectionOutcome(error, endpoint: route.endpoint), route)
    }

    private static func response(_ outcome: CollectionOutcome, _ more: HTTPFields = [:]) -> Response {
        var headers = more
        headers[.contentType] = outcome.contentType
        if let seconds = outcome.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        return Response(
            status: HTTPResponse.Status(code: outcome.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: outcome.body)))
    }

    // MARK: The script

    private static let script: APIRoute = {
        var route = APIRoute(
            .get, "/dangol.js", name: "browserScript", group: "Collection",
            "The script for pages: views, clicks, forms, scrolling, web vitals", access: .open,
            answers: [.text("text/javascript", summary: "The script")]
        ) { _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "public, max-age=3600"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: BrowserScript.text)))
        }
        route.isCrossOrigin = true
        return route
    }()
}
