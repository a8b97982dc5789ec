import ArgumentParser
import EventLog
import Foundation
import Synchronization

/// `bench kill`: every acknowledged event is there once, however often the server is killed under load.
struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Kills a server under load again and again and counts what is there.",
        discussion: """
            Sends batches over several connections; at a random moment the server gets SIGKILL and is started again on \
            the same folder. Batches without an answer are sent again with the same message ids, as SDKs do. At the end \
            the log is read: every acknowledged event must be in it, and none twice.
            """)

    @Option(help: "A folder for the data; removed again.")
    var folder: String
    @Option(help: "The program; by default the one beside this one.")
    var program: String?
    @Option(help: "How often the server is killed.")
    var kills = 100
    @Option var connections = 8
    @Option(help: "Events in a batch.")
    var batch = 20
    @Option(help: "Milliseconds that the server lives, at least and at most.")
    var life: [Int] = [100, 1_500]
    @Option(help: "Of the moments at which it is killed.")
    var seed: UInt64 = 1

    private struct Report: Encodable {
        var kills: Int
        var acknowledgedEvents: Int
        var storedEvents: Int
        var missingEvents: Int
        var repeatedEvents: Int
        /// Tries that were not answered, also while the server was not there.
        var unansweredTries: Int
        var slowestStartMilliseconds: Double
    }

    func validate() throws {
        guard life.count == 2, life[0] > 0, life[0] <= life[1] else {
            throw ValidationError("--life needs two numbers, the smaller first")
        }
    }

    func run() throws {
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = program ?? own.appendingPathComponent("dangol").path
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = seed
        var server = try ServerProcess(program: program, data: folder)
        var slowest = 0.0
        let senders = Senders(writeKey: try server.key(kind: "write"), port: server.port)
        senders.start(connections: connections, batch: batch)
        for kill in 0..<kills {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let milliseconds = life[0] + Int(random >> 33) % (life[1] - life[0] + 1)
            Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
            server.kill()
            server = try ServerProcess(program: program, data: folder)
            slowest = max(slowest, server.startSeconds)
            senders.go(on: server.port)
            if kill % 10 == 9 { Measure.note("killed \(kill + 1) times") }
        }
        Thread.sleep(forTimeInterval: 0.5)
        let (acknowledged, resent) = try senders.stop()
        server.stop()
        let (stored, missing, repeated) = try compare(acknowledged)
        try Measure.emit(
            Report(
                kills: kills, acknowledgedEvents: acknowledged.reduce(0) { $0 + $1.count }, storedEvents: stored,
                missingEvents: missing, repeatedEvents: repeated, unansweredTries: resent,
                slowestStartMilliseconds: slowest * 1e3))
        guard missing == 0, repeated == 0 else {
            throw BenchError("\(missing) acknowledged events are missing and \(repeated) are there twice")
        }
    }

    private func compare(_ acknowledged: [ClosedRange<UInt64>]) throws -> (stored: Int, missing: Int, repeated: Int) {
        let log = try EventLog.open(folder + "/default/events", for: .reading)
        defer { try? log.close() }
        var seen: Set<UInt64> = []
        var (stored, repeated, next) = (0, 0, UInt64(0))
        while true {
            let events = try log.tail(from: next, limit: 100_000)
            guard let last = events.last else { break }
            for event in events {
                stored += 1
                guard let id = event.event.messageID.flatMap({ UInt64($0, radix: 16) }) else { continue }
                if !seen.insert(id).inserted { repeated += 1 }
            }
            next = last.sequence + 1
        }
        let missing = acknowledged.reduce(0) { count, ids in count + ids.count { !seen.contains($0) } }
        return (stored, missing, repeated)
    }
}

/// Sends batches on several threads to wherever the server is at the moment.
private final class Senders: Sendable {
    private struct State {
        var port: UInt16
        var isDone = false
        var acknowledged: [ClosedRange<UInt64>] = []
        /// Tries that were not answered.
        var resent = 0
        var failure: (any Error)?
    }

    private let writeKey: String
    private let state: Mutex<State>
    private let ended = DispatchGroup()

    init(writeKey: String, port: UInt16) {
        self.writeKey = writeKey
        state = Mutex(State(port: port))
    }

    func start(connections: Int, batch: Int) {
        for lane in 1...connections {
            ended.enter()
            Thread { [self] in
                send(SegmentBatch(writeKey: writeKey, events: batch, lane: UInt64(lane), persons: 10_000))
                ended.leave()
            }.start()
        }
    }

    func go(on port: UInt16) { state.withLock { $0.port = port } }

    /// Lets every batch that is under way be answered.
    func stop() throws -> (acknowledged: [ClosedRange<UInt64>], resent: Int) {
        state.withLock { $0.isDone = true }
        ended.wait()
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return state.withLock { ($0.acknowledged, $0.resent) }
    }

    private func send(_ first: SegmentBatch) {
        var batch = first
        batch.advance()
        var lastAnswer = ContinuousClock.now
        while true {
            do {
                return try send(&batch, &lastAnswer)
            } catch {
                state.withLock { $0.resent += 1 }
                guard lastAnswer.duration(to: .now) < .seconds(30) else {
                    state.withLock { $0.failure = BenchError("no server answered for half a minute: \(error)") }
                    return
                }
                // Nobody is there until it has started again.
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    /// Sends batches over one connection until it breaks or the end has come.
    private func send(_ batch: inout SegmentBatch, _ lastAnswer: inout ContinuousClock.Instant) throws {
        var connection = try HTTPConnection(port: state.withLock { $0.port })
        while true {
            let answer = try connection.send(batch.request)
            guard answer.status == 200 else { throw BenchError("a batch was answered \(answer.status)") }
            lastAnswer = .now
            let messages = batch.messages
            let isDone = state.withLock { state in
                state.acknowledged.append(messages)
                return state.isDone
            }
            if isDone { return }
            batch.advance()
        }
    }
}
