import ArgumentParser
import Dispatch
import Foundation
import Recommendations
import Statistics
import Synchronization

/// `bench loop`: recommendations and artwork in a world that answers, with the truth beside them.
struct LoopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loop", abstract: "Proves recommendations and artwork in closed loop, over several worlds.",
        discussion: """
            Each seed is a cinema with its own people and titles. After some months of history, viewers are shown rows and \
            pictures every evening; what they answer is logged and learned from. In the second half of the evenings what was \
            chosen is compared, on the same occasions, with what everybody would be shown, with chance, and with the best \
            that could be done, by the true chances that only the world knows. In a shop of the same seed the engine decides \
            at moments of sessions, and the people for whom it did something are compared with themselves in a world where \
            nothing was done.
            """)

    @Option(help: "A folder for the logs; removed again.")
    var folder: String
    @Option(help: "Worlds.")
    var seeds = 10
    @Option(help: "1 is a thousand households.")
    var scale = 0.6
    @Option(help: "Evenings on which something is decided.")
    var days = 28
    @Option var threads = 2
    @Flag(help: "Only what is done at moments of sessions.")
    var moments = false
    @Flag(help: "JSON in place of a table.")
    var json = false

    private struct Line: Encodable {
        var name: String
        /// The mean over worlds, and the interval of 95 % by Student's t.
        var mean: Double
        var low: Double
        var high: Double
    }

    func run() throws {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var plan = LoopSeed.Plan()
        plan.scale = scale
        plan.days = days
        plan.isMomentsOnly = moments
        let (fixedPlan, path) = (plan, folder)
        let results = Mutex([Result<LoopSeed.Outcome, any Error>]())
        let next = Atomic(1)
        let count = seeds
        DispatchQueue.concurrentPerform(iterations: min(threads, seeds)) { _ in
            while true {
                let seed = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if seed > count { return }
                let result = Result { try LoopSeed(plan: fixedPlan, seed: UInt64(seed), folder: path).run() }
                results.withLock { $0.append(result) }
                Measure.note("world \(seed)")
            }
        }
        let outcomes = try results.withLock { try $0.map { try $0.get() } }
        let lines = Self.lines(outcomes).filter { !moments || $0.name.hasPrefix("moments:") }
        if json { return try Measure.emit(lines) }
        print("\(outcomes.count) worlds; means and intervals of 95 % over them\n")
        for line in lines {
            let name = line.name.padding(toLength: 62, withPad: " ", startingAt: 0)
            print(name + String(format: "%8.4f   %8.4f to %8.4f", line.mean, line.low, line.high))
        }
    }

    private static func lines(_ outcomes: [LoopSeed.Outcome]) -> [Line] {
        func line(_ name: String, _ value: (LoopSeed.Outcome) -> Double) -> Line {
            let values = outcomes.map(value)
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = values.count > 1 ? (squares / Double(values.count - 1) / Double(values.count)).squareRoot() : 0
            // Student's t at 97.5 % for ten worlds less one; a little wide for more, narrow for fewer.
            let half = (values.count == 10 ? 2.262 : values.count > 10 ? 2.1 : 2.8) * error
            return Line(name: name, mean: mean, low: mean - half, high: mean + half)
        }
        func closed(_ own: Double, _ other: Double, _ best: Double) -> Double { (own - other) / (best - other) }
        return [
            line("rows: chance that something plays, learned order") { $0.rows.personalised },
            line("rows: models alone") { $0.rows.models },
            line("rows: popular") { $0.rows.popular },
            line("rows: oracle") { $0.rows.oracle },
            line("rows: learned order over popular, relative") { $0.rows.personalised / $0.rows.popular - 1 },
            line("rows: models alone over popular, relative") { $0.rows.models / $0.rows.popular - 1 },
            line("rows: share of the gap from popular to the oracle that is closed") {
                closed($0.rows.personalised, $0.rows.popular, $0.rows.oracle)
            },
            line("artwork: chance that the title plays, personalised") { $0.artwork.personalised },
            line("artwork: best fixed picture of each title") { $0.artwork.bestFixed },
            line("artwork: at random") { $0.artwork.random },
            line("artwork: first picture") { $0.artwork.first },
            line("artwork: oracle") { $0.artwork.oracle },
            line("artwork: personalised over best fixed, relative") {
                $0.artwork.personalised / $0.artwork.bestFixed - 1
            },
            line("artwork: personalised over random, relative") { $0.artwork.personalised / $0.artwork.random - 1 },
            line("artwork: personalised over first picture, relative") {
                $0.artwork.personalised / $0.artwork.first - 1
            },
            line("artwork: the same as the log alone tells it, relative") { $0.lift.overall.lift?.estimate ?? 0 },
            line("artwork: share of the gap from best fixed to the oracle") {
                closed($0.artwork.personalised, $0.artwork.bestFixed, $0.artwork.oracle)
            },
            line("moments: orders of a person for whom something was done") {
                Double($0.moments.orders) / Double(max(1, $0.moments.people))
            },
            line("moments: of the same people, with nothing done") {
                Double($0.moments.ordersWithout) / Double(max(1, $0.moments.people))
            },
            line("moments: orders over doing nothing, relative") {
                Double($0.moments.orders) / Double(max(1, $0.moments.ordersWithout)) - 1
            },
            line("moments: value over doing nothing, after coupons, relative") {
                $0.moments.value / max(1, $0.moments.valueWithout) - 1
            },
            line("moments: share who buy for it, as the log alone tells") {
                $0.moments.measured ?? 0
            },
            line("moments: the day of most coupons, share of the budget") { $0.moments.budgetShareMax },
        ]
    }
}
