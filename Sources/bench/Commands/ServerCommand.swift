import ArgumentParser
import Foundation
import Synchronization

/// `bench server`: what a server takes in, how long it takes to answer, and what it needs.
struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Measures collection over HTTP.",
        discussion: """
            Starts `dangol serve` on a fresh folder and sends batches in Segment's format, about 300 bytes an event, from \
            this process on the same processors. Each figure counts acknowledged events, which are durable. At the end the \
            server's own count of events is compared with what it acknowledged.
            """)

    @Option(help: "A folder for the data; removed again.")
    var folder: String
    @Option(help: "The program; by default the one beside this one.")
    var program: String?
    @Option var seconds = 15.0
    @Option var connections = 8
    @Option(help: "Connections of the overload.")
    var overload = 160
    @Option(help: "Minutes of a steady load at the end, in which memory is watched.")
    var soak = 0.0

    private struct Report: Encodable {
        var throughput: Throughput
        var latency: Latency
        var audiences: Audiences
        var overload: Overload
        var idleMemoryBytes: Int
        var startMilliseconds: Double
        var stopMilliseconds: Double
        var restartMilliseconds: Double
        var storedEvents: Int
        var acknowledgedEvents: Int
        var soak: Soak?
    }

    private struct Throughput: Encodable {
        var eventsPerSecond: Double
        var bytesPerEvent: Int
        var connections: Int
        var serverProcessorSecondsPerMillion: Double
        var batchLatencyMicroseconds: [String: Double]
    }

    private struct Latency: Encodable {
        var offeredPerSecond: Double
        var eventsPerSecond: Double
        var batchLatencyMicroseconds: [String: Double]
        var queries: Int
        var queryMicroseconds: [String: Double]
    }

    private struct Audiences: Encodable {
        var offeredPerSecond: Double
        var audiences: Int
        var entered: Int
        /// Who ought to have entered and was not heard of within ten seconds.
        var missing: Int
        /// From the moment when the event was due to be sent until the stream told of `Audience Entered`.
        var latencyMicroseconds: [String: Double]
    }

    private struct Overload: Encodable {
        var connections: Int
        var eventsPerSecond: Double
        var statuses: [String: Int]
        var failures: Int
        var memoryBytesBefore: Int
        var memoryBytesMost: Int
    }

    private struct Soak: Encodable {
        var minutes: Double
        var eventsPerSecond: Double
        /// At each tenth of the time.
        var memoryBytes: [Int]
    }

    func run() throws {
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = program ?? own.appendingPathComponent("dangol").path
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        var server = try ServerProcess(program: program, data: folder)
        let start = server.startSeconds
        let writeKey = try server.key(kind: "write")
        let apiKey = try server.key(kind: "api", scopes: ["all"])
        Thread.sleep(forTimeInterval: 2)
        let idle = server.memory
        var acknowledged = 0

        Measure.note("throughput")
        var load = Load(port: server.port, writeKey: writeKey, connections: connections)
        acknowledged += try load.run(seconds: 2).acknowledged
        load.firstLane += 1_000
        let processor = server.processorSeconds
        let full = try load.run(seconds: seconds)
        acknowledged += full.acknowledged
        let throughput = Throughput(
            eventsPerSecond: full.eventsPerSecond,
            bytesPerEvent: SegmentBatch(writeKey: writeKey, events: 100, lane: 0, persons: 1).eventBytes,
            connections: connections,
            serverProcessorSecondsPerMillion: (server.processorSeconds - processor) / Double(full.acknowledged) * 1e6,
            batchLatencyMicroseconds: Measure.microseconds(full.latencies))

        Measure.note("latency beside queries")
        Thread.sleep(forTimeInterval: 5)
        load.firstLane += 1_000
        load.eventsPerSecond = 30_000
        let questions = try Questioner(port: server.port, key: apiKey)
        let steady = try load.run(seconds: seconds)
        let queryTimes = try questions.stop()
        acknowledged += steady.acknowledged
        let latency = Latency(
            offeredPerSecond: 30_000, eventsPerSecond: steady.eventsPerSecond,
            batchLatencyMicroseconds: Measure.microseconds(steady.latencies), queries: queryTimes.count,
            queryMicroseconds: Measure.microseconds(queryTimes))

        Measure.note("audiences")
        load.firstLane += 1_000
        let (audiences, sent) = try measureAudiences(load, apiKey)
        acknowledged += sent

        Measure.note("overload")
        let before = server.memory
        load.firstLane += 1_000
        load.eventsPerSecond = nil
        load.connections = overload
        load.eventsPerBatch = 1_000
        let watch = MemoryWatch(server)
        let over = try load.run(seconds: seconds)
        let most = watch.stop()
        acknowledged += over.acknowledged
        let overloadReport = Overload(
            connections: overload, eventsPerSecond: over.eventsPerSecond,
            statuses: Dictionary(uniqueKeysWithValues: over.statuses.map { (String($0), $1) }), failures: over.failures,
            memoryBytesBefore: before, memoryBytesMost: most)

        var soakReport: Soak?
        if soak > 0 {
            Measure.note("soak")
            load.connections = connections
            load.eventsPerBatch = 100
            load.eventsPerSecond = 20_000
            var memory: [Int] = []
            var count = 0
            for _ in 0..<10 {
                load.firstLane += 1_000
                count += try load.run(seconds: soak * 6).acknowledged
                memory.append(server.memory)
            }
            acknowledged += count
            soakReport = Soak(
                minutes: soak, eventsPerSecond: Double(count) / (soak * 60), memoryBytes: memory)
        }

        let stop = server.stop()
        server = try ServerProcess(program: program, data: folder)
        let restart = server.startSeconds
        let stored = try storedEvents(program)
        server.stop()
        try Measure.emit(
            Report(
                throughput: throughput, latency: latency, audiences: audiences, overload: overloadReport,
                idleMemoryBytes: idle,
                startMilliseconds: start * 1e3, stopMilliseconds: stop * 1e3, restartMilliseconds: restart * 1e3,
                storedEvents: stored, acknowledgedEvents: acknowledged, soak: soakReport))
        guard stored >= acknowledged else {
            throw BenchError("\(acknowledged - stored) acknowledged events are missing")
        }
    }

    /// How long it takes from an event to its person's entering an audience, as somebody hears of it who listens.
    private func measureAudiences(_ load: Load, _ key: String) throws -> (Audiences, acknowledged: Int) {
        var load = load
        load.connections = 4
        load.eventsPerBatch = 20
        load.eventsPerSecond = 2_000
        load.watchedEvent = "Order Completed"
        // A prime, so that persons are new: nobody comes twice.
        load.persons = 2_147_483_629
        let count = 20
        let api = APICaller(port: load.port, key: key)
        let now = Date().formatted(.iso8601)
        for number in 0..<count {
            let text =
                number == 0
                ? "did \"Order Completed\" since \(now)"
                : "did \"Order Completed\" at least \(number + 1) times since \(now) where price >= \(number * 1_000)"
            try api.call("POST", "/v1/audiences", ["name": "bench \(number)", "where": text])
        }
        let watch = try EntryWatch(port: load.port, key: key)
        let result = try load.run(seconds: seconds)
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(10)
        while watch.count < result.watched.count, clock.now < deadline { Thread.sleep(forTimeInterval: 0.05) }
        let arrivals = try watch.stop()
        for number in 0..<count { try api.call("DELETE", "/v1/audiences/bench%20\(number)", nil) }
        let times = result.watched.compactMap { person, sent in arrivals[person].map { ($0 - sent) / .seconds(1) } }
        let report = Audiences(
            offeredPerSecond: 2_000, audiences: count, entered: times.count,
            missing: result.watched.count - times.count, latencyMicroseconds: Measure.microseconds(times))
        return (report, result.acknowledged)
    }

    private func storedEvents(_ program: String) throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["stats", "--data", folder, "--json"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Stats: Decodable { var events: Int }
        return try JSONDecoder().decode(Stats.self, from: data).events
    }
}

/// Asks the server a funnel again and again, as people at a console do.
private final class Questioner: Sendable {
    private let isDone = Atomic<Bool>(false)
    private let times = Mutex<[Double]>([])
    private let failure = Mutex<(any Error)?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    init(port: UInt16, key: String) throws {
        let body = """
            {"kind":"funnel","steps":[{"event":"Product Viewed"},{"event":"Order Completed"}],"window":"7d","timeZone":"UTC"}
            """
        let request = Array(
            """
            POST /v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """.utf8)
        var first = try HTTPConnection(port: port)
        let answer = try first.send(request)
        guard answer.status == 200 else {
            throw BenchError("a query was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        Thread { [self] in
            do {
                var connection = try HTTPConnection(port: port)
                let clock = ContinuousClock()
                while !isDone.load(ordering: .acquiring) {
                    let start = clock.now
                    _ = try connection.send(request)
                    times.withLock { $0.append((clock.now - start) / .seconds(1)) }
                    Thread.sleep(forTimeInterval: 0.5)
                }
            } catch {
                failure.withLock { $0 = error }
            }
            ended.signal()
        }.start()
    }

    func stop() throws -> [Double] {
        isDone.store(true, ordering: .releasing)
        ended.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        return times.withLock { $0 }
    }
}

/// The most memory that a server has while something goes on.
private final class MemoryWatch: Sendable {
    private let isDone = Atomic<Bool>(false)
    private let most = Mutex(0)
    private let ended = DispatchSemaphore(value: 0)

    init(_ server: ServerProcess) {
        let read = server.memoryReader
        Thread { [self] in
            while !isDone.load(ordering: .acquiring) {
                let now = read()
                most.withLock { $0 = max($0, now) }
                Thread.sleep(forTimeInterval: 0.05)
            }
            ended.signal()
        }.start()
    }

    func stop() -> Int {
        isDone.store(true, ordering: .releasing)
        ended.wait()
        return most.withLock { $0 }
    }
}
