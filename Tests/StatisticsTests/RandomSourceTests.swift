import Foundation
import Testing

@testable import Statistics

@Suite("Random source")
struct RandomSourceTests {
    @Test("SplitMix64 gives the published sequence for seed 1234567")
    func splitMix() {
        var source = SplitMix64(state: 1_234_567)
        let words = (0..<5).map { _ in source.next() }
        #expect(
            words == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("xoshiro256** gives the published sequence for the state 1, 2, 3, 4")
    func xoshiro() {
        var source = RandomSource(state: (1, 2, 3, 4))
        let words = (0..<4).map { _ in source.next() }
        #expect(words == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
    }

    // Made with a direct transcription of both generators in Python's integers.
    @Test("a seed gives the same numbers everywhere")
    func seeds() {
        var zero = RandomSource(seed: 0)
        #expect(
            (0..<3).map { _ in zero.next() } == [
                11_091_344_671_253_066_420, 13_793_997_310_169_335_082, 1_900_383_378_846_508_768,
            ])
        var other = RandomSource(seed: 42)
        #expect(
            (0..<3).map { _ in other.next() } == [
                1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
            ])
    }

    @Test("streams of one seed differ from each other and from the seed's own")
    func streams() {
        var first = Set<UInt64>()
        for index in 0..<10_000 {
            var source = RandomSource(seed: 7, stream: UInt64(index))
            first.insert(source.next())
        }
        var plain = RandomSource(seed: 7)
        first.insert(plain.next())
        #expect(first.count == 10_001)
    }

    @Test("uniform numbers are in [0, 1) and evenly spread")
    func uniform() {
        var source = RandomSource(seed: 1)
        expectDistribution((0..<50_000).map { _ in source.uniform() }) { $0 }
        expectDistribution((0..<50_000).map { _ in source.positiveUniform() }) { $0 }
        expectDistribution((0..<50_000).map { _ in source.uniform(-2, 6) }) { ($0 + 2) / 8 }
    }

    @Test("an index is evenly spread for counts that do not divide 2^64")
    func index() {
        var source = RandomSource(seed: 2)
        for count in [1, 2, 3, 7, 100] {
            expectFrequencies(
                (0..<50_000).map { _ in source.index(below: count) },
                probabilities: Array(repeating: 1 / Double(count), count: count))
        }
        // 3/4 of the range of 64-bit words: taking a remainder would make the lower half twice as likely as the upper.
        let large = Int.max / 4 * 3
        let upper = (0..<10_000).filter { _ in source.index(below: large) >= large / 2 }.count
        #expect(abs(upper - 5_000) < 250)
    }

    @Test("normal, log-normal and exponential numbers follow their distributions")
    func normal() {
        var source = RandomSource(seed: 3)
        expectDistribution((0..<50_000).map { _ in source.normal(mean: 5, deviation: 2) }) {
            NormalDistribution(mean: 5, deviation: 2).cumulative($0)
        }
        expectDistribution((0..<50_000).map { _ in source.logNormal(mean: 1, deviation: 0.5) }) {
            LogNormalDistribution(mean: 1, deviation: 0.5).cumulative($0)
        }
        expectDistribution((0..<50_000).map { _ in source.exponential(rate: 3) }) { 1 - exp(-3 * $0) }
    }

    @Test("gamma numbers follow the gamma distribution", arguments: [0.05, 0.5, 1, 2.5, 40])
    func gamma(shape: Double) {
        var source = RandomSource(seed: 4)
        expectDistribution((0..<50_000).map { _ in source.gamma(shape: shape, scale: 2) }) {
            IncompleteGamma.lower(shape, $0 / 2)
        }
    }

    @Test("beta numbers follow the beta distribution where its distribution function is elementary")
    func beta() {
        var source = RandomSource(seed: 5)
        // beta(a, 1): x^a; arcsine law for (1/2, 1/2); a polynomial for (2, 3).
        expectDistribution((0..<50_000).map { _ in source.beta(0.3, 1) }) { pow($0, 0.3) }
        expectDistribution((0..<50_000).map { _ in source.beta(4, 1) }) { pow($0, 4) }
        expectDistribution((0..<50_000).map { _ in source.beta(0.5, 0.5) }) { 2 / .pi * asin($0.squareRoot()) }
        expectDistribution((0..<50_000).map { _ in source.beta(2, 3) }) {
            6 * $0 * $0 - 8 * pow($0, 3) + 3 * pow($0, 4)
        }
    }

    @Test("tiny beta parameters give numbers from 0 to 1 and never NaN")
    func tinyBeta() {
        var source = RandomSource(seed: 6)
        for _ in 0..<2_000 {
            let x = source.beta(1e-3, 1e-3)
            #expect(x >= 0 && x <= 1)
        }
    }

    @Test("Poisson counts follow the Poisson distribution", arguments: [0.3, 4, 9.9, 10, 35, 400])
    func poisson(mean: Double) {
        var source = RandomSource(seed: 7)
        let probabilities = (0..<Int(mean * 2 + 20)).map {
            exp(Double($0) * log(mean) - mean - logGamma(Double($0) + 1))
        }
        expectFrequencies((0..<50_000).map { _ in source.poisson(mean: mean) }, probabilities: probabilities)
    }

    @Test("geometric counts follow the geometric distribution", arguments: [0.02, 0.3, 0.9, 1])
    func geometric(success: Double) {
        var source = RandomSource(seed: 8)
        let probabilities = (0..<Int(12 / success)).map { success * pow(1 - success, Double($0)) }
        expectFrequencies((0..<50_000).map { _ in source.geometric(success: success) }, probabilities: probabilities)
    }

    @Test("a geometric with a tiny probability ends", arguments: [1e-300, Double.leastNonzeroMagnitude])
    func tinyGeometric(success: Double) {
        var source = RandomSource(seed: 8)
        #expect(source.geometric(success: success) > 1 << 60)
    }

    @Test("Zipf ranks follow the Zipf distribution", arguments: [0, 0.5, 1, 1.3, 3])
    func zipf(exponent: Double) {
        var source = RandomSource(seed: 9)
        let weights = (1...50).map { pow(Double($0), -exponent) }
        let total = weights.reduce(0, +)
        expectFrequencies(
            (0..<50_000).map { _ in source.zipf(count: 50, exponent: exponent) - 1 },
            probabilities: weights.map { $0 / total })
        #expect(source.zipf(count: 1, exponent: exponent) == 1)
    }

    @Test("the alias method draws in proportion and never draws weight 0")
    func categorical() {
        var source = RandomSource(seed: 10)
        for weights in [[1], [0, 3, 0, 1], [5, 0], [1e-9, 1, 1e9], [0.1, 0.2, 0.3, 0.4, 0.7, 1.1]] {
            let total = weights.reduce(0, +)
            let table = Categorical(weights: weights)
            let draws = (0..<50_000).map { _ in table.draw(&source) }
            expectFrequencies(draws, probabilities: weights.map { $0 / total })
            #expect(draws.allSatisfy { weights[$0] > 0 })
        }
    }

    /// Kolmogorov and Smirnov: the largest distance of the sample's distribution function. 1.95 / sqrt(n) is passed by
    /// chance with probability 0.001; the seeds are fixed, so a pass stays a pass.
    private func expectDistribution(
        _ sample: [Double], sourceLocation: SourceLocation = #_sourceLocation, _ cumulative: (Double) -> Double
    ) {
        let n = Double(sample.count)
        var distance = 0.0
        for (index, x) in sample.sorted().enumerated() {
            let p = cumulative(x)
            #expect(p.isFinite && p >= -1e-12 && p <= 1 + 1e-12, sourceLocation: sourceLocation)
            distance = max(distance, abs(p - Double(index) / n), abs(Double(index + 1) / n - p))
        }
        #expect(distance < 1.95 / n.squareRoot(), sourceLocation: sourceLocation)
    }

    /// Pearson's chi-square over the outcomes that are expected at least five times; the rest is one more cell.
    private func expectFrequencies(
        _ draws: [Int], probabilities: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var counts = [Int](repeating: 0, count: probabilities.count)
        var outside = 0
        for draw in draws {
            if counts.indices.contains(draw) { counts[draw] += 1 } else { outside += 1 }
        }
        let n = Double(draws.count)
        var statistic = 0.0
        var cells = 0
        var (restCount, restExpected) = (Double(outside), max(0, 1 - probabilities.reduce(0, +)) * n)
        for (count, probability) in zip(counts, probabilities) {
            let expected = probability * n
            if expected >= 5 {
                statistic += (Double(count) - expected) * (Double(count) - expected) / expected
                cells += 1
            } else {
                restCount += Double(count)
                restExpected += expected
            }
        }
        if restExpected >= 5 {
            statistic += (restCount - restExpected) * (restCount - restExpected) / restExpected
            cells += 1
        } else {
            #expect(restCount <= restExpected + 8, sourceLocation: sourceLocation)
        }
        if cells > 1 {
            let p = PValue.chiSquare(statistic, degreesOfFreedom: Double(cells - 1))
            #expect(p > 0.0005, "p = \(p), chi-square \(statistic) over \(cells) cells", sourceLocation: sourceLocation)
        }
    }
}
