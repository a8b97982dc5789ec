import Engine
import EventLog
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Events as they are stored, as server-sent events (the WHATWG's HTML standard, section 9.2).
///
/// Each has the cursor of the next as its `id`, so that a browser that was cut off goes on where it was: it says so in
/// `Last-Event-ID`.
enum EventStream {
    /// How often the log is looked at. It costs nothing as long as nothing has come.
    private static let interval = Duration.milliseconds(200)
    /// A comment goes out when nothing else did for so long, so that proxies keep the connection.
    private static let heartbeat = Duration.seconds(15)
    private static let eventsPerWrite = 1000

    static func respond(_ call: Call) throws -> Response {
        try respond(call, accepts: EventFilter(call).accepts, text: text)
    }

    /// - Parameter text: writes some events in the order in which they were stored, each with its id.
    static func respond(
        _ call: Call, accepts: @escaping @Sendable (StoredEvent) -> Bool,
        text: @escaping @Sendable ([StoredEvent]) throws -> ByteBuffer
    ) throws -> Response {
        let log = try call.workspace().log
        let resumed = call.request.headers[.lastEventID].flatMap { UInt64($0) }
        let start = try resumed ?? call.cursor("cursor") ?? log.nextSequence
        guard let slot = call.parts.streams.take() else {
            throw Problem.overloaded("there are too many streams", retrySeconds: 30)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        if call.request.method == .head { return Response(status: .ok, headers: headers) }
        let body = ResponseBody { writer in
            defer { withExtendedLifetime(slot) {} }
            try await writer.write(ByteBuffer(string: ": from \(start) on\n\n"))
            var next = start
            var lastWrite = ContinuousClock.now
            // Ends with the server, or when the other end has gone: then a write throws.
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                if log.nextSequence > next {
                    let page = try EventTail(log: log).page(from: next, limit: eventsPerWrite, where: accepts)
                    next = page.next
                    if !page.events.isEmpty {
                        try await writer.write(try text(page.events))
                        lastWrite = .now
                    }
                    if page.hasMore { continue }
                }
                if lastWrite.duration(to: .now) > heartbeat {
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                    lastWrite = .now
                }
                try await Task.sleep(for: interval)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func text(_ events: [StoredEvent]) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        for event in events {
            buffer.writeString("id: \(event.sequence + 1)\nevent: event\ndata: ")
            buffer.writeBytes(try JSONText.encode(EventView(event)))
            buffer.writeString("\n\n")
        }
        return buffer
    }
}
