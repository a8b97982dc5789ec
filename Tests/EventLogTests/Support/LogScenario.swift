import Dispatch
import EventLog
import RandomCases
import Synchronization
import Testing

/// One record of a write-ahead log.
struct LogRecord: Hashable, Sendable, CustomStringConvertible {
    var sequence: UInt64
    var payload: [UInt8]

    var description: String { "\(sequence):\(payload.count) bytes" }
}

/// A write-ahead log beside a list of what it has acknowledged: the slow, obvious implementation.
///
/// Everything it does follows from the seed.
final class LogScenario {
    static let folder = "log"
    static let logID: UInt64 = 0x1234_5678_9abc_def0

    private(set) var disk: SimulatedDisk
    private(set) var log: WriteAheadLog?
    private(set) var acknowledged: [LogRecord] = []
    /// Records of the last group, which failed: a prefix of them may be there.
    private(set) var uncertain: [LogRecord] = []
    /// Where a replay begins: earlier records have been moved elsewhere.
    private(set) var from: UInt64 = 0
    private var nextID: UInt64 = 0
    var random: SeededRandom

    init(seed: UInt64, disk: SimulatedDisk? = nil) {
        random = SeededRandom(seed)
        self.disk = disk ?? SimulatedDisk(seed: seed)
    }

    /// Replays, compares with the list, and opens for writing.
    func open() throws {
        var found: [LogRecord] = []
        let report = try WriteAheadLog.replay(
            folder: Self.folder, disk: disk, logID: Self.logID, from: from, repair: true
        ) { found.append(LogRecord(sequence: $0, payload: Array($1))) }
        if let complaint = compare(found) { throw Mismatch(complaint) }
        acknowledged += found.dropFirst(acknowledged.count { $0.sequence >= from })
        uncertain = []
        log = try WriteAheadLog(
            folder: Self.folder, disk: disk, logID: Self.logID, nextSequence: max(report.nextSequence, from))
    }

    struct Mismatch: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// What is wrong with the outcome of a replay from `from`, or nil.
    func compare(_ found: [LogRecord]) -> String? {
        let expected = acknowledged.filter { $0.sequence >= from }
        guard found.starts(with: expected) else { return "acknowledged \(expected), replayed \(found)" }
        let more = Array(found.dropFirst(expected.count))
        return uncertain.starts(with: more)
            ? nil : "replayed \(more) beyond what was acknowledged, in doubt were \(uncertain)"
    }

    /// Goes on with another disk, for example one after a crash.
    func replace(_ disk: SimulatedDisk) {
        log = nil
        self.disk = disk
    }

    // MARK: Steps

    /// Does something at random. Failures of the disk are part of the game.
    func step() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<12: commit(Int.random(in: 1...5, using: &random))
        case 12..<14: try reserve(UInt64.random(in: 1...40, using: &random))
        case 14..<18: rotate(removing: Bool.random(using: &random))
        default:
            try? log?.close()
            log = nil
            try open()
        }
    }

    /// Commits several records as one group.
    func commit(_ count: Int) {
        guard let log else { return }
        let payloads = (0..<count).map { _ in payload() }
        let outcomes = log.commitGroup(payloads)
        let stored = zip(payloads, outcomes).filter { (try? $1.result.get()) != nil }
        if !stored.isEmpty {
            acknowledged += stored.map { LogRecord(sequence: $1.sequence ?? .max, payload: $0) }
            uncertain = []
        } else if outcomes.contains(where: { $0.sequence != nil }) {
            uncertain = zip(payloads, outcomes).compactMap { payload, outcome in
                outcome.sequence.map { LogRecord(sequence: $0, payload: payload) }
            }
        }
    }

    /// Takes sequence numbers without a record, as a load into a segment does.
    func reserve(_ count: UInt64) throws {
        _ = try? log?.commitAndWait { first in .init(payload: nil, sequences: count, result: first) }
    }

    func rotate(removing: Bool) {
        guard let log, let sequence = try? log.rotate() else { return }
        if removing {
            // The position is durable elsewhere before any file goes.
            from = sequence
            try? log.removeFiles(before: sequence)
        }
    }

    /// Bytes that differ from those of any other record; some are empty but for their number, some span sectors.
    private func payload() -> [UInt8] {
        nextID += 1
        let length = [0, 3, 20, 200, 700, 1500].randomElement(using: &random) ?? 0
        var bytes = withUnsafeBytes(of: nextID) { Array($0) }
        for index in 0..<length { bytes.append(UInt8(truncatingIfNeeded: UInt64(index) &* 31 &+ nextID &* 17)) }
        return bytes
    }
}

extension WriteAheadLog {
    struct Outcome: Sendable {
        /// Nil when the commit was refused before it was prepared.
        var sequence: UInt64?
        var result: Result<UInt64, any Error>
    }

    /// Commits payloads as one group: the commit thread waits in the first until all are in its queue. Payload `i`
    /// takes `1 + i % 3` sequence numbers.
    func commitGroup(_ payloads: [[UInt8]]) -> [Outcome] {
        let gate = DispatchSemaphore(value: 0)
        let finished = DispatchSemaphore(value: 0)
        let sequences = Mutex([UInt64?](repeating: nil, count: payloads.count))
        let results = Mutex([Result<UInt64, any Error>?](repeating: nil, count: payloads.count))
        for (index, payload) in payloads.enumerated() {
            submit { first -> Prepared<UInt64> in
                if index == 0 { gate.wait() }
                sequences.withLock { $0[index] = first }
                return Prepared(payload: payload, sequences: UInt64(1 + index % 3), result: first)
            } completion: { result in
                results.withLock { $0[index] = result }
                finished.signal()
            }
        }
        gate.signal()
        for _ in payloads { finished.wait() }
        let assigned = sequences.withLock { $0 }
        return results.withLock { results in
            results.enumerated().compactMap { index, result in
                result.map { Outcome(sequence: assigned[index], result: $0) }
            }
        }
    }
}
