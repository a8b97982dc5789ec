import EventLog
import Testing

/// Measured, not judged: `DANGOL_BENCH=1 swift test -c release --filter WriteAheadLogThroughput`.
@Suite(.enabled(if: environment("DANGOL_BENCH") != nil, "set DANGOL_BENCH to measure")) struct WriteAheadLogThroughput {
    @Test(arguments: [1, 8, 32])
    func durableBatchesOfAHundredEvents(_ writers: Int) async throws {
        let folder = try TemporaryFolder()
        let log = try WriteAheadLog(folder: folder.path, disk: PosixDisk(), logID: 5, nextSequence: 0)
        let payload = (0..<6_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let batches = 12_000 / writers
        let clock = ContinuousClock()
        let writing = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<writers {
                    group.addTask {
                        for _ in 0..<batches {
                            _ = try await log.commit { .init(payload: payload, sequences: 100, result: $0) }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let syncs = log.syncCount
        try log.close()
        var records = 0
        let replaying = try clock.measure {
            _ = try WriteAheadLog.replay(folder: folder.path, disk: PosixDisk(), logID: 5, from: 0, repair: false) {
                _, _ in records += 1
            }
        }
        #expect(records == batches * writers)
        let rate = Double(records * 100) / (writing / .seconds(1))
        print(
            "\(writers) writers: \(Int(rate)) events/s, \(syncs) syncs for \(records) batches; replay of \(records * 6) KB in \(replaying)"
        )
    }
}
