import RandomCases
import Testing

@testable import Analysis

/// The four states from their definitions, over the set of a person's active intervals.
struct SlowLifecycle {
    var new: [Int]
    var returning: [Int]
    var resurrecting: [Int]
    var dormant: [Int]

    init(intervals: Int) {
        new = Array(repeating: 0, count: intervals)
        returning = new
        resurrecting = new
        dormant = new
    }

    /// - Parameters:
    ///   - active: active intervals; -1 is the one before the first.
    ///   - first: the interval of the first event of all; below -1 for earlier.
    mutating func count(_ active: Set<Int>, first: Int) {
        for interval in new.indices {
            let here = active.contains(interval)
            let before = active.contains(interval - 1)
            if here, first == interval {
                new[interval] += 1
            } else if here, before {
                returning[interval] += 1
            } else if here {
                resurrecting[interval] += 1
            } else if before {
                dormant[interval] += 1
            }
        }
    }
}

@Suite struct LifecycleCounterTests {
    @Test func aPersonPassesThroughTheFourStates() {
        var counter = LifecycleCounter(intervals: 6)
        // Active in the intervals 1, 2 and 5 of the range.
        for interval in [1, 1, 2, 5] {
            counter.known(interval)
            counter.active(interval)
        }
        counter.finish()
        #expect(counter.new == [0, 1, 0, 0, 0, 0, 0])
        #expect(counter.returning == [0, 0, 1, 0, 0, 0, 0])
        #expect(counter.dormant == [0, 0, 0, 1, 0, 0, 1])
        #expect(counter.resurrecting == [0, 0, 0, 0, 0, 1, 0])
    }

    @Test(arguments: 0..<Seeds.count(200))
    func countsAgreeWithTheDefinitions(seed: Int) {
        var dice = SeededRandom(seed)
        let intervals = dice.roll(1...12)
        var counter = LifecycleCounter(intervals: intervals)
        var slow = SlowLifecycle(intervals: intervals)
        for _ in 0..<dice.roll(1...8) {
            // Positions with 0 for the interval before the range, -1 for earlier ones; some events only make known.
            let events = (0..<dice.roll(0...10)).map { _ in (dice.roll(-2...intervals), dice.chance(75)) }.sorted {
                $0.0 < $1.0
            }
            for (interval, isActive) in events {
                counter.known(max(interval, -1))
                if isActive { counter.active(max(interval, -1)) }
            }
            counter.finish()
            if let first = events.first {
                slow.count(Set(events.filter { $0.1 && $0.0 >= 0 }.map { $0.0 - 1 }), first: max(first.0, -1) - 1)
            }
        }
        #expect(Array(counter.new.dropFirst()) == slow.new, "seed \(seed)")
        #expect(Array(counter.returning.dropFirst()) == slow.returning, "seed \(seed)")
        #expect(Array(counter.resurrecting.dropFirst()) == slow.resurrecting, "seed \(seed)")
        #expect(Array(counter.dormant.dropFirst()) == slow.dormant, "seed \(seed)")
    }
}
