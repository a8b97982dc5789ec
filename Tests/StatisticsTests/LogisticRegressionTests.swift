import Foundation
import Statistics
import Testing

@Suite("Logistic regression, and finding minima")
struct LogisticRegressionTests {
    @Test("the minimum of Rosenbrock's valley is found")
    func rosenbrock() {
        let found = LimitedMemoryBFGS().minimize(from: [-1.2, 1]) { point in
            let (x, y) = (point[0], point[1])
            let value = 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
            return (value, [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)])
        }
        #expect(found.hasConverged)
        #expect(abs(found.point[0] - 1) < 1e-3 && abs(found.point[1] - 1) < 1e-3, "\(found.point)")
    }

    private struct Sample {
        var rows: [Float] = []
        var labels: [UInt8] = []
        var chances: [[Double]] = []
    }

    /// Outcomes of three kinds drawn from known probabilities.
    private func sample(_ count: Int, seed: UInt64) -> Sample {
        var random = RandomSource(seed: seed)
        var sample = Sample()
        for _ in 0..<count {
            let (x, y) = (random.normal(), random.uniform(0, 10))
            let raised = [0.5 + 1.5 * x, -0.3 * y + 1, 0.2 * y - x].map(exp)
            let chances = raised.map { $0 / raised.reduce(0, +) }
            let draw = random.uniform()
            sample.labels.append(draw < chances[0] ? 0 : draw < chances[0] + chances[1] ? 1 : 2)
            sample.rows += [Float(x), Float(y), 7]
            sample.chances.append(chances)
        }
        return sample
    }

    @Test("probabilities come near those that the outcomes were drawn from", arguments: 1...3)
    func recovers(seed: UInt64) {
        let sample = sample(6_000, seed: seed)
        let regression = LogisticRegression(
            rows: sample.rows, dimension: 3, labels: sample.labels, outcomes: 3, ridge: 1e-6)
        var distance = 0.0
        for row in 0..<500 {
            let found = regression.probabilities(Array(sample.rows[row * 3..<row * 3 + 3]))
            #expect(abs(found.reduce(0, +) - 1) < 1e-12)
            distance += zip(found, sample.chances[row]).map { abs($0 - $1) }.max() ?? 0
        }
        #expect(distance / 500 < 0.025, "seed \(seed): off by \(distance / 500)")
    }

    @Test("its coefficients are where slow steps downhill end")
    func againstGradientDescent() {
        let sample = sample(300, seed: 9)
        let regression = LogisticRegression(
            rows: sample.rows, dimension: 3, labels: sample.labels, outcomes: 3, ridge: 0.05, iterationsMax: 300)
        // Plain gradient descent on the same loss, in double precision.
        var weights = [[Double]](repeating: [0, 0, 0, 0], count: 3)
        let rows = (0..<300).map { row in
            (0..<3).map { (Double(sample.rows[row * 3 + $0]) - regression.means[$0]) / regression.deviations[$0] } + [1]
        }
        for _ in 0..<3_000 {
            var gradient = weights.map { row in row.enumerated().map { $0 < 3 ? 0.05 * $1 : 0 } }
            for (row, label) in zip(rows, sample.labels) {
                let raised = weights.map { exp(zip($0, row).reduce(0) { $0 + $1.0 * $1.1 }) }
                let sum = raised.reduce(0, +)
                for outcome in 0..<3 {
                    let error = raised[outcome] / sum - (outcome == Int(label) ? 1 : 0)
                    for index in 0..<4 { gradient[outcome][index] += error * row[index] / 300 }
                }
            }
            for outcome in 0..<3 { for index in 0..<4 { weights[outcome][index] -= 0.5 * gradient[outcome][index] } }
        }
        for outcome in 0..<3 {
            for index in 0..<3 {
                let found = regression.coefficients[outcome * 4 + index]
                #expect(abs(found - weights[outcome][index]) < 0.01, "\(outcome), \(index): \(found)")
            }
        }
    }

    @Test("any number of threads gives the same bits")
    func threads() {
        let sample = sample(5_000, seed: 4)
        let models = [1, 2, 5].map { threads in
            LogisticRegression(
                rows: sample.rows, dimension: 3, labels: sample.labels, outcomes: 3, iterationsMax: 15, threads: threads
            )
        }
        #expect(models[0] == models[1] && models[0] == models[2])
    }

    @Test("nothing to learn from gives equal chances, and what was spoilt is not sound")
    func edges() throws {
        let empty = LogisticRegression(rows: [], dimension: 2, labels: [], outcomes: 4)
        #expect(empty.probabilities([1, 2]) == [0.25, 0.25, 0.25, 0.25])
        #expect(empty.isSound)
        let text = String(decoding: try JSONEncoder().encode(empty), as: UTF8.self)
        let spoilt = text.replacing("\"dimension\":2", with: "\"dimension\":3")
        #expect(try !JSONDecoder().decode(LogisticRegression.self, from: Data(spoilt.utf8)).isSound)
    }
}
