import Foundation
import Statistics
import Testing

// Constants named "scipy" were made with scipy 1.17 and print as repr of a double.
@Suite("Distributions")
struct DistributionTests {
    // scipy.special.gammaln
    @Test(
        "the logarithm of the gamma function",
        arguments: [
            (0.1, 2.252712651734206), (0.5, 0.5723649429247), (1, 0), (1.5, -0.12078223763524526), (2, 0),
            (3.3, 0.9870985778947343), (10, 12.801827480081469), (19.9, 39.04308858123621), (20, 39.339884187199495),
            (100, 359.1342053695754), (1e6, 12815504.569147611),
        ])
    func gammaFunction(x: Double, expected: Double) {
        #expect(abs(logGamma(x) - expected) <= 2e-14 * max(1, abs(expected)))
    }

    // scipy.special.gammainc and gammaincc
    @Test(
        "the incomplete gamma functions",
        arguments: [
            (0.5, 0.2, 0.47291074313446196, 0.5270892568655381), (0.5, 5, 0.9984345977419975, 0.001565402258002549),
            (1, 1, 0.6321205588285577, 0.36787944117144245), (3, 2.5, 0.45618688411667035, 0.5438131158833297),
            (10, 3, 0.0011024881301154815, 0.9988975118698845), (10, 25, 0.9997785233617512, 0.0002214766382487835),
            (100, 80, 0.0171083130351331, 0.9828916869648668), (100, 140, 0.9998389428252874, 0.00016105717471255715),
            (1000, 1000, 0.5042052441802155, 0.4957947558197845), (2.5, 50, 1, 5.285148360943219e-20),
            (3, 0, 0, 1), (3, .infinity, 1, 0),
        ] as [(Double, Double, Double, Double)])
    func incompleteGamma(a: Double, x: Double, lower: Double, upper: Double) {
        #expect(abs(IncompleteGamma.lower(a, x) - lower) <= 1e-12 * max(lower, 1e-300))
        #expect(abs(IncompleteGamma.upper(a, x) - upper) <= 1e-12 * max(upper, 1e-300))
    }

    // scipy.stats.norm.cdf and sf
    @Test(
        "the normal distribution function and its far tails",
        arguments: [
            (0, 0.5, 0.5), (0.5, 0.6914624612740131, 0.3085375387259869), (1, 0.8413447460685429, 0.15865525393145707),
            (3, 0.9986501019683699, 0.0013498980316300933), (6, 0.9999999990134123, 9.865876450376946e-10),
            (10, 1, 7.61985302416047e-24), (-8, 6.22096057427174e-16, 0.9999999999999993),
            (37, 1, 5.7255712225239266e-300),
        ] as [(Double, Double, Double)])
    func normal(z: Double, below: Double, above: Double) {
        let shifted = NormalDistribution(mean: 10, deviation: 2)
        #expect(abs(NormalDistribution.standard.cumulative(z) - below) <= 1e-13 * below)
        #expect(abs(NormalDistribution.standard.survival(z) - above) <= 1e-12 * above)
        #expect(abs(shifted.cumulative(10 + 2 * z) - below) <= 1e-12 * below)
    }

    // scipy.stats.norm.ppf
    @Test(
        "the normal quantile",
        arguments: [
            (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-10, -6.361340902404056),
            (0.001, -3.090232306167813),
            (0.01, -2.3263478740408408), (0.02425, -1.972961051311885), (0.025, -1.9599639845400545),
            (0.1, -1.2815515655446004), (0.3, -0.5244005127080409), (0.5, 0), (0.7, 0.5244005127080407),
            (0.975, 1.959963984540054), (0.999999, 4.753424308817087),
        ])
    func normalQuantile(p: Double, expected: Double) {
        #expect(abs(NormalDistribution.standard.quantile(p) - expected) <= 1e-10 * max(1, abs(expected)))
        #expect(abs(NormalDistribution(mean: 3, deviation: 5).quantile(p) - (3 + 5 * expected)) <= 1e-8)
    }

    @Test("the normal quantile at the ends is infinite")
    func normalEnds() {
        #expect(NormalDistribution.standard.quantile(0) == -.infinity)
        #expect(NormalDistribution.standard.quantile(1) == .infinity)
    }

    @Test("the density integrates to the distribution function")
    func densities() {
        let normal = NormalDistribution(mean: 1, deviation: 0.7)
        let logNormal = LogNormalDistribution(mean: 1, deviation: 0.7)
        func integral(_ f: (Double) -> Double, _ low: Double, _ high: Double) -> Double {
            // Simpson's rule.
            let n = 2_000
            let h = (high - low) / Double(n)
            return (0...n).reduce(0) { sum, i in
                sum + f(low + Double(i) * h) * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2)
            } * h / 3
        }
        #expect(abs(integral(normal.density, -1, 2) - (normal.cumulative(2) - normal.cumulative(-1))) < 1e-10)
        #expect(
            abs(integral(logNormal.density, 0.5, 6) - (logNormal.cumulative(6) - logNormal.cumulative(0.5))) < 1e-10)
    }

    // scipy.stats.lognorm(s=0.75, scale=exp(1.2))
    @Test(
        "the log-normal distribution",
        arguments: [
            (0.1, 9.769587509643627e-05, 1.5051671338653105e-06, 0.9999984948328662),
            (1, 0.14789444623927409, 0.054799291699558, 0.945200708300442),
            (10, 0.01805273030059432, 0.9292344858981934, 0.07076551410180666),
            (100, 1.7768440516105072e-07, 0.9999971903140861, 2.8096859139111953e-06),
        ])
    func logNormal(x: Double, density: Double, below: Double, above: Double) {
        let distribution = LogNormalDistribution(mean: 1.2, deviation: 0.75)
        #expect(abs(distribution.density(x) - density) <= 1e-12 * density)
        #expect(abs(distribution.cumulative(x) - below) <= 1e-11 * below)
        #expect(abs(distribution.survival(x) - above) <= 1e-11 * above)
        #expect(abs(distribution.mean - 4.39844029643916) < 1e-13)
        #expect(abs(distribution.quantile(0.9) - 8.68123391051547) < 1e-11)
        #expect(distribution.cumulative(0) == 0 && distribution.density(-1) == 0 && distribution.survival(-1) == 1)
    }

    // scipy.stats.chi2.sf; 3.841, 5.991, 18.307 and 124.342 are the 5 % points of the NIST handbook's table
    // (1.3.6.7.4).
    @Test(
        "chi-square p-values",
        arguments: [
            (3.841458820694124, 1, 0.04999999999999989), (5.991, 2, 0.05001161502657909),
            (18.307, 10, 0.05000058909139812),
            (124.342, 100, 0.05000071576997178), (200, 10, 1.6139305336977317e-37), (0.5, 3, 0.9188914116546758),
            (0, 4, 1),
        ] as [(Double, Double, Double)])
    func chiSquare(statistic: Double, degrees: Double, expected: Double) {
        #expect(abs(PValue.chiSquare(statistic, degreesOfFreedom: degrees) - expected) <= 1e-12 * expected)
    }

    @Test("normal p-values, one-sided and two-sided")
    func normalPValues() {
        #expect(abs(PValue.normalTwoSided(1.959963984540054) - 0.05) < 1e-14)
        #expect(abs(PValue.normalTwoSided(-1.959963984540054) - 0.05) < 1e-14)
        #expect(abs(PValue.normalUpper(1.959963984540054) - 0.025) < 1e-14)
        #expect(PValue.normalTwoSided(0) == 1)
    }

    @Test("a chi-square with one degree of freedom is a squared normal")
    func squaredNormal() {
        for z in stride(from: 0.1, through: 8, by: 0.1) {
            let (chi, normal) = (PValue.chiSquare(z * z, degreesOfFreedom: 1), PValue.normalTwoSided(z))
            #expect(abs(chi - normal) <= 1e-11 * normal)
        }
    }
}
