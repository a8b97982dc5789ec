import EventLog
import RandomCases
import Testing

@testable import Analysis

/// The interval of each row of a chunk, against a search among the boundaries.
@Suite struct StoredIntervalsTests {
    /// Asks about each row of the chunks that it is given.
    private struct Asking: ScanFold {
        let boundaries: [Int64]
        let range: Range<Int64>?
        let context: Comment
        private(set) var rows = 0
        private var times: PackedIntegers?

        init(_ boundaries: [Int64], within range: Range<Int64>?, _ context: Comment) {
            self.boundaries = boundaries
            self.range = range
            self.context = context
        }

        var columnUse: ColumnUse { .columns }
        mutating func enter(_ block: ScanBlock) {}
        mutating func enter(_ columns: SourceColumns) { times = columns.times }
        mutating func visit(_ run: borrowing PersonRun) {}

        mutating func visit(_ run: borrowing ColumnRun) throws {
            let times = try #require(times)
            StoredIntervals(BoundaryIndex(boundaries), times, within: range).withView { intervals in
                for person in 0..<run.count {
                    for row in run.rows(of: person) {
                        let time = times[row]
                        let place = boundaries.lastIndex { $0 <= time } ?? -1
                        let isOutside = place == boundaries.count - 1 || range.map { !$0.contains(time) } ?? false
                        let slow = isOutside ? 0 : place + 1
                        #expect(intervals.number(ofRow: row) == slow, "\(context), time \(time)")
                        rows += 1
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<Seeds.count(100))
    func theIntervalOfEachRowIsTheOneThatHoldsItsTime(seed: Int) throws {
        var dice = SeededRandom(UInt64(seed) &* 67_867_967)
        let unit = Int64(dice.pick([1, 1, 10, 1_000, 3_600_000]))
        let span = Int64(dice.pick([0, 1, 5, 900, 5_000, 1_000_000]))
        let start = Int64(dice.roll(0...1_000)) * 1_000_000
        let events = (0..<dice.roll(1...400)).map { index in
            Event(person: "p\(index % 5)", name: "A", time: start + Int64(dice.roll(0...Int(span))) * unit)
        }
        // Some boundaries before, among and after the times, some of them equal, some at a time itself.
        var boundaries = (0..<dice.roll(2...dice.pick([3, 14, 60]))).map { _ -> Int64 in
            if dice.chance(20) { return dice.pick(events).time }
            return start + Int64(dice.roll(-10...Int(span) + 10)) * unit + Int64(dice.roll(-1...1))
        }
        boundaries.sort()
        // Sometimes empty, sometimes with no boundary inside.
        let range: Range<Int64>? =
            dice.chance(50)
            ? nil
            : {
                let ends = [dice.pick(events).time, dice.chance(50) ? dice.pick(events).time : dice.pick(boundaries)]
                    .sorted()
                return ends[0]..<ends[1]
            }()
        let asking = Asking(boundaries, within: range, "seed \(seed)")
        let scanned = try Snapshot.inMemory(events).scan(Selection(), threads: 1) { asking }
        #expect(scanned.folds.reduce(0) { $0 + $1.rows } == events.count, "all rows come by columns")
    }
}
