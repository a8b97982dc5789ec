@testable import Collection
@testable import EventLog

/// Bodies of any content at every endpoint: JSON, forms, base64, gzip. The first byte chooses the endpoint, the second
/// the settings.
enum FuzzCollection: FuzzTarget {
    private static let endpoints = CollectionEndpoint.routes.map(\.endpoint)

    static func seeds() throws -> [[UInt8]] {
        endpoints.indices.flatMap { choice in texts.map { [UInt8(choice), 3] + Array($0.utf8) } }
    }

    static func run(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let endpoint = endpoints[Int(bytes[0]) % endpoints.count]
        let settings = settings(bytes[1])
        let body = Array(bytes.dropFirst(2))
        let facts = RequestFacts(
            receivedTime: 1_714_564_800_000, userAgent: bytes[1] & 8 != 0 ? "Mozilla/5.0 (Android 14; Mobile)" : nil,
            ip: "203.0.113.7", language: "ko-KR")
        let first = read(body, endpoint, facts, settings)
        let second = read(body, endpoint, facts, settings)
        Fuzz.expect(first == second, "the same body gives something else the second time")
    }

    private static func settings(_ choice: UInt8) -> CollectionSettings {
        var settings = CollectionSettings(ip: choice & 1 != 0 ? .truncated : .none)
        if choice & 2 != 0 {
            settings.plan = TrackingPlan(
                events: ["e": .init(properties: ["a": .init(type: .number, required: true)], others: choice & 4 != 0)],
                strict: choice & 16 != 0)
        }
        return settings
    }

    /// Rows, rejections and what else can be compared.
    private static func read(
        _ body: [UInt8], _ endpoint: CollectionEndpoint, _ facts: RequestFacts, _ settings: CollectionSettings
    ) -> [String] {
        do {
            let document = try CollectionDocument.parse(body, endpoint: endpoint, query: "data=e30")
            let assembly = try RequestReader.read(
                document, key: Fuzz.key, facts: facts, settings: settings, gate: OpenGate())
            assembly.batch.checkInvariants()
            Fuzz.expect(assembly.rejected.count <= assembly.received, "more is rejected than came")
            let answer = Acknowledgement.outcome(
                document.endpoint, rejected: assembly.rejected, received: assembly.received, byteCount: body.count,
                now: 1, counts: assembly.counts)
            return ["\(assembly.batch.count)", "\(answer.status)", String(decoding: answer.body, as: UTF8.self)]
        } catch {
            return [String(describing: error)]
        }
    }

    private static let texts = [
        #"{"batch":[{"type":"track","event":"e","userId":"u","anonymousId":"a","messageId":"m","timestamp":"2024-05-01T12:00:00Z","properties":{"a":1,"l":[{"x":1},{"y":2}]},"context":{"ip":"1.2.3.4","locale":"ko_kr","userAgent":"Mozilla/5.0 (iPad)","page":{"url":"https://x/?utm_source=a&gclid=b%20"}}},{"type":"alias","userId":"u","previousId":"p"},{"type":"group","userId":"u","groupId":"g"}],"sentAt":"2024-05-01T12:00:01Z","writeKey":"w","context":{"app":{"name":"n"}}}"#,
        #"{"api_key":"k","events":[{"event_type":"$identify","user_id":"u","device_id":"d","insert_id":"i","time":1714564800000,"user_properties":{"$set":{"a":1},"$unset":{"b":"-"},"$clearAll":"-","c":2},"groups":{"company":["a","b"]}},{"event_type":"$groupidentify","groups":{"c":"a"},"group_properties":{"$set":{"x":1}}},{"event_type":"e","device_id":"d","price":2,"quantity":3,"language":"ko","ip":"::1"}],"options":{"min_id_length":1}}"#,
        #"{"api_key":"k","sent_at":"2024-05-01T12:00:01Z","batch":[{"event":"$identify","distinct_id":"u","uuid":"i","timestamp":"2024-05-01T12:00:00Z","properties":{"$anon_distinct_id":"a","$current_url":"https://x?fbclid=1","$ip":"1.1.1.1","$set_once":{"a":1}},"$set":{"b":2}},{"event":"$create_alias","distinct_id":"u","properties":{"alias":"v"}},{"event":"$groupidentify","distinct_id":"x","properties":{"$group_type":"t","$group_key":"k","$group_set":{"n":1}}},{"event":"$screen","distinct_id":"d","offset":5,"properties":{"$screen_name":"s","$is_server":true,"$os":"x"}}]}"#,
        #"[{"event":"e","properties":{"token":"t","distinct_id":"d"}}]"#,
        "data=eyJldmVudCI6ImUiLCJkaXN0aW5jdF9pZCI6ImQifQ%3D%3D",
        "eyJldmVudCI6ImUiLCJ1c2VySWQiOiJkIn0",
    ]
}
