import ArgumentParser
import Foundation
import Statistics
import Synchronization

/// `bench decide`: how soon a server says what a person is to be shown.
struct DecideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Measures POST /v1/decide under a steady load.",
        discussion: """
            Needs a folder with a trained model, such as Benchmarks/recommend/scale.py leaves. Persons are asked for at \
            fixed times, whether or not the server keeps up, so that waiting counts; nine of ten have a history. Every \
            decision is logged, as always.
            """)

    @Option(help: "The data folder.")
    var data: String
    @Option(help: "The program; by default the one beside this one.")
    var program: String?
    @Option(help: "Persons, called p0, p1, ...")
    var persons = 1_000_000
    @Option(help: "Requests a second.")
    var rate = 1_000.0
    @Option var seconds = 20.0
    @Option var connections = 16

    private struct Report: Encodable {
        var offeredPerSecond: Double
        var answeredPerSecond: Double
        var statuses: [String: Int]
        var failures: Int
        /// Answers that name a fallback though the person has a history.
        var fallbacks: Int
        /// From the moment when a request was due.
        var latencyMicroseconds: [String: Double]
        /// From the first request to the first answer by the model.
        var firstAnswerMilliseconds: Double
        var serverProcessorMicrosecondsPerRequest: Double
        var memoryBytes: Int
        var persons: Int
    }

    private struct Seen: Sendable {
        var latencies: [Double] = []
        var statuses: [Int: Int] = [:]
        var failures = 0
        var fallbacks = 0
    }

    func run() throws {
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let server = try ServerProcess(program: program ?? own.appendingPathComponent("dangol").path, data: data)
        defer { _ = server.stop() }
        let key = try server.key(kind: "api", scopes: ["all"])
        try APICaller(port: server.port, key: key).call("PUT", "/v1/placements/bench", ["kind": "list"])
        let first = try Measure.seconds { try warmUp(server.port, key) }.seconds
        _ = try load(server.port, key, seconds: 3)
        let processor = server.processorSeconds
        let seen = try load(server.port, key, seconds: seconds)
        let count = seen.latencies.count
        try Measure.emit(
            Report(
                offeredPerSecond: rate, answeredPerSecond: Double(count) / seconds,
                statuses: Dictionary(uniqueKeysWithValues: seen.statuses.map { (String($0), $1) }),
                failures: seen.failures, fallbacks: seen.fallbacks,
                latencyMicroseconds: Measure.microseconds(seen.latencies), firstAnswerMilliseconds: first * 1e3,
                serverProcessorMicrosecondsPerRequest: (server.processorSeconds - processor) / Double(max(1, count))
                    * 1e6, memoryBytes: server.memory, persons: persons))
    }

    /// Until the model is in memory: the first answers may come without it.
    private func warmUp(_ port: UInt16, _ key: String) throws {
        var connection = try HTTPConnection(port: port)
        for _ in 0..<600 {
            let answer = try connection.send(request(key, person: "p0"))
            guard answer.status == 200 else {
                throw BenchError(
                    "/v1/decide was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
            }
            if !isFallback(answer.body) { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    private func load(_ port: UInt16, _ key: String, seconds: Double) throws -> Seen {
        let total = Mutex(Seen())
        let failure = Mutex<(any Error)?>(nil)
        let done = DispatchGroup()
        let clock = ContinuousClock()
        let start = clock.now
        for number in 0..<connections {
            done.enter()
            Thread {
                do {
                    let own = try run(number, port, key, start: start, seconds: seconds)
                    total.withLock { all in
                        all.latencies += own.latencies
                        all.statuses.merge(own.statuses, uniquingKeysWith: +)
                        all.failures += own.failures
                        all.fallbacks += own.fallbacks
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                done.leave()
            }.start()
        }
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        return total.withLock { $0 }
    }

    private func run(
        _ number: Int, _ port: UInt16, _ key: String, start: ContinuousClock.Instant, seconds: Double
    ) throws -> Seen {
        let clock = ContinuousClock()
        var seen = Seen()
        var random = RandomSource(seed: 5, stream: UInt64(number))
        var connection = try HTTPConnection(port: port)
        let interval = Duration.seconds(Double(connections) / rate)
        var due = start + interval * (Double(number) / Double(connections))
        while due < start + .seconds(seconds) {
            let wait = (due - clock.now) / .seconds(1)
            if wait > 0 { Thread.sleep(forTimeInterval: wait) }
            let known = Int.random(in: 0..<10, using: &random) < 9
            let person = Int.random(in: 0..<persons, using: &random)
            do {
                let answer = try connection.send(request(key, person: known ? "p\(person)" : "guest\(person)"))
                seen.latencies.append((clock.now - due) / .seconds(1))
                seen.statuses[answer.status, default: 0] += 1
                if known, isFallback(answer.body) { seen.fallbacks += 1 }
            } catch {
                seen.failures += 1
                connection = try HTTPConnection(port: port)
            }
            due += interval
        }
        return seen
    }

    private func request(_ key: String, person: String) -> [UInt8] {
        let body = #"{"person":"\#(person)","placement":"bench","context":{"hour":21,"device":"mobile"}}"#
        return Array(
            """
            POST /v1/decide HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """.utf8)
    }

    private func isFallback(_ body: [UInt8]) -> Bool {
        String(decoding: body, as: UTF8.self).contains(#""fallback":"#)
    }
}
