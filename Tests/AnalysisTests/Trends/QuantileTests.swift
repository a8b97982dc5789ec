import RandomCases
import Testing

@testable import Analysis

/// Sort, then interpolate.
func slowQuantile(_ quantile: Double, _ values: [Double]) -> Double? {
    if values.isEmpty { return nil }
    let sorted = values.sorted()
    let place = quantile * Double(sorted.count - 1)
    let below = Int(place)
    if Double(below) == place { return sorted[below] }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
}

@Suite struct QuantileTests {
    @Test func quantilesInterpolateBetweenTheClosestRanks() {
        var values = [4.0, 1, 3, 2]
        #expect(ExactQuantile.select(0.5, from: &values) == 2.5)
        #expect(ExactQuantile.select(0, from: &values) == 1)
        #expect(ExactQuantile.select(1, from: &values) == 4)
        #expect(abs((ExactQuantile.select(0.9, from: &values) ?? 0) - 3.7) < 1e-12)
        var none: [Double] = []
        #expect(ExactQuantile.select(0.5, from: &none) == nil)
        var one = [7.0]
        #expect(ExactQuantile.select(0.99, from: &one) == 7)
    }

    @Test func selectionAgreesWithSorting() {
        for seed in 0..<Seeds.count(500) {
            var dice = SeededRandom(seed)
            let spread = dice.pick([1, 5, 1_000_000])
            let values = (0..<dice.roll(1...200)).map { _ in Double(dice.roll(-spread...spread)) / 4 }
            for quantile in [0, 0.25, 0.5, 0.9, 0.95, 0.99, 1] {
                var copy = values
                #expect(
                    ExactQuantile.select(quantile, from: &copy) == slowQuantile(quantile, values),
                    "seed \(seed) q \(quantile)")
            }
        }
    }

    @Test func selectionOfWholeNumbersAgreesWithSorting() {
        for seed in 0..<Seeds.count(60) {
            var dice = SeededRandom(UInt64(seed) &* 97)
            let spread = dice.pick([0, 1, 5, 1_000_000])
            let far = dice.pick([1, 1_000_000_000, 1 << 40])
            let parts = (0..<dice.roll(0...4)).map { _ in
                (0..<dice.roll(0...4_000)).map { _ in
                    Int64(dice.roll(0...spread) * (dice.chance(dice.pick([1, 50])) ? far : 1))
                }
            }
            let buffers = parts.map { part in
                let buffer = UnsafeMutableBufferPointer<Int64>.allocate(capacity: part.count)
                _ = buffer.initialize(from: part)
                return buffer
            }
            defer { for buffer in buffers { buffer.deallocate() } }
            let values = parts.flatMap(\.self).map(Double.init)
            for quantile in [0, 0.25, 0.5, 0.9, 0.99, 1] {
                let expected = values.isEmpty ? nil : slowQuantile(quantile, values)
                #expect(
                    ExactQuantile.select(quantile, from: buffers.map { UnsafeBufferPointer($0) }) == expected,
                    "seed \(seed) q \(quantile)")
            }
        }
    }

    @Test func selectionFromManyValuesAgreesWithSorting() {
        for seed in 0..<60 {
            var dice = SeededRandom(UInt64(seed) &* 31)
            let spread = dice.pick([0, 1, 5, 1_000_000])
            // A few far away leave nearly all in one bucket.
            let far = dice.pick([1.0, 1e9, 1e308])
            let values = (0..<dice.roll(2_000...6_000)).map { _ in
                Double(dice.roll(-spread...spread)) / 4 * (dice.chance(1) ? far : 1)
            }
            for quantile in [0, 0.25, 0.5, 0.9, 0.99, 1] {
                var copy = values
                #expect(
                    ExactQuantile.select(quantile, from: &copy) == slowQuantile(quantile, values),
                    "seed \(seed) q \(quantile)")
            }
        }
    }

    @Test func keysOrderAsNumbersDo() {
        let numbers = [
            -Double.greatestFiniteMagnitude, -2, -1, -1e-300, 0, .leastNonzeroMagnitude, 1, 1.5, 2,
            .greatestFiniteMagnitude,
        ]
        for (left, right) in zip(numbers, numbers.dropFirst()) {
            #expect(QuantileSearch.key(left) < QuantileSearch.key(right))
        }
        for number in numbers { #expect(QuantileSearch.number(QuantileSearch.key(number)) == number) }
        #expect(QuantileSearch.key(-0.0) == QuantileSearch.key(0.0))
    }

    @Test(arguments: 0..<Seeds.count(30))
    func theSearchInSeveralScansFindsWhatIsFoundInMemory(seed: Int) {
        var dice = SeededRandom(seed)
        let lanes = dice.roll(1...3)
        let intervals = dice.roll(1...4)
        let wanted = (0..<lanes).map { _ in dice.chance(25) ? [] : [0.5, 0.9, 0.99] }
        var numbers: [(Double, Int, Int)] = []
        for _ in 0..<dice.roll(0...400) {
            let number = dice.chance(50) ? Double(dice.roll(-3...3)) : Double.random(in: -1e9...1e9, using: &dice)
            numbers.append((number, dice.roll(0...lanes - 1), dice.roll(0...intervals - 1)))
        }
        func sinks(_ limit: Int, _ search: QuantileSearch? = nil) -> [QuantileSink] {
            var sinks = (0..<2).map { _ in
                QuantileSink(lanes: lanes, intervals: intervals, limit: limit, search: search)
            }
            for (index, (number, lane, interval)) in numbers.enumerated() {
                sinks[index % 2].add(number, lane, interval)
            }
            return sinks
        }
        let kept = QuantileTable(wanted, intervals: intervals, sinks(.max)) { _ in [] }
        let found = QuantileTable(wanted, intervals: intervals, sinks(5)) { sinks(0, $0) }
        #expect(kept.points == found.points, "seed \(seed)")
        #expect(kept.totals == found.totals, "seed \(seed)")
        #expect(kept.scans == 0)
        if numbers.count > 10, wanted.contains(where: { !$0.isEmpty }) { #expect(found.scans == 6) }
        for lane in 0..<lanes {
            for (index, quantile) in wanted[lane].enumerated() {
                let own = numbers.filter { $0.1 == lane }
                #expect(kept.totals[lane][index] == slowQuantile(quantile, own.map(\.0)), "seed \(seed)")
                for interval in 0..<intervals {
                    let cell = own.filter { $0.2 == interval }.map(\.0)
                    #expect(kept.points[lane][index][interval] == slowQuantile(quantile, cell), "seed \(seed)")
                }
            }
        }
    }

    @Test func sumsDoNotDependOnTheOrder() {
        for seed in 0..<Seeds.count(100) {
            var dice = SeededRandom(seed)
            let numbers = (0..<1_000).map { _ in
                Double.random(in: -1e12...1e12, using: &dice) * (dice.chance(50) ? 1 : 1e-12)
            }
            var forwards = CompensatedSum()
            for number in numbers { forwards.add(number) }
            var halves = [CompensatedSum(), CompensatedSum()]
            for (index, number) in numbers.shuffled(using: &dice).enumerated() { halves[index % 2].add(number) }
            halves[0].add(halves[1])
            #expect(forwards.value == halves[0].value, "seed \(seed)")
        }
        var sum = CompensatedSum()
        for number in [1e16, 1, -1e16] { sum.add(number) }
        #expect(sum.value == 1)
    }

    @Test func rollingMeansUseTheFewerPointsAtTheStart() {
        #expect(PointSmoothing.rollingMean([3, 5, 10, nil, 2], width: 3) == [3, 4, 6, nil, 6])
        #expect(PointSmoothing.rollingMean([3, 5], width: 1) == [3, 5])
        #expect(PointSmoothing.cumulative([3, nil, 4]) == [3, 3, 7])
    }
}
