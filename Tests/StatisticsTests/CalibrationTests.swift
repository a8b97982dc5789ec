import Statistics
import Testing

@Suite("Calibration")
struct CalibrationTests {
    @Test("pooling gives what the min-max formula gives", arguments: 1...30)
    func againstMinMax(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let scores = (0..<40).map { _ in random.uniform() }.sorted()
        let outcomes = scores.map { random.chance($0) }
        let regression = IsotonicRegression(scores: scores, outcomes: outcomes, blockMin: 1)
        let overall = Double(outcomes.count { $0 }) / 40
        // Of each position the largest over its starts of the smallest over its ends of the mean between: the answer
        // by definition (Barlow and others, 1972).
        func mean(_ range: ClosedRange<Int>) -> Double {
            Double(range.count { outcomes[$0] }) / Double(range.count)
        }
        let exact = scores.indices.map { place in
            (0...place).map { start in (place..<40).map { mean(start...$0) }.min() ?? 0 }.max() ?? 0
        }
        // The blocks of the formula are those of the regression, apart from what is added to each.
        var place = 0
        for (score, share) in zip(regression.scores, regression.shares) {
            let block = exact.indices.filter { exact[$0] == exact[place] }
            let middle = block.map { scores[$0] }.reduce(0, +) / Double(block.count)
            #expect(abs(middle - score) < 1e-9, "seed \(seed)")
            let expected = (exact[place] * Double(block.count) + overall) / Double(block.count + 1)
            #expect(share >= expected - 1e-9, "seed \(seed)")
            place = (block.last ?? 0) + 1
            if place >= exact.count { break }
        }
        #expect(regression.isSound)
    }

    @Test("scores that are off become shares that hold")
    func mends() throws {
        var random = RandomSource(seed: 3)
        let truth = (0..<20_000).map { _ in random.uniform(0, 0.5) }
        let outcomes = truth.map { random.chance($0) }
        // Whoever says this is much too sure.
        let scores = truth.map { $0 * $0 * 4 }
        let regression = IsotonicRegression(
            scores: Array(scores[..<10_000]), outcomes: Array(outcomes[..<10_000]), blockMin: 100)
        let mended = scores[10_000...].map { regression.share(at: $0) }
        let before = try #require(
            Reliability(probabilities: Array(scores[10_000...]), outcomes: Array(outcomes[10_000...])))
        let after = try #require(Reliability(probabilities: mended, outcomes: Array(outcomes[10_000...])))
        #expect(before.calibrationError > 0.06)
        #expect(after.calibrationError < 0.02)
        #expect(after.logLoss < before.logLoss && after.logLoss < after.baseLogLoss)
        #expect(after.skill > 0.03)
    }

    @Test("the base rate itself is calibrated, and has no skill")
    func base() throws {
        let outcomes = (0..<1_000).map { $0 % 4 == 0 }
        let found = try #require(
            Reliability(probabilities: outcomes.map { _ in 0.25 }, outcomes: outcomes, binCount: 5))
        #expect(found.baseRate == 0.25 && abs(found.brier - 0.1875) < 1e-12 && abs(found.skill) < 1e-12)
        #expect(found.bins.count == 5 && found.bins.allSatisfy { $0.count == 200 })
        #expect(Reliability(probabilities: [], outcomes: []) == nil)
    }

    @Test("without anything to learn from the answer is a half")
    func nothing() {
        #expect(IsotonicRegression(scores: [], outcomes: []).share(at: 0.3) == 0.5)
        let one = IsotonicRegression(scores: [0.5, 0.5], outcomes: [true, false])
        #expect(one.share(at: 0) == 0.5 && one.share(at: 1) == 0.5)
    }

    // Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
    @Test(
        "Newcombe's interval of a difference",
        arguments: [
            (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
            (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (10, 10, 0, 20, 0.6791, 1),
        ] as [(Int, Int, Int, Int, Double, Double)])
    func newcombe(successes: Int, trials: Int, others: Int, otherTrials: Int, low: Double, high: Double) throws {
        let found = try #require(
            Proportion.difference(successes, of: trials, minus: others, of: otherTrials))
        #expect(abs(found.low - low) < 6e-5 && abs(found.high - high) < 6e-5, "\(found)")
        #expect(Proportion.difference(0, of: 0, minus: 1, of: 2) == nil)
    }
}
