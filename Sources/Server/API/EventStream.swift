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
    /// How long events are gathered, so that a busy log is not a write for each request.
    private static let gathering = Duration.milliseconds(20)
    /// A comment goes out when nothing else did for so long, so that proxies keep the connection.
    private static let heartbeat = Duration.seconds(15)
    private static let eventsPerWrite = 1_000

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
            let tail = log.follow(from: start)
            defer { tail.close() }
            var lastWrite = ContinuousClock.now
            // Ends with the server, or when the other end has gone: then a write throws.
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let events = try tail.read(limit: eventsPerWrite)
                let wanted = events.filter(accepts)
                if !wanted.isEmpty {
                    try await writer.write(try text(wanted))
                    lastWrite = .now
                }
                if events.count == eventsPerWrite { continue }
                if lastWrite.duration(to: .now) > heartbeat {
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                    lastWrite = .now
                }
                await waitForNews(tail)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Returns when events have been appended, when it is time for a heartbeat, or when the server ends.
    private static func waitForNews(_ tail: TailReader) async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await tail.wait() }
                group.addTask { try? await Task.sleep(for: heartbeat) }
                await group.next()
                group.cancelAll()
            }
            if !Task.isShuttingDownGracefully { try? await Task.sleep(for: gathering) }
        } onGracefulShutdown: {
            tail.close()
        }
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
