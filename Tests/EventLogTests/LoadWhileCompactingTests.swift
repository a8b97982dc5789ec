import EventLog
import Foundation
import Testing

@Suite("Loading while segments are compacted away")
struct LoadWhileCompactingTests {
    /// Looking up message ids read the mappings of segments that a compaction had just released (found by `bench
    /// import`).
    @Test("message ids are looked up in segments that stay alive meanwhile")
    func lookUps() throws {
        let folder = NSTemporaryDirectory() + "dangol-load-compact-\(ProcessInfo.processInfo.globallyUniqueString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = EventLog.Options()
        options.compactionFanIn = 2
        let log = try EventLog.open(folder, for: .writing, options: options)
        let (rounds, size) = (40, 5_000)
        for round in 0..<rounds {
            // Every tenth event repeats one of the round before.
            var batch = EventBatch(key: log.key)
            for index in 0..<size {
                let number = index % 10 == 0 && round > 0 ? (round - 1) * size + index + 1 : round * size + index
                try batch.append(
                    Event(person: "p\(number % 977)", name: "e", time: Int64(number), messageID: "m\(number)"))
            }
            let receipt = try log.load(batch)
            #expect(receipt.duplicates == (round == 0 ? 0 : size / 10))
        }
        #expect(try log.statistics.events == rounds * size - (rounds - 1) * size / 10)
        try log.close()
    }
}
