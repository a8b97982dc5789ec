import ArgumentParser
import Foundation
import Recommendations
import Statistics

/// `bench bandit`: policies on a simulated problem that a file holds, decision by decision.
struct BanditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandit", abstract: "Measures decisions of bandit policies, and what they miss.",
        discussion: """
            The file holds single-precision numbers, little end first: for each round the features of every action, then \
            how likely each action is to be rewarded, then a number from 0 to 1: what was chosen is rewarded when its \
            likelihood is above it. Benchmarks/recommend/bandit.py writes it.
            """)

    @Option(help: "The file.")
    var problem: String
    @Option var actions = 8
    @Option var features = 10

    private struct Report: Encodable {
        struct Policy: Encodable {
            var decisionsPerSecond: Double
            /// What the best actions would have brought more, a decision.
            var regret: Double
            /// The same over the last tenth.
            var lastRegret: Double
        }

        var rounds: Int
        var actions: Int
        var features: Int
        /// Choosing at random.
        var randomRegret: Double
        var policies: [String: Policy]
    }

    func run() throws {
        let problem = try Problem(path: problem, actions: actions, features: features)
        var policies: [String: Report.Policy] = [:]
        policies["LinUCB"] = measure(LinUCB(dimension: features, alpha: 0.3), problem)
        policies["linear Thompson"] = measure(LinearThompson(dimension: features, draws: 16), problem)
        policies["logistic Thompson"] = measure(LogisticThompson(dimension: features, draws: 16), problem)
        // It looks at no features: what it takes, not what it misses, is to be compared.
        policies["beta Thompson"] = measure(BetaThompson(), problem)
        policies["SquareCB"] = measure(SquareCB(dimension: features, pace: 100), problem)
        let random = (0..<problem.rounds).reduce(0.0) { sum, round in
            let rates = problem.rates(round)
            return sum + (rates.max() ?? 0) - rates.reduce(0, +) / Double(actions)
        }
        try Measure.emit(
            Report(
                rounds: problem.rounds, actions: actions, features: features,
                randomRegret: random / Double(max(1, problem.rounds)), policies: policies))
    }

    private func measure(_ start: some BanditPolicy, _ problem: Problem) -> Report.Policy {
        var policy = start
        var random = RandomSource(seed: 1)
        var regrets = [Double](repeating: 0, count: problem.rounds)
        let seconds = Measure.seconds {
            for round in 0..<problem.rounds {
                let actions = problem.actions(round)
                let choice = policy.choose(actions, &random)
                let rates = problem.rates(round)
                let reward = rates[choice.action] > problem.chance(round) ? 1.0 : 0
                policy.learn(actions[choice.action], reward: reward, weight: 1)
                regrets[round] = (rates.max() ?? 0) - rates[choice.action]
            }
        }.seconds
        let last = regrets.suffix(max(1, problem.rounds / 10))
        return Report.Policy(
            decisionsPerSecond: Double(problem.rounds) / seconds,
            regret: regrets.reduce(0, +) / Double(max(1, problem.rounds)),
            lastRegret: last.reduce(0, +) / Double(last.count))
    }

    /// The rounds of a file.
    private struct Problem {
        let rounds: Int
        private let values: [Float]
        private let actionCount: Int
        private let featureCount: Int
        private var stride: Int { actionCount * (featureCount + 1) + 1 }

        init(path: String, actions: Int, features: Int) throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            (actionCount, featureCount) = (actions, features)
            let width = (actions * (features + 1) + 1) * MemoryLayout<Float>.size
            guard actions > 0, features > 0, !data.isEmpty, data.count % width == 0 else {
                throw BenchError("\(path) holds no whole rounds of \(actions) actions with \(features) features")
            }
            rounds = data.count / width
            values = data.withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map { place in
                    let word = bytes.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: word))
                }
            }
        }

        func actions(_ round: Int) -> [BanditAction] {
            (0..<actionCount).map { action in
                let start = round * stride + action * featureCount
                return BanditAction("\(action)", features: values[start..<start + featureCount].map(Double.init))
            }
        }

        func rates(_ round: Int) -> [Double] {
            let start = round * stride + actionCount * featureCount
            return values[start..<start + actionCount].map(Double.init)
        }

        func chance(_ round: Int) -> Double { Double(values[round * stride + stride - 1]) }
    }
}
