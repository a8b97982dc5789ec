import Statistics
import Testing

@Suite("Intervals of proportions and odds ratios")
struct ProportionTests {
    // scipy.stats.binomtest(k, n).proportion_ci(0.95, "wilson"). The last four are the examples of Newcombe (1998),
    // "Two-sided confidence intervals for the single proportion", whose table shows 0.2553-0.3662, 0.0624-0.1605,
    // 0-0.1611 and 0.0061-0.1718.
    @Test(
        "Wilson's interval",
        arguments: [
            (0, 10, 0, 0.27753279986288926), (1, 10, 0.017876213095072896, 0.4041500267952385),
            (5, 10, 0.236593090512564, 0.7634069094874361), (10, 10, 0.7224672001371109, 1),
            (81, 263, 0.2552885198782742, 0.36620957698280004), (15, 148, 0.06238639953073629, 0.16048724172330803),
            (0, 20, 0, 0.16112515805281935), (1, 29, 0.006113214292762667, 0.17175521879320282),
        ] as [(Int, Int, Double, Double)])
    func wilson(successes: Int, trials: Int, low: Double, high: Double) throws {
        let interval = try #require(Proportion.interval(successes: successes, trials: trials))
        #expect(abs(interval.low - low) < 1e-10)
        #expect(abs(interval.high - high) < 1e-10)
        #expect(interval.estimate == Double(successes) / Double(trials))
    }

    @Test("another confidence, and no trials")
    func others() throws {
        let interval = try #require(Proportion.interval(successes: 7, trials: 50, confidence: 0.99))
        #expect(abs(interval.low - 0.05614371860633749) < 1e-10)
        #expect(abs(interval.high - 0.3082057874303547) < 1e-10)
        #expect(Proportion.interval(successes: 0, trials: 0) == nil)
    }

    @Test("Wilson's interval covers the true rate about as often as it says")
    func coverage() throws {
        var source = RandomSource(seed: 12)
        for rate in [0.02, 0.2, 0.7] {
            var covered = 0
            for _ in 0..<4_000 {
                let successes = (0..<60).filter { _ in source.chance(rate) }.count
                let interval = try #require(Proportion.interval(successes: successes, trials: 60))
                if interval.low <= rate && rate <= interval.high { covered += 1 }
            }
            #expect(covered > 3_680 && covered < 3_940, "covered \(covered) of 4,000 at \(rate)")
        }
    }

    // numpy on the counts plus 1/2; chi-square from scipy.stats.chi2_contingency(correction=False). The last table is
    // the Physicians' Health Study (aspirin and heart attacks; Agresti, Categorical Data Analysis, 2.2.2, sample odds
    // ratio 1.83).
    @Test(
        "odds ratios with empty cells too",
        arguments: [
            (
                TwoByTwo(a: 10, b: 20, c: 30, d: 40), [0.6801279488204718, 0.2821628845723009, 1.6393865106245507],
                0.7936507936507936, 0.37299848361348686
            ),
            (
                TwoByTwo(a: 0, b: 12, c: 5, d: 9), [0.06909090909090908, 0.0033870368496858095, 1.4093598419075573],
                5.3061224489795915, 0.02125060274444335
            ),
            (
                TwoByTwo(a: 189, b: 10845, c: 104, d: 10933),
                [1.8281109687853694, 1.4376314820020282, 2.3246497840596585], 25.013883967194165, 5.691896973740789e-07
            ),
        ])
    func oddsRatio(table: TwoByTwo, ratio: [Double], chiSquare: Double, pValue: Double) {
        let interval = table.oddsRatio()
        for (ours, expected) in zip([interval.estimate, interval.low, interval.high], ratio) {
            #expect(abs(ours - expected) <= 1e-10 * expected)
        }
        #expect(abs(table.chiSquare - chiSquare) <= 1e-12 * chiSquare)
        #expect(abs(table.pValue - pValue) <= 1e-10 * pValue)
    }

    @Test("a table with an empty margin tells nothing")
    func emptyMargin() {
        let table = TwoByTwo(a: 0, b: 5, c: 0, d: 9)
        #expect(table.chiSquare == 0)
        #expect(table.pValue == 1)
        #expect(table.total == 14)
        #expect(TwoByTwo(a: 0, b: 0, c: 0, d: 0).oddsRatio().estimate == 1)
    }
}
