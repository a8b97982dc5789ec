import EventLog
import Testing

@Suite struct WriteAheadLogDamageTests {
    /// Three files: 5, 4 and 4 records in groups of several.
    private func sample(closed: Bool) throws -> (disk: SimulatedDisk, records: [LogRecord]) {
        let scenario = LogScenario(seed: 3)
        try scenario.open()
        scenario.commit(3)
        scenario.commit(2)
        scenario.rotate(removing: false)
        scenario.commit(4)
        try scenario.reserve(10)
        scenario.rotate(removing: false)
        scenario.commit(1)
        scenario.commit(3)
        if closed { try scenario.log?.close() }
        return (scenario.disk.kill(), scenario.acknowledged)
    }

    @Test(arguments: [true, false])
    func everyFlippedByteIsDetectedOrHarmless(_ closed: Bool) throws {
        let (disk, records) = try sample(closed: closed)
        #expect(try replayAll(disk) == records)
        var detected = 0
        var torn = 0
        var harmless = 0
        for (path, bytes) in disk.files {
            for index in bytes.indices {
                for mask: UInt8 in [0x01, 0x80, 0xff] {
                    var damaged = bytes
                    damaged[index] ^= mask
                    disk.overwrite(path, damaged)
                    var found: [LogRecord] = []
                    do {
                        let report = try WriteAheadLog.replay(
                            folder: "log", disk: disk, logID: LogScenario.logID, from: 0, repair: false
                        ) { found.append(LogRecord(sequence: $0, payload: Array($1))) }
                        #expect(records.starts(with: found), "byte \(index) of \(path): garbage")
                        if found == records {
                            harmless += 1
                        } else {
                            // Only the last group, which a crash may have torn, can lose its end, and says so.
                            torn += 1
                            #expect(
                                !closed && report.tornBytes > 0 && found.count >= records.count - 3,
                                "byte \(index) of \(path)")
                            #expect(report.tornFile == path)
                        }
                    } catch let error as EventLogError {
                        detected += 1
                        #expect(error.code == .corrupt)
                        #expect(error.file == path, "byte \(index) of \(path): \(error)")
                    }
                }
            }
            disk.overwrite(path, bytes)
        }
        #expect(detected > 1_000)
        #expect(closed ? torn == 0 : torn > 0)
        #expect(closed ? harmless > 0 : true, "the end mark itself holds nothing")
    }

    @Test func aMissingFileIsNamed() throws {
        let (disk, records) = try sample(closed: true)
        let paths = disk.files.keys.sorted()
        #expect(paths.count == 3)
        for path in paths.dropLast() {
            let bytes = try disk.read(path)
            disk.lose(path)
            let error = #expect(throws: EventLogError.self) { try replayAll(disk) }
            #expect(error?.code == .corrupt)
            #expect(error?.file == path)
            #expect(error?.message.contains("missing") == true)
            disk.overwrite(path, bytes)
        }
        // A file whose records have all been moved elsewhere may be gone.
        disk.lose(paths[0])
        let second = try #require(records.dropFirst(5).first)
        #expect(try replayAll(disk, from: second.sequence) == Array(records.dropFirst(5)))
    }

    @Test func aLogWithoutAnyFileIsMissedWhenThereWasOne() throws {
        let (disk, records) = try sample(closed: true)
        for path in disk.files.keys { disk.lose(path) }
        let error = #expect(throws: EventLogError.self) { try replayAll(disk, from: records[5].sequence) }
        #expect(error?.code == .corrupt)
        #expect(try replayAll(disk) == [])
    }

    @Test func anEarlierFileThatIsCutIsCorruptAtEveryLength() throws {
        let (disk, _) = try sample(closed: false)
        for path in disk.files.keys.sorted().dropLast() {
            let bytes = try disk.read(path)
            for length in 0..<bytes.count {
                disk.overwrite(path, Array(bytes.prefix(length)))
                let error = #expect(throws: EventLogError.self, "\(path) cut to \(length)") { try replayAll(disk) }
                #expect(error?.code == .corrupt)
            }
            disk.overwrite(path, bytes)
        }
    }

    @Test func theLastFileCutAnywhereGivesAPrefixAndIsRepaired() throws {
        let (disk, records) = try sample(closed: false)
        let path = try #require(disk.files.keys.sorted().last)
        let bytes = try disk.read(path)
        for length in 0..<bytes.count {
            disk.overwrite(path, Array(bytes.prefix(length)))
            guard length >= 64 else {
                // A file gets its name after its header is durable.
                let error = #expect(throws: EventLogError.self) { try replayAll(disk) }
                #expect(error?.code == .corrupt)
                continue
            }
            let before = try replayAll(disk)
            #expect(records.starts(with: before))
            #expect(before.count >= 9)
            let repaired = try replayAll(disk, repair: true)
            #expect(repaired == before)
            let log = try WriteAheadLog(folder: "log", disk: disk, logID: LogScenario.logID, nextSequence: 1_000)
            #expect(try log.commitAndWait { .init(payload: [9], sequences: 1, result: $0) } == 1_000)
            try log.close()
            #expect(try replayAll(disk) == before + [LogRecord(sequence: 1_000, payload: [9])])
            for extra in disk.files.keys.sorted().dropFirst(2) { disk.lose(extra) }
        }
    }

    @Test func aSwappedOrRepeatedRecordIsCorrupt() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 1, nextSequence: 0)
        for value: UInt8 in 0..<4 { _ = log.commitGroup([[value]]) }
        let path = try #require(disk.files.keys.first)
        let bytes = try disk.read(path)
        let frames = (0..<4).map { Array(bytes[(64 + $0 * 29)..<(64 + ($0 + 1) * 29)]) }
        for order in [[0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 2, 3], [1, 2, 3], [0, 1, 2, 3, 0]] {
            disk.overwrite(path, Array(bytes[..<64]) + order.flatMap { frames[$0] })
            let error = #expect(throws: EventLogError.self, "\(order)") { try replayAll(disk, logID: 1) }
            #expect(error?.code == .corrupt)
        }
        disk.overwrite(path, bytes)
        #expect(try replayAll(disk, logID: 1).map(\.payload) == [[0], [1], [2], [3]])
    }

    @Test func anotherLogsFileAndANewerVersionAreNamed() throws {
        let (disk, _) = try sample(closed: true)
        let foreign = #expect(throws: EventLogError.self) { try replayAll(disk, logID: 5) }
        #expect(foreign?.code == .corrupt)
        #expect(foreign?.message.contains("another log") == true)
        // Opening without a repair, where one is needed, is refused too.
        let path = try #require(disk.files.keys.sorted().last)
        disk.overwrite(path, try disk.read(path).dropLast(40))
        #expect(throws: EventLogError.self) {
            try WriteAheadLog(folder: "log", disk: disk, logID: LogScenario.logID, nextSequence: 1_000)
        }
    }

    @Test func bytesInsideAPayloadDoNotPassForARecord() throws {
        // A payload that is itself the file of another log, torn in front of it.
        let (other, _) = try sample(closed: true)
        let path = try #require(other.files.keys.sorted().first)
        let inner = try other.read(path)
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 99, nextSequence: 0)
        _ = log.commitGroup([[1]])
        _ = log.commitGroup([inner])
        let file = try #require(disk.files.keys.first)
        disk.overwrite(file, try disk.read(file).dropLast(1))
        #expect(try replayAll(disk, logID: 99).map(\.payload) == [[1]])
    }
}
