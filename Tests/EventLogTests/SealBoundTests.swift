import Foundation
import Synchronization
import Testing

@testable import EventLog

@Suite("Recent events have a bound")
struct SealBoundTests {
    private let folder: TemporaryFolder
    private let disk = InterruptedDisk()
    private let log: EventLog

    private static let recentBytes = 256 << 10

    init() throws {
        folder = try TemporaryFolder()
        var options = EventLog.Options()
        options.compactionFanIn = 0
        options.sealBytes = .max
        options.recentBytesMax = Self.recentBytes
        log = try EventLog.open(folder.path, for: .writing, options: options, disk: disk)
    }

    private static func events(_ round: Int) -> [Event] {
        (0..<200).map { number in
            Event(
                person: "p\(number)", name: "e", time: Int64(round),
                properties: [.init("round", .number(Double(round)))],
                messageID: "\(round)-\(number)")
        }
    }

    /// Appends until the log refuses, and says how many batches it took before.
    private static func fill(_ log: EventLog, from first: Int) throws -> (batches: Int, error: EventLogError) {
        var round = first
        while true {
            do {
                let receipt = try log.appendAndWait(events(round))
                #expect(receipt.stored == 200)
                round += 1
            } catch let error as EventLogError {
                return (round - first, error)
            }
        }
    }

    /// A server whose seals waited for a merge of segments grew to 1.7 GB.
    @Test("beyond it appends are refused, until a seal has made room, and may be sent again")
    func bound() throws {
        let filled = Mutex<(batches: Int, error: EventLogError)?>(nil)
        let before = try Self.fill(log, from: 0)
        #expect(before.error.code == .overloaded)
        let wal = try #require(log.wal)
        #expect(wal.bytes <= Self.recentBytes && wal.bytes > Self.recentBytes / 2)

        // While a seal writes, what it writes is in memory still.
        let log = log
        disk.beforeNextSegment {
            let more = Result { try Self.fill(log, from: 10_000) }
            filled.withLock { $0 = try? more.get() }
        }
        try log.seal()
        let during = try #require(filled.withLock { $0 })
        #expect(during.batches == 0 && during.error.code == .overloaded)

        // The batch that was refused is stored now, with the message ids that it had.
        #expect(try log.appendAndWait(Self.events(before.batches)).stored == 200)
        #expect(try log.appendAndWait(Self.events(before.batches)).duplicates == 200)
        #expect(try log.statistics.events == 200 * (before.batches + 1))
        try log.close()
        #expect(try EventLog.verify(folder.path).problems.isEmpty)
    }

    @Test("a seal goes on while segments are merged")
    func sealWhileMerging() throws {
        for round in 0..<3 {
            _ = try log.appendAndWait(Self.events(round))
            try log.seal()
        }
        let log = log
        let segments = Mutex<Int?>(nil)
        disk.beforeNextSegment {
            // On the thread that merges.
            let count = try? {
                _ = try log.appendAndWait(Self.events(3))
                try log.seal()
                return try log.statistics.segments
            }()
            segments.withLock { $0 = count }
        }
        try log.compacting.withLock { _ in
            try log.rewrite(log.state.withLock { $0.segments.map(\.entry.file) })
        }
        #expect(segments.withLock { $0 } == 4)
        #expect(try log.statistics.segments == 2)
        #expect(try log.history(of: "p7").map(\.event.time) == [0, 1, 2, 3])
        try log.close()
        #expect(try EventLog.verify(folder.path).problems.isEmpty)
    }
}
