import Dispatch
import EventLog
import Synchronization
import Testing

@Suite struct WriteAheadLogTests {
    @Test func recordsComeBackInOrder() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 10)
        #expect(try log.commitAndWait { .init(payload: [1, 2], sequences: 3, result: $0) } == 10)
        #expect(try log.commitAndWait { .init(payload: nil, sequences: 0, result: $0) } == 13)
        #expect(try log.commitAndWait { .init(payload: [], sequences: 1, result: $0) } == 13)
        try log.close()
        #expect(
            try replayAll(disk, logID: 1) == [
                LogRecord(sequence: 10, payload: [1, 2]), LogRecord(sequence: 13, payload: []),
            ])
        #expect(try replayAll(disk, logID: 1, from: 13) == [LogRecord(sequence: 13, payload: [])])
        let report = try WriteAheadLog.replay(folder: "log", disk: disk, logID: 1, from: 0, repair: false) { _, _ in }
        #expect(report.nextSequence == 14)
        #expect(report.tornBytes == 0)
        #expect(report.records == 2)
    }

    @Test func aGroupIsOneWriteAndOneSync() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 0)
        let syncs = log.syncCount
        disk.plan(nil)
        _ = log.commitGroup((0..<50).map { [UInt8($0)] })
        #expect(log.syncCount == syncs + 1)
        #expect(disk.callCount == 2)
        // Nothing to write is nothing to sync.
        _ = try log.commitAndWait { .init(payload: nil, sequences: 4, result: $0) }
        #expect(disk.callCount == 2)
        #expect(log.bytes == disk.files.values.map(\.count).reduce(0, +))
    }

    @Test func appliedRunsInOrderAndAbandonedInReverse() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 0)
        let trace = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)
        let finished = DispatchSemaphore(value: 0)
        @Sendable func submit(_ name: String, waiting: Bool = false, failing: Bool = false) {
            log.submit { _ -> WriteAheadLog.Prepared<Void> in
                if waiting { gate.wait() }
                if failing { throw EventLogError(.invalidEvent, "no") }
                trace.withLock { $0.append("prepare \(name)") }
                return .init(
                    payload: [1], sequences: 1, result: (),
                    applied: { trace.withLock { $0.append("apply \(name)") } },
                    abandoned: { trace.withLock { $0.append("abandon \(name)") } })
            } completion: { result in
                if case .failure = result { trace.withLock { $0.append("fail \(name)") } }
                finished.signal()
            }
        }
        submit("a", waiting: true)
        submit("b", failing: true)
        submit("c")
        gate.signal()
        for _ in 0..<3 { finished.wait() }
        #expect(trace.withLock { $0 } == ["prepare a", "fail b", "prepare c", "apply a", "apply c"])

        trace.withLock { $0 = [] }
        disk.plan(.init(call: 2, failure: .inputOutput))
        submit("d", waiting: true)
        submit("e")
        gate.signal()
        for _ in 0..<2 { finished.wait() }
        #expect(trace.withLock { $0 } == ["prepare d", "prepare e", "abandon e", "abandon d", "fail d", "fail e"])
    }

    @Test func rotationSeparatesRecordsAndOldFilesGo() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 0)
        _ = log.commitGroup([[1], [2]])
        let ran = Mutex(0)
        #expect(try log.rotate { ran.withLock { $0 += 1 } } == 3)
        #expect(ran.withLock { $0 } == 1)
        // Nothing has come since, so the new file stays.
        #expect(try log.rotate() == 3)
        #expect(disk.files.keys.sorted() == ["log/wal-0000000000000000.log", "log/wal-0000000000000003.log"])
        _ = log.commitGroup([[3]])
        try log.removeFiles(before: 2)
        #expect(disk.files.count == 2)
        try log.removeFiles(before: 3)
        #expect(disk.files.keys.sorted() == ["log/wal-0000000000000003.log"])
        #expect(log.bytes == disk.files.values.map(\.count).reduce(0, +))
        #expect(try replayAll(disk, logID: 1, from: 3).map(\.payload) == [[3]])
        let error = #expect(throws: EventLogError.self) { try replayAll(disk, logID: 1, from: 1) }
        #expect(error?.code == .corrupt)
    }

    @Test func aClosedLogRefusesCommits() throws {
        let log = try WriteAheadLog(folder: "log", disk: SimulatedDisk(), logID: 1, nextSequence: 0)
        try log.close()
        try log.close()
        let error = #expect(throws: EventLogError.self) {
            try log.commitAndWait { .init(payload: [1], sequences: 1, result: $0) }
        }
        #expect(error?.code == .notWritable)
        #expect(throws: EventLogError.self) { try log.rotate() }
    }

    @Test func aReaderSeesWhatTheWriterHasWritten() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 0)
        for value: UInt8 in 0..<20 {
            _ = log.commitGroup([[value]])
            #expect(try replayAll(disk, logID: 1).count == Int(value) + 1)
            if value % 5 == 0 { _ = try log.rotate() }
        }
    }

    @Test func manyTasksCommitAtOnce() async throws {
        let folder = try TemporaryFolder()
        let log = try WriteAheadLog(folder: folder.path, disk: PosixDisk(), logID: 5, nextSequence: 0)
        let published = Published()
        let places = try await withThrowingTaskGroup(of: [LogRecord].self) { group in
            for task in 0..<16 {
                group.addTask { try await Self.commitMany(log, published, task) }
            }
            return try await group.reduce(into: [LogRecord]()) { $0 += $1 }
        }
        try log.close()
        let found = try replayAll(PosixDisk(), folder: folder.path, logID: 5)
        #expect(found == places.sorted { $0.sequence < $1.sequence })
        #expect(published.sequences.withLock { $0 } == found.map(\.sequence))
        #expect(found.map(\.sequence) == (0..<800).map { UInt64($0 * 2) })
        #expect(log.syncCount < 800, "commits share syncs")
    }

    private final class Published: Sendable {
        let sequences = Mutex<[UInt64]>([])
    }

    private static func commitMany(_ log: WriteAheadLog, _ published: Published, _ task: Int) async throws
        -> [LogRecord]
    {
        var places: [LogRecord] = []
        for round in 0..<50 {
            let payload = Array("\(task):\(round)".utf8)
            let place = try await log.commit { first in
                .init(
                    payload: payload, sequences: 2, result: first,
                    applied: { published.sequences.withLock { $0.append(first) } })
            }
            places.append(LogRecord(sequence: place, payload: payload))
            if round % 20 == 7 { _ = try log.rotate() }
        }
        return places
    }
}
