import RandomCases
import Testing

@testable import Analysis

@Suite struct StickinessCounterTests {
    @Test(arguments: 0..<Seeds.count(200))
    func countsAgreeWithTheDefinition(seed: Int) {
        var dice = SeededRandom(seed)
        let intervals = dice.roll(1...10)
        let series = dice.roll(1...4)
        let minimum = dice.roll(1...3)
        var counter = StickinessCounter(series: series, intervals: intervals, minimumOccurrences: minimum)
        var people = [Int](repeating: 0, count: series * (intervals + 1))
        var events = people
        for _ in 0..<dice.roll(1...8) {
            let visits = (0..<dice.roll(0...30)).map { _ in
                (mask: UInt64(dice.roll(0...(1 << series) - 1)), interval: dice.roll(0...intervals - 1))
            }.sorted { $0.interval < $1.interval }
            for visit in visits { counter.count(visit.mask, visit.interval) }
            counter.finish()
            for index in 0..<series {
                let own = visits.filter { $0.mask >> UInt64(index) & 1 == 1 }
                let active = (0..<intervals).filter { interval in own.count { $0.interval == interval } >= minimum }
                    .count
                if active == 0 { continue }
                people[index * (intervals + 1) + active] += 1
                events[index * (intervals + 1) + active] += own.count
            }
        }
        #expect(counter.people == people, "seed \(seed)")
        #expect(counter.events == events, "seed \(seed)")
    }
}
