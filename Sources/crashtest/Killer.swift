import ArgumentParser
import EventLog
import Foundation
import Statistics

/// Starts writers, kills them, and checks what they leave behind.
struct Killer {
    /// After this many kills a new log is begun, so that checks stay fast.
    private static let killsOfOneLog = 15

    private let folder: URL
    private let isTemporary: Bool
    private var random: SplitMix64
    private let lifeMilliseconds: Int

    init(folder: String?, seed: UInt64, lifeMilliseconds: Int) throws {
        isTemporary = folder == nil
        self.folder =
            folder.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("crashtest-\(UUID().uuidString)")
        random = SplitMix64(state: seed)
        self.lifeMilliseconds = lifeMilliseconds
    }

    mutating func run(kills: Int) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let present = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        if let old = present.first(where: { $0.hasPrefix("log-") }) {
            throw ValidationError("\(old) of an earlier run is in \(folder.path): remove it, or name another folder")
        }
        var ledger = Ledger()
        var totals = (events: 0, forgotten: 0, merged: 0)
        for kill in 0..<kills {
            let log = folder.appendingPathComponent("log-\(kill / Self.killsOfOneLog)")
            if kill % Self.killsOfOneLog == 0 { ledger = Ledger() }
            let before = ledger
            try writeAndKill(log, &ledger)
            let checker = Checker(folder: log.path)
            // Every third time as the next writer finds it, otherwise as a reader does.
            let problems = ledger.problems + checker.check(&ledger, repairing: kill % 3 == 2)
            if !problems.isEmpty {
                for problem in problems.prefix(20) { print("kill \(kill + 1): \(problem)") }
                print("The log is in \(log.path).")
                throw ExitCode.failure
            }
            totals.events += ledger.stored - before.stored
            totals.forgotten += ledger.forgotten.count - before.forgotten.count
            totals.merged +=
                ledger.progress[Progress.merger].acknowledged - before.progress[Progress.merger].acknowledged
            if (kill + 1) % Self.killsOfOneLog == 0 || kill + 1 == kills {
                // There is none when the writer was killed before it made it.
                try? FileManager.default.removeItem(at: log)
            }
            if (kill + 1) % 25 == 0 { print("\(kill + 1) kills: \(totals.events) events so far") }
        }
        print(
            "\(kills) kills: \(totals.events) acknowledged events are there once, \(totals.forgotten) persons forgotten, "
                + "\(totals.merged) merged; every checksum matches")
        if isTemporary { try? FileManager.default.removeItem(at: folder) }
    }

    private mutating func writeAndKill(_ log: URL, _ ledger: inout Ledger) throws {
        // Most live long enough to do something; some die while they open the log.
        let life = Int.random(in: 0...9, using: &random) == 0 ? 0...30 : 30...max(31, lifeMilliseconds)
        let milliseconds = Int.random(in: life, using: &random)
        let arguments = ["write", log.path, "\(random.next() >> 1)", Progress.print(ledger.progress)]
        let writer = try Child(arguments: arguments, milliseconds: milliseconds)
        ledger.read(writer.output)
        if !writer.wasKilled { ledger.problems.append("the writer ended by itself, with wait status \(writer.status)") }
    }
}

/// What the writers of one log have said.
struct Ledger {
    var progress = [Progress](repeating: Progress(), count: Progress.threads)
    /// Persons whose events were acknowledged by the thread that forgets them again.
    var added: Set<Int> = []
    /// Persons whose forgetting was begun, and of these those that it was acknowledged for.
    var forgetting: Set<Int> = []
    var forgotten: Set<Int> = []
    var problems: [String] = []

    /// Acknowledged events of appenders and the loader.
    var stored: Int { progress[...Progress.loader].reduce(0) { $0 + $1.acknowledged } }

    /// Takes in what a writer printed; the last line may be cut.
    mutating func read(_ output: String) {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        for line in lines {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch (words.first, numbers.count) {
            case ("t", 2): progress[numbers[0]].tried = max(progress[numbers[0]].tried, numbers[1])
            case ("a", 2):
                progress[numbers[0]].acknowledged = max(progress[numbers[0]].acknowledged, numbers[1])
                if numbers[0] == Progress.forgetter { added.insert(numbers[1] - 1) }
            case ("f", 1): forgetting.insert(numbers[0])
            case ("g", 1): forgotten.insert(numbers[0])
            default: problems.append("the writer says \(line)")
            }
        }
    }
}
