import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Metrics
import Synchronization
import Testing

@testable import Server

struct LimitTests {
    @Test func aKeyThatAsksTooOftenIsToldWhenToComeBack() async throws {
        var settings = ServerSettings()
        settings.requestsPerSecond = 2
        settings.requestBurst = 5
        let scratch = try ServerScratch(settings)
        let (busy, calm) = (try scratch.key([.query]), try scratch.key([.query]))
        try await scratch.run { client async throws in
            for _ in 0..<5 { #expect(try await client.get("/v1/stats", key: busy).status == 200) }
            let refused = try await client.get("/v1/stats", key: busy)
            #expect(refused.status == 429)
            #expect(refused.code == "rate_limited")
            #expect(refused.headers[.retryAfter] == "1")
            #expect(try await client.get("/v1/stats", key: calm).status == 200, "another key has its own rate")
            scratch.pass(1000)
            #expect(try await client.get("/v1/stats", key: busy).status == 200)
            #expect(try await client.get("/v1/stats", key: busy).status == 200)
            #expect(try await client.get("/v1/stats", key: busy).status == 429)
        }
    }

    @Test func bodiesThatAreTooLargeAreRefusedWithAndWithoutAnAnnouncement() async throws {
        var settings = ServerSettings()
        settings.bodyBytes = 1000
        let scratch = try ServerScratch(settings)
        let key = try scratch.key([.query])
        let body = String(repeating: " ", count: 1001)
        try await scratch.run { client async throws in
            let answer = try await client.call(.post, "/v1/query", key: key, body: body)
            #expect(answer.status == 413)
            #expect(answer.code == "too_large")
        }
    }

    @Test func whenTooManyBytesAreOnTheirWayMoreAreRefusedAndNothingIsKept() async throws {
        var settings = ServerSettings()
        settings.bodyBytesInFlight = 100
        let scratch = try ServerScratch(settings)
        let key = try scratch.key([.query])
        let parts = scratch.parts
        try await scratch.run(parts: parts) { client async throws in
            let answer = try await client.call(
                .post, "/v1/query", key: key, body: "{}" + String(repeating: " ", count: 200))
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(try await client.call(.post, "/v1/query", key: key, body: "{}").status == 400)
        }
        #expect(parts.bodies.bytesUsed == 0)
    }

    @Test func theQueueOfWorkRefusesWhatItCannotHold() async throws {
        let queue = WorkQueue("test", threads: 1, waiting: 1)
        let gate = DispatchSemaphore(value: 0)
        let (started, announce) = AsyncStream.makeStream(of: Void.self)
        async let first: Int = queue.run {
            announce.yield()
            gate.wait()
            return 1
        }
        for await _ in started { break }
        async let second: Int = queue.run { 2 }
        while queue.waitingCount == 0 { await Task.yield() }
        await #expect(throws: Problem.self) { _ = try await queue.run { 3 } }
        gate.signal()
        #expect(try await [first, second] == [1, 2])
        #expect(try await queue.run { 4 } == 4)
    }

    @Test func aBucketNeverGivesMoreThanItsRate() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...(.max), using: &generator)
        var random = seed
        let limiter = RateLimiter(perSecond: 10, burst: 20)
        var now: Int64 = 0
        var admitted = 0
        for _ in 0..<5000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += Int64(random >> 58)
            if limiter.take("k", now: now) == nil { admitted += 1 }
        }
        let allowed = 20 + Double(now) / 100
        #expect(Double(admitted) <= allowed, "seed \(seed)")
        #expect(Double(admitted) >= allowed - 21, "seed \(seed)")
    }

    /// Buckets of several callers against the definition: so many tokens as have come since the start, never more than
    /// the burst, less what was taken.
    @Test(arguments: 0..<UInt64(40)) func bucketsOfSeveralCallersDoNotTouchEachOther(seed: UInt64) {
        var random = seed
        func roll(_ bound: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % bound
        }
        // In thousandths of a token a millisecond is worth so many of them as there are tokens a second.
        let (perSecond, burst) = (1 + Int(roll(9)), 1 + Int(roll(20)))
        let limiter = RateLimiter(perSecond: Double(perSecond), burst: Double(burst))
        var tokens = [Int](repeating: burst * 1000, count: 3)
        var now: Int64 = 1_000_000
        for step in 0..<600 {
            let pause = Int(roll(400))
            now += Int64(pause)
            for caller in tokens.indices { tokens[caller] = min(burst * 1000, tokens[caller] + pause * perSecond) }
            let caller = Int(roll(3))
            let wait = limiter.take("\(caller)", now: now)
            if tokens[caller] >= 1000 {
                #expect(wait == nil, "seed \(seed), step \(step)")
                tokens[caller] -= 1000
            } else {
                // Within the rounding of a sum of fractions.
                let expected = Double(1000 - tokens[caller]) / 1000 / Double(perSecond)
                guard let wait else {
                    #expect(expected < 1e-9, "seed \(seed), step \(step)")
                    tokens[caller] -= 1000
                    continue
                }
                #expect(abs(wait - expected) < 1e-6, "seed \(seed), step \(step)")
            }
        }
    }

    @Test func nobodyGetsOutOfALimitByLettingManyOthersCall() {
        let limiter = RateLimiter(perSecond: 1, burst: 3, callersMax: 100)
        for _ in 0..<3 { #expect(limiter.take("guesser", now: 0) == nil) }
        #expect(limiter.take("guesser", now: 0) != nil)
        for other in 0..<10_000 {
            #expect(limiter.take("other \(other)", now: 0) == nil, "who is new is let in")
            #expect(limiter.callerCount <= 100)
        }
        #expect(limiter.take("guesser", now: 0) != nil)
        #expect(limiter.take("guesser", now: 1_000) == nil)
    }
}

struct ObservabilityTests {
    @Test func noSecretAppearsInTheLog() async throws {
        let scratch = try ServerScratch()
        let owner = try await scratch.owner()
        let api = try scratch.key(Set(Scope.allCases))
        let write = try scratch.writeKey()
        let token = try await scratch.run { client async throws in
            _ = try await client.get("/v1/stats", key: api)
            _ = try await client.get("/v1/stats", key: write)
            _ = try await client.get("/v1/stats", key: "dsk_of_nobody")
            _ = try await client.get("/v1/stats?token=SECRETQUERY&api_key=\(write)", key: api)
            _ = try await client.get("/v1/people/person-7/events", key: api)
            _ = try await client.call(.post, "/v1/query", key: api, body: "{\"SECRETQUERY\":1}")
            let body = #"{"email":"owner@example.com","password":"correct horse"}"#
            let answer = try await client.call(.post, "/v1/session", body: body)
            let cookie = try #require(answer.headers[.setCookie]).prefix { $0 != ";" }
            _ = try await client.call(.get, "/v1/session", headers: [.cookie: String(cookie)])
            _ = try await client.get("/SECRETQUERY")
            return String(cookie.drop { $0 != "=" }.dropFirst())
        }
        let lines = scratch.lines.withLock { $0 }
        #expect(lines.count >= 9)
        for secret in [api, write, ServerScratch.password, "dsk_of_nobody", "SECRETQUERY", "person-7", token] {
            #expect(!lines.contains { $0.contains(secret) }, "\(secret.prefix(6))")
        }
        // Each line is an object of its own.
        for line in lines {
            #expect(line.hasSuffix("\n") && line.dropLast().allSatisfy { !$0.isNewline })
            let value = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            #expect(value["level"] != nil && value["time"]?.hasSuffix("Z") == true)
        }
        _ = owner
    }

    @Test func whatIsCountedIsOnThePageForPrometheus() async throws {
        let scratch = try ServerScratch()
        let key = try scratch.key([.metricsRead])
        try await scratch.run { client async throws in
            for _ in 0..<3 { _ = try await client.get("/healthz") }
            let page = try await client.get("/metrics", key: key)
            #expect(page.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(page.text.contains("dangol_http_requests_total{route=\"health\",status=\"200\"} 3\n"))
            #expect(page.text.contains("# TYPE dangol_http_request_seconds histogram\n"))
            #expect(page.text.contains("dangol_http_request_seconds_count{route=\"health\"} 3\n"))
            #expect(page.text.contains("dangol_http_request_seconds_bucket{route=\"health\",le=\"+Inf\"} 3\n"))
            #expect(page.text.contains("dangol_http_requests_running 1\n"))
        }
    }

    @Test func labelsAreEscapedAndNamesAreMadeValid() {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "a-b.c", dimensions: [("x", "say \"hi\"\n\\")]).increment(by: Int64(2))
        registry.makeMeter(label: "1g", dimensions: []).set(1.5)
        #expect(
            PrometheusText.page(registry)
                == "# TYPE _1g gauge\n_1g 1.5\n# TYPE a_b_c counter\na_b_c{x=\"say \\\"hi\\\"\\n\\\\\"} 2\n")
    }

    @Test func seriesAreBounded() {
        let registry = MetricsRegistry()
        for index in 0..<(MetricsRegistry.seriesMax + 10) {
            registry.makeCounter(label: "c", dimensions: [("i", "\(index)")]).increment(by: Int64(1))
        }
        #expect(registry.all.count == MetricsRegistry.seriesMax)
    }
}
