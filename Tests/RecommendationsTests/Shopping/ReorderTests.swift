import Foundation
import Statistics
import Testing

@testable import Recommendations

struct ReorderTests {
    /// Purchases of many buyers, of whom a share buys again after log-normal times, seen for a year.
    private func simulate(
        share: Double, median: Double, deviation: Double, buyers: Int, _ random: inout RandomSource
    ) -> CycleCounts {
        var counts = CycleCounts()
        for _ in 0..<buyers {
            var time = random.uniform(0, 200)
            while true {
                guard random.chance(share) else { break }
                let next = time + random.logNormal(mean: log(median), deviation: deviation)
                guard next < 365 else { break }
                counts.addGap(days: next - time, quantity: 1)
                time = next
            }
            counts.addWaiting(days: 365 - time)
        }
        return counts
    }

    @Test(arguments: 1...6)
    func cycleAndShareAreFoundAgain(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let counts = simulate(share: 0.55, median: 21, deviation: 0.3, buyers: 2_000, &random)
        let cycle = counts.cycle(
            slope: 0, above: Cycle(logMean: log(60), logDeviation: 0.7, share: 0.2, gaps: 0))
        #expect(abs(cycle.medianDays - 21) < 1.2, "seed \(seed): \(cycle)")
        #expect(abs(cycle.share - 0.55) < 0.05)
        #expect(abs(cycle.logDeviation - 0.3) < 0.05)
    }

    @Test func theChanceIsHighestAroundTheCycleAndFallsAfterIt() {
        let cycle = Cycle(logMean: log(20), logDeviation: 0.25, share: 0.6, gaps: 100)
        let chances = [1.0, 10, 16, 19, 40, 90].map { cycle.chance(waited: $0, within: 7) }
        #expect(chances[0] < 0.01 && chances[2] > chances[1] && chances[3] > 0.3)
        #expect(chances[4] < chances[3] && chances[5] < 0.01)
        #expect(cycle.chance(waited: -3, within: 7) >= 0)
    }

    @Test(arguments: 1...4)
    func theChanceIsHowOftenItHappens(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let cycle = Cycle(logMean: log(25), logDeviation: 0.4, share: 0.7, gaps: 0)
        for waited in [10.0, 25, 40] {
            var (n, bought) = (0, 0)
            while n < 4_000 {
                let gap = random.chance(0.7) ? random.logNormal(mean: log(25), deviation: 0.4) : .infinity
                guard gap > waited else { continue }
                n += 1
                if gap <= waited + 7 { bought += 1 }
            }
            #expect(abs(Double(bought) / 4_000 - cycle.chance(waited: waited, within: 7)) < 0.03, "seed \(seed)")
        }
    }

    @Test func onesOwnRhythmCountsMoreThanEverybodys() throws {
        let cycle = Cycle(logMean: log(30), logDeviation: 0.5, share: 0.4, gaps: 500)
        func judge(_ days: [Double], today: Double, quantity: Double = 1) throws -> ReorderItem {
            try #require(
                Reorder.judge(
                    "x", category: nil, purchases: days.map { ($0, quantity) }, cycle: cycle, slope: 0.5, today: today,
                    within: 7))
        }
        let weekly = try judge([0, 7, 14, 21, 28], today: 38)
        #expect(weekly.cycleDays < 12 && weekly.state == .due && weekly.score > 0.4)
        let once = try judge([0], today: 38)
        #expect(once.purchases == 1 && once.score < weekly.score)
        #expect(try judge([0], today: 38, quantity: 4).cycleDays > once.cycleDays * 1.8)
        #expect(try judge([0, 7, 14, 21, 28], today: 30).state == .early)
        #expect(Reorder.judge("x", category: nil, purchases: [], cycle: cycle, slope: 0, today: 1, within: 7) == nil)
    }
}
