import EventLog
import Testing

@testable import Collection

@Suite struct SegmentTests {
    /// What `segment-analytics-python` 2.4.0 sends, with its times.
    static let python = #"""
        {"batch": [{"integrations": {}, "anonymousId": null, "properties": {"total": 5, "items": [{"sku": "a"}, {"sku":
        "b", "price": 2}]}, "timestamp": "2024-05-01T12:00:00.131+00:00", "context": {"ip": "1.2.3.4", "library":
        {"name": "analytics-python", "version": "2.4.0"}}, "userId": "u1", "type": "track", "event": "Order Completed",
        "messageId": "m1"}, {"integrations": {}, "anonymousId": null, "timestamp": "2024-05-01T12:00:00.132+00:00",
        "context": {}, "type": "identify", "userId": "u1", "traits": {"email": "x@y.z", "name": "\uae40"}, "messageId":
        "m2"}, {"anonymousId": null, "properties": {"url": "http://x/?utm_source=a"}, "timestamp":
        "2024-05-01T12:00:00.132+00:00", "category": "cat", "context": {}, "userId": "u1", "type": "page", "name":
        "Home", "messageId": "m3"}, {"timestamp": "2024-05-01T12:00:00.132+00:00", "groupId": "g1", "context": {},
        "userId": "u1", "traits": {"n": 3}, "type": "group", "messageId": "m4"}, {"previousId": "anon1", "timestamp":
        "2024-05-01T12:00:00.132+00:00", "context": {}, "userId": "u1", "type": "alias", "messageId": "m5",
        "anonymousId": null}, {"anonymousId": "anon9", "properties": {}, "timestamp": "2024-05-01T12:00:00.132+00:00",
        "context": {}, "userId": null, "type": "track", "event": "x", "messageId": "m6"}],
        "sentAt": "2024-05-01T12:00:00.631744+00:00", "writeKey": "wk"}
        """#

    @Test func whatThePythonLibrarySendsBecomesEvents() async throws {
        let bench = try Bench()
        let outcome = await bench.send(Self.python)
        #expect(outcome.status == 200)
        #expect(outcome.text == "{\"success\":true}")
        #expect(outcome.counts.stored == 6)
        let events = try bench.events()
        #expect(
            events.map(\.name) == ["Order Completed", "Identified", "Page Viewed", "Group Joined", "Aliased", "x"])
        #expect(events.map(\.person) == ["u1", "u1", "u1", "u1", "u1", "anon9"])
        #expect(events.map(\.messageID) == ["m1", "m2", "m3", "m4", "m5", "m6"])
        // The batch was sent 631 ms after noon by the sender's clock and received at noon by ours.
        #expect(events[0].time == Bench.noon + 131 - 631)
        #expect(events[0]["items.sku"] == .strings(["a", "b"]))
        #expect(events[0]["context.library.name"] == .string("analytics-python"))
        #expect(events[0]["context.ip"] == nil)
        #expect(events[1]["name"] == .string("김"))
        #expect(events[2]["name"] == .string("Home"))
        #expect(events[2]["context.campaign.source"] == .string("a"))
        #expect(events[3]["groupId"] == .string("g1"))
        #expect(events[4]["previousId"] == .string("anon1"))
        #expect(try CollectionDocument.parse(Array(Self.python.utf8), endpoint: .segmentBatch).writeKey == "wk")
    }

    @Test func rudderStackWritesTraitsIntoTheContext() async throws {
        let bench = try Bench()
        let outcome = await bench.send(
            #"{"batch":[{"type":"identify","userId":"u1","context":{"traits":{"email":"x@y.z"},"library":{"name":"r"}}}]}"#
        )
        #expect(outcome.status == 200)
        #expect(
            try bench.one().properties == [
                .init("context.library.name", .string("r")), .init("email", .string("x@y.z")),
            ])
    }

    @Test func aUserIdThatComesWithAnAnonymousIdKeepsIt() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"event":"x","userId":"u","anonymousId":"a","properties":{"anonymousId":"other"}}"#, to: .segment(.track))
        let event = try bench.one()
        #expect(event.person == "u")
        #expect(event.properties == [.init("anonymousId", .string("a"))])
        #expect(event.time == Bench.noon)
    }

    @Test func importAndCollectionMakeTheSameEvents() async throws {
        let lines = [
            #"{"type":"track","event":"e","userId":"u","anonymousId":"a","messageId":"1","timestamp":"2024-05-01T01:00:00Z","properties":{"a":{"b":[1,2]},"c":true},"context":{"page":{"title":"t"}}}"#,
            #"{"type":"identify","userId":"u","anonymousId":"a","timestamp":"2024-05-01T01:00:00Z","traits":{"x":"y"}}"#,
            #"{"type":"alias","userId":"u","previousId":"old","timestamp":"2024-05-01T01:00:00Z"}"#,
            #"{"type":"group","userId":"u","groupId":"g","timestamp":"2024-05-01T01:00:00Z","traits":{"x":1}}"#,
            #"{"type":"screen","anonymousId":"a","name":"n","timestamp":1714525200,"properties":{"name":"m"}}"#,
        ]
        let sent = try Bench()
        await sent.send("{\"batch\":[\(lines.joined(separator: ","))]}")
        let imported = try Bench()
        let session = try ImportSession(
            MemorySource(lines.joined(separator: "\n")), name: "test", options: ImportOptions(.jsonLines),
            key: imported.log.key, marks: { _ in [] })
        while let stretch = try session.next() { try await imported.log.append(stretch.batch) }
        #expect(try sent.events() == imported.events())
        #expect(try sent.events().count == lines.count)
    }

    @Test func theContextOfTheBatchFillsInWhatAMessageDoesNotSay() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"context":{"locale":"en","app":{"name":"shop"},"os":{"name":"B"}},"batch":[{"type":"track","event":"e","userId":"u","context":{"locale":"ko_kr","os":{"name":"A"}}}]}"#
        )
        #expect(
            try bench.one().properties == [
                .init("context.app.name", .string("shop")), .init("context.locale", .string("ko-KR")),
                .init("context.os.name", .string("A")),
            ])
    }

    @Test func aWrongEventIsADeadLetterAndTheOthersAreStored() async throws {
        let bench = try Bench()
        let outcome = await bench.send(
            #"{"batch":[{"type":"track","event":"a","userId":"u"},{"type":"track","userId":"u"},{"type":"track","event":"b"},7,{"type":"track","event":"c","userId":"u"}]}"#
        )
        #expect(outcome.status == 200)
        #expect(outcome.counts.stored == 2)
        #expect(outcome.counts.rejected == 3)
        #expect(try bench.events().map(\.name) == ["a", "c"])
        let letters = try bench.service.deadLetters()
        #expect(
            letters.map { String(decoding: $0.text, as: UTF8.self) } == [
                "7", #"{"type":"track","event":"b"}"#, #"{"type":"track","userId":"u"}"#,
            ])
        #expect(letters[1].field == "userId")
    }

    @Test func whenEveryEventIsWrongTheAnswerIs400() async throws {
        let bench = try Bench()
        let outcome = await bench.send(#"{"batch":[{"type":"track","userId":"u"}]}"#)
        #expect(outcome.status == 400)
        #expect(try outcome.json()["code"] as? String == "invalid_event")
        #expect(try outcome.json()["message"] as? String == "a track message needs an 'event'")
    }

    @Test func anEventOfMoreThan32KBIsAnswered400AndTheOthersAreStored() async throws {
        let bench = try Bench()
        let large = String(repeating: "x", count: 33_000)
        let outcome = await bench.send(
            #"{"batch":[{"type":"track","event":"a","userId":"u"},{"type":"track","event":"b","userId":"u","properties":{"x":"\#(large)"}}]}"#
        )
        #expect(outcome.status == 400)
        #expect(try outcome.json()["code"] as? String == "event_too_large")
        #expect(try bench.events().map(\.name) == ["a"])
    }

    @Test func aBatchOfMoreThan500KBIsAnswered400() async throws {
        let bench = try Bench()
        let body = "{\"batch\":[" + String(repeating: " ", count: 512_001) + "]}"
        let outcome = await bench.send(body)
        #expect(outcome.status == 400)
        #expect(try outcome.json()["code"] as? String == "too_large")
    }

    @Test func aRepeatedMessageIsStoredOnce() async throws {
        let bench = try Bench()
        await bench.send(Self.python)
        let outcome = await bench.send(Self.python)
        #expect(outcome.status == 200)
        #expect(outcome.counts.stored == 0)
        #expect(outcome.counts.duplicates == 6)
        #expect(try bench.events().count == 6)
    }

    @Test(arguments: ["Person Merged", "Person Split", "Audience Entered", "Audience Left"])
    func namesThatOnlyTheProductWritesAreRefused(_ name: String) async throws {
        let bench = try Bench()
        let outcome = await bench.send(
            #"{"event":"\#(name)","userId":"victim","properties":{"previousId":"thief"}}"#, to: .segment(.track))
        #expect(outcome.status == 400)
        let other = await bench.send(#"{"event":"\#(name)","distinct_id":"v"}"#, to: .posthog)
        #expect(other.status == 400)
        let third = await bench.send(#"{"events":[{"event_type":"\#(name)","user_id":"v"}]}"#, to: .amplitude)
        #expect(third.status == 400)
        #expect(try bench.events().isEmpty)
    }

    @Test func theKindOfASingleMessageIsTheEndpoints() async throws {
        let bench = try Bench()
        await bench.send(#"{"userId":"u","traits":{"a":1}}"#, to: .segment(.identify))
        await bench.send(#"{"userId":"u","name":"Home"}"#, to: .segment(.page))
        await bench.send(#"{"type":"track","event":"e","anonymousId":"a"}"#)
        #expect(try bench.events().map(\.name) == ["Identified", "Page Viewed", "e"])
    }
}
