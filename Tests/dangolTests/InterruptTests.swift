import ChildProcess
import Foundation
import Testing

/// Ctrl-C during an import, and a kill: what is stored is whole, and the next import goes on from there.
struct InterruptTests {
    private static let total = 400_000

    private func bigFile(_ scratch: Scratch) throws {
        var text = ""
        text.reserveCapacity(InterruptTests.total * 110)
        for index in 0..<InterruptTests.total {
            text +=
                "{\"type\":\"track\",\"userId\":\"u\(index % 5000)\",\"event\":\"Viewed\",\"timestamp\":\(1_714_521_600_000 + index),\"properties\":{\"n\":\(index)}}\n"
        }
        try scratch.write("big.jsonl", text)
    }

    /// Starts an import, sends the signal once the program has begun to write, and gives how it ended.
    private func importAndSend(_ signal: Int32, _ scratch: Scratch) throws -> (status: Int32, errors: String) {
        let errors = scratch.folder.appendingPathComponent("errors")
        let process = try Program.start(
            ["import", "big.jsonl"], in: scratch.folder, output: scratch.folder.appendingPathComponent("output"),
            errors: errors)
        let log = scratch.folder.appendingPathComponent("data/default/events").path
        // The first sign of work on disk: no fixed time to wait.
        while process.isRunning, ((try? FileManager.default.contentsOfDirectory(atPath: log)) ?? []).isEmpty {
            sched_yield()
        }
        process.send(signal)
        return (process.wait(), (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }

    @Test func afterCtrlCTheNextImportCompletesEveryEventOnce() throws {
        let scratch = try Scratch()
        try bigFile(scratch)
        let ended = try importAndSend(SIGINT, scratch)
        // A fast machine may have been done before the signal came.
        #expect([0, 130].contains(ended.status), "\(ended.errors)")
        if ended.status == 130 { #expect(ended.errors.contains("stopped")) }
        #expect(try scratch.succeed("verify").contains("All is well"))
        #expect(try scratch.run("import", "big.jsonl").status == 0)
        #expect(try scratch.eventCount() == InterruptTests.total)
        #expect(try scratch.succeed("verify").contains("All is well"))
    }

    @Test func afterAKillTheNextImportCompletesEveryEventOnce() throws {
        let scratch = try Scratch()
        try bigFile(scratch)
        _ = try importAndSend(SIGKILL, scratch)
        #expect(try scratch.run("import", "big.jsonl").status == 0)
        #expect(try scratch.eventCount() == InterruptTests.total)
        #expect(try scratch.succeed("verify").contains("All is well"))
    }
}
