import Foundation
import Statistics
import Testing

@Suite("Descriptive statistics")
struct DescriptiveTests {
    // NIST's Statistical Reference Datasets (www.itl.nist.gov/div898/strd): univariate, with certified values.
    @Test(
        "NIST's NumAcc data sets",
        arguments: [
            ([10_000_001, 10_000_003, 10_000_002], 10_000_002, 1, 1e-15),
            (alternating(1.2, 1.1, 1.3), 1.2, 0.1, 1e-13),
            (alternating(1_000_000.2, 1_000_000.1, 1_000_000.3), 1_000_000.2, 0.1, 1e-8),
            (alternating(10_000_000.2, 10_000_000.1, 10_000_000.3), 10_000_000.2, 0.1, 1e-7),
        ] as [([Double], Double, Double, Double)])
    func numericalAccuracy(values: [Double], mean: Double, deviation: Double, tolerance: Double) throws {
        let moments = Moments(values)
        #expect(abs(moments.mean - mean) <= 1e-14 * mean)
        #expect(abs(try #require(moments.standardDeviation) - deviation) <= tolerance)
    }

    @Test("parts of a stream combine to the whole")
    func combine() throws {
        var source = RandomSource(seed: 11)
        let values = (0..<1_000).map { _ in source.normal(mean: 1e6, deviation: 3) }
        let whole = Moments(values)
        for cut in [0, 1, 500, 999, 1_000] {
            var parts = Moments(values[..<cut])
            parts.combine(Moments(values[cut...]))
            #expect(parts.count == 1_000)
            #expect(abs(parts.mean - whole.mean) < 1e-8)
            #expect(abs(try #require(parts.variance) - (try #require(whole.variance))) < 1e-8)
            #expect(parts.minimum == values.min() && parts.maximum == values.max())
        }
    }

    @Test("too few values have no variance")
    func few() {
        #expect(Moments([]).populationVariance == nil)
        #expect(Moments([4]).variance == nil)
        #expect(Moments([4]).populationVariance == 0)
        #expect(Moments([4, 6]).variance == 2)
        #expect(Moments([4, 6]).sum == 10)
    }

    // numpy.quantile([7, 1, 3, 15, 9, 2, 2, 40], q)
    @Test(
        "quantiles of definition 7",
        arguments: [(0, 1), (0.1, 1.7), (0.25, 2), (0.5, 5), (0.9, 22.5), (0.95, 31.25), (1, 40)])
    func quantiles(q: Double, expected: Double) throws {
        var values: [Double] = [7, 1, 3, 15, 9, 2, 2, 40]
        #expect(abs(try #require(Quantile.ofSorted(values.sorted(), q)) - expected) < 1e-12)
        #expect(abs(try #require(Quantile.of(&values, q)) - expected) < 1e-12)
    }

    @Test("selecting equals sorting, whatever the order and the ties", arguments: 0..<60)
    func selection(seed: UInt64) throws {
        var source = RandomSource(seed: seed)
        let count = 1 + source.index(below: 400)
        let kinds = 1 + source.index(below: 50)
        var values = (0..<count).map { _ in Double(source.index(below: kinds)) }
        switch seed % 4 {
        case 1: values.sort()
        case 2: values.sort(by: >)
        case 3: values = values.enumerated().map { $0.offset % 2 == 0 ? Double($0.offset) : Double(count - $0.offset) }
        default: break
        }
        let sorted = values.sorted()
        for q in [0, source.uniform(), 0.5, 0.99, 1] {
            var copy = values
            #expect(Quantile.of(&copy, q) == Quantile.ofSorted(sorted, q))
            #expect(copy.sorted() == sorted)
        }
    }

    @Test("quantiles of nothing, of one value and of infinities")
    func edges() {
        var none: [Double] = []
        #expect(Quantile.median(&none) == nil)
        #expect(Quantile.ofSorted([], 0.3) == nil)
        #expect(Quantile.ofSorted([5], 0.3) == 5)
        #expect(Quantile.ofSorted([1, 2, .infinity], 0.5) == 2)
        #expect(Quantile.ofSorted([.infinity, .infinity], 0.5) == .infinity)
    }
}

private func alternating(_ first: Double, _ second: Double, _ third: Double) -> [Double] {
    [first] + (0..<1_000).map { $0 % 2 == 0 ? second : third }
}
