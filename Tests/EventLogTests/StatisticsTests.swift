import RandomCases
import Testing

@testable import EventLog

/// Figures of a log whose events are partly hidden by deletions and a retention age. Without a retention age the crash
/// tests compare them after every step.
@Suite struct StatisticsTests {
    @Test(arguments: 0..<Seeds.count(60))
    func figuresCountOnlyWhatIsVisible(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed) &* 7919)
        var options = EventLog.Options()
        options.compactionFanIn = 0
        options.now = { 60_000 }
        let disk = SimulatedDisk(seed: UInt64(seed))
        let log = try EventLog.open("shop", for: .writing, options: options, disk: disk)
        var model = EventLogModel()
        for round in 0..<Int.random(in: 1..<6, using: &random) {
            var events = ScanTests.randomEvents(&random, count: Int.random(in: 1..<40, using: &random), persons: 6)
            // No retries: whether a message of a forgotten person is taken for one depends on what else was in its
            // segment.
            for index in events.indices { events[index].messageID = events[index].messageID.map { "\($0)-\(round)" } }
            try await log.append(events)
            model.apply(.append(events))
            if Bool.random(using: &random) { try log.seal() }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let person = "사람-\(Int.random(in: 0..<6, using: &random))"
                try log.forget(person)
                model.apply(.forget(person))
            }
        }
        let age = Int64.random(in: 1...70, using: &random) * 1000
        try log.setRetention(age)
        model.drop { $0.time < 60_000 - age }
        for step in ["hidden", "compacted"] {
            let found = try log.snapshot().statistics
            #expect(found == model.statistics(like: found), "seed \(seed), \(step)")
            #expect(found.events == (try log.snapshot().eventCount), "seed \(seed), \(step)")
            try log.compact()
        }
        try log.close()
    }
}

extension EventLogModel {
    mutating func drop(_ isHidden: (Event) -> Bool) { events.removeAll(where: isHidden) }
}
