@testable import EventLog

/// One file of a write-ahead log. All checksums and the chain between frames are put right first, so that what is
/// behind them is reached.
enum FuzzWriteAheadLog: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { [try make()] }

    static func run(_ bytes: [UInt8]) {
        var bytes = bytes
        mend(&bytes)
        check(bytes)
    }

    private static let logID: UInt64 = 7

    /// A file with a record of every kind.
    private static func make() throws -> [UInt8] {
        let records: [LogRecord] = [
            .events(try Fuzz.batch(12), receivedTime: 99), .merge(Merge(alias: "a", person: "b")), .split("a"),
            .delete([.init(hash: 1, check: 2, sequence: 3)]), .reserve(5),
        ]
        var bytes = LogFileHeader(logID: logID, firstSequence: 0, previous: nil).encoded().bytes
        var sequence: UInt64 = 0
        for record in records {
            let payload = record.encoded()
            let sequences: UInt32 = if case .events(let batch, _) = record { UInt32(batch.count) } else { 1 }
            var frame = [UInt8](repeating: 0, count: LogFrame.headerBytes) + payload
            _ = frame.withUnsafeMutableBytes {
                LogFrame.seal($0, sequence: sequence, sequences: sequences, distance: 0, chain: 0, seed: 0)
            }
            bytes += frame
            sequence += UInt64(sequences)
        }
        mend(&bytes)
        return bytes
    }

    private static func mend(_ bytes: inout [UInt8]) {
        guard bytes.count >= LogFileHeader.byteCount else { return }
        bytes.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: logID, toByteOffset: 16, as: UInt64.self)
            var chain = Checksum.crc32c(UnsafeRawBufferPointer(rebasing: bytes[..<60]))
            bytes.storeBytes(of: chain, toByteOffset: 60, as: UInt32.self)
            var offset = LogFileHeader.byteCount
            while bytes.count - offset >= LogFrame.headerBytes {
                let frame = LogFrame.fields(UnsafeRawBufferPointer(bytes), at: offset)
                guard frame.byteCount <= bytes.count - offset else { return }
                chain = LogFrame.seal(
                    UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<(offset + frame.byteCount)]),
                    sequence: frame.sequence, sequences: frame.sequences, distance: UInt32(frame.distance),
                    chain: chain,
                    seed: LogFrame.seed(logID: logID))
                offset += frame.byteCount
            }
        }
    }

    /// Replays with repair, then again: the second time must find the same records and nothing torn.
    private static func check(_ bytes: [UInt8]) {
        let disk = OneFileDisk(name: "wal-0000000000000000.log", bytes: bytes)
        guard let first = try? replay(disk) else { return }
        guard let second = try? replay(disk) else { fatalError("a repaired log does not replay") }
        Fuzz.expect(first.records == second.records && second.tornBytes == 0, "a repaired log replays differently")
    }

    private static func replay(_ disk: OneFileDisk) throws -> ReplayReport {
        try WriteAheadLog.replay(folder: "log", disk: disk, logID: logID, from: 0, repair: true) { _, payload in
            guard let record = try? LogRecord(payload, key: Fuzz.key) else { return }
            if case .events(let batch, _) = record { batch.checkInvariants() }
            _ = record.encoded()
        }
    }
}
