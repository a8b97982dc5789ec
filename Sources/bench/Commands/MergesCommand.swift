import ArgumentParser
import EventLog
import Foundation

/// `bench merges`: what a merge costs beside many others, while readers hold snapshots.
struct MergesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merges", abstract: "Measures merges and one person's history among many merges.",
        discussion:
            "A log with two events of each person gets merges in lists, as a projection makes them. After each list a snapshot is taken and held, and one history is read."
    )

    @Option(help: "A folder for the log; removed again.")
    var folder: String
    @Option var merges = 200_000
    @Option(help: "Merges in one list.")
    var list = 50

    private struct Report: Encodable {
        var merges: Int
        var list: Int
        var seconds: Double
        var mergesPerSecond: Double
        /// Of the first and the last tenth of the lists, with snapshot and history.
        var firstMicrosecondsPerMerge: Double
        var lastMicrosecondsPerMerge: Double
        var historyMicroseconds: [String: Double]
    }

    func run() throws {
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try EventLog.open(folder, for: .writing)
        for start in stride(from: 0, to: merges, by: 500_000) {
            var batch = EventBatch(key: store.key)
            for number in start..<min(merges, start + 500_000) {
                try batch.append(Event(person: "a\(number)", name: "Seen", time: Int64(number)))
                try batch.append(Event(person: "u\(number)", name: "Seen", time: Int64(number)))
            }
            try store.load(batch)
        }
        var held = try store.snapshot()
        var lists: [Double] = []
        var histories: [Double] = []
        for start in stride(from: 0, to: merges, by: list) {
            let part = (start..<min(merges, start + list)).map { Merge(alias: "a\($0)", person: "u\($0)") }
            lists.append(try Measure.seconds { try store.mergeAndWait(part) }.seconds)
            held = try store.snapshot()
            let history = try Measure.seconds { try held.history(of: part[0].alias) }
            precondition(history.value.count == 2, "a merged person has both events")
            histories.append(history.seconds)
        }
        try store.close()
        let total = lists.reduce(0, +)
        let tenth = max(1, lists.count / 10)
        func each(_ times: ArraySlice<Double>) -> Double { times.reduce(0, +) / Double(times.count * list) * 1e6 }
        try Measure.emit(
            Report(
                merges: merges, list: list, seconds: total, mergesPerSecond: Double(merges) / total,
                firstMicrosecondsPerMerge: each(lists.prefix(tenth)),
                lastMicrosecondsPerMerge: each(lists.suffix(tenth)),
                historyMicroseconds: Measure.microseconds(histories)))
    }
}
