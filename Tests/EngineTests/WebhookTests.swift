import Audiences
import EventLog
import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct WebhookTests {
    /// Answers with what it is told to, and keeps what it was sent.
    private final class Receiver: WebhookSender {
        private let state = Mutex<(answers: [WebhookAnswer], requests: [WebhookRequest])>(([], []))
        struct Down: Error {}

        /// - Parameter answers: in order; then 204. Status 0 is no answer at all.
        init(_ answers: [WebhookAnswer] = []) { state.withLock { $0.answers = answers } }

        var requests: [WebhookRequest] { state.withLock(\.requests) }

        func send(_ request: WebhookRequest) async throws -> WebhookAnswer {
            let answer = state.withLock { state in
                state.requests.append(request)
                return state.answers.isEmpty ? WebhookAnswer(status: 204) : state.answers.removeFirst()
            }
            if answer.status == 0 { throw Down() }
            return answer
        }
    }

    private final class World {
        let data = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)").path
        let clock = Clock()
        let live: LiveWorkspace

        final class Clock: Sendable {
            private let value = Atomic<Int64>(1_760_000_000_000)
            var now: Int64 { value.load(ordering: .relaxed) }
            func advance(seconds: Int64) { value.add(seconds * 1000, ordering: .relaxed) }
        }

        init() throws {
            live = try LiveWorkspace.open(try Workspace(data: data), now: { [clock] in clock.now })
        }

        /// An audience of so many persons, put into the outbox.
        func send(persons: Int, to url: String = "https://example.com/hook") async throws -> Int {
            try live.audiences.create(AudienceDefinition("모두", where: AudiencePredicate(text: "everyone")))
            try await live.log.append(
                (0..<persons).map { Event(person: "u\($0)", name: "Seen", time: clock.now, messageID: "m\($0)") })
            try live.catchUp()
            return try live.audiences.send("모두", to: url, request: "r1")
        }

        deinit {
            try? live.close()
            try? FileManager.default.removeItem(atPath: data)
        }
    }

    private func header(_ request: WebhookRequest, _ name: String) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    @Test func `Every call is made once, signed, with all members in it`() async throws {
        let world = try World()
        let receiver = Receiver()
        #expect(try await world.send(persons: 1_200) == 3)
        let report = try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules())
        #expect(report.delivered == 3)
        #expect(try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules()) == WebhookReport())
        var persons: Set<String> = []
        let signature = WebhookSignature(secret: try world.live.webhookSecret())
        for request in receiver.requests {
            struct Body: Decodable {
                struct Member: Decodable { var person: String }
                var audience: String
                var members: [Member]
            }
            let body = try JSONDecoder().decode(Body.self, from: request.body)
            #expect(body.audience == "모두")
            persons.formUnion(body.members.map(\.person))
            let id = try #require(header(request, "webhook-id"))
            let expected = signature.headers(id: id, time: world.clock.now, body: request.body)
            #expect(header(request, "webhook-signature") == expected.last?.value)
            #expect(!id.contains("audience"))
        }
        #expect(persons.count == 1_200)
        #expect(Set(receiver.requests.compactMap { header($0, "webhook-id") }).count == 3)
    }

    @Test func `A signature is the one that Standard Webhooks gives as an example`() throws {
        let secret = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = WebhookSignature(secret: secret).headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: 1_614_265_330_000,
            body: Data(#"{"test": 2432232314}"#.utf8))
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `A call that fails waits longer each time, keeps its id, and is given up after two days`() async throws {
        let world = try World()
        _ = try await world.send(persons: 1)
        let receiver = Receiver(Array(repeating: WebhookAnswer(status: 500), count: 100))
        var waited: [Int64] = []
        var report = WebhookReport()
        var attempts = 0
        let start = world.clock.now
        while report.abandoned == 0, attempts < 50 {
            report = try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules())
            attempts += 1
            guard report.postponed == 1 else { continue }
            let delay = LiveWorkspace.webhookDelays[attempts - 1]
            world.clock.advance(seconds: delay - 1)
            #expect(
                try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules()) == WebhookReport(), "early")
            world.clock.advance(seconds: 1)
            waited.append(delay)
        }
        #expect(attempts == LiveWorkspace.webhookDelays.count + 1)
        #expect(waited == waited.sorted())
        #expect(world.clock.now - start >= 2 * 86_400_000)
        #expect(try world.live.webhookBacklog().waiting == 0)
        #expect(Set(receiver.requests.compactMap { header($0, "webhook-id") }).count == 1)
    }

    @Test func `What is not there, redirects or asks for time is treated so`() async throws {
        let cases: [(WebhookAnswer, delivered: Int, postponed: Int, abandoned: Int, seconds: Int64)] = [
            (WebhookAnswer(status: 302), 0, 1, 0, 5), (WebhookAnswer(status: 410), 0, 0, 1, 0),
            (WebhookAnswer(status: 429, retryAfterSeconds: 90), 0, 1, 0, 90), (WebhookAnswer(status: 0), 0, 1, 0, 5),
            (WebhookAnswer(status: 200), 1, 0, 0, 0),
        ]
        for (answer, delivered, postponed, abandoned, seconds) in cases {
            let world = try World()
            _ = try await world.send(persons: 1)
            let receiver = Receiver([answer])
            let report = try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules())
            #expect((report.delivered, report.postponed, report.abandoned) == (delivered, postponed, abandoned))
            guard postponed == 1 else { continue }
            world.clock.advance(seconds: seconds - 1)
            #expect(try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules()) == WebhookReport())
            world.clock.advance(seconds: 1)
            #expect(try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules()).delivered == 1)
        }
    }

    @Test func `Without TLS nothing is called unless it is allowed`() async throws {
        let world = try World()
        _ = try await world.send(persons: 1, to: "http://example.com/hook")
        let receiver = Receiver()
        let report = try await world.live.deliverWebhooks(with: receiver, rules: WebhookRules())
        #expect(report.abandoned == 1)
        #expect(receiver.requests.isEmpty)
    }

    @Test func `Only addresses of the public internet are called`() throws {
        func bytes(_ text: String) -> [UInt8] {
            var four = in_addr()
            var six = in6_addr()
            if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
            return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: six) { Array($0) } : []
        }
        for text in [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
            "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.7", "::1", "::", "fe80::1", "fc00::1",
            "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::",
            "2001:db8::1", "2001::1",
        ] { #expect(!WebhookRules.isPublic(bytes(text)), "\(text)") }
        for text in ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"] {
            #expect(WebhookRules.isPublic(bytes(text)), "\(text)")
        }
        var rules = WebhookRules()
        for url in ["ftp://a.example", "https://", "https://u:p@a.example", "x", "http://a.example"] {
            #expect(throws: WebhookRefusal.self, "\(url)") { try rules.check(url) }
        }
        #expect(throws: Never.self) { try rules.check("https://a.example/x?y=1") }
        rules.allowsHTTP = true
        #expect(throws: Never.self) { try rules.check("http://a.example") }
        rules.allowsPrivateAddresses = true
        #expect(rules.admits(address: bytes("127.0.0.1")))
    }
}
