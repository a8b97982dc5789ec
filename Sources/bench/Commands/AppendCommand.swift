import ArgumentParser
import EventLog
import Foundation
import Synchronization

/// `bench append`: how many events become durable from several writers at once.
struct AppendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Measures durable appends.",
        discussion:
            "Every writer waits until its batch would survive a power loss before it sends the next one. Building the batches counts."
    )

    @Option(help: "A folder for the log; removed again.")
    var folder: String
    @Option var writers = 8
    @Option var batch = 100
    @Option var seconds = 10.0

    private struct Report: Encodable {
        var writers: Int
        var batch: Int
        var seconds: Double
        var events: Int
        var eventsPerSecond: Double
        var appends: Int
        var syncs: Int
        var batchLatencyMicroseconds: [String: Double]
        var sealRows: Int
    }

    func run() async throws {
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let disk = CountingDisk()
        let options = EventLog.Options()
        let store = try EventLog.open(folder, for: .writing, options: options, disk: disk)
        let before = disk.syncs
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let (batchSize, writerCount) = (batch, writers)
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for writer in 0..<writerCount {
                group.addTask { try await Self.write(writer, of: writerCount, batchSize, to: store, until: end) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let elapsed = (clock.now - start) / .seconds(1)
        let syncs = disk.syncs - before
        let stored = try store.statistics.events
        try store.close()
        precondition(
            stored == latencies.count * batchSize, "\(stored) events are stored of \(latencies.count * batchSize)")
        try Measure.emit(
            Report(
                writers: writers, batch: batch, seconds: elapsed, events: stored,
                eventsPerSecond: Double(stored) / elapsed,
                appends: latencies.count, syncs: syncs, batchLatencyMicroseconds: Measure.microseconds(latencies),
                sealRows: options.sealRows))
    }

    /// - Returns: the time of each append in seconds.
    private static func write(
        _ writer: Int, of writers: Int, _ size: Int, to store: EventLog, until end: ContinuousClock.Instant
    ) async throws -> [Double] {
        let clock = ContinuousClock()
        let events = SyntheticEvents()
        var latencies: [Double] = []
        var round = 0
        while clock.now < end {
            // Rows of different persons, as they come in.
            let base = round * writers + writer
            let batch = (0..<size).map { index in
                let row = (base * size + index) &* 7_919 % 100_000_000
                let event = events.event(row)
                return Event(
                    person: SyntheticEvents.personID(event.person), name: SyntheticEvents.names[event.name],
                    time: event.time,
                    properties: [
                        Event.Property("city", .string(SyntheticEvents.cities[event.city])),
                        Event.Property("amount", .number(Double(event.cents) / 100)),
                        Event.Property("device", .string(SyntheticEvents.devices[event.device])),
                    ], messageID: "\(writer)-\(round)-\(index)")
            }
            let sent = clock.now
            try await append(batch, to: store)
            latencies.append((clock.now - sent) / .seconds(1))
            round += 1
        }
        return latencies
    }

    /// Waits, as a sender does, while the log has no room.
    private static func append(_ batch: [Event], to store: EventLog) async throws {
        while true {
            do {
                try await store.append(batch)
                return
            } catch let error as EventLogError where error.code == .overloaded {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
