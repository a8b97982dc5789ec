import EventLog
import RandomCases
import Testing

@Suite struct WriteAheadLogCrashTests {
    /// Longer: `DANGOL_SEEDS=100000 swift test --filter WriteAheadLogCrash`.
    @Test func afterAnyPowerLossAReplayGivesWhatWasAcknowledged() throws {
        var torn = 0
        for seed in UInt64(0)..<Seeds.count(1_000) {
            let scenario = LogScenario(seed: seed)
            do {
                try scenario.open()
                for round in 0..<4 {
                    let deadline = Int.random(in: 1...90, using: &scenario.random)
                    scenario.disk.plan(.init(call: deadline, failure: .powerLoss))
                    for _ in 0..<30 where scenario.disk.callCount < deadline {
                        do {
                            try scenario.step()
                        } catch let error as EventLogError where error.code == .io {
                            break
                        }
                    }
                    if !scenario.uncertain.isEmpty { torn += 1 }
                    scenario.replace(scenario.disk.crash(seed: seed &* 31 &+ UInt64(round)))
                    try scenario.open()
                }
                try scenario.log?.close()
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
        #expect(torn > 100, "the crashes should hit groups in flight")
    }

    @Test(arguments: [SimulatedDisk.Failure.noSpace, .inputOutput], [1, 2, 3])
    func everyCallInTurnMayFail(_ failure: SimulatedDisk.Failure, times: Int) throws {
        for seed: UInt64 in 0..<6 {
            var call = 1
            var reached = true
            while reached {
                let scenario = LogScenario(seed: seed)
                do {
                    try scenario.open()
                    scenario.disk.plan(.init(call: call, failure: failure, times: times))
                    for _ in 0..<12 {
                        do {
                            try scenario.step()
                        } catch let error as EventLogError where error.code == .io {
                            continue
                        }
                    }
                    reached = scenario.disk.callCount >= call
                    // First as the kill of the process leaves it, then goes on, then as a power loss leaves that.
                    scenario.replace(scenario.disk.kill())
                    try scenario.open()
                    scenario.commit(2)
                    scenario.replace(scenario.disk.crash(seed: seed &+ UInt64(call)))
                    try scenario.open()
                    scenario.commit(1)
                    #expect(scenario.uncertain.isEmpty, "a sound disk takes commits")
                } catch {
                    Issue.record(
                        "seed \(seed), call \(call) (\(scenario.disk.call(call))) fails with \(failure) \(times) times: \(error)"
                    )
                    return
                }
                call += 1
            }
            #expect(call > 20, "the failures should cover a whole run")
        }
    }

    @Test func commitsGoOnAfterTheDiskHasSpaceAgain() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 7, nextSequence: 1)
        _ = log.commitGroup([[1], [2]])
        disk.plan(.init(call: 1, failure: .noSpace))
        let refused = log.commitGroup([[3], [4]])
        for outcome in refused {
            let error = #expect(throws: EventLogError.self) { try outcome.result.get() }
            #expect(error?.code == .io)
        }
        let accepted = log.commitGroup([[5], [6]])
        #expect(try accepted.map { try $0.result.get() } == [4, 5])
        try log.close()
        let found = try replayAll(disk, logID: 7).map(\.payload)
        #expect(found == [[1], [2], [5], [6]])
    }

    @Test func aLogThatCannotTakeBackAFailedWriteRefusesToGoOn() throws {
        let disk = SimulatedDisk()
        let log = try WriteAheadLog(folder: "log", disk: disk, logID: 7, nextSequence: 1)
        _ = log.commitGroup([[1]])
        // The write, the close and the truncation fail.
        disk.plan(.init(call: 1, failure: .inputOutput, times: 3))
        _ = log.commitGroup([[2]])
        let error = #expect(throws: EventLogError.self) { try log.commitGroup([[3]])[0].result.get() }
        #expect(error?.code == .io)
        #expect(error?.message.contains("refuses to go on") == true)
        #expect(throws: EventLogError.self) { try log.rotate() }
        #expect(try replayAll(disk.kill(), logID: 7).first?.payload == [1])
    }
}

func replayAll(
    _ disk: any Disk, folder: String = "log", logID: UInt64 = LogScenario.logID, from: UInt64 = 0, repair: Bool = false
) throws -> [LogRecord] {
    var found: [LogRecord] = []
    _ = try WriteAheadLog.replay(folder: folder, disk: disk, logID: logID, from: from, repair: repair) {
        found.append(LogRecord(sequence: $0, payload: Array($1)))
    }
    return found
}
