import Foundation
import Synchronization

/// What load generators saw.
struct LoadResult: Sendable {
    var seconds = 0.0
    var acknowledged = 0
    var statuses: [Int: Int] = [:]
    /// Seconds from the moment a request was due to its answer.
    var latencies: [Double] = []
    var failures = 0
    /// When an event of the watched name was due to be sent, by its person.
    var watched: [String: ContinuousClock.Instant] = [:]

    mutating func add(_ other: LoadResult) {
        acknowledged += other.acknowledged
        statuses.merge(other.statuses, uniquingKeysWith: +)
        latencies += other.latencies
        failures += other.failures
        watched.merge(other.watched) { min($0, $1) }
    }

    var eventsPerSecond: Double { Double(acknowledged) / seconds }
}

/// Sends batches over several connections, each on a thread of its own.
struct Load: Sendable {
    var port: UInt16
    var writeKey: String
    var connections = 8
    var eventsPerBatch = 100
    var persons = 100_000
    /// Nil: as fast as answers come. Otherwise requests are due at fixed times, whether or not the server keeps up, so
    /// that waiting counts.
    var eventsPerSecond: Double?
    /// The name of events whose persons are noted.
    var watchedEvent: String?
    /// Lanes of message ids that have been used before.
    var firstLane: UInt64 = 1

    func run(seconds: Double) throws -> LoadResult {
        let total = Mutex(LoadResult())
        let failure = Mutex<(any Error)?>(nil)
        let done = DispatchGroup()
        let clock = ContinuousClock()
        let start = clock.now
        for connection in 0..<connections {
            done.enter()
            Thread {
                do {
                    let own = try run(connection, start: start, seconds: seconds)
                    total.withLock { $0.add(own) }
                } catch {
                    failure.withLock { $0 = error }
                }
                done.leave()
            }.start()
        }
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        var result = total.withLock { $0 }
        result.seconds = (clock.now - start) / .seconds(1)
        return result
    }

    private func run(_ number: Int, start: ContinuousClock.Instant, seconds: Double) throws -> LoadResult {
        let clock = ContinuousClock()
        var result = LoadResult()
        var batch = SegmentBatch(
            writeKey: writeKey, events: eventsPerBatch, lane: firstLane + UInt64(number), persons: persons)
        var connection = try HTTPConnection(port: port)
        let interval = eventsPerSecond.map { Duration.seconds(Double(eventsPerBatch * connections) / $0) }
        var due = start + (interval ?? .zero) * (Double(number) / Double(connections))
        let end = start + .seconds(seconds)
        while clock.now < end {
            batch.advance()
            if interval != nil {
                let wait = (due - clock.now) / .seconds(1)
                if wait > 0 { Thread.sleep(forTimeInterval: wait) }
            } else {
                due = clock.now
            }
            let began = due
            do {
                let status = try connection.send(batch.request).status
                result.latencies.append((clock.now - began) / .seconds(1))
                result.statuses[status, default: 0] += 1
                if status == 200 {
                    result.acknowledged += eventsPerBatch
                    for person in watchedEvent.map(batch.persons) ?? [] { result.watched[person] = began }
                }
            } catch {
                result.failures += 1
                connection = try HTTPConnection(port: port)
            }
            if let interval { due = began + interval }
        }
        return result
    }
}
