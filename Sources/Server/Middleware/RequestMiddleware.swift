import Access
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Metrics

/// Around everything: gives each request an id, turns errors into problems, adds the headers that every answer has,
/// counts, and writes the access log.
///
/// The log names the route and never the path or the query: a path may hold a person's id, a query a key.
struct RequestMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let table: RouteTable
    let metrics: RequestMetrics
    let parts: ServerParts

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestMiddleware.requestID(request)
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        context.logger[metadataKey: "hb.request.id"] = nil
        let route = table.route(request.method, context.endpointPath)
        metrics.began()
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = failure(error, route, request, context)
        }
        addHeaders(to: &response, route, request, context)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        metrics.ended(route?.name ?? "none", status: response.status.code, seconds: seconds)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue.prefix(16))", "route": "\(route?.path ?? "none")",
                "status": "\(response.status.code)", "ms": "\(String(format: "%.2f", seconds * 1000))",
            ])
        return response
    }

    private func failure(
        _ error: any Error, _ route: APIRoute?, _ request: Request, _ context: ServerContext
    ) -> Response {
        var problem = Problem(error)
        if route == nil, problem.status == .notFound {
            let allowed = table.methods(of: request.uri.path)
            if !allowed.isEmpty {
                problem = Problem(
                    .methodNotAllowed, "method_not_allowed", "this address takes \(allowed.joined(separator: ", "))")
                problem.headers[.allow] = allowed.joined(separator: ", ")
            }
        }
        if problem.isOurs {
            context.logger.error("a request failed", metadata: ["error": "\(String(reflecting: error).prefix(2000))"])
        }
        if let made = route?.problemResponse?(problem, request, context.requestID) { return made }
        if route == nil, request.method == .get, request.headers[.accept]?.contains("text/html") == true {
            return PageRenderer.refusal(problem, request, parts, requestID: context.requestID)
        }
        return problem.response(requestID: context.requestID)
    }

    private func addHeaders(
        to response: inout Response, _ route: APIRoute?, _ request: Request, _ context: ServerContext
    ) {
        response.headers[.requestID] = context.requestID
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if metrics.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if route?.isCrossOrigin == true {
            CrossOrigin.addHeaders(to: &response, request)
        } else {
            response.headers[.resourcePolicy] = "same-origin"
        }
    }

    /// The caller's own id when it is plain, so that logs of several systems can be joined; else a new one.
    private static func requestID(_ request: Request) -> String {
        if let own = request.headers[.requestID], (8...64).contains(own.utf8.count),
            own.utf8.allSatisfy({ isPlain($0) })
        {
            return own
        }
        return Secrets.text(length: 16)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// Calls by pages of other origins. Only routes where cookies mean nothing allow them.
enum CrossOrigin {
    private static let methods = "GET, POST, OPTIONS"

    static func addHeaders(to response: inout Response, _ request: Request) {
        guard let origin = request.headers[.origin] else { return }
        response.headers[.accessControlAllowOrigin] = origin
        // Beacons come with credentials, and are refused an answer without this; nothing here looks at them.
        response.headers[.accessControlAllowCredentials] = "true"
        response.headers[.vary] = "Origin"
        response.headers[.resourcePolicy] = "cross-origin"
    }

    /// What a browser wants to hear before it sends a request of another origin.
    static func preflight(_ request: Request) -> Response {
        var response = Response(status: .noContent)
        response.headers[.accessControlAllowMethods] = methods
        response.headers[.accessControlAllowHeaders] =
            request.headers[.accessControlRequestHeaders] ?? "Authorization, Content-Type, Content-Encoding"
        response.headers[.accessControlMaxAge] = "86400"
        return response
    }
}
