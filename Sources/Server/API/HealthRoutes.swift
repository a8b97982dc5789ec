import Access
import Engine
import Foundation
import Hummingbird
import NIOCore

/// Whether the server is well, what it counts, and what it can be asked.
enum HealthRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/healthz", name: "health", group: "Server", "Whether the process answers", access: .open,
            answers: [.json(.object(["status": .oneOf(["ok"])]))]
        ) { call in try call.answer(["status": "ok"]) }
        .sampled("/healthz"),
        APIRoute(
            .get, "/readyz", name: "ready", group: "Server", "Whether requests can be served", access: .open,
            answers: [.json(.object(["status": .oneOf(["ready"])]))]
        ) { call in
            // The control database answers, and the workspaces are open.
            _ = try call.access.key("")
            guard !call.parts.installation.workspaceNames.isEmpty else {
                throw Problem.overloaded("the server is ending", retrySeconds: 5)
            }
            return try call.answer(["status": "ready"])
        }
        .sampled("/readyz"),
        APIRoute(
            .get, "/metrics", name: "metrics", group: "Server", "What the server counts, for Prometheus",
            access: .localOrScope(.metricsRead),
            answers: [.text("text/plain", summary: "The text format of Prometheus")]
        ) { call in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusText.page(call.parts.metrics))))
        }
        .sampled("/metrics"),
    ]

    /// The document of all routes. A route itself, though the document leaves it out.
    static func openAPI(_ document: () -> JSONValue) -> APIRoute {
        // A tree of strings and numbers always encodes.
        let data = (try? JSONText.encode(document())) ?? Data()
        var route = APIRoute(
            .get, "/openapi.json", name: "openAPI", group: "Server", "This document", access: .open,
            answers: [.json(.any)]
        ) { _ in Call.json(data) }
        route.isHidden = true
        return route.sampled("/openapi.json")
    }
}
