import EventLog
import Testing

@testable import Collection

@Suite struct AmplitudeTests {
    /// What `amplitude-analytics` 1.3.0 sends.
    static let python = #"""
        {"api_key": "ak", "events": [{"device_id": "dev-1", "event_properties": {"a": 1}, "event_type": "Played",
        "groups": {"company": "acme"}, "insert_id": "i1", "library": "amplitude-python/1.3.0", "time": 1714564800232,
        "user_id": "user-1", "user_properties": {"plan": "pro"}}, {"device_id": "dev-1", "event_type": "$identify",
        "insert_id": "i2", "time": 1714564800235, "user_id": "user-1", "user_properties": {"$add": {"visits": 1},
        "$append": {"tags": "t"}, "$postInsert": {"l2": "b"}, "$preInsert": {"l": "a"}, "$prepend": {"p": "q"},
        "$remove": {"l3": "c"}, "$set": {"city": "Seoul"}, "$setOnce": {"first": "x"}, "$unset": {"old": "-"}}},
        {"event_type": "$identify", "groups": {"company": ["acme", "b"]}, "insert_id": "i3", "time": 1714564800235,
        "user_id": "user-1", "user_properties": {"$set": {"company": ["acme", "b"]}}}, {"event_type":
        "$groupidentify", "group_properties": {"$set": {"city": "Seoul"}}, "groups": {"company": "acme"}, "insert_id":
        "i4", "time": 1714564800235}, {"event_properties": {"$price": 3.5, "$productId": "p", "$quantity": 2},
        "event_type": "revenue_amount", "insert_id": "i5", "time": 1714564800236, "user_id": "user-1"}]}
        """#

    @Test func whatThePythonLibrarySendsBecomesEvents() async throws {
        let bench = try Bench()
        let outcome = await bench.send(Self.python, to: .amplitude)
        #expect(outcome.status == 200)
        let answer = try outcome.json()
        #expect(answer["code"] as? Int == 200)
        #expect(answer["events_ingested"] as? Int == 5)
        #expect(answer["payload_size_bytes"] as? Int == Self.python.utf8.count)
        #expect(answer["server_upload_time"] as? Int64 == Bench.noon)
        let events = try bench.events()
        #expect(
            events.map(\.name) == [
                "Played", "Identified", "Group Joined", "Group Joined", "Identified", "Group Changed", "revenue_amount",
            ])
        #expect(events[0].person == "user-1")
        #expect(events[0].time == 1_714_564_800_232)
        #expect(events[0].messageID == "i1@dev-1")
        #expect(
            events[0].properties == [
                .init("$set.plan", .string("pro")), .init("a", .number(1)), .init("anonymousId", .string("dev-1")),
                .init("context.device.id", .string("dev-1")),
                .init("context.library.name", .string("amplitude-python/1.3.0")),
                .init("groups.company", .string("acme")),
            ])
        #expect(
            events[1].properties == [
                .init("$add.visits", .number(1)), .init("$append.tags", .string("t")),
                .init("$postInsert.l2", .string("b")), .init("$preInsert.l", .string("a")),
                .init("$prepend.p", .string("q")), .init("$remove.l3", .string("c")),
                .init("$set.city", .string("Seoul")), .init("$setOnce.first", .string("x")),
                .init("$unset", .strings(["old"])), .init("anonymousId", .string("dev-1")),
                .init("context.device.id", .string("dev-1")),
            ])
        #expect(events[2...3].map { $0["groupId"] } == [.string("acme"), .string("b")])
        #expect(events[5].person == "$group:company:acme")
        #expect(events[5]["$set.city"] == .string("Seoul"))
        #expect(events[6]["price"] == .number(3.5))
        #expect(events[6]["quantity"] == .number(2))
        #expect(events[6]["productId"] == .string("p"))
        // All of it again, as after a lost answer.
        let again = await bench.send(Self.python, to: .amplitude)
        #expect(again.status == 200)
        #expect(again.counts.stored == 0)
        #expect(try bench.events().count == 7)
    }

    @Test func aWrongEventRefusesTheRequestAndIsNamed() async throws {
        let bench = try Bench()
        let outcome = await bench.send(
            #"{"events":[{"event_type":"a","user_id":"u"},{"user_id":"u"},{"event_type":"b"},{"event_type":"c","user_id":"u","time":"noon"},{"event_type":"d","user_id":"u","event_properties":3}]}"#,
            to: .amplitude)
        #expect(outcome.status == 400)
        let answer = try outcome.json()
        #expect(answer["code"] as? Int == 400)
        #expect(
            answer["events_with_missing_fields"] as? [String: [Int]] == ["event_type": [1], "user_id": [2]])
        #expect(
            answer["events_with_invalid_fields"] as? [String: [Int]] == ["time": [3], "event_properties": [4]])
        #expect(try bench.events().isEmpty)
        #expect(try bench.service.deadLetterCount() == 4)
    }

    @Test func theLeastLengthOfIdsHoldsWhenTheRequestSetsIt() async throws {
        let bench = try Bench()
        let event = #"{"event_type":"a","user_id":"u1","insert_id":"i"}"#
        let strict = await bench.send(#"{"events":[\#(event)],"options":{"min_id_length":5}}"#, to: .amplitude)
        #expect(strict.status == 400)
        #expect(try strict.json()["events_with_invalid_id_lengths"] as? [String: [Int]] == ["user_id": [0]])
        #expect(await bench.send(#"{"events":[\#(event)]}"#, to: .amplitude).status == 200)
    }

    @Test func theClockIsPutRightByTheUploadTime() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"client_upload_time":"2024-05-01T13:00:00Z","events":[{"event_type":"a","device_id":"d","time":1714568340000}]}"#,
            to: .amplitude)
        // A minute before it was sent.
        #expect(try bench.one().time == Bench.noon - 60_000)
        #expect(try bench.one().person == "d")
    }

    @Test func revenueIsThePriceTimesTheQuantityUnlessItIsGiven() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"events":[{"event_type":"a","user_id":"u","price":2.5,"quantity":4},{"event_type":"b","user_id":"u","price":2.5,"revenue":1,"ip":"1.2.3.4","language":"Korean"}]}"#,
            to: .amplitude)
        #expect(try bench.events().map { $0["revenue"] } == [.number(10), .number(1)])
        #expect(try bench.events()[1]["context.ip"] == nil)
    }

    @Test func tooManyEventsAre413SoThatTheLibrarySendsFewer() async throws {
        let bench = try Bench()
        let events = Array(repeating: "{}", count: 2_001).joined(separator: ",")
        let outcome = await bench.send("{\"events\":[\(events)]}", to: .amplitude)
        #expect(outcome.status == 413)
        #expect(try outcome.json()["code"] as? Int == 413)
    }

    @Test func refusalsHaveTheShapeThatTheLibraryReads() throws {
        let key = CollectionOutcome(CollectionError(.unauthorized, "there is none"), endpoint: .amplitude)
        #expect(key.status == 400)
        #expect((try key.json()["error"] as? String)?.hasPrefix("Invalid API key") == true)
        let slow = CollectionOutcome(
            CollectionError(.tooManyRequests, "slow \"down\"", retryAfterSeconds: 3), endpoint: .amplitude)
        #expect(slow.status == 429)
        #expect(slow.retryAfterSeconds == 3)
        #expect(try slow.json()["throttled_events"] as? [Int] == [])
        #expect(try slow.json()["error"] as? String == "slow \"down\"")
    }
}
