import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Who is in which state, as server-sent events: at most one a second, and none while nothing changes.
enum IntentStream {
    private static let pace = Duration.seconds(1)
    /// A comment goes out when nothing else did for so long, so that proxies keep the connection.
    private static let heartbeat = Duration.seconds(15)

    /// - Parameter text: an overview as one event.
    static func respond(
        _ call: Call, text: @escaping @Sendable (IntentOverviewView) throws -> String
    ) throws -> Response {
        let live = try call.workspace()
        guard let slot = call.parts.streams.take() else {
            throw Problem.overloaded("there are too many streams", retrySeconds: 30)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        if call.request.method == .head { return Response(status: .ok, headers: headers) }
        let queries = call.parts.queries
        let body = ResponseBody { writer in
            defer { withExtendedLifetime(slot) {} }
            var last = ""
            var lastWrite = ContinuousClock.now
            // Ends with the server, or when the other end has gone: then a write throws.
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let next = try text(try await queries.run { try live.intentOverview() })
                if next != last {
                    try await writer.write(ByteBuffer(string: next))
                    last = next
                    lastWrite = .now
                } else if lastWrite.duration(to: .now) > heartbeat {
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                    lastWrite = .now
                }
                await cancelWhenGracefulShutdown { try? await Task.sleep(for: pace) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
