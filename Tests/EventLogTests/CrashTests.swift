import EventLog
import RandomCases
import Testing

/// The whole log over a disk that loses power and fails, against a model.
@Suite struct CrashTests {
    /// Longer: `DANGOL_SEEDS=100000 swift test --filter CrashTests`.
    /// In parts, which share the processor's cores.
    @Test(arguments: 0..<UInt64(8)) func afterAnyPowerLossTheLogHoldsWhatWasAcknowledged(part: UInt64) async throws {
        for seed in stride(from: part, to: Seeds.count(1_000), by: 8) {
            let scenario = EventLogScenario(seed: seed)
            do {
                try scenario.open()
                for round in 0..<3 {
                    let deadline = Int.random(in: 1...250, using: &scenario.random)
                    scenario.disk.plan(.init(call: deadline, failure: .powerLoss))
                    try await Self.run(scenario, steps: 40) { scenario.disk.callCount < deadline }
                    scenario.replace(scenario.disk.crash(seed: seed &* 31 &+ UInt64(round)))
                    try scenario.open()
                }
            } catch {
                Issue.record("seed \(seed): \(error); after \(scenario.trace)")
                return
            }
        }
    }

    @Test(arguments: [SimulatedDisk.Failure.noSpace, .inputOutput])
    func everyCallInTurnMayFail(_ failure: SimulatedDisk.Failure) async throws {
        for seed in UInt64(0)..<max(1, Seeds.count(400) / 400) {
            var call = 1
            var isReached = true
            while isReached {
                let scenario = EventLogScenario(seed: seed)
                do {
                    try scenario.open()
                    scenario.disk.plan(.init(call: call, failure: failure, times: 1 + call % 3))
                    try await Self.run(scenario, steps: 25) { true }
                    isReached = scenario.disk.callCount >= call
                    scenario.disk.plan(nil)
                    if let log = scenario.log { _ = try scenario.check(log) }
                    scenario.replace(scenario.disk.kill())
                    try scenario.open()
                    try await Self.run(scenario, steps: 3) { true }
                    scenario.replace(scenario.disk.crash(seed: seed &+ UInt64(call)))
                    try scenario.open()
                } catch {
                    let name = scenario.disk.call(call)
                    Issue.record("seed \(seed), call \(call) (\(name)) fails: \(error); after \(scenario.trace)")
                    return
                }
                call += 1
            }
            #expect(call > 50, "the failures should cover a whole run")
        }
    }

    @Test func aReaderBesideTheWriterSeesEveryAcknowledgedState() async throws {
        for seed in UInt64(0)..<Seeds.count(400) / 10 {
            let scenario = EventLogScenario(seed: seed)
            do {
                try scenario.open()
                for _ in 0..<30 {
                    try await scenario.step()
                    let reader = try EventLog.open(
                        EventLogScenario.folder, for: .reading, options: EventLogScenario.options, disk: scenario.disk)
                    _ = try scenario.check(reader)
                }
            } catch {
                Issue.record("seed \(seed): \(error); after \(scenario.trace)")
                return
            }
        }
    }

    /// Steps until `goesOn` says no. A failing opening ends the run; the caller opens again with a sound disk.
    private static func run(_ scenario: EventLogScenario, steps: Int, _ goesOn: () -> Bool) async throws {
        for _ in 0..<steps where goesOn() {
            do {
                try await scenario.step()
            } catch let error as EventLogError where error.code == .io {
                return
            }
        }
    }
}
