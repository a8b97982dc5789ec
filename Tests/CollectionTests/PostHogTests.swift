import EventLog
import Testing

@testable import Collection

@Suite struct PostHogTests {
    /// What `posthog` 7.91.1 for Python sends.
    static let python = #"""
        {"batch": [{"properties": {"a": 1, "$set": {"x": 1}, "$set_once": {"y": 2}, "$python_runtime": "CPython", "$os":
        "Linux", "$groups": {"company": "acme"}, "$lib": "posthog-python", "$lib_version": "7.91.1", "$geoip_disable":
        true, "$is_server": true}, "timestamp": "2024-05-01T11:59:59.429815+00:00", "distinct_id": "d1", "event":
        "Bought", "uuid": "id-1"}, {"timestamp": "2024-05-01T11:59:59.430002+00:00", "distinct_id": "d1", "$set":
        {"email": "e"}, "event": "$set", "properties": {"$lib": "posthog-python", "$is_server": true}, "uuid": "id-2"},
        {"event": "$groupidentify", "properties": {"$group_type": "company", "$group_key": "acme", "$group_set": {"n":
        1}}, "distinct_id": "95365a0c", "timestamp": "2024-05-01T11:59:59.430096+00:00", "uuid": "id-3"},
        {"properties": {"distinct_id": "anon", "alias": "d1"}, "timestamp": "2024-05-01T11:59:59.430139+00:00", "event":
        "$create_alias", "distinct_id": "anon", "uuid": "id-4"}, {"properties": {"$current_url":
        "https://x/y?fbclid=F%201", "$anon_distinct_id": "not used"}, "timestamp": "2024-05-01T11:59:59.430250+00:00",
        "distinct_id": "d1", "event": "$pageview", "uuid": "id-5"}], "historical_migration": false, "sent_at":
        "2024-05-01T12:00:00.000000+00:00", "api_key": "phc_x"}
        """#

    @Test func whatThePythonLibrarySendsBecomesEvents() async throws {
        let bench = try Bench()
        let outcome = await bench.send(Self.python, to: .sharedBatch)
        #expect(outcome.status == 200)
        #expect(outcome.text == "{\"status\":1}")
        let events = try bench.events()
        #expect(events.map(\.name) == ["Bought", "Profile Changed", "Group Changed", "Aliased", "Page Viewed"])
        #expect(events.map(\.person) == ["d1", "d1", "$group:company:acme", "anon", "d1"])
        #expect(events.map(\.messageID) == ["id-1", "id-2", "id-3", "id-4", "id-5"])
        #expect(events[0].time == Bench.noon - 571)
        #expect(
            events[0].properties == [
                .init("$groups.company", .string("acme")), .init("$set.x", .number(1)), .init("$setOnce.y", .number(2)),
                .init("a", .number(1)), .init("context.library.name", .string("posthog-python")),
                .init("context.library.version", .string("7.91.1")),
            ])
        #expect(events[1]["$set.email"] == .string("e"))
        #expect(
            events[2].properties == [
                .init("$set.n", .number(1)), .init("groupId", .string("acme")), .init("groupType", .string("company")),
            ])
        #expect(events[3].properties == [.init("previousId", .string("d1"))])
        #expect(
            events[4].properties == [
                .init("context.click.fbclid", .string("F 1")),
                .init("context.page.url", .string("https://x/y?fbclid=F%201")),
            ])
        #expect(try CollectionDocument.parse(Array(Self.python.utf8), endpoint: .sharedBatch).writeKey == "phc_x")
    }

    @Test func identifyCarriesTheAnonymousId() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"api_key":"k","event":"$identify","distinct_id":"u","properties":{"$anon_distinct_id":"a","$device_id":"a"},"$set":{"plan":"pro"},"$set_once":{"first":"x"}}"#,
            to: .posthog)
        let event = try bench.one()
        #expect(event.name == "Identified")
        #expect(
            event.properties == [
                .init("$set.plan", .string("pro")), .init("$setOnce.first", .string("x")),
                .init("anonymousId", .string("a")), .init("context.device.id", .string("a")),
            ])
    }

    @Test func aBareArrayIsABatchAndTheKeyIsInItsEvents() async throws {
        let bench = try Bench()
        let body =
            #" [{"event":"a","properties":{"token":"phc","distinct_id":"d"}},{"event":"b","properties":{"distinct_id":"d"}}]"#
        let outcome = await bench.send(body, to: .posthog)
        #expect(outcome.status == 200)
        #expect(try bench.events().map(\.name) == ["a", "b"])
        #expect(try bench.one().properties == [])
        #expect(try CollectionDocument.parse(Array(body.utf8), endpoint: .posthog).writeKey == "phc")
        #expect(await bench.send(#"[{"event":"c","distinct_id":"d"}],"x":1"#, to: .posthog).status == 400)
    }

    @Test func engageChangesTheProfile() async throws {
        let bench = try Bench()
        await bench.send(#"{"$token":"k","$distinct_id":"d","$set":{"a":1},"$unset":["b"]}"#, to: .posthogEngage)
        let event = try bench.one()
        #expect(event.name == "Profile Changed")
        #expect(event.properties == [.init("$set.a", .number(1)), .init("$unset", .strings(["b"]))])
    }

    @Test(arguments: [
        (#""timestamp":"2024-05-01T13:00:00Z""#, Bench.noon + 3_600_000),
        (#""timestamp":"2024-05-03T13:00:00Z""#, Bench.noon), (#""timestamp":"soon""#, Bench.noon),
        (#""offset":5000"#, Bench.noon - 5_000),
        (#""offset":5000,"timestamp":"2024-05-01T13:00:00Z""#, Bench.noon - 5_000),
        (#""x":1"#, Bench.noon),
    ])
    func timesFollowPostHogsRules(_ field: String, _ expected: Int64) async throws {
        let bench = try Bench()
        await bench.send(#"{"event":"a","distinct_id":"d",\#(field)}"#, to: .posthog)
        #expect(try bench.one().time == expected)
    }

    @Test func anEventWithoutAPersonIsNamedInTheAnswer() async throws {
        let bench = try Bench()
        let outcome = await bench.send(#"{"event":"a"}"#, to: .posthog)
        #expect(outcome.status == 400)
        #expect(try outcome.json()["detail"] as? String == "the event has no 'distinct_id'")
    }

    @Test func theBodiesKeyTellsAmplitudesBatchFromPostHogs() throws {
        func endpoint(_ body: String) throws -> CollectionEndpoint {
            try CollectionDocument.parse(Array(body.utf8), endpoint: .sharedBatch).endpoint
        }
        #expect(try endpoint(#"{"api_key":"k","events":[]}"#) == .amplitudeBatch)
        #expect(try endpoint(#"{"api_key":"k","batch":[]}"#) == .posthogBatch)
    }
}
