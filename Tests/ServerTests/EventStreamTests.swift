import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import Testing

@testable import Server

struct EventStreamTests {
    /// Hands what is written to a stream over as it comes.
    private struct Writer: ResponseBodyWriter {
        let pieces: AsyncStream<String>.Continuation

        mutating func write(_ buffer: ByteBuffer) async throws { pieces.yield(String(buffer: buffer)) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws { pieces.finish() }
    }

    /// Opens a stream and gives what comes out of it to the body, which ends it.
    private func withStream(
        _ scratch: ServerScratch, _ path: String, headers: HTTPFields = [:],
        _ body: (inout AsyncStream<String>.AsyncIterator) async throws -> Void
    ) async throws {
        let parts = scratch.parts
        var fields = headers
        fields[.authorization] = "Bearer \(try scratch.key([.eventsRead]))"
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "x", path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer()))
        let context = ServerContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: parts.logger))
        let response = try await RouteTable.standard(parts).router(parts).buildResponder().respond(
            to: request, context: context)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/event-stream")
        let (stream, pieces) = AsyncStream.makeStream(of: String.self)
        let task = Task { try await response.body.write(Writer(pieces: pieces)) }
        var iterator = stream.makeAsyncIterator()
        try await body(&iterator)
        task.cancel()
        _ = await task.result
    }

    /// The next events of a stream, comments left out: their ids and names.
    private func next(
        _ count: Int, _ iterator: inout AsyncStream<String>.AsyncIterator
    ) async throws -> [(id: String, event: String)] {
        var found: [(String, String)] = []
        while found.count < count, let piece = await iterator.next() {
            for block in piece.split(separator: "\n\n") where !block.hasPrefix(":") {
                let lines = block.split(separator: "\n")
                #expect(lines.count == 3 && lines[1] == "event: event")
                let data = Data(lines[2].dropFirst(6).utf8)
                let json = try JSONDecoder().decode(JSONValue.self, from: data)
                found.append((String(lines[0].dropFirst(4)), json["event"]?.text ?? ""))
            }
        }
        return found
    }

    @Test func whatIsStoredLaterComesWithoutAsking() async throws {
        let scratch = try ServerScratch()
        try await scratch.addEvents(4)
        try await withStream(scratch, "/v1/events/stream") { iterator in
            _ = await iterator.next()
            try await scratch.addEvents(3)
            let events = try await next(3, &iterator)
            #expect(events.map(\.id) == ["5", "6", "7"])
        }
    }

    @Test func aBrowserThatWasCutOffGoesOnWhereItWas() async throws {
        let scratch = try ServerScratch()
        try await scratch.addEvents(6)
        try await withStream(
            scratch, "/v1/events/stream?cursor=0&event=Signed%20Up", headers: [HTTPField.Name.lastEventID: "2"]
        ) { iterator in
            let events = try await next(2, &iterator)
            #expect(events.map(\.id) == ["3", "5"])
            #expect(events.map(\.event) == ["Signed Up", "Signed Up"])
        }
    }

    @Test func streamsAreBoundedAndGiveTheirPlaceBack() throws {
        let slots = StreamSlots(2)
        var first = slots.take()
        let second = slots.take()
        #expect(first != nil && second != nil)
        #expect(slots.take() == nil)
        first = nil
        #expect(slots.take() != nil)
    }

    @Test func theLiveViewsStreamSendsRowsOfThePage() async throws {
        let scratch = try ServerScratch()
        let owner = try await scratch.owner()
        let session = try scratch.installation.access.beginSession(owner, address: nil)
        let headers: HTTPFields = [.cookie: "\(RequestGate.sessionCookie)=\(session.token)"]
        try await withStream(scratch, "/w/default/live/stream?event=%3Cb%3E&cursor=0", headers: headers) { iterator in
            _ = await iterator.next()
            try await scratch.addEvents(3)
            try await scratch.installation.workspace("default").log.append([
                Event(person: "u", name: "<b>", time: scratch.installation.now(), properties: [.init("x", .number(5))])
            ])
            let piece = try #require(await iterator.next())
            #expect(piece.hasPrefix("id: 4\nevent: row\ndata: <li"))
            #expect(piece.contains("&lt;b&gt;") && !piece.contains("<b>") && !piece.contains("Signed Up"))
            for line in piece.split(separator: "\n") { #expect(line.contains(/^(id|event|data):/)) }
        }
    }

    /// The markup that the stream sends takes the place of the page's own, so it has to be the same: its links and
    /// symbols too, which templates take from what all of them may ask for.
    @Test(arguments: [false, true]) func intentsStreamSendsThePartOfItsPage(isSomebodyThere: Bool) async throws {
        let scratch = try ServerScratch()
        let live = try scratch.installation.workspace("default")
        if isSomebodyThere {
            try await live.log.append([Event(person: "kim", name: "Product Viewed", time: scratch.installation.now())])
            try live.catchUp()
        }
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.get("/w/default/intent").text.split(separator: "\n")
            try await withStream(scratch, "/w/default/intent/stream", headers: [.cookie: browser.cookie]) { iterator in
                let lines = try #require(await iterator.next()).split(separator: "\n")
                #expect(lines[0] == "event: part" && lines.allSatisfy { $0.contains(/^(event|data):/) })
                let part = lines.dropFirst().map { $0.dropFirst("data: ".count) }
                #expect(page.contains(part), "\(part.joined(separator: "\n"))")
                #expect(part.contains { $0.contains("/people/p_") } == isSomebodyThere)
                #expect(part.contains { $0.contains("/icons.svg#intent") } == !isSomebodyThere)
            }
        }
    }
}
