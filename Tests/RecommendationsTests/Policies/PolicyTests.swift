import Foundation
import Statistics
import Testing

@testable import Recommendations

struct PolicyTests {
    @Test("the share of choices is the propensity that is logged")
    func propensities() {
        var random = RandomSource(seed: 3)
        var policy = BetaThompson()
        let actions = ["a", "b", "c"].map { BanditAction($0) }
        for (action, reward) in [(0, 1.0), (0, 1), (1, 0), (1, 1), (2, 0)] {
            policy.learn(actions[action], reward: reward, weight: 1)
        }
        var counts = [0.0, 0, 0]
        let expected = policy.choose(actions, floor: 0.1, &random).distribution.probabilities
        for _ in 0..<20_000 { counts[policy.choose(actions, floor: 0.1, &random).action] += 1 }
        for (count, probability) in zip(counts, expected) {
            #expect(abs(count / 20_000 - probability) < 0.02)
            #expect(probability >= 0.1 / 3 - 1e-12)
        }
        #expect(abs(expected.reduce(0, +) - 1) < 1e-12)
    }

    @Test("how likely a rate is the best one is what drawing says", arguments: 1...10)
    func bestAgainstDraws(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let rates = (0..<(2 + random.index(below: 6))).map { _ in
            BestChances.Rate(
                rate: BetaDistribution(random.uniform(0.5, 40), random.uniform(0.5, 200)),
                bonus: random.chance(0.3) ? random.uniform(-0.05, 0.05) : 0)
        }
        let computed = ActionDistribution(weights: BestChances.of(rates)).probabilities
        var wins = [Double](repeating: 0, count: rates.count)
        let draws = 40_000
        for _ in 0..<draws {
            let values = rates.map { random.beta($0.rate.alpha, $0.rate.beta) + $0.bonus }
            wins[values.indices.max { values[$0] < values[$1] } ?? 0] += 1
        }
        for (win, probability) in zip(wins, computed) {
            #expect(abs(win / Double(draws) - probability) < 0.015, "seed \(seed)")
        }
    }

    @Test("integrating along panels is within 1/10,000 of a grid that is finer by far", arguments: 1...12)
    func bestAgainstAFineGrid(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let size = [1.0, 20, 400, 20_000][random.index(below: 4)]
        let rates = (0..<(2 + random.index(below: 9))).map { _ in
            BestChances.Rate(
                rate: BetaDistribution(1 + size * random.uniform(), 1 + size * random.uniform(0.2, 6)),
                bonus: random.chance(0.3) ? random.uniform(-0.05, 0.05) : 0)
        }
        let computed = ActionDistribution(weights: BestChances.of(rates)).probabilities
        let fine = ActionDistribution(weights: BestChances.byGrid(rates, refinement: 40)).probabilities
        for (own, other) in zip(computed, fine) { #expect(abs(own - other) < 1e-4, "seed \(seed), size \(size)") }
    }

    @Test("of rates that are alike each is as likely the best; one that is far above is")
    func bestOfPlainCases() {
        for count in [2, 5, 30, 100] {
            let alike = BestChances.of(
                Array(repeating: .init(rate: BetaDistribution(3, 40), bonus: 0), count: count))
            for chance in alike { #expect(abs(chance * Double(count) - 1) < 1e-3, "\(count)") }
        }
        let clear = BestChances.of([
            .init(rate: BetaDistribution(900_000, 100_000), bonus: 0), .init(rate: BetaDistribution(1, 1), bonus: 0),
            .init(rate: BetaDistribution(2, 5_000_000), bonus: -1),
        ])
        // Of the uniform one a tenth lies above.
        #expect(abs(clear[0] - 0.9) < 1e-3 && abs(clear[1] - 0.1) < 1e-3 && clear[2] < 1e-9)
    }

    @Test("inverse gaps: the weights of the paper, and the rest for the best")
    func squareCB() {
        var random = RandomSource(seed: 1)
        var policy = SquareCB(dimension: 2, pace: 10, ridge: 1e-9)
        for _ in 0..<50 {
            policy.learn(BanditAction("a", features: [1, 0]), reward: 0.8, weight: 1)
            policy.learn(BanditAction("b", features: [0, 1]), reward: 0.3, weight: 1)
        }
        let actions = [BanditAction("a", features: [1, 0]), BanditAction("b", features: [0, 1])]
        let probabilities = policy.distribution(actions, &random).probabilities
        #expect(abs(probabilities[1] - 1 / (2 + 10 * 100.0.squareRoot() * 0.5)) < 1e-6)
        #expect(abs(probabilities[0] + probabilities[1] - 1) < 1e-12)
    }

    @Test("one observation moves a logistic regression to the maximum of what is now known", arguments: 1...20)
    func logistic(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var regression = OnlineLogistic(dimension: 3, precision: random.uniform(0.2, 5))
        for _ in 0..<5 { regression.add((0..<3).map { _ in random.normal() }, random.chance(0.5) ? 1 : 0) }
        let (mean, precision) = (regression.mean, regression.precision)
        let x = (0..<3).map { _ in random.normal() }
        let (y, weight) = (random.uniform(), random.uniform(0.1, 3))
        func loss(_ w: [Double]) -> Double {
            var (z, prior): (Double, Double) = (0, 0)
            for index in 0..<3 {
                let distance: Double = w[index] - mean[index]
                z += w[index] * x[index]
                prior += precision[index] * distance * distance / 2
            }
            let p: Double = 1 / (1 + exp(-z))
            return prior - weight * (y * log(p) + (1 - y) * log(1 - p))
        }
        regression.add(x, y, weight: weight)
        let found = loss(regression.mean)
        for _ in 0..<200 {
            let other = regression.mean.map { $0 + random.normal(deviation: 0.05) }
            #expect(loss(other) >= found - 1e-12, "seed \(seed)")
        }
    }

    @Test("what a policy knows survives being stored")
    func stored() throws {
        var random = RandomSource(seed: 9)
        var policy = LinearThompson(dimension: 4)
        let actions = (0..<4).map { action in
            BanditAction("\(action)", features: (0..<4).map { _ in random.normal() })
        }
        for action in actions { policy.learn(action, reward: random.uniform(), weight: 1) }
        let again = try JSONDecoder().decode(LinearThompson.self, from: JSONEncoder().encode(policy))
        var (one, other) = (RandomSource(seed: 4), RandomSource(seed: 4))
        #expect(policy.distribution(actions, &one) == again.distribution(actions, &other))
    }

    /// A world in which the reward of an action is its features' product with hidden coefficients.
    private struct World {
        let hidden: [Double]
        var random: RandomSource

        init(seed: UInt64) {
            var random = RandomSource(seed: seed)
            hidden = (0..<5).map { _ in random.normal(deviation: 0.4) }
            self.random = random
        }

        mutating func actions() -> [BanditAction] {
            (0..<6).map { action in
                BanditAction("\(action)", features: [1] + (0..<4).map { _ in random.uniform(-1, 1) })
            }
        }

        func chance(_ action: BanditAction) -> Double {
            min(0.95, max(0.05, 0.4 + zip(hidden, action.features).reduce(0) { $0 + $1.0 * $1.1 }))
        }
    }

    private func regret(_ make: () -> any BanditPolicy, seed: UInt64, rounds: Int) -> (first: Double, second: Double) {
        var world = World(seed: seed)
        var random = RandomSource(seed: seed, stream: 1)
        var policy = make()
        var halves = [0.0, 0]
        for round in 0..<rounds {
            let actions = world.actions()
            let choice = policy.choose(actions, &random)
            let chances = actions.map(world.chance)
            halves[2 * round / rounds] += (chances.max() ?? 0) - chances[choice.action]
            policy.learn(actions[choice.action], reward: random.chance(chances[choice.action]) ? 1 : 0, weight: 1)
        }
        return (halves[0], halves[1])
    }

    @Test(
        "policies that look at features learn to choose well",
        arguments: ["LinUCB", "Thompson", "logistic", "SquareCB"])
    func learning(name: String) {
        let make: () -> any BanditPolicy = {
            switch name {
            case "LinUCB": LinUCB(dimension: 5, alpha: 0.5)
            case "Thompson": LinearThompson(dimension: 5)
            case "logistic": LogisticThompson(dimension: 5)
            default: SquareCB(dimension: 5, pace: 20)
            }
        }
        var (mine, uniform) = (0.0, 0.0)
        for seed in UInt64(1)...4 {
            let learned = regret(make, seed: seed, rounds: 2_000)
            #expect(learned.second < learned.first, "\(name), seed \(seed)")
            mine += learned.second
            uniform += regret({ EpsilonGreedy(epsilon: 1) }, seed: seed, rounds: 2_000).second
        }
        #expect(mine < uniform / 4, "\(name) loses \(mine) where a uniform choice loses \(uniform)")
    }
}
